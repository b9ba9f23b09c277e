# SPDX-License-Identifier: GPL-2.0-only
"""Fuzz for some minutes of processor time; the first mutant that breaks an oracle ends it.

usage: python fuzz/run.py [--minutes N] [--seed N] [--only TARGET] [--dice]

Targets take turns. What is found is shrunk by Hypothesis, written below fuzz/found/, and becomes a
case of the tests once it is mended. --dice makes more mutants in the same time and shrinks none.
"""

from __future__ import annotations

import argparse
import sys
import time
from random import Random

from findings import write_found
from hypothesis import HealthCheck, Phase, given, seed, settings
from mutants import Rolled
from targets import Target, targets

ROUND = {
    "c": 60,
    "rule": 400,
    "case": 120,
    "jobs": 12,
    "recipe": 500,
    "plan": 500,
    "people": 150,
    "mails": 100,
}
"""Mutants of a target in one turn: so many that turns take about as long."""

SLOW = 5.0
"""Seconds of the processor after which a mutant is written down, though it ends in time."""


def turn(target: Target, number: int, examples: int) -> BaseException | None:
    """Try some mutants; return what the smallest that fails raises, after writing it down."""
    last: list[tuple[bytes, ...]] = []

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(target.inputs)
    def tried(given_: tuple[bytes, ...]) -> None:
        last[:] = [given_]
        start = time.process_time()
        target.try_one(given_)
        _say_slow(target, number, given_, start)

    try:
        tried()
    except Exception as error:
        folder = write_found(f"{target.name}-{number}", last[0] if last else ())
        print(f"{target.name}, seed {number}: {type(error).__name__}: {error}\nsee {folder}")
        return error
    return None


def throw(target: Target, number: int, examples: int) -> BaseException | None:
    """Try as many mutants as dice make them; return what the first that fails raises."""
    choose = Rolled(Random(f"{target.name}-{number}"))
    for _ in range(examples):
        made = target.make(choose)
        start = time.process_time()
        try:
            target.try_one(made)
        except Exception as error:
            folder = write_found(f"{target.name}-{number}", made)
            print(f"{target.name}, seed {number}: {type(error).__name__}: {error}\nsee {folder}")
            return error
        _say_slow(target, number, made, start)
    return None


def _say_slow(target: Target, number: int, made: tuple[bytes, ...], start: float) -> None:
    if (took := time.process_time() - start) > SLOW:
        folder = write_found(f"{target.name}-{number}", made)
        print(f"{target.name}, seed {number}: {took:.1f} s; see {folder}")


def main() -> int:
    """Fuzz, and return the exit code: 1 if something was found."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--minutes", type=float, default=1.0, help="of processor time (default: 1)")
    parser.add_argument(
        "--seed", type=int, default=int(time.time()), metavar="N", help="default: by the clock"
    )
    parser.add_argument("--only", default="", metavar="TARGET", help="only this target")
    parser.add_argument("--keep-going", action="store_true", help="list all that is found")
    parser.add_argument("--dice", action="store_true", help="without Hypothesis, faster")
    wanted = parser.parse_args()
    attempt = throw if wanted.dice else turn
    chosen = [t for t in targets() if wanted.only in ("", t.name)]
    tried = dict.fromkeys((t.name for t in chosen), 0)
    found = 0
    number = wanted.seed
    while time.process_time() < wanted.minutes * 60:
        for target in chosen:
            examples = ROUND[target.name]
            if attempt(target, number, examples) is not None:
                found += 1
                if not wanted.keep_going:
                    return 1
            tried[target.name] += examples
        number += 1
    print(", ".join(f"{name} {count}" for name, count in tried.items()), f"mutants; {found} found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
