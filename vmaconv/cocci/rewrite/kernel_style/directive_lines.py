# SPDX-License-Identifier: GPL-2.0-only
"""Preprocessor lines of plus code.

In: an edit and the text that it is of. Out: the edit with such lines in the first column, where the
kernel has them, whatever the column of the code around, and with a macro's body in its old column.
"""

from __future__ import annotations

from msgspec.structs import replace

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.text.late_regex import late_regex

_LINE = late_regex(
    rb"(?m)^[ \t]+(?=#[ \t]*(?:if|ifdef|ifndef|elif|else|endif|define|undef|include|pragma|error|line)\b)"
)


def in_first_column(edit: Edit, text: bytes) -> Edit:
    """Return an edit whose preprocessor lines begin their lines."""
    start, new = edit.start, edit.text
    line = text.rfind(b"\n", 0, start) + 1
    before = text[line:start]
    if not before.strip():
        # The edit begins a line, but for blanks.
        whole = before + new
        made = _LINE.sub(b"", whole)
        return edit if made == whole else replace(edit, start=line, text=made)
    first, newline, rest = new.partition(b"\n")
    made = first + newline + _LINE.sub(b"", rest)
    return edit if made == new else replace(edit, text=made)


_HEAD = late_regex(rb"[ \t]*#[ \t]*define[ \t]+(\w+(?:\([^()\n]*\))?)(?:[ \t]|\\\r?\n)+(?=[^\s\\])")


def in_old_column(edit: Edit, text: bytes) -> Edit:
    """Return an edit that leaves a macro's head and the blanks behind it as they are.

    Bodies often stand in a column of their own: `#define A\t\t1` becomes `#define A\t\t2`.
    """
    old, new = _HEAD.match(text, edit.start, edit.end), _HEAD.match(edit.text)
    if old is None or new is None or old[1].split() != new[1].split():
        return edit
    return replace(edit, start=old.end(), text=edit.text[new.end() :])
