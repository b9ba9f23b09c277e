# SPDX-License-Identifier: GPL-2.0-only
"""What goes along with code that is deleted: its line, one of two blank lines, a blank beside it.

In: a text, and the bytes that go. Out: the bytes that go with what is around them.
"""

from __future__ import annotations

from vmaconv.cocci.text.blanks import blank_end, blank_start
from vmaconv.cocci.text.byte_before import byte_before
from vmaconv.cocci.text.late_regex import late_regex

_BLANK_LINE = late_regex(rb"[ \t\r]*\n")


def deleted(text: bytes, start: int, end: int) -> tuple[int, int]:
    """Return the bytes that go where [`start`, `end`) go and nothing takes their place.

    >>> text = b"\\ta();\\n\\tb();\\n"
    >>> deleted(text, 1, 5)
    (0, 6)
    """
    if is_whole_lines(text, start, end):
        start = text.rfind(b"\n", 0, start) + 1
        newline = text.find(b"\n", end)
        if not text[end : newline if newline >= 0 else len(text)].strip():
            end = newline + 1 if newline >= 0 else len(text)
            blank = _BLANK_LINE.match(text, end)
            if blank is not None and text.endswith((b"\n\n", b"\n\r\n"), 0, start):
                # Of two blank lines one is left.
                end = blank.end()
    elif text.endswith(b"(", 0, blank_start(text, start, b" \t")):
        # What follows moves up to the parenthesis: `f(` is not left alone on its line.
        below = blank_end(text, end)
        if text[below : below + 1] not in (b"#", b"/", b""):
            end = below
    elif byte_before(text, start) in (b"", b"\n"):
        end = blank_end(text, end, b" \t")
    elif byte_before(text, start) in (b" ", b"\t") and text[end : end + 1] in (
        b" ",
        b"\t",
        b";",
        b",",
        b")",
        b"\n",
    ):
        line = text.rfind(b"\n", 0, start) + 1
        if not text[line:start].strip() and text[end : end + 1] in (b" ", b"\t"):
            # What follows comes to stand where this stood on its line.
            while text[end : end + 1] in (b" ", b"\t"):
                end += 1
            return start, end
        while start > 0 and byte_before(text, start) in (b" ", b"\t"):
            start -= 1
    return start, end


def is_whole_lines(text: bytes, start: int, end: int) -> bool:
    """Whether the lines hold nothing but blanks before `start`, and a comment after `end`."""
    before = text[text.rfind(b"\n", 0, start) + 1 : start]
    newline = text.find(b"\n", end)
    after = text[end : newline if newline >= 0 else len(text)].strip()
    return not before.strip() and (not after or after.startswith((b"/*", b"//", b"\\")))
