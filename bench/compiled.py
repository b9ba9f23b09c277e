# SPDX-License-Identifier: GPL-2.0-only
"""The engine as C (`make fast`) against the same engine as Python, taking turns.

usage: python bench/compiled.py [--kernel TREE] [--folder mm] [--rounds N] [--fast VENV]
                                [--each] [--only NAME ...]

TREE is a work tree of Linux v6.19 (default: $VMACONV_KERNEL), VENV where `make fast` installed (default:
.venv-fast). The kernel's semantic patches run together on FOLDER (`vmaconv spatch --sp-dir`), in one
process, first interpreted, then compiled, N times over (default 2); with --each, or --only, one by one,
with what each spends in start-up. What counts is the processor's time, the least of the rounds; the processes
of scripts, the same in both, end with the worker that is killed at the end, and are not in it. Where the
outputs differ, that is said and is a miss: a fast wrong answer is none.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bars import verdict
from scripts import Run, best, folder_parser, options_of, run, scripts

HERE = Path(__file__).resolve().parent
LEAST_GAIN = 2.0
REPORT = ("-j", "1", "-D", "report", "--very-quiet", "--no-show-diff")


def command(program: Path, given: Sequence[str], folder: str) -> list[str]:
    """Return the command that reports what scripts find in a folder."""
    where = ("--no-includes", "--include-headers", "--dir", folder)
    return [str(program), "spatch", *REPORT, *given, *where]


def measure(
    programs: Sequence[Path], given: Sequence[str], folder: str, tree: Path, rounds: int
) -> list[Run]:
    """Return each program's best run; they take turns."""
    taken: list[list[Run]] = [[] for _ in programs]
    for _ in range(rounds):
        for runs, program in zip(taken, programs, strict=True):
            runs.append(run(command(program, given, folder), tree))
    return [best(runs) for runs in taken]


def told(name: str, plain: Run, fast: Run) -> bool:
    """Print what a script took on both, and return whether they say the same."""
    same = (plain.output, plain.status) == (fast.output, fast.status)
    gain = plain.cpu / fast.cpu
    note = "" if same else "  differs"
    print(f"{name:28}  {plain.cpu:8.2f}  {fast.cpu:8.2f}  {gain:5.2f}{note}", flush=True)
    return same


def parsed() -> argparse.Namespace:
    """Read the command line."""
    parser = folder_parser(__doc__, rounds=2)
    parser.add_argument(
        "--fast",
        default=str(HERE.parent / ".venv-fast"),
        metavar="VENV",
        help="where `make fast` installed (default: .venv-fast)",
    )
    parser.add_argument("--each", action="store_true", help="measure script by script")
    return parser.parse_args()


def main() -> int:
    """Run the benchmark and return 1 if the bar is missed."""
    options = parsed()
    tree = Path(options.kernel or ".").resolve()
    rules = tree / "scripts" / "coccinelle"
    if not options.kernel or not rules.is_dir():
        print("skipped: no kernel; give --kernel TREE or set VMACONV_KERNEL (a tree of v6.19)")
        return 0
    programs = [Path(sys.executable).parent / "vmaconv", Path(options.fast) / "bin" / "vmaconv"]
    if not programs[1].exists():
        print(f"skipped: no compiled engine in {options.fast}; run make fast")
        return 0
    print(f"{'script':28}  {'python':>8}  {'C':>8}  {'gain':>5}")
    jobs: list[tuple[str, list[str]]] = [("all together", ["--sp-dir", str(rules)])]
    if options.each or options.only:
        chosen = [s for s in scripts(tree) if not options.only or s.stem in options.only]
        jobs = [(s.stem, ["--cocci-file", str(s), *options_of(s)]) for s in chosen]
    pairs = []
    same = True
    for name, given in jobs:
        plain, fast = measure(programs, given, options.folder, tree, options.rounds)
        pairs.append((plain, fast))
        same = told(name, plain, fast) and same
    gain = sum(p.cpu for p, _ in pairs) / sum(f.cpu for _, f in pairs)
    met = verdict("interpreted / compiled", gain, LEAST_GAIN, "x", False)
    return 0 if met and same else 1


if __name__ == "__main__":
    sys.exit(main())
