# SPDX-License-Identifier: GPL-2.0-only
"""The verdict on one function.

In: a function's name, its file on both sides, and what both trees say. Out: a `Judgement`: the
function is gone through in each configuration that can be told apart, until one is found in which it
differs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct, field

from vmaconv.cocci.tree.node import Node
from vmaconv.prove.comparing.changed_signatures import is_told_by_its_body
from vmaconv.prove.comparing.difference import (
    Different,
    Equality,
    Undecided,
    constants_of_one_side,
)
from vmaconv.prove.comparing.example_words import example_of
from vmaconv.prove.comparing.lockstep import Lockstep
from vmaconv.prove.comparing.paired_run import NoBuild
from vmaconv.prove.comparing.predicate_reading import predicate_of
from vmaconv.prove.comparing.renamed_names import (
    locals_of,
    parameters_of,
    renamed_locals,
)
from vmaconv.prove.comparing.shadowed_names import shadowed_locals, with_own_names
from vmaconv.prove.comparing.signature_tie import Passed, SignatureTie, answering
from vmaconv.prove.comparing.started_parameters import start_narrow, start_unrenamed
from vmaconv.prove.comparing.tested_locals import tested_locals
from vmaconv.prove.comparing.tied_arguments import Ties
from vmaconv.prove.comparing.unseen_mappings import HookFunctions
from vmaconv.prove.configuration.built_files import BuiltFiles
from vmaconv.prove.configuration.compiled_text import asker
from vmaconv.prove.configuration.condition_value import Ask
from vmaconv.prove.configuration.configurations import Configuration, TooMany
from vmaconv.prove.headers.header_index import FoundFunction, HeaderIndex, SourceFile
from vmaconv.prove.headers.overlays import Overlays
from vmaconv.prove.headers.type_places import TypePlaces
from vmaconv.prove.meaning.flag_words import FlagWords
from vmaconv.prove.meaning.frame import Frame
from vmaconv.prove.meaning.helper_calls import returned_type
from vmaconv.prove.meaning.interpreter import Interpreter
from vmaconv.prove.meaning.run_state import Seen
from vmaconv.prove.meaning.side_facts import SideFacts
from vmaconv.prove.meaning.statement_run import run_body
from vmaconv.prove.terms.term import Term, TermValue, made
from vmaconv.prove.terms.term_decider import TermDecider
from vmaconv.prove.terms.term_values import replaced_in
from vmaconv.prove.verdict import Example, Judgement, Verdict

_POINTERS = (Passed.SET_POINTER, Passed.WORD_POINTER)


class TreeSide(Struct, frozen=True):
    """One text of the tree, as far as functions are judged by it."""

    index: HeaderIndex
    places: TypePlaces
    only_here: Callable[[str, Ask], FoundFunction | None]
    hooks: HookFunctions


class FunctionJudging(Struct, frozen=True):
    """What all functions are judged by; `renamed` has the functions that have another name now.

    `hot` are names that mean something else than before; those of `plain` have nothing to do with
    flags, so that a statement which mentions one is not judged for that; functions of `numbers` take
    other numbers than before, so that one is judged which hands on flags.
    """

    before: TreeSide
    after: TreeSide
    overlays: Overlays
    ties: Mapping[str, SignatureTie]
    hot: frozenset[str]
    renamed: Mapping[str, str]
    built: BuiltFiles
    seconds: float | None = None
    plain: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    where: Mapping[str, str] = field(default_factory=dict)
    """Where macros changed, by name."""

    def learn_constants(self, names: Iterable[str], files: tuple[SourceFile, SourceFile]) -> bool:
        """Look for what constants stand for in headers that say nothing of flags.

        Returns whether one was found that was not known.
        """
        sides = (self.before.index, self.after.index)
        found = [
            index.learn_constant(name, file)
            for name in sorted(names)
            for index, file in zip(sides, files, strict=True)
        ]
        return any(found)


class Task(Struct, frozen=True):
    """A function to be judged: its file and name on both sides, and the line that is reported."""

    old: SourceFile
    new: SourceFile
    old_name: str
    name: str
    line: int


class _Shown(Struct):
    """What the configurations looked at so far have shown."""

    undecided: Judgement | None = None
    unrelated: list[Seen] = field(default_factory=list)
    aside: list[Seen] = field(default_factory=list)
    judged: int = 0
    looked_at: int = 0


def judge(task: Task, by: FunctionJudging) -> Judgement:
    """Return the verdict on a function."""
    deadline = None if by.seconds is None else time.process_time() + by.seconds
    found = _Shown()
    try:
        for configuration in by.after.index.configurations():
            if deadline is not None and time.process_time() > deadline:
                return _judgement(task, Verdict.UNDECIDED, "the time limit is over")
            verdict = _Once(task, by, configuration, deadline).verdict(found)
            if verdict is not None:
                return verdict
    except TooMany:
        reason = "there are too many configurations that can be told apart"
        return found.undecided or _judgement(task, Verdict.UNDECIDED, reason)
    except RecursionError:
        return _judgement(task, Verdict.UNDECIDED, "its expressions are too deep")
    return found.undecided or _overall(task, found)


def _overall(task: Task, found: _Shown) -> Judgement:
    if not found.looked_at:
        reason = "it compiles in no configuration that was looked at"
        return _judgement(task, Verdict.UNDECIDED, reason)
    if found.unrelated or (found.aside and not found.judged):
        seen = found.unrelated if found.judged else [*found.unrelated, *found.aside]
        places = ", ".join(str(line) for line in sorted({s.line for s in seen}))
        if not found.judged:
            reason = f"what changed in it has nothing to do with flags (line {places})"
            return _judgement(task, Verdict.NOT_JUDGED, reason)
        reason = f"line {places}: what else changed here has nothing to do with flags; read it"
        return _judgement(task, Verdict.UNDECIDED, reason)
    return _judgement(task, Verdict.PROVEN)


def _judgement(
    task: Task, verdict: Verdict, reason: str = "", line: int = 0, example: Example | None = None
) -> Judgement:
    return Judgement(task.new.path, task.name, line or task.line, verdict, reason, example)


class _Once:
    """A function in one configuration."""

    def __init__(
        self, task: Task, by: FunctionJudging, configuration: Configuration, deadline: float | None
    ) -> None:
        self._task = task
        self._by = by
        self._configuration = configuration
        self._ask = asker(configuration)
        self._deadline = deadline

    def verdict(self, found: _Shown) -> Judgement | None:
        """Return a verdict that holds whatever the other configurations show, or None."""
        task, ask = self._task, self._ask
        if not self._by.built.is_built(task.new.path, ask):
            return None
        old = next(task.old.functions(task.old_name, ask), None)
        new = next(task.new.functions(task.name, ask), None)
        if old is None or new is None:
            if (old is None) != (new is None):
                when = "before" if new is None else "now"
                where = ", ".join(self._configuration.words())
                reason = f"it exists only {when} in the configuration {where}"
                found.undecided = found.undecided or _judgement(task, Verdict.UNDECIDED, reason)
            return None
        width = self._width
        try:
            old, new = self._told_apart(old, new)
            lockstep = self._lockstep(old, new)
            lockstep.compare_bodies(_statements(old.node), _statements(new.node))
        except NoBuild:
            return None
        except Undecided as error:
            found.looked_at += 1
            self._note(found, error)
            return None
        except Different as error:
            names = constants_of_one_side(error)
            if names and self._by.learn_constants(names, (task.old, task.new)):
                return self.verdict(found)
            if names:
                why = f"what {min(names)} stands for is not known"
                found.looked_at += 1
                self._note(found, Undecided(why, error.after.seen))
                return None
            example = example_of(error, width, self._configuration, self._by.after.index, self._ask)
            line = error.after.seen.line or self._task.line
            return _judgement(self._task, Verdict.DIFFERS, error.reason, line, example)
        found.looked_at += 1
        found.unrelated.extend(lockstep.unrelated)
        found.aside.extend(lockstep.aside)
        found.judged += lockstep.judged
        return None

    def _told_apart(
        self, old: FoundFunction, new: FoundFunction
    ) -> tuple[FoundFunction, FoundFunction]:
        """Return two functions in which each local has a name of its own. Raises `Undecided`."""
        shadows = [[name for name, _ in shadowed_locals(f.node)] for f in (old, new)]
        if not any(shadows):
            return old, new
        apart = with_own_names(old), with_own_names(new)
        if shadows[0] != shadows[1] or apart[0] is None or apart[1] is None:
            name = (*shadows[1], *shadows[0])[0]
            raise Undecided(f"two variables are called {name}", _seen(new, new.node))
        return apart[0], apart[1]

    def _note(self, found: _Shown, error: Undecided) -> None:
        if found.undecided is None:
            where = f"line {error.seen.line}: " if error.seen.line else ""
            reason = f"{where}{error.reason}: {error.seen.text}".rstrip(": ")
            found.undecided = _judgement(
                self._task, Verdict.UNDECIDED, reason, error.seen.line or self._task.line
            )

    @property
    def _width(self) -> int:
        return 32 if self._configuration.known("64BIT") is False else 64

    # Both sides.

    def _lockstep(self, old: FoundFunction, new: FoundFunction) -> Lockstep:
        own = self._by.ties.get(self._task.old_name)
        given = (parameters_of(old.node), parameters_of(new.node))
        pairs = own.pairs if own is not None else answering(*given)
        renamed = {**self._by.renamed, **renamed_locals(old.node, new.node, pairs)}
        sides = (
            self._interpreter(old, self._by.before, self._task.old, {}, is_new=False),
            self._interpreter(new, self._by.after, self._task.new, renamed, is_new=True),
        )
        tested = tested_locals(old.node, new.node, renamed)
        for side, names in zip(sides, tested, strict=True):
            side.frame.tested = names
        equality = Equality(TermDecider(self._width, self._deadline))
        ties = Ties(self._ties(old.path), self._predicate)
        start_unrenamed(sides[1], old, new, pairs)
        start_narrow(sides, old, new, pairs)
        if own is not None:
            self._tie_parameters(own, sides, old, new)
        words = tuple(
            FlagWords(
                run.facts,
                self._by.hot - self._by.plain,
                run.frame.types,
                locals_of(f.node),
                self._by.numbers,
            ).with_answers(f.node)
            for run, f in zip(sides, (old, new), strict=True)
        )
        functions = (old, new)
        return Lockstep(
            sides[0],
            sides[1],
            equality,
            ties,
            lambda nodes, is_new: any(words[int(is_new)].has_flags(n) for n in nodes),
            lambda node, is_new: _seen(functions[int(is_new)], node),
        )

    def _ties(self, path: str) -> dict[str, SignatureTie]:
        return {
            name: tie
            for name, tie in self._by.ties.items()
            if not tie.after.is_static or tie.after.path in (path, self._task.new.path)
            or tie.after.path.endswith(".h")
        }  # fmt: skip

    def _interpreter(
        self,
        function: FoundFunction,
        side: TreeSide,
        file: SourceFile,
        renamed: Mapping[str, str],
        *,
        is_new: bool,
    ) -> Interpreter:
        overlays = self._by.overlays
        changed = frozenset(
            name for name, tie in self._ties(file.path).items() if not is_told_by_its_body(tie)
        )
        if is_new:
            changed |= {n for n, old in self._by.renamed.items() if old in changed}
        facts = SideFacts(
            side.index,
            file,
            self._ask,
            overlays.after if is_new else overlays.before,
            overlays,
            side.places.types(file),
            changed,
            self._by.hot,
            self._by.where,
            _unseen(function, file, side.hooks),
            side.only_here,
        )
        frame = Frame("", renamed=renamed, returns=returned_type(function))
        frame.types.update(parameters_of(function.node))
        return Interpreter(facts, frame, run_body, lambda node: _seen(function, node))

    def _tie_parameters(
        self,
        tie: SignatureTie,
        sides: tuple[Interpreter, Interpreter],
        old: FoundFunction,
        new: FoundFunction,
    ) -> None:
        """Let the parameters of both sides start with what answers to each other."""
        if not tie.is_whole:
            raise Undecided("its parameters are others than before", _seen(new, new.node))
        given = (parameters_of(old.node), parameters_of(new.node))
        if len(given[0]) != len(given[1]):
            raise Undecided("its parameters are others than before", _seen(new, new.node))
        for position, (i, j) in enumerate(tie.pairs):
            a, b = tie.before.parameters[i].passed, tie.after.parameters[j].passed
            names = (given[0][i][0], given[1][j][0])
            for k, passed in enumerate((a, b)):
                if passed is Passed.SET_POINTER and (a, b)[1 - k] not in _POINTERS:
                    run, place = sides[k], sides[k].frame.local(names[k])
                    behind = made("var", ("*" + names[0],))
                    run.state.values[place] = TermValue(made("addr", (behind,)))
                    run.state.values[behind] = TermValue(made("init", (names[0],)), "set")
            if a is not b and Passed.TRUTH in (a, b):
                asked = self._predicate(tie, position, b is Passed.TRUTH)
                if asked is not None:
                    k = 1 if b is Passed.TRUTH else 0
                    place = sides[k].frame.local(names[k])
                    word = made("init", (names[0],))
                    asks = replaced_in(asked[0], {asked[1]: word})
                    sides[k].state.values[place] = TermValue(asks, "word")

    def _predicate(
        self, tie: SignatureTie, position: int, before: bool
    ) -> tuple[Term, Term] | None:
        """Return what a function's body asks of a word that is a bool on the other side."""
        signature = tie.before if before else tie.after
        side = self._by.before if before else self._by.after
        file = side.index.file(signature.path)
        function = None
        if file is not None:
            function = next(file.functions(signature.name, self._ask), None)
        if function is None or file is None:
            return None
        run = self._interpreter(function, side, file, {}, is_new=not before)
        number = tie.pairs[position][0 if before else 1]
        given = parameters_of(function.node)
        if number >= len(given):
            return None
        return predicate_of(run, function, given[number][0])


def _statements(function: Node) -> list[Node]:
    return [c for c in function.children[-1].children if c.kind not in "{}"]


def _unseen(function: FoundFunction, file: SourceFile, hooks: HookFunctions) -> frozenset[Term]:
    """Return the VMA of a function that is only run for `.mmap` hooks: it is in no tree yet."""
    given = parameters_of(function.node)
    names = [n for n, t in given if t.base == b"struct vm_area_struct"]
    if not names or not hooks.is_one(function.name, file):
        return frozenset()
    return frozenset(made("init", (n,)) for n in names)


def _seen(function: FoundFunction, node: Node) -> Seen:
    head = node
    end = node.end
    if node.kind in ("if_statement", "while_statement", "switch_statement"):
        end = node.children[3].end
    elif node.kind in (
        "for_statement",
        "iterator_statement",
        "do_statement",
        "function_definition",
    ):
        end = node.children[-1].start
    text = " ".join(function.text[head.start : end].decode(errors="replace").split())
    return Seen(function.line_of(head), text if len(text) <= 160 else text[:157] + "...")
