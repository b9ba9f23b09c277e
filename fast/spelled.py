# SPDX-License-Identifier: GPL-2.0-only
"""What `fast/spell_out.py` leaves to be done when the program runs: `replace`.

In: Structs, dataclasses, and classes that were one. Out: others with other fields.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from msgspec import Struct, structs

Value = TypeVar("Value")


def replace(value: Value, /, **changes: Any) -> Value:
    """Return a value with other fields, as `msgspec.structs.replace()` and that of `dataclasses` do."""
    if isinstance(value, Struct):
        return structs.replace(value, **changes)
    spelled: Callable[[dict[str, Any]], Value] | None = getattr(value, "spelled_replace", None)
    if spelled is not None:
        return spelled(changes)
    import dataclasses

    return cast("Value", dataclasses.replace(cast("Any", value), **changes))
