# SPDX-License-Identifier: GPL-2.0-only
"""The parts of a pattern that do not depend on inherited values.

In: parts of a pattern, or the formula made of it. Out: what is closed: it holds at the same points
of a function whatever earlier rules bound, so that it has to be decided once only, although a rule
is looked for once for each environment.
"""

from __future__ import annotations

from collections.abc import Iterable

from vmaconv.cocci.match.graph.formula import Atom, Formula
from vmaconv.cocci.smpl.mentions import in_type
from vmaconv.cocci.smpl.rule import Constraint, Metavariable


def are_closed(metas: Iterable[Metavariable]) -> bool:
    """Whether no metavariable is inherited or is limited by anything that is."""
    return all(
        meta.rule is None
        and not isinstance(meta.length, str)
        and (meta.constraint is None or _is_closed(meta.constraint))
        and are_closed(in_type(meta))
        for meta in metas
    )


def _is_closed(constraint: Constraint) -> bool:
    if constraint.op == "script" or constraint.names:
        return False
    return all(_is_closed(part) for part in constraint.parts)


def closed_formulas(formula: Formula) -> frozenset[Formula]:
    """Return the closed ones among a formula and those in it."""
    known: dict[Formula, bool] = {}

    def visit(one: Formula) -> bool:
        found = known.get(one)
        if found is None:
            inner = [visit(part) for part in _below(one)]
            own = not isinstance(one, Atom) or one.part.closed
            found = known[one] = own and all(inner)
        return found

    visit(formula)
    return frozenset(one for one, found in known.items() if found)


def _below(formula: Formula) -> list[Formula]:
    values = (getattr(formula, name) for name in formula.__struct_fields__)
    return [value for value in values if isinstance(value, Formula)]
