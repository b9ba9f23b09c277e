# SPDX-License-Identifier: GPL-2.0-only
"""Compiling a rule file leaves it as it was parsed, and a second compile gives the same."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path
from types import GetSetDescriptorType, MemberDescriptorType

import pytest

from vmaconv.cocci.engine.program import compile_file
from vmaconv.cocci.smpl.parse import parse_file
from vmaconv.cocci.smpl.rule import PNode, SmplError
from vmaconv.flags.flag_metavariables import KIND_WORDS
from vmaconv.flags.kernel_isomorphisms import isomorphisms

CASES = sorted((Path(__file__).parents[2] / "cases").rglob("rule.cocci"))
assert len(CASES) > 100


# Of an interpreted class or of a compiled one, which has no __slots__.
ATTRIBUTES = [
    name
    for name in dir(PNode)
    if isinstance(getattr(PNode, name), MemberDescriptorType | GetSetDescriptorType)
    and name not in ("parent", "__dict__", "__weakref__")
]
assert {"kind", "children", "text"} < set(ATTRIBUTES)


def dump(value: object, seen: dict[int, int]) -> object:
    """All that a rule says, as plain data; nodes are numbered, so that who refers to whom counts."""
    if isinstance(value, PNode):
        if id(value) in seen:
            return seen[id(value)]
        seen[id(value)] = len(seen)
        names = ATTRIBUTES
        return [type(value).__name__, *(dump(getattr(value, name), seen) for name in names)]
    if isinstance(value, list | tuple):
        return [dump(one, seen) for one in value]
    if isinstance(value, dict):
        return [(key, dump(one, seen)) for key, one in value.items()]
    if is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, *(dump(getattr(value, f.name), seen) for f in fields(value))]
    return repr(value)


@pytest.mark.parametrize("path", CASES, ids=lambda p: str(p.parent.name))
def test_a_rule_file_is_the_same_after_it_was_compiled_twice(path: Path) -> None:
    try:
        rule_file = parse_file(path, kinds=KIND_WORDS)
    except SmplError:
        pytest.skip("a case of an error in a rule")
    before = dump(rule_file.rules, {})
    first = compile_file(rule_file, isomorphisms())
    assert dump(rule_file.rules, {}) == before
    patterns = [dump_pattern(step.pattern.root) for step in first.code_steps()]
    second = compile_file(rule_file, isomorphisms())
    assert [dump_pattern(step.pattern.root) for step in second.code_steps()] == patterns
    assert [s.pattern.clauses for s in first.code_steps()] == [
        s.pattern.clauses for s in second.code_steps()
    ]


def dump_pattern(root: PNode) -> list[tuple[object, ...]]:
    """A compiled pattern's nodes; names that isomorphisms make up are counted anew each time."""
    return [
        (
            node.kind,
            node.text,
            node.mark,
            node.plus_before,
            node.plus_after,
            node.closes,
            node.metavariable is not None and node.metavariable.name.lstrip("%0123456789"),
        )
        for node in root.walk()
        if isinstance(node, PNode)
    ]
