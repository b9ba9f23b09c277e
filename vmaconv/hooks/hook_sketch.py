# SPDX-License-Identifier: GPL-2.0-only
"""The `mapped` that a hook would need, for the person who converts it.

In: a candidate that is left because of a reference, an allocation or other state. Out: C text to
start from: `vm_ops->mapped()` runs once, for a new mapping only, after the action has succeeded
(include/linux/mm.h, struct vm_operations_struct), as the old hook did.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.hooks.hook import HookReason

CODES = frozenset({"reference", "allocation", "counter", "state", "vm-ops"})
"""Reasons that mapped() is the answer to."""


_GIVES_BACK = late_regex(r"free|(?:^|_)(?:put|release|drop)(?:_|$)", re.IGNORECASE)
"""What undoes what a hook has taken: that is close()'s, or stays where it is."""


def sketch_of(handler: str, reasons: Sequence[HookReason]) -> str:
    """Return a sketch of `mapped`, or nothing where it is no answer."""
    moved = [r for r in reasons if r.code in CODES and not _GIVES_BACK.search(r.subject)]
    if not moved or any(reason.code not in CODES for reason in reasons):
        return ""
    stem = handler.removesuffix("_mmap")
    lines = [f"\t/* {r.subject} ({r.place}) belongs here */" for r in moved]
    return "\n".join(
        [
            f"static int {stem}_mapped(unsigned long start, unsigned long end, pgoff_t pgoff,",
            "\t\t\tconst struct file *file, void **vm_private_data)",
            "{",
            *dict.fromkeys(lines),
            "\treturn 0;",
            "}",
        ]
    )
