# SPDX-License-Identifier: GPL-2.0-only
"""Whether bitmaps have room for a flag's bit in every kernel that has the flag.

In: a bit's number and the conditions under which its flag is defined. Out: whether a kernel of 32 bits
may ask for it. A bitmap is one word there, as anywhere (mm_types.h: NUM_VMA_FLAG_BITS is BITS_PER_LONG),
and mk_vma_flags() does not look: it would write behind the bitmap's end.
"""

from __future__ import annotations

from collections.abc import Iterable

from vmaconv.flags.headers.conditions import (
    ALWAYS,
    Condition,
    Defined,
    TooManyTests,
    configurations,
    holds,
)

SYMBOL = "CONFIG_64BIT"
"""What a kernel with room for more than 32 flags has."""

_NARROW = 32


def lacks_room(
    number: int | None, conditions: Iterable[Condition], given: Condition = ALWAYS
) -> bool:
    """Return whether bit `number` is asked for where a bitmap may have 32 bits only.

    A flag that is defined under a condition is taken to have room there: its header has thought of it.

    >>> lacks_room(43, [ALWAYS]), lacks_room(43, [ALWAYS], Defined(SYMBOL)), lacks_room(3, [ALWAYS])
    (True, False, False)
    """
    if number is None or number < _NARROW or ALWAYS not in conditions:
        return False
    wide = Defined(SYMBOL)
    try:
        return not all(holds(wide, truth) for truth in configurations({wide}, given))
    except TooManyTests:
        return True
