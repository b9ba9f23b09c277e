# SPDX-License-Identifier: GPL-2.0-only
"""Whether the condition of an `#if` holds.

In: the condition's text, and answers about symbols. Out: a truth. A part that is not understood (a
comparison of macros, say) is asked for as a symbol of its own, by its text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from vmaconv.cocci.text.late_regex import late_regex

Ask = Callable[[str], bool]
"""Answers whether `CONFIG_X` is set, or whether another macro is defined."""

_TOKEN = late_regex(r"\w+|&&|\|\||[<>=!]=|<<|>>|\S")
_COMPARISONS = frozenset({"<", ">", "<=", ">=", "==", "!=", "+", "-", "*", "/", "%"})
_ENABLED = frozenset({"IS_ENABLED", "IS_BUILTIN", "IS_REACHABLE", "IS_MODULE"})
_WORD_SIZE = {"BITS_PER_LONG", "__BITS_PER_LONG"}


def holds(condition: str, ask: Ask) -> bool:
    """Return whether an `#if` is taken.

    >>> holds("defined(CONFIG_A) && !defined(CONFIG_B)", lambda s: s == "CONFIG_A")
    True
    """
    return _Condition(condition, ask).value()


class _Condition:
    def __init__(self, text: str, ask: Ask) -> None:
        self._tokens = _TOKEN.findall(text)
        self._at = 0
        self._ask = ask

    def value(self) -> bool:
        return self._or()

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _or(self) -> bool:
        found = self._and()
        while self._peek() == "||":
            self._next()
            # As in C, what cannot matter is not asked for.
            found = self._skipped(self._and) or True if found else self._and()
        return found

    def _and(self) -> bool:
        found = self._compared()
        while self._peek() == "&&":
            self._next()
            found = self._compared() if found else self._skipped(self._compared) and False
        return found

    def _skipped(self, part: Callable[[], bool]) -> bool:
        ask, self._ask = self._ask, lambda _symbol: False
        part()
        self._ask = ask
        return False

    def _compared(self) -> bool:
        start = self._at
        depth = 0
        compares = False
        while self._at < len(self._tokens):
            token = self._peek()
            if depth == 0 and token in ("&&", "||", ")"):
                break
            depth += (token == "(") - (token == ")")
            compares = compares or (depth == 0 and token in _COMPARISONS)
            self._at += 1
        if compares:
            return self._comparison(self._tokens[start : self._at])
        end, self._at = self._at, start
        found = self._plain()
        self._at = max(self._at, end)
        return found

    def _comparison(self, tokens: list[str]) -> bool:
        if len(tokens) == 3 and tokens[0] in _WORD_SIZE and tokens[1] in ("==", "!="):
            wide = self._ask("CONFIG_64BIT")
            return (wide == (tokens[2] == "64")) == (tokens[1] == "==")
        return self._ask(" ".join(tokens))

    def _plain(self) -> bool:
        token = self._next()
        if token == "!":
            return not self._plain()
        if token == "(":
            found = self._or()
            self._next()
            return found
        if token == "defined" or token in _ENABLED:
            name = self._next()
            if name == "(":
                name = self._next()
                self._next()
            return self._ask(name)
        if token[:1].isdigit():
            return int(re.sub(r"[uUlL]+$", "", token), 0) != 0
        if self._peek() == "(":
            return self._ask(token)
        return self._ask(token)
