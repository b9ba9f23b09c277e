# SPDX-License-Identifier: GPL-2.0-only
"""The result of a run of rules over one C file.

In: nothing; the runner fills a `FileResult` as it goes. Out: the new text, each match that was
applied and each that was not, and how offsets of the old text move to the new.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from vmaconv.cocci.rewrite.edit import Moves
from vmaconv.cocci.smpl.rule import CodeRule


class AppliedMatch(Struct, frozen=True):
    """One match that changed the text: where in the original (line from 1), by which rule, with
    what bound.
    """

    rule: CodeRule
    line: int
    function: str
    bindings: Mapping[str, str]
    before: bytes
    after: bytes


class Refusal(Struct, frozen=True):
    """A match that was not applied: `line` is from 1, `reason` a sentence."""

    rule: str
    line: int
    function: str
    reason: str


class FileResult(Struct):
    """What a run made of one file; `text` is the new text, equal to the old where nothing matched."""

    path: str
    before: bytes
    text: bytes
    changes: list[AppliedMatch] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    moves: list[Moves] = field(default_factory=list)
    starred: list[list[tuple[int, int]]] = field(default_factory=list)
    """For each match of a `*` rule: the bytes that its starred tokens took."""
    unparsed: dict[str, int] = field(default_factory=dict)
    """Functions that rules would have looked at but that do not parse, with the line that they
    begin in.
    """

    def backward(self, offset: int) -> int:
        """Return where the byte at `offset` of the text as it is now was in the old text."""
        for move in reversed(self.moves):
            offset = move.backward(offset)
        return offset

    def forward(self, offset: int) -> int | None:
        """Return where the byte at `offset` of the old text is in the new, or None if it was
        replaced.
        """
        at: int | None = offset
        for move in self.moves:
            if at is None:
                return None
            at = move.forward(at)
        return at
