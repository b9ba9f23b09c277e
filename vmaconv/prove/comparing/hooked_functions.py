# SPDX-License-Identifier: GPL-2.0-only
"""The verdict on a `.mmap` hook that became a `.mmap_prepare` hook, as far as its flags go.

In: the tables of operations in which one took the other's place. Out: a `Judgement` for each: it differs
where the flags that it leaves, or those for which it refuses, are others; else it is undecided, since
it runs at another time, which is a person's to read.

The VMA before and its description after are one thing here, so that their flags are one word. Calls
are taken to leave these alone: what the kernel's core does with them is the same work, done later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from vmaconv.prove.comparing.changed_names import FileChanges
from vmaconv.prove.comparing.difference import DifferenceSide, Different, Equality, Undecided
from vmaconv.prove.comparing.function_judging import FunctionJudging, TreeSide
from vmaconv.prove.comparing.renamed_names import parameters_of
from vmaconv.prove.configuration.compiled_text import asker
from vmaconv.prove.configuration.configurations import Configuration, TooMany
from vmaconv.prove.headers.header_index import FoundFunction, HeaderIndex, SourceFile
from vmaconv.prove.meaning.frame import Frame
from vmaconv.prove.meaning.helper_calls import returned_type
from vmaconv.prove.meaning.interpreter import Interpreter
from vmaconv.prove.meaning.run_state import DoesNotCompile, NotUnderstood, Seen
from vmaconv.prove.meaning.side_facts import SideFacts
from vmaconv.prove.meaning.statement_run import run_body
from vmaconv.prove.terms.term import ZERO, Term, TermValue, atoms, disjunction, made
from vmaconv.prove.terms.term_decider import TermDecider
from vmaconv.prove.verdict import Example, Judgement, Side, Verdict

_MAPPING = made("init", ("the mapping",))
_FLAGS = made("init", ("vm_flags",))
_PLACE = "@flags"
_TIMING = "its flags are as before, but it runs before the mapping is made, and not after; read it"


def judge_hooks(
    files: Sequence[FileChanges], before: HeaderIndex, after: HeaderIndex, by: FunctionJudging
) -> Iterator[Judgement]:
    """Yield the verdicts on the hooks that changed from `.mmap` to `.mmap_prepare`."""
    for changes in files:
        old = before.file(changes.paths[0]) if changes.paths[0] else None
        new = after.file(changes.paths[1]) if changes.paths[1] else None
        if old is None or new is None:
            continue
        for hook in changes.hooks.values():
            yield _Hook(hook, old, new, by).judgement()


class _Ending(Struct, frozen=True):
    """What a hook leaves: the flags at its end, for which flags it refuses, and where it stands."""

    flags: Term
    refuses: Term
    handed_on: tuple[str, ...]
    seen: Seen


class _Hook:
    """A hook before and after, by the names of its functions."""

    def __init__(
        self, names: tuple[str, str], old: SourceFile, new: SourceFile, by: FunctionJudging
    ) -> None:
        self._names = names
        self._files = (old, new)
        self._by = by
        spots = new.spots.get(names[1])
        self._line = new.unit.line(spots[0].body) if spots else 1

    def judgement(self) -> Judgement:
        """Return the verdict: never that it is proven."""
        try:
            for configuration in self._by.after.index.configurations():
                found = self._in(configuration)
                if found is not None:
                    return found
        except TooMany:
            return self._verdict(Verdict.UNDECIDED, "there are too many configurations")
        return self._verdict(Verdict.UNDECIDED, _TIMING)

    def _verdict(self, verdict: Verdict, reason: str, example: Example | None = None) -> Judgement:
        return Judgement(self._files[1].path, self._names[1], self._line, verdict, reason, example)

    def _in(self, configuration: Configuration) -> Judgement | None:
        ask = asker(configuration)
        sides: list[_Ending] = []
        for name, file, is_new in zip(self._names, self._files, (False, True), strict=True):
            function = next(file.functions(name, ask), None)
            if function is None:
                return None
            try:
                sides.append(self._run(function, file, configuration, is_new=is_new))
            except (NotUnderstood, DoesNotCompile, RecursionError) as error:
                reason = f"what it does with the flags is not known: {error}; read it"
                return self._verdict(Verdict.UNDECIDED, reason)
        return self._compared(sides, configuration)

    def _compared(self, sides: Sequence[_Ending], configuration: Configuration) -> Judgement | None:
        width = 32 if configuration.known("64BIT") is False else 64
        equality = Equality(TermDecider(width))
        for what, pair in (
            ("the flags that it leaves differ", [s.flags for s in sides]),
            ("the flags for which it refuses differ", [s.refuses for s in sides]),
        ):
            outcomes = [DifferenceSide(s.seen, term) for s, term in zip(sides, pair, strict=True)]
            try:
                equality.require(what, outcomes[0], outcomes[1])
            except Undecided as error:
                return self._verdict(Verdict.UNDECIDED, error.reason)
            except Different as error:
                if any(set(atoms(term)) - {_FLAGS} for term in pair):
                    reason = f"whether {what} hangs on more than flags; read it"
                    return self._verdict(Verdict.UNDECIDED, reason.replace("differ", "do"))
                return self._different(error, what, sides, configuration)
        handed = sorted({name for side in sides for name in side.handed_on})
        if handed:
            reason = f"what {', '.join(handed)}() does with the flags is not known; read it"
            return self._verdict(Verdict.UNDECIDED, reason)
        return None

    def _different(
        self,
        error: Different,
        what: str,
        sides: Sequence[_Ending],
        configuration: Configuration,
    ) -> Judgement:
        values: Mapping[Term, int] = error.values
        flags = tuple(f"vm_flags = {value:#x}" for atom, value in values.items() if atom == _FLAGS)
        shown = [
            Side(side.seen.line, side.seen.text, repr(outcome.value))
            for side, outcome in zip(sides, (error.before, error.after), strict=True)
        ]
        example = Example(flags, configuration.words(), shown[0], shown[1])
        return self._verdict(Verdict.DIFFERS, what, example)

    def _run(
        self,
        function: FoundFunction,
        file: SourceFile,
        configuration: Configuration,
        *,
        is_new: bool,
    ) -> _Ending:
        side: TreeSide = self._by.after if is_new else self._by.before
        overlays = self._by.overlays
        facts = SideFacts(
            side.index,
            file,
            asker(configuration),
            overlays.after if is_new else overlays.before,
            overlays,
            side.places.types(file),
            only_here=side.only_here,
        )
        frame = Frame("", returns=returned_type(function))
        given = parameters_of(function.node)
        frame.types.update(given)
        seen = Seen(function.line, function.name)
        run = Interpreter(facts, frame, run_body, lambda node: Seen(function.line_of(node), ""))
        run.state.stays = True
        run.state.kept = frozenset({_PLACE})
        for name, ctype in given:
            if ctype.base in (b"struct vm_area_struct", b"struct vm_area_desc"):
                run.state.values[frame.local(name)] = TermValue(_MAPPING)
        place = made("fld", (_MAPPING, _PLACE))
        run.state.values[place] = TermValue(_FLAGS, "word")
        run_body(run, function.node.children[-1])
        return _Ending(
            run.state.values[place].term,
            _refusals(run),
            tuple(_own_callees(run, file)),
            seen,
        )


def _refusals(run: Interpreter) -> Term:
    """Return for which flags a hook returns an error, whatever else there is."""
    found = ZERO
    for leave in run.exits:
        if _is_error(leave.value.term) and not set(atoms(leave.guard)) - {_FLAGS}:
            found = disjunction(found, leave.guard)
    return found


def _is_error(term: Term) -> bool:
    """Return whether a value is `-EINVAL` or the like."""
    if term.number is not None:
        return term.number < 0
    below = next(term.below(), None)
    return term.op == "op" and term.args[0] == "-" and below is not None and below.op == "op"


def _own_callees(run: Interpreter, file: SourceFile) -> Iterator[str]:
    """Yield the functions of the file itself that are handed the mapping and were not looked into."""
    for effect in run.effects:
        if effect.name in file.spots and any(a.value.term == _MAPPING for a in effect.arguments):
            yield effect.name
