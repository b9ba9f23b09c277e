# SPDX-License-Identifier: GPL-2.0-only
"""The verdict on flags and masks that a change defines anew.

In: the changed files. Out: a `Judgement` for each macro of flags, and each bit number, that is defined
on both sides and not by the same text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vmaconv.prove.comparing.changed_names import FileChanges
from vmaconv.prove.comparing.difference import Different, Equality, Outcome, Undecided
from vmaconv.prove.comparing.function_judging import Judging, TreeSide
from vmaconv.prove.configuration.compiled_text import asker
from vmaconv.prove.configuration.condition_value import Ask
from vmaconv.prove.configuration.configurations import Configuration, TooMany, configurations
from vmaconv.prove.headers.header_index import HeaderIndex, SourceFile, Undeclared
from vmaconv.prove.headers.macro_expansion import Macro
from vmaconv.prove.meaning.interpreter import Frame, Interpreter
from vmaconv.prove.meaning.run_state import DoesNotCompile, NotUnderstood, Seen
from vmaconv.prove.meaning.side_facts import FLAG_NAME, TALKS_OF_FLAGS, SideFacts
from vmaconv.prove.meaning.statement_run import run_body
from vmaconv.prove.terms.decider import Decider
from vmaconv.prove.terms.term import Value
from vmaconv.prove.verdict import Example, Judgement, Side, Verdict


def judge_macros(
    files: Sequence[FileChanges], before: HeaderIndex, after: HeaderIndex, by: Judging
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
        found.extend(_bits(old, new))
    return found


def _bits(old: SourceFile, new: SourceFile) -> Iterator[Judgement]:
    for name in old.bit_names():
        values = [[value for _, value in side.bits(name)] for side in (old, new)]
        if values[1] and values[0] != values[1]:
            line = new.unit.line(new.bits(name)[0][0])
            sides = [
                Side(side.unit.line(side.bits(name)[0][0]), name, ", ".join(value))
                for side, value in zip((old, new), values, strict=True)
            ]
            example = Example((), (), sides[0], sides[1])
            reason = "the flag is another bit than before"
            yield Judgement(new.path, name, line, Verdict.DIFFERS, reason, example)


class _Macro:
    """A macro that both sides define."""

    def __init__(self, name: str, old: SourceFile, new: SourceFile, by: Judging) -> None:
        self._name = name
        self._files = (old, new)
        self._by = by

    def judgement(self) -> Judgement | None:
        """Return the verdict; None where the macro has nothing to do with flags."""
        sides = [file.macros(self._name) for file in self._files]
        if not FLAG_NAME.match(self._name) and not any(
            TALKS_OF_FLAGS.search(macro.body) for macro in (*sides[0], *sides[1])
        ):
            return None
        if any(macro.parameters is not None for macro in (*sides[0], *sides[1])):
            return self._verdict(Verdict.UNDECIDED, "a macro with arguments has another body")
        undecided: Judgement | None = None
        try:
            for configuration in configurations():
                found = self._in(configuration)
                if found is not None and found.verdict is Verdict.DIFFERS:
                    return found
                undecided = undecided or found
        except TooMany:
            return self._verdict(Verdict.UNDECIDED, "there are too many configurations")
        return undecided or self._verdict(Verdict.PROVEN, "")

    def _verdict(self, verdict: Verdict, reason: str, example: Example | None = None) -> Judgement:
        file = self._files[1]
        line = file.unit.line(file.macros(self._name)[0].offset)
        return Judgement(file.path, self._name, line, verdict, reason, example)

    def _in(self, configuration: Configuration) -> Judgement | None:
        ask = asker(configuration)
        values: list[Value] = []
        seen: list[Seen] = []
        for side, file, is_new in zip(
            (self._by.before, self._by.after), self._files, (False, True), strict=True
        ):
            macro = _compiled(side, self._name, ask, file)
            if macro is None:
                return None
            seen.append(Seen(file.unit.line(macro.offset), macro.body.decode(errors="replace")))
            run = self._interpreter(side, file, ask, is_new=is_new)
            inner = run.expression(macro.body)
            try:
                if inner is None:
                    raise NotUnderstood("it is no expression")
                values.append(run.value(inner))
            except NotUnderstood as error:
                return self._verdict(Verdict.UNDECIDED, str(error))
            except DoesNotCompile as error:
                if not is_new:
                    return None
                sides = (Side(seen[0].line, seen[0].text, "compiles"), _side(seen[1], str(error)))
                example = Example((), configuration.words(), *sides)
                return self._verdict(Verdict.DIFFERS, f"does not compile: {error}", example)
        return self._compared(values, seen, configuration)

    def _compared(
        self, values: Sequence[Value], seen: Sequence[Seen], configuration: Configuration
    ) -> Judgement | None:
        width = 32 if configuration.known("64BIT") is False else 64
        outcomes = [Outcome(s, v.term) for s, v in zip(seen, values, strict=True)]
        try:
            Equality(Decider(width)).require("its value differs", outcomes[0], outcomes[1])
        except Undecided as error:
            return self._verdict(Verdict.UNDECIDED, error.reason)
        except Different:
            sides = [_side(s, repr(v.term)) for s, v in zip(seen, values, strict=True)]
            example = Example((), configuration.words(), sides[0], sides[1])
            return self._verdict(Verdict.DIFFERS, "its value differs", example)
        return None

    def _interpreter(
        self, side: TreeSide, file: SourceFile, ask: Ask, *, is_new: bool
    ) -> Interpreter:
        overlays = self._by.overlays
        members = overlays.after if is_new else overlays.before
        facts = SideFacts(side.index, file, ask, members, overlays, side.places.types(file))
        return Interpreter(facts, Frame(""), run_body, lambda _node: Seen(0, ""))


def _side(seen: Seen, value: str) -> Side:
    return Side(seen.line, seen.text, value)


def _compiled(side: TreeSide, name: str, ask: Ask, file: SourceFile) -> Macro | None:
    try:
        return side.index.macro(name, ask, file)
    except Undeclared:
        return None
