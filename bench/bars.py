# SPDX-License-Identifier: GPL-2.0-only
"""What a benchmark must show."""

from __future__ import annotations


def verdict(name: str, value: float, limit: float, unit: str, at_most: bool = True) -> bool:
    """Print one bar and whether it is met."""
    good = value <= limit if at_most else value >= limit
    word = "at most" if at_most else "at least"
    print(f"{'ok  ' if good else 'MISS'} {name}: {value:.2f}{unit} ({word} {limit:g}{unit})")
    return good
