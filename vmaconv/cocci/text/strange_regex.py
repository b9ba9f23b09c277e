# SPDX-License-Identifier: GPL-2.0-only
r"""Regular expressions that a stranger wrote, searched for in bounded time.

In: a regular expression in Python's notation, of a rule file or of MAINTAINERS. Out: whether it
is found in a text. Python's own engine takes time exponential in the text for `^(x+x+)+y$`; RE2's
is linear, whatever the pattern. What RE2 has no word for (look-around, back-references, possessive
and large repetitions) is searched for by the `regex` module, each search with a limit.
Facts: RE2's syntax (https://github.com/google/re2/wiki/Syntax).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from vmaconv.cocci.text.late_regex import late_regex

SEARCH_LIMIT = 1.0
"""Seconds that one search may take which RE2 cannot do."""

MEMORY = 64 << 20
"""Bytes that RE2 may take for one pattern; beyond, it is searched for with the limit."""

_TOKEN = late_regex(rb"\\.|.", re.DOTALL)


class SlowPattern(Exception):
    """A search was given up, for it took longer than its limit."""


class StrangeRegex:
    r"""A compiled regular expression: `found(text)` says whether it stands anywhere in a text.

    Case, line ends and classes are those of bytes: `\w` is a letter of ASCII's. `lines` lets `^`
    and `$` match at each line. Raises ValueError for what is no regular expression.

    >>> StrangeRegex(b"^(x+x+)+y$").found(b"x" * 10_000)
    False
    """

    __slots__ = ("_search", "pattern")

    def __init__(self, pattern: bytes, *, lines: bool = False) -> None:
        self.pattern = pattern
        marked = b"(?m)" + pattern if lines else pattern
        self._search = _linear(marked) or _limited(marked)

    def found(self, text: bytes) -> bool:
        """Whether the pattern is found in a text; raises `SlowPattern` once its time is up."""
        return self._search(text)


def _linear(pattern: bytes) -> Callable[[bytes], bool] | None:
    """Return a search by RE2, or None for a pattern that it does not take."""
    import re2  # type: ignore[import-untyped]  # loaded only where a rule or tree has a pattern: it takes 15 ms

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    options.never_capture = True
    options.max_mem = MEMORY
    try:
        compiled = re2.compile(_end_spelt(pattern), options=options)
    except re2.error:
        return None
    return lambda text: compiled.search(text) is not None


def _end_spelt(pattern: bytes) -> bytes:
    r"""Spell Python's `\Z`, the end of a text, as RE2 does."""
    return _TOKEN.sub(lambda token: rb"\z" if token[0] == rb"\Z" else token[0], pattern)


def _limited(pattern: bytes) -> Callable[[bytes], bool]:
    """Return a search with a limit for what RE2 does not take."""
    import regex  # type: ignore[import-untyped]

    try:
        compiled = regex.compile(pattern, regex.V0)
    except (regex.error, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from None
    late = False

    def search(text: bytes) -> bool:
        nonlocal late
        if late:
            # It would be so again and again, once for each name of a file.
            raise SlowPattern
        try:
            return compiled.search(text, timeout=SEARCH_LIMIT) is not None
        except TimeoutError:
            late = True
            raise SlowPattern from None

    return search
