# SPDX-License-Identifier: GPL-2.0-only
"""Perl's regexes as MAINTAINERS has them, in Python's spelling.

In: an `F:`, `X:`, `N:` or `K:` value.  Out: a compiled pattern.  A value that is no regex matches
itself, as text: a mistake in one line of MAINTAINERS must not stop a series.
"""

from __future__ import annotations

import re
from functools import lru_cache

_FLAGS = re.compile(r"\(\?([imsx]+)\)")
#: What the scan for groups steps over whole: an escape, a bracket expression, any one character.
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.S)


@lru_cache(maxsize=4096)
def file_regex(value: str) -> re.Pattern[str]:
    """Make a file pattern's regex as get_maintainer.pl does: dots are literal, `*` and `?` wild.

    >>> bool(file_regex("mm/*.h").match("mm/a/b.h"))
    True
    """
    words = value.replace(".", r"\.").replace("*", ".*").replace("?", ".")
    try:
        return re.compile(words)
    except re.error:
        return re.compile(re.escape(value))


@lru_cache(maxsize=4096)
def perl_regex(value: str, start: str = "") -> re.Pattern[str]:
    """Make the regex of `m/<start><value>/x`, matched against each line of a text.

    >>> bool(perl_regex("x y|(?i)z").search("Z"))
    True
    """
    try:
        return re.compile(start + local_flags(value), re.VERBOSE | re.MULTILINE)
    except re.error:
        return re.compile(re.escape(value))


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
    """Find the bracket that closes the group that `at` is in, or the end."""
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
