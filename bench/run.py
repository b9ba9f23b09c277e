# SPDX-License-Identifier: GPL-2.0-only
"""The speed of the main jobs as ratios, all measured in one run.

Ratios vary less between machines, and with load, than seconds do.

usage: python bench/run.py [--kernel TREE] [--newer TREE] [--runs N] [--no-spatch]

TREE is a git work tree of Linux v6.19 (default: $VMACONV_KERNEL), the newer one any tree of Linux 7.1
or later (default: $VMACONV_NEWER). Each command runs once to warm
the caches and then N times; the commands take turns, so that a slow moment hits them all, and
medians are compared.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from bars import parser_of, verdict

HERE = Path(__file__).parent
VMACONV = Path(sys.executable).parent / "vmaconv"


def seconds(command: list[str], cwd: Path) -> float:
    """Run a command with its output thrown away and return how long it took."""
    start = time.perf_counter()
    subprocess.run(
        command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )
    return time.perf_counter() - start


def medians(commands: dict[str, list[str]], cwd: Path, runs: int) -> dict[str, float]:
    """Return the median time of each command; they take turns."""
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            elapsed = seconds(command, cwd)
            if turn:
                taken[name].append(elapsed)
    return {name: statistics.median(times) for name, times in taken.items()}


def cost(command: list[str], cwd: Path) -> tuple[float, float]:
    """Return the processor's seconds of a command's tree, and its largest process in MB."""
    code = (
        "import resource,subprocess,sys;"
        "subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL);"
        "used=resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(used.ru_utime+used.ru_stime,used.ru_maxrss)"
    )
    out = subprocess.run(
        [sys.executable, "-c", code, *command], cwd=cwd, capture_output=True, check=True
    )
    processor, memory = out.stdout.split()
    return float(processor), int(memory) / 1024


def peak_memory(command: list[str], cwd: Path) -> float:
    """Return the largest process of a command's tree in MB (RLIMIT-style: not their sum)."""
    return cost(command, cwd)[1]


def main_job(tree: Path, runs: int, with_spatch: bool) -> list[bool]:
    """Measure `vmaconv diff` over the tree."""
    times = medians(
        {
            "grep": ["git", "grep", "-l", "vm_area_desc", "--", "*.[ch]"],
            "diff": [str(VMACONV), "diff", str(tree)],
        },
        tree,
        runs,
    )
    print(f"git grep -l vm_area_desc: {times['grep']:.3f} s; vmaconv diff: {times['diff']:.3f} s")
    bars = [verdict("vmaconv diff / git grep", times["diff"] / times["grep"], 2, "x")]
    memory = peak_memory([str(VMACONV), "diff", str(tree)], tree)
    bars.append(verdict("peak memory of vmaconv diff", memory, 300, " MB"))
    if with_spatch:
        # spatch takes a minute or more over a tree: one run is told apart from a fifth of it
        # easily.
        command = [
            "spatch",
            "--very-quiet",
            "--no-includes",
            "--sp-file",
            str(HERE / "flags.cocci"),
        ]
        elapsed = seconds([*command, "--dir", str(tree)], tree)
        print(f"spatch --dir, one run: {elapsed:.1f} s")
        bars.append(verdict("spatch / vmaconv diff", elapsed / times["diff"], 5, "x", False))
    return bars


def migration(tree: Path, runs: int) -> list[bool]:
    """Measure `vmaconv migrate`, the whole recipe."""
    command = [str(VMACONV), "migrate", str(tree)]
    grep = ["git", "grep", "-l", "vm_flags"]
    times = medians({"grep": grep, "migrate": command}, tree, runs)
    print(f"git grep -l vm_flags: {times['grep']:.3f} s; vmaconv migrate: {times['migrate']:.3f} s")
    ratio = times["migrate"] / times["grep"]
    return [
        verdict("vmaconv migrate / git grep", ratio, 8, "x"),
        verdict("peak memory of vmaconv migrate", peak_memory(command, tree), 500, " MB"),
    ]


def hooks(tree: Path, runs: int) -> list[bool]:
    """Measure `vmaconv hooks`, the whole tree."""
    command = [str(VMACONV), "hooks", str(tree)]
    grep = ["git", "grep", "-l", r"\.mmap"]
    times = medians({"grep": grep, "hooks": command}, tree, runs)
    print(f"git grep -l '\\.mmap': {times['grep']:.3f} s; vmaconv hooks: {times['hooks']:.3f} s")
    return [verdict("vmaconv hooks / git grep", times["hooks"] / times["grep"], 10, "x")]


def words(tree: Path, runs: int) -> list[bool]:
    """Measure `vmaconv diff` and the whole recipe over a tree whose VMAs have a bitmap beside the word."""
    command = [str(VMACONV), "diff", str(tree)]
    grep = ["git", "grep", "--no-index", "-l", "vm_flags"]
    times = medians({"grep": grep, "diff": command}, tree, runs)
    print(f"git grep -l vm_flags: {times['grep']:.3f} s; vmaconv diff: {times['diff']:.3f} s")
    recipe = [str(VMACONV), "migrate", str(tree), "--recipe", "vma-word"]
    processor, memory = cost(recipe, tree)
    return [
        verdict("vmaconv diff of the word / git grep", times["diff"] / times["grep"], 6, "x"),
        verdict("peak memory of vmaconv diff", peak_memory(command, tree), 300, " MB"),
        verdict("vmaconv migrate --recipe vma-word, processor", processor, 20, " s"),
        verdict("peak memory of vmaconv migrate --recipe vma-word", memory, 500, " MB"),
    ]


def main() -> int:
    """Run the benchmarks and return 1 if a bar is missed."""
    parser = parser_of(__doc__)
    parser.add_argument(
        "--newer",
        default=os.environ.get("VMACONV_NEWER", ""),
        metavar="TREE",
        help="tree of Linux 7.1 or later (default: $VMACONV_NEWER)",
    )
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="times (default: 5)")
    parser.add_argument("--no-spatch", action="store_true", help="do not run spatch")
    options = parser.parse_args()
    if not options.kernel or not Path(options.kernel, ".git").exists():
        print("skipped: no kernel; give --kernel TREE or set VMACONV_KERNEL (a git tree of v6.19)")
        return 0
    with_spatch = not options.no_spatch and shutil.which("spatch") is not None
    if not with_spatch:
        print("spatch is left out: " + ("as asked" if options.no_spatch else "it is not installed"))
    tree = Path(options.kernel).resolve()
    bars = main_job(tree, options.runs, with_spatch) + migration(tree, options.runs)
    bars += hooks(tree, options.runs)
    if options.newer:
        bars += words(Path(options.newer).resolve(), options.runs)
    else:
        print("skipped: the word of each VMA; give --newer TREE or set VMACONV_NEWER")
    return 0 if all(bars) else 1


if __name__ == "__main__":
    sys.exit(main())
