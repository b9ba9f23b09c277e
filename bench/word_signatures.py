# SPDX-License-Identifier: GPL-2.0-only
"""Which signatures people changed from the word to the bitmap, and which of them a recipe changes.

    python bench/word_signatures.py OLD NEW [DIFF]

In: two trees of one kernel, the one before and the one after; a diff of the first tree, as
`vmaconv migrate OLD --recipe vma-word` prints it, or none: then the recipe is run. Only files are
read whose path's SHA-1 begins with an even hexadecimal digit. Out: the functions that have a parameter
or result of the word's type in the old tree and of the bitmap's in the new one, each with whether the
diff has it, too; a name that says vm_flags may say vma_flags in the new tree.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from vmaconv.cocci.text.trivia import blank_out
from vmaconv.migrate.migration import migrate
from vmaconv.migrate.recipe import find_recipe, read_recipe

FUNCTION = re.compile(
    rb"(?P<head>(?:^|\n)[A-Za-z_][\w \t*]*?[ \t\n*])(?P<name>\w+)\((?P<parameters>[^(){};]*)\)"
    rb"(?=[\w\s()]*[;{])"
)
WORD = re.compile(rb"\bvm_flags_t\b|\bunsigned long\s+vm_flags\b")
BITMAP = re.compile(rb"\bvma_flags_t\b")


def is_practice(path: str) -> bool:
    """Return whether a file is among those that may be read."""
    return hashlib.sha1(path.encode()).hexdigest()[0] in "02468ace"


def signatures(text: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the functions that a text declares or defines, each with its types."""
    for found in FUNCTION.finditer(blank_out(text, strings=True)):
        yield found["name"].decode(), found["head"] + b" " + found["parameters"]


def having(texts: Iterable[bytes], kind: re.Pattern[bytes], other: re.Pattern[bytes]) -> set[str]:
    """Return the functions with a type of one kind in their signature and none of the other."""
    found: set[str] = set()
    for text in texts:
        for name, types in signatures(text):
            if kind.search(types) and not other.search(types):
                found.add(name)
    return found


def renamed(name: str) -> str:
    """Return how a function is called that says what type its flags have."""
    return re.sub(r"vm_?flags", lambda m: m[0].replace("vm", "vma", 1), name)


def paths(tree: Path, words: str) -> list[str]:
    """Return the practice half of the C files that hold one of some words."""
    command = ["git", "grep", "--no-index", "-lE", words, "--", "*.c", "*.h"]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    return [p for p in done.stdout.split() if is_practice(p) and not p.startswith("tools/")]


def migrated(old: Path, diff: Path | None) -> dict[str, bytes]:
    """Return the files that the recipe changes, as it leaves them."""
    if diff is None:
        made = migrate(old, read_recipe(find_recipe("vma-word")))
        return {path: after for g in made.groups for path, (_, after) in g.changes.items()}
    names = re.findall(rb"^\+\+\+ b/(\S+)", diff.read_bytes(), re.MULTILINE)
    found: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in map(bytes.decode, names):
            copy = Path(folder, name)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes((old / name).read_bytes())
        command = ["patch", "-s", "-p1", "-i", str(diff.resolve())]
        subprocess.run(command, cwd=folder, check=False)
        for name in map(bytes.decode, names):
            found[name] = Path(folder, name).read_bytes()
    return found


def main() -> None:
    """Print the functions and the figure."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("old", type=Path, help="tree of before")
    parser.add_argument("new", type=Path, help="tree of after")
    parser.add_argument("diff", type=Path, nargs="?", help="what the recipe makes of OLD")
    wanted = parser.parse_args()
    old, new = wanted.old, wanted.new
    words = "vm_flags|vma_flags_t"
    was = having(((old / p).read_bytes() for p in paths(old, words)), WORD, BITMAP)
    now = having(((new / p).read_bytes() for p in paths(new, words)), BITMAP, WORD)
    changed = sorted(name for name in was if name in now or renamed(name) in now)
    ours = having(migrated(old, wanted.diff).values(), BITMAP, WORD)
    done = [name for name in changed if name in ours or renamed(name) in ours]
    for name in changed:
        print(f"{'done' if name in done else 'left'}: {name}()")
    print(f"{len(done)} of {len(changed)} signatures")


if __name__ == "__main__":
    main()
