# SPDX-License-Identifier: GPL-2.0-only
"""How long a run takes as its input grows: ten times the input, not a hundred times the time.

usage: python bench/growth.py [--only KIND ...] [--most N] [--seconds S]

Each kind is a rule and a file of size N. N grows from 10^3 by tens up to what the kind names (or
--most); each run is a process of its own, whose processor time counts, less that of a run of N = 1.
A run that takes longer than --seconds is ended, and the bar is missed, unless vmaconv itself
stopped before with a word. The figure is the exponent of the last step of ten: 1 is linear, 2 is
quadratic; n log n comes to 1.1.
"""

from __future__ import annotations

import argparse
import math
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bars import verdict

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from growing_inputs import KINDS, Kind  # noqa: E402

VMACONV = str(Path(sys.executable).parent / "vmaconv")
KERNEL = ROOT / "fixtures" / "kernel"
MOST_EXPONENT = 1.3
"""n log n, and what a run of some hundredths of a second is uncertain by."""
SURE = 1.0
"""Seconds from which on a time says something about growth."""


def measured(kind: Kind, size: int, folder: Path, seconds: float) -> tuple[float, str]:
    """Return how many seconds of the processor a run took, and its last word if it did not end well.

    A run that was ended from here took infinitely long.
    """
    (folder / "a.c").write_text(kind.code(size))
    (folder / "r.cocci").write_text(kind.rule(size))
    words = {
        "spatch": ["spatch", "--very-quiet", "--sp-file", "r.cocci", "a.c"],
        "kernel": ["diff", "--rules", "r.cocci", ".", "a.c"],
        "flags": ["diff", ".", "a.c"],
    }[kind.style]
    whole = math.ceil(seconds)
    with (folder / "err").open("wb+") as err:
        run = subprocess.run(
            [VMACONV, *words],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=err,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (whole, whole)),
        )
    usage = os.times()
    said = (folder / "err").read_text(errors="replace").strip().splitlines()
    time = usage.children_user + usage.children_system
    if any("SIGKILL" in line for line in said) or run.returncode < 0:
        return math.inf, f"ended after {seconds:g} s of the processor"
    if run.returncode in (0, 1):
        return time, ""
    return time, next((line for line in said if "error" in line), said[-1] if said else "no word")


def grown(kind: Kind, most: int, seconds: float) -> tuple[dict[int, float], str]:
    """Return the seconds for each size, less those of size 1, and the last word of the last run."""
    times: dict[int, float] = {}
    word = ""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if kind.style != "spatch":
            shutil.copytree(KERNEL / "include", folder / "include")
        size = 1
        while size <= min(kind.most, most):
            before = os.times()
            taken, word = measured(kind, size, folder, seconds)
            times[size] = taken - before.children_user - before.children_system
            if word:
                break
            size = 1000 if size == 1 else size * 10
    start = times.pop(1)
    return {size: max(time - start, 0.0) for size, time in times.items()}, word


def exponent(times: dict[int, float]) -> float:
    """Return how fast the last step of ten grew; 0 for what is too fast to be told."""
    last = sorted(times)[-2:]
    if len(last) < 2 or times[last[1]] < SURE:
        return 0.0
    return math.log10(times[last[1]] / max(times[last[0]], 0.01))


def main() -> int:
    """Measure all kinds; return 1 if one grows too fast."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--only", nargs="*", default=[], metavar="KIND", help="only these kinds")
    parser.add_argument(
        "--most", type=int, default=1_000_000, metavar="N", help="largest size (default: 1000000)"
    )
    parser.add_argument(
        "--seconds", type=float, default=60.0, metavar="S", help="limit for a run (default: 60)"
    )
    chosen = parser.parse_args()
    good = True
    for kind in KINDS:
        if chosen.only and not any(word in kind.name for word in chosen.only):
            continue
        times, word = grown(kind, chosen.most, chosen.seconds)
        figures = ", ".join(f"10^{round(math.log10(n))}: {t:.2f} s" for n, t in times.items())
        print(f"{kind.name}: {figures} {word[:150]}".rstrip(), flush=True)
        good &= verdict(f"growth of {kind.name}", exponent(times), MOST_EXPONENT, "")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
