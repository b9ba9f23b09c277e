# SPDX-License-Identifier: GPL-2.0-only
"""The kernel's own semantic patches, by spatch and by us, taking turns.

usage: python bench/scripts.py [--kernel TREE] [--folder mm] [--rounds N] [--only NAME ...]
                               [--jobs-of N] [--markdown] [--fast VENV]

TREE is a work tree of Linux v6.19 (default: $VMACONV_KERNEL). VENV is where `make fast` installed the
engine as C, which the bars are for; without --fast, the environment that runs this is measured. Every
script below scripts/coccinelle/ whose report mode is Python alone runs on FOLDER, one process each:
spatch, then we, N times over (default 1); with several rounds the fastest counts. Times are wall
clock, and the processor's beside it, which says more on a busy machine. The N slowest of ours (default
8) then run with -j 1 and -j 2 by turns. Memory is the largest process's, ours against spatch's.

Where the outputs differ once sorted, the script is marked: a fast wrong answer is none.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bars import parser_of, verdict

SPATCH = ["spatch"]
_REPORT = re.compile(r"^virtual\b.*\breport\b", re.MULTILINE)
_OPTIONS = re.compile(r"^//+ *Options: *(.*)$", re.MULTILINE)
TIME_LIMIT = 900

MOST_TOTAL, MOST_SINGLE, MOST_MEMORY, LEAST_SPEEDUP = 0.25, 1.5, 1.0, 1.7


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one command: seconds by the clock and of the processor, MB, and what it printed."""

    wall: float
    cpu: float
    memory: float
    output: frozenset[bytes]
    status: int


@dataclass(frozen=True, slots=True)
class Pair:
    """A script's best runs."""

    name: str
    peer: Run
    ours: Run

    @property
    def ratio(self) -> float:
        """How many times longer than spatch we took, by the processor's time."""
        return self.ours.cpu / self.peer.cpu

    @property
    def same(self) -> bool:
        """Whether both printed the same lines and ended alike."""
        return (self.peer.output, self.peer.status) == (self.ours.output, self.ours.status)


def scripts(tree: Path) -> list[Path]:
    """Return the scripts that have a report mode, less those that need OCaml."""
    found = []
    for path in sorted((tree / "scripts" / "coccinelle").rglob("*.cocci")):
        text = path.read_text(errors="replace")
        if _REPORT.search(text) and "script:ocaml" not in text:
            found.append(path)
    return found


def options_of(script: Path) -> list[str]:
    """Return the options that a script asks for in its head."""
    found = _OPTIONS.findall(script.read_text(errors="replace"))
    return [word for line in found for word in line.split()]


