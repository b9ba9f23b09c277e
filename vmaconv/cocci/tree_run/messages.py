# SPDX-License-Identifier: GPL-2.0-only
"""The messages between a run and its workers.

In: an order or an answer, and what both sides have had since before the fork. Out: bytes, and the
object again. Both ends are ours: nothing that a rule file or a tree wrote is read here.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Mapping, Sequence


class Messages:
    """Packs what goes to the other side, and unpacks what comes from there."""

    def __init__(self, shared: Sequence[object] = ()) -> None:
        """`shared` are objects that both sides have: they go over as their number.

        >>> rules = ["a long rule"]
        >>> messages = Messages(rules)
        >>> messages.unpacked(messages.packed((rules[0], 7)))[0] is rules[0]
        True
        """
        self._shared = shared
        self._numbers = {id(one): number for number, one in enumerate(shared)}

    def packed(self, message: object) -> bytes:
        """Return the bytes that `unpacked` takes."""
        written = io.BytesIO()
        _Pickler(written, self._numbers).dump(message)
        return written.getvalue()

    def unpacked(self, data: bytes | bytearray) -> object:
        """Return the message; raises pickle.UnpicklingError or EOFError where the bytes are torn."""
        message: object = _Unpickler(io.BytesIO(data), self._shared).load()
        return message


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, numbers: Mapping[int, int]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._numbers = numbers

    def persistent_id(self, message: object) -> int | None:
        return self._numbers.get(id(message))


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, shared: Sequence[object]) -> None:
        super().__init__(file)
        self._shared = shared

    def persistent_load(self, number: int) -> object:
        return self._shared[number]
