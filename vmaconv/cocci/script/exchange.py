# SPDX-License-Identifier: GPL-2.0-only
"""What goes between a script's side and ours.

In: values of `script_values`. Out: the objects that a block finds in its variables; and back: a
copy of what it made, or None for what it spoilt.
"""

from __future__ import annotations

from dataclasses import replace

from vmaconv.cocci.script import coccilib as library
from vmaconv.cocci.script.plain import copy_plain
from vmaconv.cocci.script.script_values import (
    MADE_KINDS,
    CommentText,
    Made,
    Merged,
    Position,
    Terms,
    Value,
)


def script_side(value: Value) -> object:
    """Make what spatch shows a script: texts, a tuple of places, a list that can be indexed."""
    match value:
        case str():
            return value
        case Terms(text, elements):
            return library.TermList(text, elements)
        case Merged(parts):
            return [copy_plain(part) for part in parts]
        case tuple():
            return tuple(map(_element, value))


def _element(item: Position | CommentText) -> object:
    if isinstance(item, Position):
        return library.location(item)
    return library.Comment(item.before, item.middle, item.after)


def default_value(text: str) -> object:
    """Read `"text"` or `[]` after the `=` of an input."""
    if text.strip() == "[]":
        return ()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def sound_copy(made: Made) -> Made | None:
    """Copy a term that `cocci` made, for the script still holds it; None if it was changed."""
    where = made.position
    texts = [
        made.kind,
        made.text,
        made.declarations,
        *([where.file, where.element] if where else []),
    ]
    numbers = [where.line, where.column, where.line_end, where.column_end] if where else []
    if not (type(made) is Made and all(type(text) is str for text in texts)):
        return None
    if made.kind not in MADE_KINDS or not all(type(number) is int for number in numbers):
        return None
    return replace(made, position=replace(where) if where else None)
