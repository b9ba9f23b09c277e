# SPDX-License-Identifier: GPL-2.0-only
"""Does a change that a person made by hand still parse?

In: a file before and after.  Out: the first place where the syntax is broken and was not before.
"""

from __future__ import annotations

from vmaconv.cocci.tree.unit import Unit


def broken_at(path: str, before: bytes, after: bytes) -> int | None:
    """Give the line (from 1, in `after`) of a syntax error that `before` does not have.

    None where there is none, and for files that are not C.  What stands in macros that only the
    tree's headers explain may not parse on either side; only more errors than before count.

    >>> broken_at("a.c", b"int f(void) { return 0; }\\n", b"int f(void) { return 0 }\\n")
    1
    """
    if not path.endswith((".c", ".h")):
        return None
    old, new = _errors(path, before), _errors(path, after)
    if len(new) <= len(old):
        return None
    return next(iter(new), None)


def _errors(path: str, text: bytes) -> list[int]:
    unit = Unit(path, text)
    return [unit.line(error.start) for chunk in unit.chunks for error in chunk.errors]
