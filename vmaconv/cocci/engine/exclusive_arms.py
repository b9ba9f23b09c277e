# SPDX-License-Identifier: GPL-2.0-only
"""Arms of one conditional that can't both be compiled.

In: a match, and what earlier rules bound on the way to it. Out: whether the two lie in different
arms of a conditional that stands within a declaration, or within a statement. (Of conditionals
around whole statements the arms are alternatives in the control-flow graph, and that is all that
keeps them apart, as in Coccinelle.)
"""

from __future__ import annotations

from collections.abc import Iterator

from vmaconv.cocci.engine.environment import Environment
from vmaconv.cocci.match.attempt.value import Bindings
from vmaconv.cocci.match.search import Match
from vmaconv.cocci.tree.unit import Chunk, Unit


def contradicts(match: Match, environment: Environment, unit: Unit) -> bool:
    """Whether a match and what it goes on from need both arms of a conditional.

    `{ #ifdef A\\n .x = 1,\\n#else\\n .x = 2,\\n#endif }` does not set `.x` twice.
    """
    chunk = unit.chunk_at(match.start)
    prepared = chunk.prepared
    if not prepared.conditionals or (match.function and not prepared.variant_ranges):
        return False
    own = list(_offsets(match.bindings, chunk))
    others = list(_offsets(environment.bindings, chunk))
    if not own or not others:
        return False
    for conditional in prepared.conditionals:
        arms = conditional.arms
        start, end = arms[0].start, arms[-1].end
        if match.function and not any(a <= start and end <= b for a, b in prepared.variant_ranges):
            continue
        here = {i for i, arm in enumerate(arms) for at in own if arm.start <= at < arm.end}
        there = {i for i, arm in enumerate(arms) for at in others if arm.start <= at < arm.end}
        if here and there and not here & there:
            return True
    return False


def _offsets(bindings: Bindings, chunk: Chunk) -> Iterator[int]:
    """Yield where positions within a chunk stand, counted from its start."""
    for value in bindings.values():
        if len(value.positions) > 1:
            # Places to keep out of, or all places of a nest.
            continue
        for place in value.positions:
            if place.file == chunk.unit.path and chunk.start <= place.offset < chunk.end:
                yield place.offset - chunk.start
