# SPDX-License-Identifier: GPL-2.0-only
"""Random programs over the word of VMA flags, converted, and run before and after.

    python fuzz/word_programs.py [--seed N] [--count N] [--keep DIR]

In: the headers of `fixtures/kernel-7`, with the helpers that flags by themselves have. Each program is a
file of functions that ask a mapping's flags, hand them on and change them in all the ways that
`word_grammar` knows. The rules of `vmaconv diff` convert it, then the recipe vma-word. Out: for each
program whether it compiles and does the same in some configurations, for conversions of both kinds: what a
function returns, which flags it leaves, how often it locks, and that no flag of an unlocked mapping
changes. A failure leaves its files in DIR. The exit code is 1 if there was one.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from word_grammar import FUNCTIONS, Grammar

import vmaconv
from vmaconv.migrate.migration import migrate
from vmaconv.migrate.recipe import find_recipe, read_recipe

ROOT = Path(__file__).resolve().parents[1]
KERNEL = ROOT / "fixtures" / "kernel-7"
SOURCE = "mm/random.c"

CONFIGURATIONS = (
    (("MMU", "64BIT", "X86_USER_SHADOW_STACK", "MEM_SOFT_DIRTY"), True),
    (("MMU", "64BIT", "ARM64"), True),
    (("MMU", "PARISC", "STACK_GROWSUP"), False),
    ((), False),
)


def made_tree(folder: Path) -> Path:
    """Return a tree with headers that count changes of an unlocked mapping."""
    tree = folder / "before"
    shutil.copytree(KERNEL / "include", tree / "include")
    (tree / "mm").mkdir()
    types = tree / "include/linux/mm_types.h"
    lock = "\tunsigned int vm_lock_seq;"
    text = types.read_text()
    assert lock in text
    text = text.replace(lock, f"\tunsigned int vm_unlocked;\n{lock}")
    word = "\tunsigned long locked_vm;"
    assert word in text
    pair = "\tunion {\n\t\tvm_flags_t def_flags;\n\t\tvma_flags_t def_vma_flags;\n\t};"
    types.write_text(text.replace(word, f"{pair}\n{word}"))
    header = tree / "include/linux/mm.h"
    text = header.read_text()
    for name in ("set", "clear"):
        call = f"\tvma_flags_{name}_mask(&vma->flags, flags);"
        assert call in text
        text = text.replace(call, f"\tvma->vm_unlocked += vma->vm_lock_seq != 1;\n{call}")
    end = text.rindex("#endif /* _LINUX_MM_H */")
    helpers = (ROOT / "tests/migrate/word/helpers.h").read_text()
    header.write_text(f"{text[:end]}{helpers}\n{text[end:]}")
    return tree


def flags_of(symbols: tuple[str, ...], wide: bool, tree: Path) -> list[str]:
    """Return a compiler's options."""
    return [
        *("gcc", "-std=gnu11", "-nostdinc", "-O1", "-Wparentheses"),
        "-Werror=implicit-function-declaration",
        *(
            "-Werror=incompatible-pointer-types",
            "-Werror=int-conversion",
            "-Werror=discarded-qualifiers",
        ),
        *("-ffreestanding", "-fno-pie", "-fno-stack-protector", "-mno-sse"),
        *("-m64" if wide else "-m32", "-I", str(tree / "include")),
        *(f"-DCONFIG_{symbol}=1" for symbol in symbols),
    ]


def compared(before: Path, after: Path, folder: Path) -> str:
    """Return what differs between two trees' programs, or an empty text."""
    names = [f"random{i}" for i in range(FUNCTIONS)]
    (folder / "pairs.h").write_text("".join(f"PAIR({name})\n" for name in names))
    harness = (ROOT / "tests/words/compare.c").read_text()
    seq = "one->vm_lock_seq == other->vm_lock_seq"
    assert seq in harness
    harness = harness.replace(seq, f"one->vm_unlocked == other->vm_unlocked && {seq}")
    (folder / "compare.c").write_text(harness.replace("4096", "512"))
    for symbols, wide in CONFIGURATIONS:
        objects = []
        warned: list[int] = []
        for tree, to in ((before, "before_"), (after, "after_")):
            target = folder / f"{to}all.o"
            command = [*flags_of(symbols, wide, tree), "-c", str(tree / SOURCE), "-o", str(target)]
            command += [f"-D{name}={to}{name}" for name in names]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                return f"{to}{' '.join(symbols)}: {done.stderr}"
            warned.append(done.stderr.count("[-Wparentheses]"))
            if warned[-1] > warned[0]:
                return f"warnings that were not there: {done.stderr}"
            objects.append(str(target))
        program = folder / "compare"
        link = [*flags_of(symbols, wide, before), "-I", str(folder), "-nostdlib", "-static"]
        link += ["-no-pie", str(folder / "compare.c"), *objects, "-o", str(program)]
        subprocess.run(link, check=True)
        code = subprocess.run([program], check=False, timeout=60).returncode
        if code:
            return f"{names[code - 1]}() differs with {' '.join(symbols) or 'nothing'} ({code})"
    return ""


def laid(tree: Path, target: Path, changes: dict[str, bytes]) -> Path:
    """Return a copy of a tree with other texts for some files."""
    shutil.copytree(tree, target)
    for path, text in changes.items():
        (target / path).write_bytes(text)
    return target


def tried(seed: int, folder: Path) -> str:
    """Return what is wrong with one program's conversions, or an empty text."""
    before = made_tree(folder)
    (before / SOURCE).write_text(Grammar(seed).program())
    outcome = vmaconv.convert_tree(before)
    direct = laid(before, folder / "direct", {one.path: one.after for one in outcome.changed()})
    wrong = compared(before, direct, folder)
    if wrong:
        return f"diff: {wrong}"
    again = {one.path: one.after for one in vmaconv.convert_tree(direct).changed()}
    if again:
        return "diff: a second run changes something"
    recipe = read_recipe(find_recipe("vma-word"))
    final = migrate(direct, recipe).final()
    whole = laid(direct, folder / "recipe", {path: after for path, (_, after) in final.items()})
    wrong = compared(before, whole, folder)
    if wrong:
        return f"recipe: {wrong}"
    return "recipe: a second run changes something" if migrate(whole, recipe).final() else ""


def main() -> int:
    """Run; 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="seed to begin with")
    parser.add_argument("--count", type=int, default=20, metavar="N", help="programs (default: 20)")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the files of failures here")
    given = parser.parse_args()
    failed = 0
    for seed in range(given.seed, given.seed + given.count):
        with tempfile.TemporaryDirectory() as name:
            wrong = tried(seed, Path(name))
            if wrong:
                failed += 1
                print(f"seed {seed}: {wrong}", flush=True)
                if given.keep:
                    shutil.copytree(name, given.keep / str(seed), dirs_exist_ok=True)
    print(f"{given.count} programs, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
