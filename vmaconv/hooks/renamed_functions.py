# SPDX-License-Identifier: GPL-2.0-only
"""New names for functions that take a descriptor after the conversion.

In: candidates that can change. Out: for each of their functions its `Renamed`: a hook gets a hook's new
name, a helper its own, a twin another; one that is given scalars keeps its name.
"""

from __future__ import annotations

from collections.abc import Sequence

from vmaconv.hooks.hook_judging import Candidate
from vmaconv.hooks.hook_mentions import NamedFunction
from vmaconv.hooks.hook_names import helper_name, hook_name, twin_name
from vmaconv.hooks.hook_rewriting import Renamed


def new_names(candidates: Sequence[Candidate], inner: bool = False) -> dict[NamedFunction, Renamed]:
    """Return what functions are called; an `inner` hook keeps its other parameters."""
    names: dict[NamedFunction, Renamed] = {}
    for candidate in candidates:
        for judged in candidate.functions:
            is_hook = judged.function == candidate.handler
            name = judged.function.name
            helper = twin_name(name) if judged.has_twin else helper_name(name)
            helper = name if judged.scalars is not None else helper
            new = hook_name(name) if is_hook else helper
            names[judged.function] = Renamed(new, is_hook and not inner)
    return names
