# SPDX-License-Identifier: GPL-2.0-only
"""Stretches and expressions of two bodies of code, run on both sides and compared.

In: statements or expressions before and after, and an interpreter for each. Out: nothing where they do
the same; `Different`, `Undecided` or `NoBuild` where not. What answers to what is `lockstep`'s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from vmaconv.cocci.tree.node import Node
from vmaconv.prove.comparing.difference import DifferenceSide, Different, Equality, Undecided
from vmaconv.prove.comparing.meeting_points import MeetingPoints
from vmaconv.prove.comparing.statement_parts import calls_in, jumps_in, locks_in
from vmaconv.prove.comparing.stretch_comparison import Done, compare
from vmaconv.prove.comparing.tied_arguments import Ties
from vmaconv.prove.meaning.interpreter import Interpreter
from vmaconv.prove.meaning.run_state import DoesNotCompile, NotDeclared, NotUnderstood, Seen
from vmaconv.prove.meaning.statement_run import opaque, run_statements
from vmaconv.prove.terms.term import ONE, ZERO, Term, negation

Statements = Sequence[Node]


class NoBuild(Exception):
    """The text before does not compile in this configuration, so that there is nothing to compare."""


class PairedRun:
    """Runs what answers to each other on both sides, from the states that these are in."""

    def __init__(
        self,
        sides: tuple[Interpreter, Interpreter],
        equality: Equality,
        ties: Ties,
        meeting: MeetingPoints,
        locate: Callable[[Node, bool], Seen],
    ) -> None:
        self._sides = sides
        self._equality = equality
        self._ties = ties
        self._meeting = meeting
        self._locate = locate
        self.last: tuple[Done, ...] = ()
        """What both sides did in the stretch that was run last."""

    def condition(self, a: Node, b: Node, *, is_turned: bool = False) -> Term:
        """Compare two conditions with their effects, and return what the one before comes to.

        With `is_turned` the one after has to be the opposite.
        """
        found: list[Term] = []
        done: list[Done] = []
        for run, node, is_new in zip(self._sides, (a, b), (False, True), strict=True):
            self._start(run, self._locate(node, is_new))
            found.append(self._understood(run, lambda run=run, node=node: run.truth(node), is_new))  # type: ignore[misc]
            done.append(self._end(run))
        if is_turned:
            found[1] = negation(found[1])
        compare(done[0], done[1], self._equality, self._ties)
        self._equality.require(
            "a condition differs",
            DifferenceSide(done[0].seen, found[0]),
            DifferenceSide(done[1].seen, found[1]),
        )
        return found[0]

    def _understood(self, run: Interpreter, work: Callable[[], Term], is_new: bool) -> Term:
        try:
            return work()
        except DoesNotCompile as error:
            raise self._no_build(error, is_new) from None
        except NotUnderstood as error:
            raise Undecided(str(error), run.seen) from None

    def _no_build(self, error: DoesNotCompile, is_new: bool) -> Exception:
        if not is_new and isinstance(error, NotDeclared):
            return NoBuild()
        if not is_new:
            # The text before compiles, so it is we who do not understand it.
            return Undecided(str(error), self._sides[0].seen)
        old, new = self._sides
        return Different(
            f"does not compile: {error}",
            DifferenceSide(old.seen, "compiles"),
            DifferenceSide(new.seen, str(error)),
            {},
        )

    def expressions(self, olds: Statements, news: Statements) -> None:
        """Compare expressions by their values."""
        if len(olds) != len(news):
            raise Undecided("the head of a loop differs", self._sides[1].seen)
        for a, b in zip(olds, news, strict=True):
            if a.kind == "declaration" or b.kind == "declaration":
                self.stretch([a], [b])
                continue
            found: list[Term] = []
            done: list[Done] = []
            for run, node, is_new in zip(self._sides, (a, b), (False, True), strict=True):
                self._start(run, self._locate(node, is_new))
                work = _valued(run, node)
                found.append(self._understood(run, work, is_new))
                done.append(self._end(run))
            compare(done[0], done[1], self._equality, self._ties)
            self._equality.require(
                "a value differs",
                DifferenceSide(done[0].seen, found[0]),
                DifferenceSide(done[1].seen, found[1]),
            )

    def stretch(self, olds: Statements, news: Statements, *, as_text: bool = False) -> None:
        """Run two stretches and compare what they did."""
        done: list[Done] = []
        for run, nodes, is_new in zip(self._sides, (olds, news), (False, True), strict=True):
            at = self._locate(nodes[0], is_new) if nodes else Seen(0, "")
            self._start(run, at)
            try:
                if as_text:
                    opaque(run, nodes[0])
                else:
                    run_statements(run, nodes)
            except DoesNotCompile as error:
                raise self._no_build(error, is_new) from None
            done.append(self._end(run))
        self.last = tuple(done)
        if not olds or not news:
            done = [Done(d.effects, d.exits, d.state, _other(done, d)) for d in done]
        compare(done[0], done[1], self._equality, self._ties)
        self._meeting.note_exits(done[0].exits)
        gone = done[0].state.gone
        if gone.number != 0:
            self._equality.where = (*self._equality.where, negation(gone))
        for run in self._sides:
            run.state.gone = ZERO

    def to_part_by(self) -> Term | None:
        """Return a condition by which the last stretch may be compared in two halves, or None.

        Both sides do the same things then, but at places of other conditions, or another number of
        times: `if (a) f(); else { f(); g(); }` and `f(); if (!a) g();`.
        """
        names = [{(e.kind, e.name) for e in done.effects} for done in self.last]
        if len(names) != 2 or names[0] != names[1] or not names[0]:
            return None
        return next((c for run in self._sides for c in run.conditions), None)

    def assume(self, condition: Term, holds: Term) -> None:
        """Let a condition come to what `holds` says on both sides."""
        for run in self._sides:
            run.assumed[condition] = holds
            run.assumed[negation(condition)] = negation(holds)

    def assume_no_longer(self, condition: Term) -> None:
        """Forget what a condition comes to."""
        for run in self._sides:
            run.assumed.pop(condition, None)
            run.assumed.pop(negation(condition), None)

    def lock_changes(self, olds: Statements, news: Statements) -> Iterator[Different]:
        """Yield the locks that statements take or leave on one side only.

        Where the other side calls what this one does not, the lock may be in there; where one jumps
        to a label and the other does not, it may be behind that.
        """
        jumps = [
            Counter(label for node in nodes for label in jumps_in(node)) for nodes in (olds, news)
        ]
        if jumps[0] != jumps[1]:
            return
        calls = [{name for node in nodes for name in calls_in(node)} for nodes in (olds, news)]
        sides = [
            Counter(name for node in nodes for name in locks_in(node)) for nodes in (olds, news)
        ]
        for name in (*(sides[0] - sides[1]), *(sides[1] - sides[0])):
            this, other = calls if sides[0][name] > sides[1][name] else calls[::-1]
            if other - this:
                continue
            seen = self._locate(olds[0], False) if olds else Seen(0, "(nothing)")
            now = self._locate(news[0], True) if news else Seen(seen.line, "(nothing)")
            times = [f"{name}() is called {side[name]} times" for side in sides]
            verb = "no longer" if sides[0][name] > sides[1][name] else "now"
            before, after = DifferenceSide(seen, times[0]), DifferenceSide(now, times[1])
            yield Different(f"{name}() is {verb} called", before, after, {})

    def _start(self, run: Interpreter, seen: Seen) -> None:
        run.effects, run.exits, run.seen, run.under = [], [], seen, None
        run.conditions, run.began = [], run.state.time
        run.state.path, run.state.gone, run.state.reached = ONE, ZERO, {}

    def _end(self, run: Interpreter) -> Done:
        return Done(run.effects, run.exits, run.state, run.seen)


def _valued(run: Interpreter, node: Node) -> Callable[[], Term]:
    return lambda: run.value(node).term


def _other(done: Sequence[Done], one: Done) -> Seen:
    """Return where a side stands; for one with nothing in it, where the other does."""
    if one.seen.line:
        return one.seen
    found = next((d.seen for d in done if d.seen.line), one.seen)
    return Seen(found.line, "(nothing)")
