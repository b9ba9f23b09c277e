# SPDX-License-Identifier: GPL-2.0-only
"""Errors in the script blocks of a rule file, found before anything runs.

In: the `ScriptRule`s and script constraints of a rule file. Out: `SmplError`s, each with its line
and column in the rule file, in order. Python's own parser says first whether a block is Python at
all; LibCST then tells what it takes and binds and what it wants beyond what `policy` lists;
together the blocks tell which names exist. All of it is for good messages: what holds a script is
the kernel.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct, field

from vmaconv.cocci.script import block_compiler, policy
from vmaconv.cocci.script.cache import Cache
from vmaconv.cocci.smpl.rule import (
    CodeRule,
    Constraint,
    Metavariable,
    RuleFile,
    RulePlace,
    ScriptInput,
    ScriptRule,
    SmplError,
)

if TYPE_CHECKING:
    import libcst as cst

    from vmaconv.cocci.script.reading import OutsideName, Reading
    from vmaconv.cocci.script.subset import SubsetFinding


class PythonText(Struct, frozen=True):
    """A piece of Python in a rule file: a block, or the body of a script constraint or seed.

    `line` is the line of the code's first line. The place of a finding in a constraint is that of
    its metavariable, since its text need not start a line.
    """

    code: str
    place: RulePlace
    line: int
    locals: frozenset[str]
    inputs: tuple[ScriptInput, ...] = ()
    expression: bool = False


class _Names(Struct):
    """The names that a rule file's blocks can see."""

    shared: set[str]
    """Bound before any block runs."""
    inputs: dict[str, str] = field(default_factory=dict)
    """Each local name of some block, with the declaration that it has there."""


def check_file(
    rules: RuleFile, *, trusted: bool = False, cache: Cache | None = None
) -> list[SmplError]:
    """Check every Python block, script constraint and script seed of a rule file.

    LibCST is imported only if there is one. A rule file that was found clean is remembered in the
    cache, if one is given, and is then not read again. Blocks in other languages are passed over.

    Errors: `script-syntax`, `script-python2`, `script-too-complex`, `script-refused`,
    `script-unknown-name`, `script-unknown-attribute`.
    """
    blocks = [*_script_blocks(rules.rules), *_constraint_blocks(rules.rules)]
    if not blocks:
        return []
    hiding = [] if trusted else list(_hiding(rules.rules))
    if hiding:
        return hiding
    virtual = virtual_names(rules)
    key = _key(blocks, virtual, trusted)
    if cache is not None and key in cache:
        return []
    errors = _check(blocks, virtual, trusted)
    if cache is not None and not errors:
        cache.add(key)
    return errors


def virtual_names(rules: RuleFile) -> frozenset[str]:
    """Return the virtual rules and identifiers, which scripts see as texts of themselves."""
    return frozenset({*rules.virtual, *_virtual_identifiers(rules.rules)})


def check_script(
    rule: ScriptRule, *, trusted: bool = False, known: Iterable[str] = ()
) -> list[SmplError]:
    """Check one block; `known` are the names that other blocks bind. Errors: as `check_file`."""
    return _check(list(_script_blocks([rule])), frozenset(known), trusted)


def _check(blocks: list[PythonText], known: frozenset[str], trusted: bool) -> list[SmplError]:
    from vmaconv.cocci.script import reading

    errors: list[SmplError] = []
    readable: list[PythonText] = []
    modules: list[cst.Module] = []
    names = _Names({*known, *policy.PREDEFINED})
    for block in blocks:
        names.inputs.update(_declarations(block))
        try:
            _parse(block, trusted)
            modules.append(reading.parse(block.code, expression=block.expression))
            readable.append(block)
        except SmplError as error:
            errors.append(_at_metavariable(error, block))
        except Exception as error:  # LibCST raises its own for Python that it does not know
            errors.append(_unreadable(error, block))
    for block, read in zip(readable, reading.read(modules, trusted=trusted), strict=True):
        findings = list(read.findings)
        # A block that cannot be read may bind any name.
        if not read.open_ended and len(readable) == len(blocks):
            findings += _unknown_names(block, read, names)
        errors += [_error(block, read, finding) for finding in findings]
    return sorted(errors, key=lambda error: (error.place.line, error.place.column))


def _hiding(rules: Iterable[CodeRule | ScriptRule]) -> Iterator[SmplError]:
    """Yield errors for variables of blocks that would hide Python's own."""
    for rule in rules:
        if not isinstance(rule, ScriptRule):
            continue
        named = [(i.local, i.place) for i in rule.inputs]
        named += [(o.name, o.place) for o in rule.outputs]
        for name, place in named:
            reason = policy.refused_variable(name)
            if reason is not None:
                yield SmplError("script-refused", place, reason, block_compiler.RENAME)


def _parse(block: PythonText, trusted: bool) -> None:
    """Raise what Python's own parser and compiler have against a block."""
    file, expression = block.place.file, block.expression
    module = block_compiler.parse(
        block.code, file, block.line, expression=expression, trusted=trusted
    )
    block_compiler.compile_module(module, file, block.line, expression=expression)


