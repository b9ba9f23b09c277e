# SPDX-License-Identifier: GPL-2.0-only
"""Which helpers of a generation a tree has as they should be.

In: a tree, its generation, names of further helpers. Out: what of these may be called, and a sentence for
each that the tree declares in another meaning or in some configurations only. `generation` knows a tree
by a few names, and says how the others are called; whether they are there is asked here.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from msgspec import Struct

from vmaconv.flags.helpers.declared_names import TAKES, THEN, helper_warnings, tree_helpers
from vmaconv.flags.helpers.generation import Generation


class UsableHelpers(Struct, frozen=True):
    """A generation without what must not be called, those of the further names that may be, and why."""

    generation: Generation
    more: frozenset[str]
    warnings: tuple[str, ...]


def usable_helpers(
    root: Path, generation: Generation, more: Collection[str], is_added: bool
) -> UsableHelpers:
    """Return what may be called; all of a generation that is asked for, or that is yet to be added."""
    own = {helper.name for helper in generation.helpers} & (TAKES.keys() | THEN.keys())
    if generation.overridden or generation.name == "none" or is_added:
        own = set()
    helpers = tree_helpers(root, sorted(own | set(more)))
    return UsableHelpers(
        generation.without(own - helpers.declared),
        helpers.declared & frozenset(more),
        tuple(helper_warnings(helpers, "it is not called")),
    )
