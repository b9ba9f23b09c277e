# SPDX-License-Identifier: GPL-2.0-only
"""Macros that write what they are handed, without its address.

In: a name, and the definitions that one side has of it. Out: the positions of the arguments that are
written: `swap(a, b)` writes both. A function cannot do that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from vmaconv.prove.headers.macro_expansion import Macro

KNOWN: Mapping[str, frozenset[int]] = {
    **dict.fromkeys(("swap",), frozenset({0, 1})),
    **dict.fromkeys(("get_user", "__get_user", "unsafe_get_user", "do_div"), frozenset({0})),
    **dict.fromkeys(("arch_get_kernel_nofault", "get_kernel_nofault"), frozenset({0})),
    **dict.fromkeys(("local_irq_save", "local_save_flags", "raw_local_irq_save"), frozenset({0})),
    **dict.fromkeys(
        (
            *("spin_lock_irqsave", "raw_spin_lock_irqsave", "read_lock_irqsave"),
            *("write_lock_irqsave", "spin_trylock_irqsave", "local_lock_irqsave"),
        ),
        frozenset({1}),
    ),
}
"""The kernel's (include/linux/minmax.h, uaccess.h, irqflags.h, spinlock.h; asm-generic/div64.h)."""

_WRITES = rb"(?<![\w.>])\(?\s*%s\s*\)?\s*(?:=(?!=)|[-+|&^*/%%]=|<<=|>>=|\+\+|--)"


def written_by(name: str, definitions: Iterable[Macro]) -> frozenset[int]:
    """Return the positions, from 0, of the arguments that a macro writes.

    >>> written_by("take", [Macro("take", (b"a", b"b"), b"((a) = next(b))", "", 0)])
    frozenset({0})
    """
    found = set(KNOWN.get(name, ()))
    for macro in definitions:
        for position, parameter in enumerate(macro.parameters or ()):
            if parameter != b"..." and re.search(_WRITES % re.escape(parameter), macro.body):
                found.add(position)
    return frozenset(found)
