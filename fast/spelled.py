# SPDX-License-Identifier: GPL-2.0-only
"""What `fast/spell_out.py` leaves to be done when the program runs: `replace`.

In: Structs, and classes that were one. Out: others with other fields.
"""

from __future__ import annotations

from typing import Any, TypeVar

from msgspec import Struct, structs

Value = TypeVar("Value")


def replace(value: Value, /, **changes: Any) -> Value:
    """Return a value with other fields, as `msgspec.structs.replace()` does."""
    if isinstance(value, Struct):
        return structs.replace(value, **changes)
    names: tuple[str, ...] = getattr(value, "__struct_fields__")  # noqa: B009
    given: dict[str, Any] = {name: getattr(value, name) for name in names}
    given.update(changes)
    return type(value)(**given)
