# SPDX-License-Identifier: GPL-2.0-only
"""Whether the objects of the files that a conversion changes build, on a tree of Linux 7.x.

    python bench/word_builds.py ~/linux
    python bench/word_builds.py ~/linux --recipe vma-word mm/ fs/proc
    python bench/word_builds.py ~/linux --arch arm64 --cross aarch64-linux-gnu-
    python bench/word_builds.py ~/linux --arch loongarch --llvm --config defconfig

In: a tree, which is only read. A farm of links to it is configured and patched in a temporary folder, or
in the one that `--farm` names, which the next run goes on with. Out: how many objects build, and which do
not. What fails, or has the compiler say something, is built once more without the change, so that what is
ours is told from what the tree, the configuration and the compiler say anyway. Files of other architectures
are counted, no more. The exit status is 1 where something is ours.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

OFF = (
    *("WERROR", "DEBUG_INFO_BTF", "GCC_PLUGINS", "GCOV_KERNEL"),
    *("KASAN", "KCSAN", "KMSAN", "UBSAN"),
)
"""What takes time or a tool and changes nothing of what the objects are made of."""

_FILE = re.compile(r"^\+\+\+ b/(\S+)", re.MULTILINE)
_MESSAGE = re.compile(r"^(?P<file>[^\s:]+):[\d:]+ (?P<what>(?:fatal )?(?:error|warning): .*)$")
_FOLDERS = {"x86_64": "x86", "i386": "x86", "sparc64": "sparc", "parisc64": "parisc"}
"""Where an architecture is called otherwise than its folder."""


class Farm:
    """Links to a tree, some of which are copies with a change."""

    def __init__(self, tree: Path, folder: Path, options: argparse.Namespace) -> None:
        self._tree, self._folder, self._options = tree, folder, options
        self._changed = list(self._copies())

    def _copies(self) -> Iterator[str]:
        """Yield the files that an earlier run, which was ended, left changed."""
        for root, _, names in os.walk(self._folder):
            place = Path(root).relative_to(self._folder)
            for path in (place / name for name in names):
                if not (self._folder / path).is_symlink() and (self._tree / path).exists():
                    yield str(path)

    def configure(self) -> None:
        """Make the links, the configuration, and what objects are built with."""
        if not (self._folder / "Makefile").exists():
            subprocess.run(["cp", "-rsT", self._tree, self._folder], check=True)
            self._make([self._options.config]).check_returncode()
            off = [word for name in OFF for word in ("-d", name)]
            on = [word for name in self._options.enable for word in ("-e", name)]
            subprocess.run(["scripts/config", *off, *on], cwd=self._folder, check=True)
        self._make(["olddefconfig", "prepare", "modules_prepare"]).check_returncode()

    def change(self, diff: str) -> None:
        """Have the tree's files as they are, but for a diff."""
        for path in self._changed:
            (self._folder / path).unlink()
            (self._folder / path).symlink_to(self._tree / path)
        self._changed = _FILE.findall(diff)
        for path in self._changed:
            (self._folder / path).unlink()
            shutil.copyfile(self._tree / path, self._folder / path)
        if diff:
            patch = ["patch", "-s", "-p1", "-d", str(self._folder)]
            subprocess.run(patch, input=diff, text=True, check=True)

    def build(self, objects: Sequence[str]) -> tuple[set[str], Counter[tuple[str, str]]]:
        """Build objects; return those that did not, and the compiler's messages by file."""
        for path in objects:
            (self._folder / path).unlink(missing_ok=True)
        said = self._make(["-k", *objects]).stdout
        messages = Counter(
            (os.path.normpath(match["file"]), match["what"])
            for match in map(_MESSAGE.match, said.splitlines())
            if match is not None
        )
        return {path for path in objects if not (self._folder / path).exists()}, messages

    def _make(self, targets: Sequence[str]) -> subprocess.CompletedProcess[str]:
        options = self._options
        words = [f"ARCH={options.arch}", f"CROSS_COMPILE={options.cross}", *targets]
        return subprocess.run(
            ["make", "-s", f"-j{options.jobs}", *(["LLVM=1"] if options.llvm else []), *words],
            cwd=self._folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )


def objects_of(diff: str, arch: str, paths: Sequence[str]) -> tuple[list[str], Counter[str]]:
    """Return the objects of a diff's C files, and how many are another architecture's."""
    own = _FOLDERS.get(arch, arch)
    objects = []
    others: Counter[str] = Counter()
    for path in _FILE.findall(diff):
        folder = path.split("/")
        if not path.endswith(".c") or not (path.startswith(tuple(paths)) or not paths):
            continue
        if folder[0] == "tools" or (folder[0] == "arch" and folder[1] != own):
            others["/".join(folder[: 2 if folder[0] == "arch" else 1])] += 1
        else:
            objects.append(path[:-1] + "o")
    return objects, others


def converted(tree: Path, recipe: str) -> str:
    """Return the diff of the direct uses, or of a recipe."""
    vmaconv = str(Path(sys.executable).with_name("vmaconv"))
    words = ["migrate", str(tree), "--recipe", recipe] if recipe else ["diff", str(tree)]
    return subprocess.check_output([vmaconv, *words], stderr=subprocess.DEVNULL, text=True)


def report(title: str, lines: Iterable[str]) -> None:
    """Print a heading and lines, if there are any."""
    for number, line in enumerate(sorted(lines)):
        print(f"  {line}" if number else f"{title}:\n  {line}")


def main() -> None:
    """Build, and print what did not and why."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("tree", type=Path, help="tree of Linux 7.x, only read")
    parser.add_argument("paths", nargs="*", help="build only what is below these")
    parser.add_argument("--recipe", default="", help="a recipe's changes instead of diff's")
    parser.add_argument(
        "--arch", default="x86_64", help="architecture to build for (default: x86_64)"
    )
    parser.add_argument("--cross", default="", help="the prefix of the cross compiler")
    parser.add_argument("--llvm", action="store_true", help="build with clang")
    parser.add_argument("--config", default="allmodconfig", help="default: allmodconfig")
    parser.add_argument("--enable", action="append", default=[], help="an option to switch on")
    parser.add_argument("--farm", type=Path, help="a folder to build in, which is kept")
    parser.add_argument("-j", "--jobs", type=int, default=1, help="of make (default: 1)")
    options = parser.parse_args()
    tree = options.tree.resolve()
    with tempfile.TemporaryDirectory() as name:
        farm = Farm(tree, options.farm or Path(name), options)
        farm.configure()
        diff = converted(tree, options.recipe)
        objects, others = objects_of(diff, options.arch, options.paths)
        farm.change(diff)
        failed, messages = farm.build(objects)
        changed = set(_FILE.findall(diff))
        named = {file for file, _ in messages} & changed
        farm.change("")
        # What is said of a header may be said in any object.
        again = [
            path
            for path in objects
            if path in failed or path[:-1] + "c" in named or any(f.endswith(".h") for f in named)
        ]
        failed_before, before = farm.build(again)
    print(f"{len(objects)} objects, {len(objects) - len(failed)} built", end="")
    print("".join(f", {count} of {part} not tried" for part, count in sorted(others.items())))
    hopeless = {path[:-1] + "c" for path in failed_before}
    ours = [f"{file}: {what}" for file, what in messages - before if file in changed - hopeless]
    report("not built, and not without the change either", failed & failed_before)
    report("OURS: not built, but without the change", failed - failed_before)
    report("OURS: said of changed files, but not without the change", ours)
    raise SystemExit(bool(ours or failed - failed_before))


if __name__ == "__main__":
    main()
