# SPDX-License-Identifier: GPL-2.0-only
"""What the conversion of the word costs on a tenth, a third and all of a tree of Linux 7.x.

    python bench/word_scale.py ~/linux

In: a tree. Its C files are shared out by a checksum of their paths; headers, Makefiles and Kconfig files
are in each part. Out: for `vmaconv diff -j1` and `vmaconv migrate --recipe vma-word`, by part: the uses
of the word's names in its text, the processor time (user), that time for each use, and the most
memory. Time for each use falls or stays where cost grows with the uses, and rises with their square.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

PARTS = (3, 10, 30)
"""How many of 30 shares of the C files a part has."""

USE = re.compile(rb"\b(?:vm_flags|vm_flags_t|vm_flags_\w+|is_\w+_mapping|vm_get_page_prot)\b")
ALWAYS = re.compile(r"(?:^|/)(?:Kconfig|Makefile|Kbuild)[^/]*$|\.h$")


def part_of(tree: Path, folder: Path, share: int) -> int:
    """Link a part of a tree into a folder; return how many uses it has."""
    uses = 0
    for root, dirs, names in os.walk(tree):
        dirs[:] = [d for d in dirs if d not in (".git", "tools", "Documentation")]
        place = Path(root).relative_to(tree)
        kept = []
        for name in names:
            path = (place / name).as_posix()
            if ALWAYS.search(path) or (
                path.endswith(".c") and zlib.crc32(path.encode()) % 30 < share
            ):
                kept.append(name)
        if kept:
            (folder / place).mkdir(parents=True, exist_ok=True)
        for name in kept:
            source = Path(root, name)
            if not source.is_symlink():
                os.link(source, folder / place / name)
                if name.endswith((".c", ".h")):
                    uses += len(USE.findall(source.read_bytes()))
    return uses


def cost(arguments: list[str]) -> tuple[float, float]:
    """Return a run's seconds of processor time and its peak of memory in MiB."""
    command = [str(Path(sys.executable).with_name("vmaconv")), *arguments]
    started = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(started.pid, 0)
    if status != 0:
        raise SystemExit(f"{' '.join(command)}: exit status {status}")
    return used.ru_utime, used.ru_maxrss / 1024


def main() -> None:
    """Print a line for each command and part."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("tree", type=Path, help="tree of Linux 7.x")
    tree = parser.parse_args().tree.resolve()
    for share in PARTS:
        with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
            uses = part_of(tree, Path(name), share)
            for what in (["diff", name, "-j1"], ["migrate", name, "--recipe", "vma-word"]):
                seconds, peak = cost(what)
                print(
                    f"{what[0]:8} {share:2}/30: {uses:5} uses, {seconds:6.1f} s, "
                    f"{1000 * seconds / uses:5.1f} ms a use, {peak:4.0f} MiB",
                    flush=True,
                )


if __name__ == "__main__":
    main()
