"""Constraints on metavariables.

In: a constraint, a value and what is bound so far. Out: whether the value may be bound.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

from vmaconv.match.value import Bindings, Value
from vmaconv.smpl.rule import Constraint
from vmaconv.source.tree import EXPRESSIONS


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
    if op == "<=" and constraint.names:
        return _inside(constraint, value, bindings)
    if op in _ORDER:
        number, bound = _number(value.key), _number(constraint.values[0].encode())
        return number is not None and bound is not None and _ORDER[op](number, bound)
    # What cannot be asked here (a script) does not hold: better a miss than a wrong change.
    return False


_ORDER: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _inside(constraint: Constraint, value: Value, bindings: Bindings) -> bool:
    """Whether `value` is an expression inside what one of the names is bound to, or all of it."""
    for rule, name in constraint.names:
        known = bindings.get((rule or "", name))
        if known is None or known.node is None:
            continue
        parts = (node for node in known.node.walk() if node.kind in EXPRESSIONS)
        if any(b" ".join(part.tokens()) == value.key for part in parts):
            return True
    return False


def _number(text: bytes) -> int | None:
    """Return the value of a C integer, or None.

    >>> _number(b"- 0x10UL")
    -16
    """
    digits = text.replace(b" ", b"").lower().rstrip(b"ul")
    if re.fullmatch(rb"-?0[0-7]+", digits):
        return int(digits, 8)
    return int(digits, 0) if re.fullmatch(rb"-?(?:0x[0-9a-f]+|0b[01]+|\d+)", digits) else None


def _in_range(text: str, value: Value) -> bool:
    """Whether a number lies in `1 ... 3`."""
    low, _, high = text.partition("...")
    number, first, last = _number(value.key), _number(low.encode()), _number(high.encode())
    return None not in (number, first, last) and first <= number <= last  # type: ignore[operator]


def _among(constraint: Constraint, value: Value, bindings: Bindings) -> bool:
    if any(text.encode() == value.key for text in constraint.values):
        return True
    if any(_in_range(text, value) for text in constraint.values if "..." in text):
        return True
    for rule, name in constraint.names:
        known = bindings.get((rule or "", name))
        if known is not None and known.same(value):
            return True
    return False
