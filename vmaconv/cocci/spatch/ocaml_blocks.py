# SPDX-License-Identifier: GPL-2.0-only
"""Script blocks in OCaml: those that are run as Python, and what hangs on the others.

In: a rule file. Out: the same with what `ocaml_python` covers in Python; and, for the rest, the rule
file without the rules that would run where such a block keeps them from it, with a line for each. A
rule hangs on a block that may drop an environment if it inherits from a rule that the block looks
at, or names one in `depends on`; and on the OCaml of its own metavariables.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from vmaconv.cocci.engine.environment import asked_for
from vmaconv.cocci.script.ocaml_functions import HELPERS
from vmaconv.cocci.script.ocaml_names import Names
from vmaconv.cocci.script.ocaml_python import definitions_of, expression_of, python_of
from vmaconv.cocci.script.ocaml_tokens import NotCovered
from vmaconv.cocci.smpl.depends import Dependency, DependsAll, DependsAny, DependsNot, DependsOn
from vmaconv.cocci.smpl.rebuilding import with_metavariables
from vmaconv.cocci.smpl.rule import (
    CodeRule,
    Constraint,
    Metavariable,
    RuleFile,
    RulePlace,
    ScriptRule,
)
from vmaconv.cocci.text.late_regex import late_regex

_DECIDES = late_regex(r"\b(?:include_match|exit|failwith|raise|invalid_arg|register)\b")


def in_python(rule_file: RuleFile) -> RuleFile:
    """Return a rule file with the OCaml blocks, constraints and seeds that are covered in Python."""
    known: Names = {}
    rules = tuple(_in_python(rule, known) for rule in rule_file.rules)
    if rules == rule_file.rules:
        return rule_file
    place = RulePlace(rule_file.path, 0, 0)
    helpers = ScriptRule("OCaml", False, "initialize", "python", place, (), (), HELPERS, 0)
    return replace(rule_file, rules=(helpers, *rules))


def _in_python(rule: CodeRule | ScriptRule, known: Names) -> CodeRule | ScriptRule:
    try:
        if isinstance(rule, ScriptRule):
            if rule.language != "ocaml":
                return rule
            return replace(rule, language="python", code=_translated(rule, known) + "\n")
        if any(_has_ocaml(meta) for meta in rule.metavariables):
            metas = tuple(_covered(meta, known) for meta in rule.metavariables)
            return with_metavariables(rule, metas)
    except NotCovered:
        pass
    return rule


def _translated(rule: ScriptRule, known: Names) -> str:
    if rule.phase == "initialize" and not rule.inputs:
        return definitions_of(rule.code, known, f"_ml_b{rule.place.line}_")
    if rule.phase != "script" or any(i.rule == "merge" for i in rule.inputs):
        raise NotCovered(0, f"`{rule.phase}`")
    inputs = [i.local for i in rule.inputs]
    return python_of(rule.code, inputs, [made.name for made in rule.outputs], known)


def _has_ocaml(meta: Metavariable) -> bool:
    return ("language", "ocaml") in meta.seed or (
        meta.constraint is not None and _constrained(meta.constraint)
    )


def _constrained(constraint: Constraint) -> bool:
    return "ocaml" in constraint.languages()


def _covered(meta: Metavariable, known: Names) -> Metavariable:
    try:
        return _meta_in_python(meta, known)
    except NotCovered:
        return meta


def _meta_in_python(meta: Metavariable, known: Names) -> Metavariable:
    """Return a metavariable whose constraint and seed are in Python; raises `NotCovered`."""
    if meta.constraint is not None:
        meta = replace(meta, constraint=_constraint(meta.constraint, meta.name, known))
    if ("language", "ocaml") not in meta.seed:
        return meta
    inputs = [text.partition(" ")[0] for kind, text in meta.seed if kind == "input"]
    seed = tuple((kind, _seed_part(kind, text, inputs, known)) for kind, text in meta.seed)
    return replace(meta, seed=seed)


def _seed_part(kind: str, text: str, inputs: list[str], known: Names) -> str:
    if kind == "language":
        return "python"
    return expression_of(text, inputs, known) if kind == "script" else text


def _constraint(constraint: Constraint, name: str, known: Names) -> Constraint:
    if constraint.op == "script" and constraint.values[0] == "ocaml":
        inputs = [name, *(local for local, _, _ in constraint.script_inputs)]
        return replace(
            constraint, values=("python", expression_of(constraint.values[1], inputs, known))
        )
    parts = tuple(_constraint(part, name, known) for part in constraint.parts)
    return replace(constraint, parts=parts)


def without_undecided(rule_file: RuleFile) -> tuple[RuleFile, list[str]]:
    """Return a rule file without the rules that hang on OCaml, and what to say of them."""
    unsure: dict[str, int] = {}
    kept: list[CodeRule | ScriptRule] = []
    notes: list[str] = []
    told: dict[int, ScriptRule | Metavariable] = {}
    for rule in rule_file.rules:
        lines = [unsure[name] for name in _mentioned(rule) if name in unsure]
        if isinstance(rule, ScriptRule) and rule.language == "ocaml":
            kept.append(rule)
            told[rule.place.line] = rule
            if rule.outputs:
                unsure[rule.name] = rule.place.line
            if _DECIDES.search(rule.code):
                unsure |= {i.rule: rule.place.line for i in rule.inputs}
            continue
        foreign = [m for m in getattr(rule, "metavariables", ()) if _has_ocaml(m)]
        for meta in foreign:
            told[meta.place.line] = meta
            lines.append(meta.place.line)
        if not lines:
            kept.append(rule)
            continue
        unsure[rule.name] = lines[0]
        notes += [_told(told.pop(line)) for line in lines if line in told]
        place = rule.place
        notes.append(
            f"{place.file}:{place.line}:1: {rule.name} is not run: it hangs on what the block "
            f"on line {lines[0]} decides (--ignore-ocaml runs it all the same)"
        )
    return replace(rule_file, rules=tuple(kept)), notes


def ignored(rule_file: RuleFile) -> RuleFile:
    """Return a rule file whose constraints in OCaml hold for everything, as with --ignore-ocaml."""
    rules = [
        rule
        if isinstance(rule, ScriptRule)
        else with_metavariables(rule, tuple(_free(meta) for meta in rule.metavariables))
        for rule in rule_file.rules
    ]
    return replace(rule_file, rules=tuple(rules))


def _free(meta: Metavariable) -> Metavariable:
    constraint = meta.constraint
    if constraint is None or not _constrained(constraint):
        return meta
    # What stands beside it under `&&` still counts.
    parts = tuple(part for part in constraint.parts if not _constrained(part))
    if constraint.op == "and" and parts:
        return replace(meta, constraint=replace(constraint, parts=parts))
    return replace(meta, constraint=None)


def _told(one: ScriptRule | Metavariable) -> str:
    """Say where a block, constraint or seed has what is not covered."""
    return _told_block(one) if isinstance(one, ScriptRule) else _told_meta(one)


def _told_meta(meta: Metavariable) -> str:
    try:
        _meta_in_python(meta, {})
    except NotCovered as problem:
        what = f": {problem} is not covered"
    else:
        what = ""
    place = meta.place
    return (
        f"{place.file}:{place.line}:{place.column + 1}: the OCaml of `{meta.name}` is not run{what}"
    )


def _told_block(block: ScriptRule) -> str:
    try:
        _translated(block, {})
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
