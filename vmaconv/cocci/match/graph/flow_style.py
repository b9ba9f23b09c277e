# SPDX-License-Identifier: GPL-2.0-only
"""Which ways of a function a graph has, as a run may ask for them.

In: options of the run. Out: a `FlowStyle`.
"""

from __future__ import annotations

from msgspec import Struct


class FlowStyle(Struct, frozen=True):
    """What a control-flow graph has.

    `torn`: as spatch has it where a conditional tears a statement apart (`alternatives`). `loops`: ways
    back to the head of a loop; without them each loop runs once at most, and `continue` leaves it. `gotos`:
    ways from a `goto` to its label; without them it leads to what stands below it. The latter two are
    spatch's `--no-loops` and `--no-gotos`.
    """

    torn: bool = False
    loops: bool = True
    gotos: bool = True
