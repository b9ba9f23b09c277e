# SPDX-License-Identifier: GPL-2.0-only
"""The kernel's macros that only test their argument.

Each expands to a place where C asks for truth alone: `!!(x)`, `if (x)`, `(x) ? a : b`
(include/linux/compiler.h, include/linux/bug.h, include/asm-generic/bug.h, include/linux/mmdebug.h).
"""

from __future__ import annotations

from msgspec.structs import replace

from vmaconv.cocci.match.code.context import TruthPlaces
from vmaconv.flags.table.flag_table import FlagTable

TRUTH = TruthPlaces(
    macros=frozenset(
        {
            b"BUG_ON",
            b"VM_BUG_ON",
            b"VM_WARN_ON",
            b"VM_WARN_ON_ONCE",
            b"VM_WARN_ONCE",
            b"WARN",
            b"WARN_ON",
            b"WARN_ONCE",
            b"WARN_ON_ONCE",
            b"WARN_RATELIMIT",
            b"likely",
            b"unlikely",
        }
    ),
    # Gives what it is given, and hides the reads in it from KCSAN (include/linux/compiler.h).
    through=frozenset({b"data_race"}),
    conversions=True,
    variables=True,
)


def truth_of(table: FlagTable) -> TruthPlaces:
    """Return what counts as a test in a tree: the macros, and which flags an `int` would lose."""
    return replace(TRUTH, beyond_int=table.beyond_int)
