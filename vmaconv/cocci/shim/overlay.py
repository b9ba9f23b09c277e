# SPDX-License-Identifier: GPL-2.0-only
"""Collect what the shim writes over the text, length for length.

In:   the shim's passes, which say what to overwrite and why.
Out:  `ShimMark`s, and the masked text.
Left to others: knowing what to overwrite.
"""

from msgspec import Struct

from vmaconv.cocci.text.c_lexer import COMMENT, blank


class ShimMark(Struct, frozen=True):
    """A byte range of the original text that the parser sees otherwise, and why.

    Roles: attribute, iterator, statement, definer, declarer, type_argument, operator_argument,
    operand, dead_arm, storage.
    """

    start: int
    end: int
    role: str


class Edits:
    """Overwrites of one text.  What is written first stays: a byte is overwritten once."""

    def __init__(self, base: bytes, clean: bytes) -> None:
        self._base = base
        self._clean = clean
        self._written = bytearray(base)
        self._touched = bytearray(len(base))
        self.marks: dict[int, ShimMark] = {}

    def text(self) -> bytes:
        """Return the masked text as it stands."""
        return bytes(self._written)

    def mark(self, start: int, end: int, role: str) -> None:
        """Record that the bytes from `start` to `end` are seen otherwise."""
        self.marks.setdefault(start, ShimMark(start, end, role))

    def put(self, start: int, new: bytes) -> bool:
        """Write `new` from `start` on; False, and nothing written, if that place is taken."""
        end = start + len(new)
        if end > len(self._written) or self._touched.find(1, start, end) >= 0:
            return False
        self._written[start:end] = new
        self._touched[start:end] = b"\1" * len(new)
        return True

    def blank(self, start: int, end: int, role: str) -> None:
        """Turn a range into spaces; comments and line ends in it stay."""
        self._cover(start, end, b" ")
        self.mark(start, end, role)

    def replace(self, start: int, end: int, new: bytes) -> None:
        """Write `new` at the start of a range and spaces over the rest, but for line ends."""
        self.put(start, new)
        self._cover(start + len(new), end, b" ")

    def erase(self, start: int, end: int, role: str) -> None:
        """Turn a range into spaces, whatever was written there before."""
        self._written[start:end] = blank(self._base[start:end])
        self.mark(start, end, role)

    def underline(self, start: int, end: int) -> None:
        """Turn a range into underscores; comments and line ends in it stay."""
        self._cover(start, end, b"_")

    def _cover(self, start: int, end: int, filler: bytes) -> None:
        piece = self._clean[start:end]
        if filler == b" " and COMMENT not in piece:
            self.put(start, blank(piece))
            return
        for offset, byte in enumerate(piece, start):
            if byte in (0x0A, 0x0D, COMMENT):
                continue
            if self._written[offset] == 0x20:
                self._touched[offset] = 0
            self.put(offset, filler)

    def space_between(self, start: int, end: int) -> int:
        """Return a place for one byte more in the white space of a range, or -1.

        A tab or a space will do, also a blanked directive's; not a line end or a comment.
        """
        if self._touched.find(1, start, end) >= 0 and not self._written[start:end].isspace():
            return -1
        for filler in (b" ", b"\t"):
            place = self._clean.find(filler, start, end)
            while place >= 0 and self._touched[place]:
                place = self._clean.find(filler, place + 1, end)
            if place >= 0:
                return place
        return -1
