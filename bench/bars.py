# SPDX-License-Identifier: GPL-2.0-only
"""What the benchmarks have in common: the tree that they run on, and what they must show."""

from __future__ import annotations

import argparse
import os


def parser_of(description: str) -> argparse.ArgumentParser:
    """Return a parser of command lines with the option for a tree of v6.19.

    Its description is the first paragraph of the script's.
    """
    parser = argparse.ArgumentParser(description=description.split("\n\n")[0])
    parser.add_argument(
        "--kernel",
        default=os.environ.get("VMACONV_KERNEL", ""),
        metavar="TREE",
        help="git work tree of Linux v6.19 (default: $VMACONV_KERNEL)",
    )
    return parser


def verdict(name: str, value: float, limit: float, unit: str, at_most: bool = True) -> bool:
    """Print one bar and whether it is met."""
    good = value <= limit if at_most else value >= limit
    word = "at most" if at_most else "at least"
    print(f"{'ok  ' if good else 'MISS'} {name}: {value:.2f}{unit} ({word} {limit:g}{unit})")
    return good
