# SPDX-License-Identifier: GPL-2.0-only
"""Fuzz one target guided by what of the code each mutant reaches, as atheris does it.

usage: python fuzz/guided.py TARGET [--minutes N] [--seed N]

The mutants are made as in run.py: the bytes that atheris changes choose among Hypothesis's. Without
atheris, which has no wheel for every Python, it says so and leaves with 0: run.py does without.
"""

from __future__ import annotations

import argparse
import sys

from findings import write_found
from hypothesis import given, settings


def main() -> int:
    """Fuzz; return the exit code: 0 also where atheris is missing, which is said."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("target", help="one of `fuzz/targets.py`, by its name")
    parser.add_argument("--minutes", type=float, default=1.0, help="default: 1")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="seed to begin with")
    wanted = parser.parse_args()
    try:
        import atheris
    except ImportError:
        print("atheris is not installed (pip install 'vmaconv[fuzz]'): nothing is guided")
        return 0
    with atheris.instrument_imports(include=["vmaconv"]):
        from targets import targets
    chosen = {target.name: target for target in targets()}
    if wanted.target not in chosen:
        parser.error(f"no target is called {wanted.target}: there are {', '.join(chosen)}")
    target = chosen[wanted.target]

    @settings(deadline=None, database=None)
    @given(target.inputs)
    def tried(given_: tuple[bytes, ...]) -> None:
        try:
            target.try_one(given_)
        except Exception:
            print(f"see {write_found(f'{target.name}-guided', given_)}")
            raise

    options = [f"-max_total_time={int(wanted.minutes * 60)}", f"-seed={wanted.seed}"]
    # The limit of a mutant is the target's own; SIGALRM is left to it.
    options += ["-timeout=0", "-rss_limit_mb=4096", "-max_len=4096", "-len_control=0"]
    atheris.Setup([sys.argv[0], *options], tried.hypothesis.fuzz_one_input)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
