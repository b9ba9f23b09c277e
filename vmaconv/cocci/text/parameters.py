# SPDX-License-Identifier: GPL-2.0-only
"""Whether a name in a text is that of a function's parameter, without a look at the grammar.

In: a text and where a word stands in it. Out: yes, or no where it may be something else. Headers
name many parameters that are asked for as variables; their chunks need not be parsed for it.
"""

from __future__ import annotations

from vmaconv.cocci.text.late_regex import late_regex

_FARTHEST = 400
"""Bytes of a parameter list that are looked at, before the word and behind it."""

# What stands before the name of a parameter, from the bracket or the comma: words and stars.
_TYPED = late_regex(rb"\s*(?:[A-Za-z_]\w*[\s*]+)+\Z")
_QUALIFIED = late_regex(rb"(?:\s|\*|\b(?:const|volatile|restrict|__restrict)\b)+\Z")
_STOP = late_regex(rb"[(){};#\"'/\\]")


def is_parameter(text: bytes, at: int, end: int) -> bool:
    r"""Whether the word at byte `at` is declared in a list of parameters; `end` is where to stop.

    A type stands before it in the brackets, and no brackets follow these, as they follow those of
    `int (*name)(void)`. False where comments, strings or directives make it hard to tell.

    >>> is_parameter(b"int f(struct foo *foo, int n);", 18, 30)
    True
    >>> is_parameter(b"int (__user *f)(int);", 13, 21)
    False
    """
    opened = _opening(text, at)
    if opened is None:
        return False
    before = text[opened:at]
    before = before[before.rfind(b",") + 1 :]
    if _TYPED.match(before) is None or _QUALIFIED.match(before) is not None:
        return False
    closed = _closing(text, at, end)
    return closed is not None and text[closed:end].lstrip()[:1] not in (b"(", b"[", b"")


def _opening(text: bytes, at: int) -> int | None:
    """Return where the inside of the brackets around `at` begins, if that is in sight."""
    first = max(at - _FARTHEST, 0)
    depth = 0
    for stop in reversed(list(_STOP.finditer(text, first, at))):
        mark = stop[0]
        if mark == b")":
            depth += 1
        elif mark != b"(":
            return None
        elif depth == 0:
            return stop.end()
        else:
            depth -= 1
    return None


def _closing(text: bytes, at: int, end: int) -> int | None:
    """Return where the brackets around `at` end, if that is in sight."""
    depth = 0
    for stop in _STOP.finditer(text, at, min(at + _FARTHEST, end)):
        mark = stop[0]
        if mark == b"(":
            depth += 1
        elif mark != b")":
            return None
        elif depth == 0:
            return stop.end()
        else:
            depth -= 1
    return None
