# SPDX-License-Identifier: GPL-2.0-only
"""How many statements with `?` a rule may have in a row.

In: nothing. Out: the limit, and what is raised beyond it. The rule compiler knows them without what
matches along paths, which takes a while to load and most rules do without.
"""

from __future__ import annotations

MOST_OPTIONAL = 10
"""Statements with `?` in one list: each doubles the ways to match it."""


class TooManyOptional(Exception):
    """A list with more than `MOST_OPTIONAL` statements that may be missing."""
