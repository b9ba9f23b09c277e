# SPDX-License-Identifier: GPL-2.0-only
"""A hook, and what is reported about it.

In: nothing; these are plain values. Out: `HookSite` (a place that sets a struct's `mmap` member),
`HookReason` (why a hook stays) and `Hook` (a site with what becomes of it).
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from vmaconv.cocci.tree.node import Node
from vmaconv.flags.headers.header_lines import HeaderPlace

Outcome: TypeAlias = Literal["converted", "left", "other-struct"]

FILE_OPERATIONS = "struct file_operations"
"""The struct whose hooks are converted (include/linux/fs.h)."""

VMA = b"struct vm_area_struct"
"""What the old hook is handed (include/linux/mm_types.h)."""

DESCRIPTOR = b"struct vm_area_desc"
"""What the new hook is handed (include/linux/mm_types.h)."""

SiteKind: TypeAlias = Literal["initialiser", "assignment", "macro", "unparsed"]


class HookSite(Struct, frozen=True):
    """A place that sets an `mmap` member: `line` is from 1, `offset` the byte of the member's name.

    `struct` is the tag of the struct that the member is of (`struct proto_ops`), or empty where the
    declarations do not tell; `handler` the text of the value; `value` its node, where the text
    was parsed, else `value_at` its byte; `variable` the struct that is initialised; `macro` the
    macro whose body this is.
    """

    path: str
    line: int
    offset: int
    struct: str
    member: str
    handler: str
    kind: SiteKind
    value: Node | None = None
    variable: str = ""
    macro: str = ""
    value_at: int = -1

    def value_start(self) -> int:
        """Return the byte at which the value begins, or -1 where that is not known."""
        return self.value.start if self.value is not None else self.value_at


class HookReason(Struct, frozen=True):
    """Why a hook stays: a code of `hook_reasons.MEANINGS`, what holds it back, and a sentence.

    `place` is where in the tree the sentence can be seen.
    """

    code: str
    subject: str
    text: str
    place: HeaderPlace

    def __str__(self) -> str:
        return f"{self.text} ({self.place})"


class Hook(Struct, frozen=True):
    """A site with its outcome; `reason` says why a hook is left, or who calls another struct's.

    `notes` are what a person should know of a converted one, `sketch` is the `mapped` that one that
    is left would need, where that is the answer.
    """

    site: HookSite
    outcome: Outcome
    reason: HookReason | None = None
    notes: tuple[str, ...] = ()
    sketch: str = ""
