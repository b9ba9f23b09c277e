# SPDX-License-Identifier: GPL-2.0-only
"""The verdict on flags and masks that a change defines anew.

In: the changed files. Out: a `Judgement` for each macro of flags, and each bit number, that is defined
on both sides and not by the same text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.ctype import CType
from vmaconv.prove.comparing.bit_judging import judge_bits
from vmaconv.prove.comparing.changed_names import FileChanges
from vmaconv.prove.comparing.difference import DifferenceSide, Different, Equality, Undecided
from vmaconv.prove.comparing.function_judging import FunctionJudging, TreeSide
from vmaconv.prove.comparing.stretch_comparison import Done, compare
from vmaconv.prove.comparing.tied_arguments import Ties
from vmaconv.prove.configuration.compiled_text import asker
from vmaconv.prove.configuration.condition_value import Ask
from vmaconv.prove.configuration.configurations import Configuration, TooMany
from vmaconv.prove.headers.header_index import TALKS_OF_FLAGS, HeaderIndex, SourceFile, Undeclared
from vmaconv.prove.headers.macro_expansion import Macro, expanded
from vmaconv.prove.meaning.frame import Frame
from vmaconv.prove.meaning.interpreter import Interpreter
from vmaconv.prove.meaning.loose_macros import is_loose
from vmaconv.prove.meaning.run_state import DoesNotCompile, NotUnderstood, Seen
from vmaconv.prove.meaning.side_facts import SideFacts
from vmaconv.prove.meaning.statement_run import run_body
from vmaconv.prove.terms.term import TermValue, is_truth, truth
from vmaconv.prove.terms.term_decider import TermDecider
from vmaconv.prove.verdict import Example, Judgement, Side, Verdict

_OF_FLAGS = late_regex(r"(?<![A-Z])VMA?_[A-Z]")
"""The name of a flag, or of something made of flags."""

TRUTH_ONLY = "it has another value than before, and the same truth: who takes its value differs"
SOME_TRIED = "a macro with arguments has another body, the same for those tried; read it"
NO_EXPRESSION = "it is no expression; read it"

OTHER_ARGUMENTS = "it takes other arguments than before; read it"
LOOSE = "it has no parentheses around it: what stands beside it decides; read it"

BY_USES = frozenset({TRUTH_ONLY, SOME_TRIED, NO_EXPRESSION, OTHER_ARGUMENTS, LOOSE})
"""Reasons for which a macro is undecided where what uses it decides."""

_NO_TIES = Ties({}, lambda _tie, _pair, _before: None)

_BITS = [b"VMA_READ_BIT", b"VMA_WRITE_BIT"]
"""What a macro that takes any number of bits is tried with."""


def is_about_flags(name: str, bodies: bytes) -> bool:
    """Return whether a macro with some bodies has to do with flags."""
    return bool(_OF_FLAGS.search(name) or TALKS_OF_FLAGS.search(bodies))


def judge_macros(
    files: Sequence[FileChanges], before: HeaderIndex, after: HeaderIndex, by: FunctionJudging
) -> list[Judgement]:
    """Return the verdicts on the macros and bits of the changed files."""
    found: list[Judgement] = []
    for changes in files:
        old = before.file(changes.paths[0]) if changes.paths[0] else None
        new = after.file(changes.paths[1]) if changes.paths[1] else None
        if old is None or new is None:
            continue
        for name in changes.macros:
            if old.macros(name) and new.macros(name):
                judged = _Macro(name, old, new, by).judgement()
                if judged is not None:
                    found.append(judged)
        found.extend(judge_bits(old, new, before, after))
    return found


def hiding_macros(
    files: Sequence[FileChanges], before: HeaderIndex, after: HeaderIndex
) -> Iterator[str]:
    """Yield the macros of flags that a file defines on one side only, and a header on the other.

    What a function of that file says with them is something else now, whatever its text.
    """
    for changes in files:
        sides = [
            index.file(path) if path else None
            for index, path in zip((before, after), changes.paths, strict=True)
        ]
        for name in changes.macros:
            has = [side is not None and any(side.macros(name)) for side in sides]
            if has[0] != has[1] and is_about_flags(name, b""):
                index = before if has[1] else after
                if index.definitions(name, None):
                    yield name


class _Macro:
    """A macro that both sides define."""

    def __init__(self, name: str, old: SourceFile, new: SourceFile, by: FunctionJudging) -> None:
        self._name = name
        self._files = (old, new)
        self._by = by

    def judgement(self) -> Judgement | None:
        """Return the verdict; None where the macro has nothing to do with flags."""
        sides = [file.macros(self._name) for file in self._files]
        bodies = b" ".join(macro.body for macro in (*sides[0], *sides[1]))
        if not is_about_flags(self._name, bodies):
            return None
        if not any(macro.parameters is not None for macro in sides[0] + sides[1]) and not any(
            macro.body for macro in sides[0] + sides[1]
        ):
            return None
        if {m.parameters for m in sides[0]} != {m.parameters for m in sides[1]}:
            return self._verdict(Verdict.UNDECIDED, OTHER_ARGUMENTS)
        undecided: Judgement | None = None
        self._looked_at = 0
        try:
            for configuration in self._by.after.index.configurations():
                found = self._in(configuration)
                if found is not None and found.verdict is Verdict.DIFFERS:
                    return found
                undecided = undecided or found
        except TooMany:
            return self._verdict(Verdict.UNDECIDED, "there are too many configurations")
        if undecided is None and not self._looked_at:
            return self._verdict(Verdict.UNDECIDED, "it is compiled in no configuration looked at")
        if undecided is None and any(m.parameters is not None for m in sides[0] + sides[1]):
            # Some arguments show that it differs; that it does not takes more than some.
            return self._verdict(Verdict.UNDECIDED, SOME_TRIED)
        if undecided is None and self._is_loose():
            return self._verdict(Verdict.UNDECIDED, LOOSE)
        return undecided or self._verdict(Verdict.PROVEN, "")

    def _is_loose(self) -> bool:
        """Return whether a body that changed is one that is taken apart by what stands beside it."""
        indexes = (self._by.before.index, self._by.after.index)
        return any(
            is_loose(index, macro)
            for index, file in zip(indexes, self._files, strict=True)
            for macro in file.macros(self._name)
        )

    def _verdict(self, verdict: Verdict, reason: str, example: Example | None = None) -> Judgement:
        file = self._files[1]
        line = file.unit.line(file.macros(self._name)[0].offset)
        return Judgement(file.path, self._name, line, verdict, reason, example)

    def _in(self, configuration: Configuration) -> Judgement | None:
        ask = asker(configuration)
        done: list[Done] = []
        values: list[TermValue] = []
        for side, file, is_new in zip(
            (self._by.before, self._by.after), self._files, (False, True), strict=True
        ):
            macro = _compiled(side, self._name, ask, file)
            if macro is None:
                return self._gone(done[0].seen, configuration) if done else None
            seen = Seen(file.unit.line(macro.offset), macro.body.decode(errors="replace"))
            run = self._interpreter(side, file, ask, is_new=is_new)
            try:
                values.append(run.value(_expression(run, macro)))
            except NotUnderstood as error:
                return self._verdict(Verdict.UNDECIDED, str(error))
            except DoesNotCompile as error:
                if not is_new:
                    return None
                sides = (Side(done[0].seen.line, done[0].seen.text, "compiles"),
                         Side(seen.line, seen.text, str(error)))  # fmt: skip
                example = Example((), configuration.words(), *sides)
                return self._verdict(Verdict.DIFFERS, f"does not compile: {error}", example)
            done.append(Done(run.effects, run.exits, run.state, seen))
        self._looked_at += 1
        return self._compared(values, done, configuration)

    def _gone(self, seen: Seen, configuration: Configuration) -> Judgement:
        """Judge a macro that a configuration no longer has."""
        line = self._files[1].unit.line(self._files[1].macros(self._name)[0].offset)
        sides = Side(seen.line, seen.text, "defined"), Side(line, self._name, "not defined")
        example = Example((), configuration.words(), *sides)
        return self._verdict(Verdict.DIFFERS, "is no longer defined", example)

    def _compared(
        self, values: Sequence[TermValue], done: Sequence[Done], configuration: Configuration
    ) -> Judgement | None:
        width = 32 if configuration.known("64BIT") is False else 64
        outcomes = [DifferenceSide(d.seen, v.term) for d, v in zip(done, values, strict=True)]
        equality = Equality(TermDecider(width))
        try:
            equality.require("its value differs", outcomes[0], outcomes[1])
            compare(done[0], done[1], equality, _NO_TIES)
        except Undecided as error:
            return self._verdict(Verdict.UNDECIDED, error.reason)
        except Different as error:
            if _same_truth(values, equality, done):
                return self._verdict(Verdict.UNDECIDED, TRUTH_ONLY)
            sides = [
                Side(
                    d.seen.line, d.seen.text, o.value if isinstance(o.value, str) else repr(o.value)
                )
                for d, o in zip(done, (error.before, error.after), strict=True)
            ]
            example = Example((), configuration.words(), sides[0], sides[1])
            return self._verdict(Verdict.DIFFERS, error.reason, example)
        return None

    def _interpreter(
        self, side: TreeSide, file: SourceFile, ask: Ask, *, is_new: bool
    ) -> Interpreter:
        overlays = self._by.overlays
        members = overlays.after if is_new else overlays.before
        facts = SideFacts(side.index, file, ask, members, overlays, side.places.types(file))
        return Interpreter(facts, Frame(""), run_body, lambda _node: Seen(0, ""))


def _same_truth(values: Sequence[TermValue], equality: Equality, done: Sequence[Done]) -> bool:
    """Return whether one of two values is the truth of the other, and all else is the same."""
    if not any(is_truth(value.term) for value in values):
        return False
    before, after = (
        DifferenceSide(d.seen, truth(v.term)) for d, v in zip(done, values, strict=True)
    )
    try:
        equality.require("", before, after)
        compare(done[0], done[1], equality, _NO_TIES)
    except (Undecided, Different):
        return False
    return all(v.held != "set" for v in values)


def _expression(run: Interpreter, macro: Macro) -> Node:
    """Return what a macro stands for; arguments are names of their own, and for `...` two bits.

    Raises `NotUnderstood`.
    """
    arguments = [p for p in macro.parameters or () if not p.endswith(b"...")]
    for name in arguments:
        run.frame.types[name.decode(errors="replace")] = CType(b"void", "*")
    if len(arguments) < len(macro.parameters or ()):
        arguments += _BITS
    text = expanded(macro, arguments)
    inner = run.expression(text) if text else None
    if inner is None:
        raise NotUnderstood(NO_EXPRESSION)
    return inner


def _compiled(side: TreeSide, name: str, ask: Ask, file: SourceFile) -> Macro | None:
    try:
        return side.index.macro(name, ask, file)
    except Undeclared:
        return None