def _unknown_names(block: PythonText, reading: Reading, names: _Names) -> Iterator[SubsetFinding]:
    seen: set[str] = set()
    for use in reading.takes:
        bound_later = use.nested and use.name in names.inputs
        if use.name in names.shared or use.name in block.locals or bound_later:
            continue
        if use.name not in seen:
            seen.add(use.name)
            yield _unknown(use, block, reading, names)


def _unknown(use: OutsideName, block: PythonText, reading: Reading, names: _Names) -> SubsetFinding:
    from vmaconv.cocci.script.subset import SubsetFinding, nearest

    name = use.name
    code, message = "script-unknown-name", f"'{name}' is not defined"
    if name in policy.REFUSED_BUILTINS:
        message = f"the script is refused: {policy.REFUSED_BUILTINS[name]} ('{name}')"
        return SubsetFinding("script-refused", use.node, message, block_compiler.TRUST)
    if name in names.inputs:
        message = f"'{name}' is an input of another block, not of this one"
        return SubsetFinding(code, use.node, message, f"declare it here too: {names.inputs[name]}")
    if name in policy.PYTHON2_NAMES:
        message = f"'{name}' is Python 2, and scripts are run by Python 3"
        instead = policy.PYTHON2_NAMES[name]
        return SubsetFinding(
            "script-python2", use.node, message, f"write {instead}" if instead else ""
        )
    if name in policy.MODULES:
        return SubsetFinding(code, use.node, message, f"write 'import {name}' above")
    defined = names.shared | reading.binds | policy.BUILTINS
    remedy = nearest(name, block.locals) or nearest(name, defined)
    return SubsetFinding(code, use.node, message, remedy or "declare it as an input of the block")


def _error(block: PythonText, reading: Reading, finding: SubsetFinding) -> SmplError:
    line, column = reading.place(finding.node)
    place = RulePlace(block.place.file, block.line + line - 1, column)
    if block.expression:
        place = block.place
    source = block_compiler.text_of_line(block.code, line)
    return SmplError(finding.code, place, finding.message, finding.remedy, source)


def _at_metavariable(error: SmplError, block: PythonText) -> SmplError:
    if not block.expression:
        return error
    return SmplError(error.code, block.place, error.message, error.remedy, error.source_line)


def _unreadable(error: Exception, block: PythonText) -> SmplError:
    place = RulePlace(block.place.file, block.line, 0)
    message = f"the script cannot be read: {type(error).__name__}: {str(error)[:200]}"
    return SmplError("script-syntax", place, message)


def _script_blocks(rules: Iterable[CodeRule | ScriptRule]) -> Iterator[PythonText]:
    for rule in rules:
        if isinstance(rule, ScriptRule) and rule.language == "python":
            names = {taken.local for taken in rule.inputs} | {made.name for made in rule.outputs}
            yield PythonText(rule.code, rule.place, rule.source_line, frozenset(names), rule.inputs)


def _constraint_blocks(rules: Iterable[CodeRule | ScriptRule]) -> Iterator[PythonText]:
    for rule in rules:
        for meta in rule.metavariables if isinstance(rule, CodeRule) else ():
            for constraint in _script_constraints(meta.constraint):
                names = {meta.name, *(local for local, _, _ in constraint.script_inputs)}
                yield _body(constraint.values[1], meta, names)
            if ("language", "python") in meta.seed:
                names = {text.partition(" ")[0] for kind, text in meta.seed if kind == "input"}
                yield from (
                    _body(text, meta, names) for kind, text in meta.seed if kind == "script"
                )


def _body(code: str, meta: Metavariable, names: Iterable[str]) -> PythonText:
    return PythonText(code, meta.place, meta.place.line, frozenset(names), expression=True)


def _script_constraints(constraint: Constraint | None) -> Iterator[Constraint]:
    if constraint is None:
        return
    if constraint.op == "script" and constraint.values[0] == "python":
        yield constraint
    for part in constraint.parts:
        yield from _script_constraints(part)


def _virtual_identifiers(rules: Iterable[CodeRule | ScriptRule]) -> Iterator[str]:
    for rule in rules:
        if isinstance(rule, ScriptRule):
            yield from (taken.name for taken in rule.inputs if taken.rule == "virtual")
        else:
            yield from (meta.name for meta in rule.metavariables if meta.rule == "virtual")


def _declarations(block: PythonText) -> dict[str, str]:
    written = {
        taken.local: f"{taken.local} << {taken.rule}.{taken.name};" for taken in block.inputs
    }
    return {name: written.get(name, f"{name};") for name in block.locals}


def _key(blocks: list[PythonText], virtual: frozenset[str], trusted: bool) -> str:
    parts = [policy.VERSION, sys.version, trusted, sorted(virtual)]
    text = [repr((b.code, sorted(b.locals), b.expression)) for b in blocks]
    return hashlib.sha256("\n".join([repr(parts), *text]).encode()).hexdigest()
