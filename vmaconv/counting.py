# SPDX-License-Identifier: GPL-2.0-only
"""Numbers of things in words."""

from __future__ import annotations


def counted(number: int, noun: str, plural: str = "") -> str:
    """Say how many of something there are.

    >>> counted(1, "hunk"), counted(2, "hunk"), counted(0, "patch", "patches")
    ('1 hunk', '2 hunks', '0 patches')
    """
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
