# SPDX-License-Identifier: GPL-2.0-only
"""Patterns are frozen once parsed, and a rule file compiled twice gives equal programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import GetSetDescriptorType, MemberDescriptorType

import msgspec
import pytest
from compiled import COMPILED

from vmaconv.cocci.engine.program import Program, compile_file
from vmaconv.cocci.smpl.parse import parse_file, parse_text
from vmaconv.cocci.smpl.rebuilding import rebuilt
from vmaconv.cocci.smpl.rule import CodeRule, PNode, RuleFile, SmplError
from vmaconv.flags.flag_metavariables import KIND_WORDS
from vmaconv.flags.kernel_isomorphisms import isomorphisms

ROOT = Path(__file__).parents[3]
CASES = sorted((ROOT / "tests/cases").rglob("rule.cocci"))
SHIPPED = sorted((ROOT / "rules").glob("*.cocci"))
assert len(CASES) > 100 and len(SHIPPED) > 3


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
    if isinstance(value, msgspec.Struct):
        fields = value.__struct_fields__
        return [type(value).__name__, *(dump(getattr(value, name), seen) for name in fields)]
    return repr(value)


def parsed(path: Path) -> RuleFile:
    try:
        return parse_file(path, kinds=KIND_WORDS)
    except SmplError:
        pytest.skip("a case of an error in a rule")


EACH = pytest.mark.parametrize(
    "path", [*CASES, *SHIPPED], ids=lambda p: p.stem if p.stem != "rule" else p.parent.name
)


@EACH
def test_a_rule_file_is_the_same_after_it_was_compiled_twice(path: Path) -> None:
    rule_file = parsed(path)
    before = dump(rule_file.rules, {})
    first = compile_file(rule_file, isomorphisms())
    assert dump(rule_file.rules, {}) == before
    second = compile_file(rule_file, isomorphisms())
    assert dump_program(first) == dump_program(second)
    assert dump(rule_file.rules, {}) == before


def dump_program(program: Program) -> list[object]:
    """What two programs made of one rule file have to have in common."""
    return [
        [
            dump((step.pattern.root, step.rule), {}),
            step.pattern.clauses,
            step.pattern.roots,
            (step.takes, step.found, step.limits, step.spread, step.asked, step.names),
            step.prototype and dump((step.prototype.pattern.root, step.prototype.rule), {}),
        ]
        for step in program.code_steps()
    ]


@EACH
def test_nothing_in_a_program_can_be_written_to(path: Path) -> None:
    """Of the compiled engine what holds others is looked at: `fast/spell_out.py` says why C sets fields."""
    rule_file = parsed(path)
    program = compile_file(rule_file, isomorphisms())
    rules = [rule for rule in rule_file.rules if isinstance(rule, CodeRule)]
    for rule in [*rules, *(step.rule for step in program.code_steps())]:
        assert_frozen(rule, "pattern")
        for block in rule.plus:
            assert_frozen(block, "before")
            assert isinstance(block.lines, tuple)
    roots = [*(rule.pattern for rule in rules), *(s.pattern.root for s in program.code_steps())]
    for node in {id(n): n for root in roots for n in nodes_of(root)}.values():
        assert isinstance(node.children, tuple)
        for name in ATTRIBUTES:
            assert_frozen(node, name)


def assert_frozen(value: object, name: str) -> None:
    if COMPILED:
        assert not isinstance(getattr(value, name), list | dict | set)
        return
    with pytest.raises(AttributeError):
        setattr(value, name, None)
    with pytest.raises(AttributeError):
        delattr(value, name)


def nodes_of(root: PNode) -> Iterator[PNode]:
    for node in root.walk():
        assert isinstance(node, PNode)
        yield node
        for when in node.whens:
            if when.pattern is not None:
                yield from nodes_of(when.pattern)


def test_a_node_like_another_is_a_new_one() -> None:
    text = "@r@ expression e; @@\n- f(e)\n+ g(e)\n"
    rule = parse_text(text, "t.cocci").rules[0]
    assert isinstance(rule, CodeRule)
    leaf = next(n for n in nodes_of(rule.pattern) if n.text == b"f")
    made = replace(leaf, kind="string_literal")
    assert (made.kind, leaf.kind) == ("string_literal", "identifier")
    assert (made.mark, made.place, made.text) == (leaf.mark, leaf.place, leaf.text)


def test_what_nothing_changes_in_is_shared() -> None:
    text = "@r@ expression e; @@\n- f(e, a + b)\n+ g(e)\n"
    rule = parse_text(text, "t.cocci").rules[0]
    assert isinstance(rule, CodeRule)
    assert rebuilt(rule, lambda _, node: node) is rule
    other = rebuilt(rule, lambda _, n: replace(n, text=b"h") if n.text == b"f" else n)
    assert other.pattern.tokens() == [b"h", *rule.pattern.tokens()[1:]]
    assert other.pattern.children[1] is rule.pattern.children[1]
    assert other.plus[0].before is rule.plus[0].before