def run(command: Sequence[str], tree: Path) -> Run:
    """Run a command to its end and say what it took, its children included."""
    start = time.perf_counter()
    with subprocess.Popen(
        command, cwd=tree, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    return Run(
        wall,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / 1024,
        frozenset(output.splitlines()),
        process.returncode,
    )


def command(tool: Sequence[str], script: Path, folder: str) -> list[str]:
    """Return the command that runs a script in report mode, as coccicheck does."""
    return [
        "timeout",
        str(TIME_LIMIT),
        *tool,
        *("-D", "report", "--very-quiet", "--no-show-diff", "--cocci-file", str(script)),
        *options_of(script),
        *("--no-includes", "--include-headers", "--dir", folder),
    ]


def best(runs: Sequence[Run]) -> Run:
    """Return the run that the machine disturbed least."""
    return min(runs, key=lambda one: one.cpu)


def measure(tool: Sequence[str], script: Path, folder: str, tree: Path, rounds: int) -> Pair:
    """Run a script by turns; `tool` is ours."""
    peer, ours = [], []
    for _ in range(rounds):
        peer.append(run(command(SPATCH, script, folder), tree))
        ours.append(run(command(tool, script, folder), tree))
    return Pair(script.stem, best(peer), best(ours))


def speedup(
    tool: Sequence[str], chosen: Sequence[Path], folder: str, tree: Path, rounds: int
) -> float:
    """Return how many times faster two processes are than one, on some scripts together."""
    single = double = 0.0
    for script in chosen:
        times: dict[str, list[float]] = {"1": [], "2": []}
        for _ in range(rounds):
            for jobs, taken in times.items():
                taken.append(run(command([*tool, "-j", jobs], script, folder), tree).wall)
        single += min(times["1"])
        double += min(times["2"])
    return single / double


def table(pairs: Sequence[Pair], markdown: bool) -> None:
    """Print what each script took, the worst ratio first."""
    edge, line = ("| ", " | ") if markdown else ("", "  ")
    head = ["script".ljust(28), "spatch s", "ours s", "ratio", "spatch cpu", "ours cpu", "MB", ""]
    print(edge + line.join(head))
    if markdown:
        print("|" + " --- |" * len(head))
    for pair in sorted(pairs, key=lambda p: -p.ratio):
        cells = [
            f"{pair.name:28}",
            f"{pair.peer.wall:8.2f}",
            f"{pair.ours.wall:6.2f}",
            f"{pair.ratio:5.2f}",
            f"{pair.peer.cpu:10.2f}",
            f"{pair.ours.cpu:8.2f}",
            f"{pair.ours.memory:3.0f}",
            "" if pair.same else "differs",
        ]
        print(edge + line.join(cells).rstrip())


def summary(pairs: Sequence[Pair], faster: float | None) -> bool:
    """Print the bars and return whether all are met."""
    peer, ours = sum(p.peer.wall for p in pairs), sum(p.ours.wall for p in pairs)
    peer_cpu, ours_cpu = sum(p.peer.cpu for p in pairs), sum(p.ours.cpu for p in pairs)
    worst = max(pairs, key=lambda p: p.ratio)
    print(
        f"\n{len(pairs)} scripts: spatch {peer:.0f} s ({peer_cpu:.0f} s of processor time), ",
        end="",
    )
    print(f"ours {ours:.0f} s ({ours_cpu:.0f} s)")
    peer_peak, ours_peak = (max(p.peer.memory for p in pairs), max(p.ours.memory for p in pairs))
    print(f"peak memory: spatch {peer_peak:.0f} MB, ours {ours_peak:.0f} MB")
    different = [pair.name for pair in pairs if not pair.same]
    print(f"output differs: {', '.join(different) or 'nowhere'}")
    bars = [
        verdict("total, ours / spatch", ours_cpu / peer_cpu, MOST_TOTAL, "x"),
        verdict(f"slowest ratio ({worst.name})", worst.ratio, MOST_SINGLE, "x"),
        verdict("peak memory, ours / spatch", ours_peak / peer_peak, MOST_MEMORY, "x"),
    ]
    if faster is not None:
        bars.append(verdict("-j 2 / -j 1", faster, LEAST_SPEEDUP, "x", False))
    return all(bars)


def folder_parser(description: str, rounds: int) -> argparse.ArgumentParser:
    """Return a parser of command lines that run scripts on a folder, so many times by default."""
    parser = parser_of(description)
    parser.add_argument("--folder", default="mm", help="folder of it to run on (default: mm)")
    times = f"times (default: {rounds})"
    parser.add_argument("--rounds", type=int, default=rounds, metavar="N", help=times)
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME", help="only these scripts")
    return parser


def parsed() -> argparse.Namespace:
    """Read the command line."""
    parser = folder_parser(__doc__, rounds=1)
    parser.add_argument(
        "--jobs-of", type=int, default=8, metavar="N", help="run the N slowest with -j2, too"
    )
    parser.add_argument("--markdown", action="store_true", help="print a Markdown table")
    parser.add_argument(
        "--fast",
        default="",
        metavar="VENV",
        help="measure the engine that `make fast` installed here",
    )
    return parser.parse_args()


def main() -> int:
    """Run the benchmark and return 1 if a bar is missed."""
    options = parsed()
    tree = Path(options.kernel or ".").resolve()
    if not options.kernel or not (tree / "scripts" / "coccinelle").is_dir():
        print("skipped: no kernel; give --kernel TREE or set VMACONV_KERNEL (a tree of v6.19)")
        return 0
    if shutil.which("spatch") is None:
        print("skipped: spatch is not installed")
        return 0
    chosen = [s for s in scripts(tree) if not options.only or s.stem in options.only]
    if not chosen:
        print(f"no script has one of these names: {' '.join(options.only)}")
        return 1
    venv = Path(options.fast).resolve() / "bin" if options.fast else Path(sys.executable).parent
    ours = [str(venv / "vmaconv"), "spatch"]
    pairs = []
    for number, script in enumerate(chosen, 1):
        pair = measure(ours, script, options.folder, tree, options.rounds)
        pairs.append(pair)
        print(f"{number}/{len(chosen)} {pair.name}: {pair.ratio:.2f}", file=sys.stderr, flush=True)
    table(pairs, options.markdown)
    faster = None
    if options.jobs_of and (os.cpu_count() or 1) > 1:
        slow = sorted(pairs, key=lambda p: -p.ours.cpu)[: options.jobs_of]
        paths = {script.stem: script for script in chosen}
        faster = speedup(ours, [paths[p.name] for p in slow], options.folder, tree, options.rounds)
    return 0 if summary(pairs, faster) else 1


if __name__ == "__main__":
    sys.exit(main())
