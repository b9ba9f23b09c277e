# SPDX-License-Identifier: GPL-2.0-only
"""How near a conversion of the word comes to what people made of it by a later tree.

    python bench/word_practice.py OLD NEW [--show]

In: two trees of one kernel, the one before and the one after. Only files are read whose path's SHA-1
begins with an even hexadecimal digit; the others are kept for an exam. A hunk is looked at where the old
text has the word's names and the new one the bitmap's. What `vmaconv diff` and, on its result, `vmaconv
migrate --recipe vma-word` make of OLD is compared. Out: how many hunks are the same token for
token, how many loosely (parentheses, `const`, the order of bits, `vma_test(v, B)` for
`vma_flags_test(&v->flags, B)`, a `vma_start_write()`), how many are about comments alone, and how many
are others, which `--show` prints with both texts.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import vmaconv
from vmaconv.migrate.migration import migrate
from vmaconv.migrate.recipe import find_recipe, read_recipe

WORD = re.compile(rb"\bvm_flags\w*|\bVM_[A-Z]\w+|\bis_cow_mapping\b")
BITS = re.compile(
    rb"\bvma_flags\w*|\bVMA_[A-Z]\w+|\bvma_(?:test|set_flags|clear_flags|start_write)\w*"
    rb"|->flags\b|\bvma_is_cow\w*|\blegacy_to\w*"
)


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines `first` up to `last` (from 0) of an old file, and what people put in their place."""

    path: str
    first: int
    last: int
    old: bytes
    new: bytes


def is_practice(path: str) -> bool:
    """Return whether a file is among those that may be read."""
    return hashlib.sha1(path.encode()).hexdigest()[0] in "02468ace"


def paths(tree: Path) -> list[str]:
    """Return the practice half of the C files that may name flags."""
    command = ["git", "grep", "--no-index", "-lE", "vm_flags|VM_[A-Z]", "--", "*.c", "*.h"]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    return [p for p in done.stdout.split() if is_practice(p) and not p.startswith("tools/")]


def opcodes(a: list[bytes], b: list[bytes]) -> list[tuple[str, int, int, int, int]]:
    """Return how one list of lines becomes another."""
    return difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes()


def hunks(path: str, before: bytes, after: bytes) -> Iterator[Hunk]:
    """Yield the hunks about flags between two texts of a file."""
    a, b = before.splitlines(), after.splitlines()
    # Most files have changed for other reasons, and to align long ones takes time.
    if not any(map(BITS.search, Counter(b) - Counter(a))):
        return
    for tag, first, last, start, end in opcodes(a, b):
        old, new = b"\n".join(a[first:last]), b"\n".join(b[start:end])
        if tag != "equal" and WORD.search(old) and BITS.search(new):
            yield Hunk(path, first, last, old, new)


def ours(hunk: Hunk, before: bytes, after: bytes) -> bytes:
    """Return what stands for a hunk's old lines in the text `after` that we made of a file."""
    a, b = before.splitlines(), after.splitlines()
    lines: list[bytes] = []
    for tag, first, last, start, end in opcodes(a, b):
        if tag == "equal":
            low, high = max(first, hunk.first), min(last, hunk.last)
            lines += b[start + low - first : start + high - first] if low < high else []
        elif (first < hunk.last and last > hunk.first) or first == last == hunk.first:
            lines += b[start:end]
    return b"\n".join(lines)


def tokens(text: bytes, loose: bool = False) -> list[str]:
    """Return a text's tokens without comments; if `loose`, in one spelling of several."""
    plain = re.sub(r"/\*.*?\*/|//[^\n]*", " ", text.decode(errors="replace"), flags=re.DOTALL)
    plain = re.sub(r"^\s*\*(?:\s.*)?$", " ", plain, flags=re.MULTILINE)
    if loose:
        of_flags = r"vma_flags_test(_any|_all)?\(&(\w+(?:->\w+)*)->flags,"
        plain = re.sub(of_flags, r"vma_test\1(\2,", plain)
        plain = re.sub(r"vma_start_write\(\w+\);", "", plain)
    found = re.findall(r"\w+|->|&&|\|\||[^\s\w]", plain)
    if not loose:
        return found
    joined = " ".join(one for one in found if one not in ("(", ")", "const", "{", "}"))
    bits = r"VMA_\w+_BIT(?: , VMA_\w+_BIT)+"
    return re.sub(bits, lambda m: " , ".join(sorted(m[0].split(" , "))), joined).split()


def kind(hunk: Hunk, mine: bytes) -> str:
    """Return how near ours comes to a hunk."""
    if tokens(hunk.old) == tokens(hunk.new):
        return "comment"
    if tokens(mine) == tokens(hunk.new):
        return "same"
    return "loose" if tokens(mine, loose=True) == tokens(hunk.new, loose=True) else "other"


def converted(old: Path, folder: Path) -> dict[str, bytes]:
    """Return the files that our conversion changes, as it leaves them.

    What the rules make of a tree is laid into a copy of it (hard links), where the recipe runs.
    """
    copy = folder / "tree"
    subprocess.run(["cp", "-al", str(old.resolve()), str(copy)], check=True)
    made = {outcome.path: outcome.after for outcome in vmaconv.convert_tree(old).changed()}
    for path, text in made.items():
        (copy / path).unlink()
        (copy / path).write_bytes(text)
    final = migrate(copy, read_recipe(find_recipe("vma-word"))).final()
    return made | {path: after for path, (_, after) in final.items()}


def main() -> None:
    """Print the figures, and with `--show` the hunks that are not the same."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("old", type=Path, help="tree of before")
    parser.add_argument("new", type=Path, help="tree of after")
    parser.add_argument("--show", action="store_true", help="print the hunks that differ")
    wanted = parser.parse_args()
    old, new = wanted.old, wanted.new
    figures = Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        made = converted(old, Path(folder))
        for path in paths(old):
            if not (new / path).exists():
                continue
            before = (old / path).read_bytes()
            after = made.get(path, before)
            for hunk in hunks(path, before, (new / path).read_bytes()):
                mine = ours(hunk, before, after)
                what = kind(hunk, mine)
                figures[what] += 1
                if what == "other" and wanted.show:
                    print(f"=== {path}:{hunk.first + 1}")
                    for name, text in (("old", hunk.old), ("people", hunk.new), ("ours", mine)):
                        print(f"--- {name}\n{text.decode(errors='replace')}")
    judged = figures["same"] + figures["loose"] + figures["other"]
    near = figures["same"] + figures["loose"]
    print(
        f"{near} of {judged} hunks as people have them ({figures['same']} token for token); "
        f"{figures['comment']} more are comments alone"
    )


if __name__ == "__main__":
    main()
