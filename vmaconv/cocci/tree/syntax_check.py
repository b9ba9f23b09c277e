# SPDX-License-Identifier: GPL-2.0-only
"""The check of a result: does a change bring a syntax error that was not there?

In: a C text before and after. Out: the first new error, or None. What only the tree's headers
explain may not parse on either side, so that only more errors than before count.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from vmaconv.cocci.shim.macros import MacroNames
from vmaconv.cocci.tree.unit import Chunk, Unit


class Broken(Struct, frozen=True):
    """A syntax error that a change brings: its line (from 1) in the new text, and that line."""

    line: int
    text: str


def new_error(
    path: str,
    before: bytes,
    after: bytes,
    names: MacroNames | None = None,
    known: Sequence[Chunk] | None = None,
) -> Broken | None:
    r"""Return the first syntax error of `after` where it has more than `before`, or None.

    `names` are macros that a rule declares, `known` are the chunks of `before` where they were
    parsed already. Stretches that are the same in both are not parsed.

    >>> new_error("a.c", b"int f(void) { return 0; }\n", b"int f(void) { return 0 }\n")
    Broken(line=1, text='int f(void) { return 0 }')
    """
    old = _unit(path, before, names).chunks if known is None else known
    return new_error_in(_unit(path, after, names), old)


def new_error_in(new: Unit, old: Sequence[Chunk]) -> Broken | None:
    """Return the first syntax error of a unit where it has more than the chunks that it was made of."""
    was = {chunk.text: chunk for chunk in old}
    now = {chunk.text for chunk in new.chunks}
    allowed = sum(len(chunk.errors) for text, chunk in was.items() if text not in now)
    errors = [e for chunk in new.chunks if chunk.text not in was for e in chunk.errors]
    if len(errors) <= allowed:
        return None
    line = new.line(errors[0].start)
    start, end = new.line_range(line)
    return Broken(line, new.text[start:end].strip().decode(errors="replace"))


def _unit(path: str, text: bytes, names: MacroNames | None) -> Unit:
    return Unit(path, text) if names is None else Unit(path, text, names)
