# SPDX-License-Identifier: GPL-2.0-only
"""What a function may do that outlives its call.

In: nothing; these are plain values. Out: `Effect`, one such thing, and `Summary`, all that a function does.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.hooks.path_counts import When

EffectKind: TypeAlias = Literal[
    "maps",
    "stacks",
    "allocates",
    "counts",
    "counter",
    "state",
    "sticky",
    "tests",
    "lock",
    "unlock",
    "guard",
    "indirect",
    "unknown",
]


ANY = "?"
"""The member that a bit is of where its text does not say."""


class Effect(Struct, frozen=True):
    """One thing that a function does: `subject` is the function or the expression that does it.

    `member` is the struct member that a `sticky` effect sets or one that `tests` looks at, `bit` the
    bit of it (empty: any). `once` is a sticky one that its own test guards, or that reads have, too.
    `when` says for which results of its function a lock is taken.
    """

    kind: EffectKind
    subject: str
    place: HeaderPlace
    member: str = ""
    bit: str = ""
    once: bool = False
    when: When = "always"


class Summary(Struct, frozen=True):
    """All that a function does, and the parameters (from 0) that it writes through.

    Of locks the `effects` have those that the function leaves held, or drops for its caller. `held`
    are the calls in its own body (by their first bytes) that a lock may be held over.
    """

    effects: tuple[Effect, ...] = ()
    writes: frozenset[int] = frozenset()
    held: frozenset[int] = frozenset()
