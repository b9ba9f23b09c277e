# SPDX-License-Identifier: GPL-2.0-only
"""How deep Python may recurse while trees, patterns and formulas are walked.

In: nothing. Out: a block in which each level of nested code has room for the frames that it takes.
Python's own limit is there to find endless recursion; code of a thousand operands is legal C, and
each operand is a level of the tree.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

DEEPEST = 10_000
"""Frames that fit on the stack of a process's main thread (8 MiB on Linux), with room to spare."""


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Let the block recurse to `DEEPEST` frames, or as deep as it may already.

    >>> def depth(levels: int) -> int:
    ...     return depth(levels - 1) if levels else sys.getrecursionlimit()
    >>> with deep_recursion():
    ...     depth(5000) >= DEEPEST
    True
    """
    shallow = sys.getrecursionlimit()
    sys.setrecursionlimit(max(shallow, DEEPEST))
    try:
        yield
    finally:
        sys.setrecursionlimit(shallow)
