# SPDX-License-Identifier: GPL-2.0-only
"""Perl's regexes as MAINTAINERS has them, in Python's spelling.

In: an `F:`, `X:`, `N:` or `K:` value.  Out: a compiled pattern, whose time is bounded: a tree may
come from a stranger.  A value that is no regex matches itself, as text: a mistake in one line of
MAINTAINERS must not stop a series.
"""

from __future__ import annotations

import re
from functools import lru_cache

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.strange_regex import SlowPattern, StrangeRegex
from vmaconv.series.series_error import MaintainersUnreadable

_FLAGS = late_regex(r"\(\?([imsx]+)\)")
#: What the scan for groups steps over whole: an escape, a bracket expression, any one character.
_TOKEN = late_regex(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.S)


class MaintainersPattern:
    """A pattern of MAINTAINERS, compiled: `found(text)` says whether it meets a text."""

    __slots__ = ("_regex", "_value")

    def __init__(self, value: str, regex: str, *, at_start: bool = False) -> None:
        """`at_start` wants it at the start of the text, else at any place of any line."""
        self._value = value
        try:
            re.compile(regex)
            whole = rf"\A(?:{regex})" if at_start else regex
            self._regex = StrangeRegex(_bytes(whole), lines=not at_start)
        except (re.error, ValueError, OverflowError, RecursionError):
            literal = re.escape(value)
            self._regex = StrangeRegex(_bytes(rf"\A{literal}" if at_start else literal))

    def found(self, text: str) -> bool:
        """Return whether the pattern meets a text; `MaintainersUnreadable` where that takes too long."""
        try:
            return self._regex.found(_bytes(text))
        except SlowPattern:
            raise MaintainersUnreadable(
                f"the pattern {self._value} of MAINTAINERS takes too long to search for",
                remedy="write it without look-around, back-references and large repetitions",
                place="MAINTAINERS",
            ) from None


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


@lru_cache(maxsize=4096)
def file_regex(value: str) -> MaintainersPattern:
    """Make a file pattern's regex as get_maintainer.pl does: dots are literal, `*` and `?` wild.

    >>> file_regex("mm/*.h").found("mm/a/b.h")
    True
    """
    words = value.replace(".", r"\.").replace("*", ".*").replace("?", ".")
    return MaintainersPattern(value, words, at_start=True)


@lru_cache(maxsize=4096)
def perl_regex(value: str, start: str = "") -> MaintainersPattern:
    """Make the regex of `m/<start><value>/x`, matched against each line of a text.

    >>> perl_regex("x y|(?i)z").found("Z")
    True
    """
    return MaintainersPattern(value, start + local_flags(without_layout(value)))


def without_layout(value: str) -> str:
    """Cut out what Perl's `/x` passes over: blanks outside brackets, and comments.

    >>> without_layout("a [b c] d # e")
    'a[b c]d'
    """
    kept: list[str] = []
    for token in _TOKEN.finditer(value):
        if token[0] == "#":
            break
        if not token[0].isspace():
            kept.append(token[0])
    return "".join(kept)


def local_flags(value: str) -> str:
    """Turn `(?i)`, which in Perl holds to the end of its group, into a group of its own.

    >>> local_flags("a|(?i)b|c")
    'a|(?i:b)|(?i:c)'
    """
    match = _FLAGS.search(value)
    if not match:
        return value
    end = _group_end(value, match.end())
    parts = _alternatives(local_flags(value[match.end() : end]))
    inner = "|".join(f"(?{match[1]}:{part})" for part in parts)
    return value[: match.start()] + inner + local_flags(value[end:])


def _group_end(value: str, at: int) -> int:
    """Return the bracket that closes the group that `at` is in, or the end."""
    depth = 0
    for token in _TOKEN.finditer(value, at):
        if token[0] == "(":
            depth += 1
        elif token[0] == ")":
            if not depth:
                return token.start()
            depth -= 1
    return len(value)


def _alternatives(value: str) -> list[str]:
    """Split at the bars that stand in no group."""
    parts = [""]
    depth = 0
    for token in _TOKEN.finditer(value):
        depth += (token[0] == "(") - (token[0] == ")")
        if token[0] == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += token[0]
    return parts
