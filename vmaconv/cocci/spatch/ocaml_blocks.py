# SPDX-License-Identifier: GPL-2.0-only
"""Script blocks in OCaml: those that are run as Python, and what hangs on the others.

In: a rule file. Out: the same with the blocks that `ocaml_python` covers in Python; and, for the
others, the rule file without the rules that would run where such a block keeps them from it, with a
line for each. A rule hangs on a block that may drop an environment if it inherits from a rule that
the block looks at, or names one in `depends on`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from vmaconv.cocci.engine.environment import asked_for
from vmaconv.cocci.script.ocaml_python import python_of
from vmaconv.cocci.script.ocaml_tokens import NotCovered
from vmaconv.cocci.smpl.rule import (
    CodeRule,
    Dependency,
    DependsAll,
    DependsAny,
    DependsNot,
    DependsOn,
    RuleFile,
    ScriptRule,
)

_DECIDES = re.compile(r"\b(?:include_match|exit|failwith|raise|invalid_arg|register)\b")


def in_python(rule_file: RuleFile) -> RuleFile:
    """Return a rule file with the OCaml blocks that are covered in Python."""
    return replace(rule_file, rules=[_in_python(rule) for rule in rule_file.rules])


def _in_python(rule: CodeRule | ScriptRule) -> CodeRule | ScriptRule:
    if not isinstance(rule, ScriptRule) or rule.language != "ocaml":
        return rule
    try:
        code = _translated(rule)
    except NotCovered:
        return rule
    return replace(rule, language="python", code=code + "\n")


def _translated(rule: ScriptRule) -> str:
    if rule.phase != "script" or any(i.rule == "merge" for i in rule.inputs):
        raise NotCovered(0, f"`{rule.phase}`")
    inputs = [i.local for i in rule.inputs]
    return python_of(rule.code, inputs, [made.name for made in rule.outputs])


def without_undecided(rule_file: RuleFile) -> tuple[RuleFile, list[str]]:
    """Return a rule file without the rules that hang on OCaml blocks, and what to say of them."""
    unsure: dict[str, ScriptRule] = {}
    kept: list[CodeRule | ScriptRule] = []
    notes: list[str] = []
    told: set[int] = set()
    for rule in rule_file.rules:
        blocks = [unsure[name] for name in _mentioned(rule) if name in unsure]
        if isinstance(rule, ScriptRule) and rule.language == "ocaml":
            kept.append(rule)
            if rule.outputs:
                unsure[rule.name] = rule
            if _DECIDES.search(rule.code):
                unsure |= {i.rule: rule for i in rule.inputs}
        elif blocks:
            unsure[rule.name] = blocks[0]
            notes += [_told(block) for block in blocks if id(block) not in told]
            told |= {id(block) for block in blocks}
            place = rule.place
            notes.append(
                f"{place.file}:{place.line}:1: {rule.name} is not run: it hangs on what the block "
                f"on line {blocks[0].place.line} decides (--ignore-ocaml runs it all the same)"
            )
        else:
            kept.append(rule)
    return replace(rule_file, rules=kept), notes


def _told(block: ScriptRule) -> str:
    """Say where a block has what is not covered."""
    try:
        _translated(block)
    except NotCovered as problem:
        line = block.source_line + block.code.count("\n", 0, problem.offset)
        return f"{block.place.file}:{line}:1: this OCaml block is not run: {problem} is not covered"
    return f"{block.place.file}:{block.place.line}:1: this OCaml block is not run"


def _mentioned(rule: CodeRule | ScriptRule) -> Iterator[str]:
    """Yield the names of the rules that a rule inherits from or depends on."""
    yield from (owner for owner, _ in asked_for(rule))
    if rule.depends is not None:
        yield from _named(rule.depends)


def _named(dependency: Dependency) -> Iterator[str]:
    match dependency:
        case DependsOn(rule=rule):
            yield rule
        case DependsNot(part=part):
            yield from _named(part)
        case DependsAll(parts=parts) | DependsAny(parts=parts):
            for part in parts:
                yield from _named(part)
