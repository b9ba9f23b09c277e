# SPDX-License-Identifier: GPL-2.0-only
"""Data of a script that crosses to another process.

In: any object that a script left in `coccinelle.NAME`. Out: a copy of it made of Python's own
data types alone, which can be pickled and unpickled without running anything, or a ValueError.
"""

from __future__ import annotations

from vmaconv.cocci.script.script_values import Plain

MAX_ITEMS = 1_000_000
MAX_DEPTH = 100


def copy_plain(value: object) -> Plain:
    """Copy numbers, texts, lists, tuples, sets and dicts, the exact types alone.

    Raises ValueError for anything else (a class of the script's own could run code when it is
    read), for more than a million items and for nesting of more than a hundred (a list may hold
    itself).
    """
    return _Copier().copy(value, 0)


class _Copier:
    def __init__(self) -> None:
        self.items = 0

    def copy(self, value: object, depth: int) -> Plain:
        self.items += 1
        if self.items > MAX_ITEMS or depth > MAX_DEPTH:
            raise ValueError("it is too large")
        if value is None or type(value) in (bool, int, float, str, bytes):
            return value  # type: ignore[return-value]
        match value:
            case list() if type(value) is list:
                return [self.copy(item, depth + 1) for item in value]
            case tuple() if type(value) is tuple:
                return tuple(self.copy(item, depth + 1) for item in value)
            case set() if type(value) is set:
                return {self.copy(item, depth + 1) for item in value}
            case frozenset() if type(value) is frozenset:
                return frozenset(self.copy(item, depth + 1) for item in value)
            case dict() if type(value) is dict:
                pairs = list(value.items())
                return {self.copy(k, depth + 1): self.copy(v, depth + 1) for k, v in pairs}
            case _:
                raise ValueError(f"it holds a {type(value).__name__}")
