"""Constraints on metavariables.

In: a constraint, a value and what is bound so far. Out: whether the value may be bound.
"""

from __future__ import annotations

import re

from vmaconv.match.value import Bindings, Value
from vmaconv.smpl.rule import Constraint


def meets(constraint: Constraint | None, value: Value, bindings: Bindings) -> bool:
    """Whether `value` meets a constraint; without one every value does."""
    if constraint is None:
        return True
    op = constraint.op
    if op == "and":
        return all(meets(part, value, bindings) for part in constraint.parts)
    if op == "or":
        return any(meets(part, value, bindings) for part in constraint.parts)
    if op == "not":
        return not meets(constraint.parts[0], value, bindings)
    if op in ("=~", "!~"):
        found = re.search(constraint.values[0].encode(), value.key) is not None
        return found == (op == "=~")
    if op in ("=", "!="):
        return _among(constraint, value, bindings) == (op == "=")
    return True


def _among(constraint: Constraint, value: Value, bindings: Bindings) -> bool:
    if any(text.encode() == value.key for text in constraint.values):
        return True
    for rule, name in constraint.names:
        known = bindings.get((rule or "", name))
        if known is not None and known.same(value):
            return True
    return False
