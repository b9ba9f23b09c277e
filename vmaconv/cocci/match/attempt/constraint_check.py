# SPDX-License-Identifier: GPL-2.0-only
"""Constraints on metavariables.

In: a constraint, a value and what is bound so far. Out: whether the value may be bound.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from functools import lru_cache

from msgspec import Struct

from vmaconv.cocci.match.attempt.value import Bindings, BoundValue
from vmaconv.cocci.smpl.constraint_ties import own_names
from vmaconv.cocci.smpl.regex import python_regex
from vmaconv.cocci.smpl.rule import Constraint, Metavariable, SmplError
from vmaconv.cocci.text.strange_regex import SEARCH_LIMIT, SlowPattern, StrangeRegex
from vmaconv.cocci.tree.node import EXPRESSIONS

Ask = Callable[[Metavariable, Constraint, BoundValue, Bindings], bool]
"""Asks a script whether a value may be bound."""


class ConstraintJudging(Struct, frozen=True):
    """How constraints are judged.

    `ask` runs a constraint's script; without it none holds: better a miss than a wrong change.
    `ocaml` says that regular expressions are OCaml's, as after `# spatch --ocaml-regexps`. Once
    `all_bound`, a constraint that looks at what is not bound does not hold; before, it may yet.
    """

    ask: Ask | None = None
    ocaml: bool = False
    all_bound: bool = False


def meets(
    meta: Metavariable,
    value: BoundValue,
    bindings: Bindings,
    judging: ConstraintJudging = ConstraintJudging(),  # noqa: B008
) -> bool:
    """Whether `value` meets the constraint of a metavariable; without one every value does."""
    if meta.constraint is None:
        return True
    return _meets(meta.constraint, meta, value, bindings, judging)


def _meets(
    constraint: Constraint,
    meta: Metavariable,
    value: BoundValue,
    bindings: Bindings,
    judging: ConstraintJudging,
) -> bool:
    op = constraint.op
    if constraint.of is not None:
        return _meets_that_of(constraint.of, meta, value, bindings, judging)
    if not judging.all_bound and any(
        name != meta.name and ("", name) not in bindings for name in own_names(constraint)
    ):
        # It is judged when the last of them is bound.
        return True
    parts = (_meets(part, meta, value, bindings, judging) for part in constraint.parts)
    if op == "and":
        return all(parts)
    if op == "or":
        return any(parts)
    if op == "not":
        return not next(parts)
    if op in ("=~", "!~"):
        return _found(constraint.values[0], meta, value, judging) == (op == "=~")
    if op in ("=", "!="):
        return _among(constraint, value, bindings) == (op == "=")
    if op == "<=" and constraint.names:
        return _inside(constraint, value, bindings)
    if op in _ORDER:
        number, bound = _number(value.key), _number(constraint.values[0].encode())
        return number is not None and bound is not None and _ORDER[op](number, bound)
    return judging.ask is not None and judging.ask(meta, constraint, value, bindings)


def _meets_that_of(
    other: Metavariable,
    meta: Metavariable,
    value: BoundValue,
    bindings: Bindings,
    judging: ConstraintJudging,
) -> bool:
    """Whether the constraint of another metavariable is met once `meta` is bound to `value`."""
    known = bindings.get(("", other.name))
    return known is None or meets(other, known, {**bindings, ("", meta.name): value}, judging)


def _found(regex: str, meta: Metavariable, value: BoundValue, judging: ConstraintJudging) -> bool:
    try:
        return _compiled(regex, judging.ocaml).found(value.key)
    except SlowPattern:
        shown = value.key[:40].decode(errors="replace")
        raise SmplError(
            "slow-regex",
            meta.place,
            f'the search for "{regex}" in {shown} took more than {SEARCH_LIMIT:g} s',
            "write it without look-around, back-references and large repetitions: the time of "
            "any other is linear",
        ) from None


@lru_cache(maxsize=256)
def _compiled(regex: str, ocaml: bool) -> StrangeRegex:
    return StrangeRegex(python_regex(regex, ocaml).encode(errors="surrogateescape"))


_ORDER: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _inside(constraint: Constraint, value: BoundValue, bindings: Bindings) -> bool:
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


def _in_range(text: str, value: BoundValue) -> bool:
    """Whether a number lies in `1 ... 3`."""
    low, _, high = text.partition("...")
    number, first, last = _number(value.key), _number(low.encode()), _number(high.encode())
    return None not in (number, first, last) and first <= number <= last  # type: ignore[operator]


def _ends_like(text: str, value: BoundValue) -> bool:
    """Whether a type is one of `T *`, which stands as `... *` in a constraint."""
    end = text.removeprefix("... ").replace(" ", "")
    return value.key.decode(errors="replace").replace(" ", "").endswith(end)


def _among(constraint: Constraint, value: BoundValue, bindings: Bindings) -> bool:
    if any(text.encode() == value.key for text in constraint.values):
        return True
    if any(_ends_like(text, value) for text in constraint.values if text.startswith("... ")):
        return True
    if any(_in_range(text, value) for text in constraint.values if "..." in text):
        return True
    for rule, name in constraint.names:
        known = bindings.get((rule or "", name))
        if known is not None and known.same(value):
            return True
    return False
