# SPDX-License-Identifier: GPL-2.0-only
"""Python's own data as JSON and back: what scripts leave for each other's processes.

In: numbers, texts, lists, tuples, sets, dicts. Out: a value that JSON has, each collection as a list
with its kind in front (`["t", 1, 2]` is a tuple); and back. Nothing that is read back runs any
code, which pickles do. ValueError for what is anything else, too large or too deep.
"""

from __future__ import annotations

MAX_ITEMS = 1_000_000
MAX_DEPTH = 100

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_KINDS: dict[type, str] = {list: "l", tuple: "t", set: "s", frozenset: "f"}


def encode(value: object) -> Json:
    """Return data as JSON, the exact types of Python alone.

    >>> encode({"a": (1, None)})
    ['d', ['a', ['t', 1, None]]]

    Raises ValueError for anything else (a class of the script's own could run code when it is
    looked at), for more than a million items and for nesting of more than a hundred (a list may
    hold itself).
    """
    return _Encoder().encode(value, 0)


def decode(value: object) -> object:
    """Return the data that `encode` was given; ValueError for what it never returns."""
    return _Decoder().decode(value, 0)


class _Counted:
    def __init__(self) -> None:
        self.items = 0

    def count(self, depth: int) -> None:
        self.items += 1
        if self.items > MAX_ITEMS or depth > MAX_DEPTH:
            raise ValueError("it is too large")


class _Encoder(_Counted):
    def encode(self, value: object, depth: int) -> Json:
        self.count(depth)
        kind = type(value)
        if value is None or kind in (bool, int, float, str):
            return value  # type: ignore[return-value]
        if isinstance(value, bytes) and kind is bytes:
            return ["b", value.hex()]
        if isinstance(value, dict) and kind is dict:
            pairs = list(value.items())
            both = [[self.encode(k, depth + 1), self.encode(v, depth + 1)] for k, v in pairs]
            return ["d", *both]
        if isinstance(value, (list, tuple, set, frozenset)) and kind in _KINDS:
            return [_KINDS[kind], *(self.encode(item, depth + 1) for item in value)]
        raise ValueError(f"it holds a {kind.__name__}")


class _Decoder(_Counted):
    def decode(self, value: object, depth: int) -> object:
        self.count(depth)
        if value is None or isinstance(value, (bool, int, float, str)):
            return value
        if not isinstance(value, list) or not value:
            raise ValueError("it is no plain data")
        kind, *items = value
        try:
            match kind:
                case "b":
                    return bytes.fromhex(items[0])
                case "d":
                    pairs = [
                        (self.decode(k, depth + 1), self.decode(v, depth + 1)) for k, v in items
                    ]
                    return dict(pairs)
            inner = [self.decode(item, depth + 1) for item in items]
            match kind:
                case "l":
                    return inner
                case "t":
                    return tuple(inner)
                case "s":
                    return set(inner)
                case "f":
                    return frozenset(inner)
        except (TypeError, IndexError) as error:
            raise ValueError(f"it is no plain data: {error}") from None
        raise ValueError("it is no plain data")
