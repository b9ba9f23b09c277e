# SPDX-License-Identifier: GPL-2.0-only
"""Two bodies of code, gone through side by side.

In: the statements of a function before and after, and an interpreter for each. Out: nothing where they
do the same; `Different` or `Undecided` where not. Statements are lined up by their texts; what does
not line up is run as a stretch and compared as a whole; loops and labels are compared step by step,
with all that they may have changed unknown, but the same on both sides.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import SequenceMatcher

from vmaconv.cocci.tree.node import Node
from vmaconv.prove.comparing.difference import Different, Equality, Undecided
from vmaconv.prove.comparing.loop_comparison import LoopComparison
from vmaconv.prove.comparing.loop_head import LOOPS
from vmaconv.prove.comparing.meeting_points import JumpsBack, MeetingPoints, is_jumped_into
from vmaconv.prove.comparing.paired_run import PairedRun, Statements
from vmaconv.prove.comparing.statement_alignment import lined_up_by_kinds
from vmaconv.prove.comparing.statement_parts import (
    PARTED,
    arm_of,
    hands_on_flags,
    inner_statements,
    is_large,
    is_plain,
    statements_in,
)
from vmaconv.prove.comparing.tied_arguments import Ties
from vmaconv.prove.meaning.interpreter import Interpreter
from vmaconv.prove.meaning.run_state import NotUnderstood, RunState, Seen, merged
from vmaconv.prove.meaning.statement_run import rooms
from vmaconv.prove.terms.term import ONE, ZERO, Term, disjunction, negation
from vmaconv.prove.terms.term_values import in_words

IsAbout = Callable[[Statements, bool], bool]
"""Returns whether statements (before, or with True after) have to do with flags."""

STATEMENTS_MOST = 12
"""A statement that holds more is compared part by part first."""

REFACTORED_MOST = 12
"""How many statements without flags are compared all the same."""

HALVED_MOST = 2
"""How many conditions a stretch is compared in halves by."""

_LABELS = frozenset({"label", "case_label"})


class Lockstep:
    """Goes through two bodies; `unrelated` collects where changes have nothing to do with flags."""

    def __init__(
        self,
        old: Interpreter,
        new: Interpreter,
        equality: Equality,
        ties: Ties,
        is_about_flags: IsAbout,
        locate: Callable[[Node, bool], Seen],
    ) -> None:
        self._sides = (old, new)
        self._equality = equality
        self._is_about_flags = is_about_flags
        self._locate = locate
        self.unrelated: list[Seen] = []
        self.aside: list[Seen] = []
        """Where changes have nothing to do with flags, and are known to do the same all the same."""
        self._meeting = MeetingPoints(self._sides, equality)
        self._runs = PairedRun(self._sides, equality, ties, self._meeting, locate)
        self._loops = LoopComparison(
            self._sides, equality, self._meeting, self.walk, self._runs, locate
        )
        self.judged = 0
        self.lock_changes: list[Different] = []
        """Locks that statements without flags take or leave on one side only."""

    def compare_bodies(self, olds: Statements, news: Statements) -> None:
        """Compare the statements of two functions.

        Raises `Different`, `Undecided`, `NoBuild`.
        """
        self._meeting.keep(olds, news)
        start = [(run.state.copy(), dict(run.frame.types)) for run in self._sides]
        unequal: frozenset[str] = frozenset()
        while True:
            try:
                self.walk(olds, news)
                self._check_structs()
                if self.judged and self.lock_changes:
                    raise self.lock_changes[0]
                return
            except JumpsBack as error:
                # What was taken for the same at a label is not: go through it all without that.
                if error.names <= unequal:
                    what = f"what {min(error.names)} holds here is not known"
                    raise Undecided(what, self._sides[1].seen) from None
                unequal |= error.names
            for run, (state, types) in zip(self._sides, start, strict=True):
                run.state, run.frame.types = state.copy(), dict(types)
            self._meeting.restart(unequal)
            self._equality.where, self.unrelated, self.aside, self.judged = (), [], [], 0
            self.lock_changes = []

    def _check_structs(self) -> None:
        """Raise `Undecided` where one pointer is taken for two structs, one on each side."""
        before, after = (run.structs for run in self._sides)
        for pointer, tags in before.items():
            others = after.get(pointer, tags)
            if not tags & others:
                names = [f"struct {min(side)}" for side in (tags, others)]
                what = f"{in_words(pointer)} was taken for a {names[0]}, and now for a {names[1]}"
                raise Undecided(what, self._sides[1].seen)

    # Lining up.

    def walk(self, olds: Statements, news: Statements) -> None:
        """Compare two lists of statements."""
        before = [self._key(n, False) for n in olds]
        after = [self._key(n, True) for n in news]
        for tag, i1, i2, j1, j2 in SequenceMatcher(
            None, before, after, autojunk=False
        ).get_opcodes():
            if tag == "equal":
                for a, b in zip(olds[i1:i2], news[j1:j2], strict=True):
                    self._same(a, b)
            else:
                self._gap(olds[i1:i2], news[j1:j2])

    def _key(self, node: Node, is_new: bool) -> tuple[str, ...]:
        renamed = self._sides[int(is_new)].frame.renamed
        words = (t.decode(errors="replace") for t in node.tokens())
        return tuple(renamed.get(word, word) for word in words)

    def _same(self, a: Node, b: Node) -> None:
        """Compare two statements of equal text."""
        if a.kind in _LABELS:
            self._meeting.label(a)
            return
        if not (
            self.judged
            or set(rooms(self._sides[0], a)) == set(rooms(self._sides[1], b))
            or self._is_about_flags([a], False)
            or self._is_about_flags([b], True)
        ):
            # A local has another type, and none had to do with flags until here.
            self._pass_over([a], [b])
            return
        try:
            if not self._is_the_same_when_run(a, b):
                self._trial(lambda: self._runs.stretch([a], [b], as_text=True))
        except (NotUnderstood, Different, Undecided):
            self._changed_in_meaning(a, b)
        else:
            self._meeting.note_jumps_in(a)

    def _is_the_same_when_run(self, a: Node, b: Node) -> bool:
        """Run statements without calls, or that take the address of flags; return whether they do
        the same.

        By its text alone a set would be what it was on both sides, and no longer what it is made of,
        and all memory would be another.
        """
        if not is_plain(a) and not all(
            hands_on_flags(run.frame.types, node)
            for run, node in zip(self._sides, (a, b), strict=True)
        ):
            return False
        try:
            self._trial(lambda: self._runs.stretch([a], [b]))
        except (NotUnderstood, Different, Undecided):
            return False
        return True

    def _changed_in_meaning(self, a: Node, b: Node) -> None:
        """Compare two statements of equal text that do not say the same any more."""
        is_plain = not self._is_about_flags([a], False) and not self._is_about_flags([b], True)
        hot = self._sides[1].facts.hot
        if not is_plain or hot.isdisjoint(self._key(b, True)):
            self._pair(a, b)
            return
        try:
            self._trial(lambda: self._pair(a, b))
        except (NotUnderstood, Different, Undecided):
            # A macro in it changed that has nothing to do with flags.
            self._pass_over([a], [b])

    def _gap(self, olds: Statements, news: Statements) -> None:
        """Compare statements of different texts."""
        if not self._is_about_flags(olds, False) and not self._is_about_flags(news, True):
            if self._is_refactored(olds, news):
                self.aside.append(self._locate(news[0], True) if news else self._place(olds))
            else:
                self._pass_over(olds, news)
            return
        self.judged += 1
        if len(olds) == len(news) == 1:
            self._pair(olds[0], news[0])
            return
        try:
            self._stretch(olds, news)
        except (NotUnderstood, Undecided) as error:
            self._in_parts(olds, news, error)

    def _is_refactored(self, olds: Statements, news: Statements) -> bool:
        """Return whether a few statements without flags do the same; they are run then."""
        if len(olds) + len(news) > REFACTORED_MOST or any(map(is_large, (*olds, *news))):
            return False

        def run() -> None:
            before = self._meeting.unequal()
            self._runs.stretch(olds, news)
            if self._meeting.unequal() - before:
                raise NotUnderstood("a local holds something else")

        try:
            self._trial(run)
        except (NotUnderstood, Different, Undecided):
            return False
        return True

    def _pass_over(self, olds: Statements, news: Statements) -> None:
        """Note statements that have nothing to do with flags, and that anything may have changed."""
        self.unrelated.append(self._locate(news[0], True) if news else self._place(olds))
        self.lock_changes += self._runs.lock_changes(olds, news)
        for node in (*olds, *news):
            self._meeting.learn(node)
        self._meeting.join(None)

    def _place(self, olds: Statements) -> Seen:
        found = self._locate(olds[0], False)
        return Seen(found.line, found.text)

    def _in_parts(self, olds: Statements, news: Statements, error: Exception) -> None:
        """Compare a gap piece by piece, lined up by what kinds of statements it has."""
        kinds = [[n.kind for n in side] for side in (olds, news)]
        if not any(k in LOOPS or k == "switch_statement" or k == "if_statement" for k in kinds[0]):
            raise self._undecided(error, news or olds)
        if kinds[0] == kinds[1]:
            for a, b in zip(olds, news, strict=True):
                self._pair(a, b)
            return
        lined = lined_up_by_kinds(olds, news)
        if not any(one.is_pair for one in lined):
            raise self._undecided(error, news or olds)
        for one in lined:
            if one.is_pair:
                self._pair(one.olds[0], one.news[0])
            else:
                self._stretch_of(one.olds, one.news)

    def _stretch_of(self, olds: Statements, news: Statements) -> None:
        try:
            self._stretch(olds, news)
        except NotUnderstood as error:
            raise self._undecided(error, news or olds) from None

    def _stretch(self, olds: Statements, news: Statements, halved: int = 0) -> None:
        """Compare two stretches as wholes, and where that fails in two halves: a condition holds,
        or does not."""
        try:
            self._trial(lambda: self._runs.stretch(olds, news))
        except (Undecided, Different) as error:
            condition = self._runs.to_part_by() if halved < HALVED_MOST else None
            if condition is None:
                raise
            try:
                self._trial(lambda: self._halves(condition, olds, news, halved))
            except (Undecided, Different, NotUnderstood):
                raise error from None

    def _halves(self, condition: Term, olds: Statements, news: Statements, halved: int) -> None:
        def half(is_else: int) -> None:
            self._runs.assume(condition, ZERO if is_else else ONE)
            try:
                self._stretch(olds, news, halved + 1)
            finally:
                self._runs.assume_no_longer(condition)

        self._both_ways(condition, half)

    def _undecided(self, error: Exception, at: Statements) -> Exception:
        if isinstance(error, Undecided):
            return error
        seen = self._sides[1].seen if not at else self._locate(at[0], True)
        return Undecided(str(error), seen)

    # Pairs.

    def _pair(self, a: Node, b: Node) -> None:
        """Compare two statements that answer to each other."""
        if a.kind == b.kind and (a.kind in LOOPS or a.kind == "switch_statement"):
            self._inside(a, b)
            return
        if a.kind == b.kind and statements_in(a) > STATEMENTS_MOST:
            self._large_pair(a, b)
            return
        try:
            self._stretch([a], [b])
        except (NotUnderstood, Undecided) as error:
            if a.kind != b.kind or a.kind not in PARTED:
                raise self._undecided(error, [b]) from None
            self._inside(a, b)

    def _large_pair(self, a: Node, b: Node) -> None:
        """Compare two statements part by part, and only where that fails as a whole.

        What many statements come to together is more than can be decided, mostly.
        """
        try:
            self._trial(lambda: self._inside(a, b))
        except (NotUnderstood, Undecided, Different) as error:
            try:
                self._trial(lambda: self._runs.stretch([a], [b]))
            except (NotUnderstood, Undecided, Different):
                raise (
                    error if isinstance(error, Different) else self._undecided(error, [b])
                ) from None

    def _inside(self, a: Node, b: Node) -> None:
        """Compare the parts of two statements of one kind."""
        match a.kind:
            case "if_statement":
                self._if(a, b)
            case "compound_statement":
                self.walk(inner_statements(a), inner_statements(b))
            case "switch_statement":
                self._switch(a, b)
            case _:
                self._loops.compare(a, b)

    def _if(self, a: Node, b: Node) -> None:
        if is_jumped_into(a) or is_jumped_into(b):
            raise Undecided("the code jumps into an arm of this if", self._locate(b, True))
        condition, is_turned = self._condition(a, b)
        self._both_ways(
            condition,
            lambda is_else: self.walk(arm_of(a, is_else), arm_of(b, is_else != is_turned)),
        )

    def _both_ways(self, condition: Term, work: Callable[[int], None]) -> None:
        """Do some work where a condition holds, and (with 1) where it does not, and go on from both."""
        where = self._equality.where
        before = [run.state.copy() for run in self._sides]
        ends: list[list[RunState]] = []
        for is_else, holds in enumerate((condition, negation(condition))):
            for run, state in zip(self._sides, before, strict=True):
                run.state = state.copy()
            self._equality.where = (*where, holds)
            work(is_else)
            left = [h for h in self._equality.where if h not in (*where, holds)]
            ends.append([run.state for run in self._sides])
            where_left = tuple(_implied(holds, h) for h in left)
            where = (*where, *where_left)
        self._equality.where = where
        time = max(state.time for pair in ends for state in pair)
        same = all(state.time == time for pair in ends for state in pair)
        for number, run in enumerate(self._sides):
            run.state = merged(condition, ends[0][number], ends[1][number])
            run.state.time = time if same else time + 1

    def _condition(self, a: Node, b: Node) -> tuple[Term, bool]:
        """Compare the conditions of two `if`s; return what the one before comes to, and whether
        the one after asks for the opposite."""
        kept = [run.state.copy() for run in self._sides]
        try:
            return self._runs.condition(a.children[2], b.children[2]), False
        except Different:
            states = [run.state for run in self._sides]
            for run, state in zip(self._sides, kept, strict=True):
                run.state = state
            try:
                opposite = self._runs.condition(a.children[2], b.children[2], is_turned=True)
            except (Different, Undecided):
                for run, state in zip(self._sides, states, strict=True):
                    run.state = state
            else:
                return opposite, True
            raise

    def _switch(self, a: Node, b: Node) -> None:
        if is_jumped_into(a) or is_jumped_into(b):
            raise Undecided("the code jumps into this switch", self._locate(b, True))
        where = self._equality.where
        self._runs.expressions([a.children[2]], [b.children[2]])
        written = self._meeting.written((a, b))
        self._meeting.note_head()
        self.walk([a.children[-1]], [b.children[-1]])
        self._meeting.join(written)
        self._equality.where = where

    def _trial(self, work: Callable[[], None]) -> None:
        """Do some work; put everything back where it raises."""
        kept = [(run.state.copy(), dict(run.frame.types)) for run in self._sides]
        where = self._equality.where
        noted = self.judged, list(self.unrelated), self._meeting.marks(), list(self.aside)
        try:
            work()
        except (NotUnderstood, Different, Undecided):
            self.judged, self.unrelated = noted[:2]
            self._meeting.put_back(noted[2])
            self.aside = noted[3]
            for run, (state, types) in zip(self._sides, kept, strict=True):
                run.state = state
                run.frame.types.update(types)
            self._equality.where = where
            raise


def _implied(condition: Term, consequence: Term) -> Term:
    return disjunction(negation(condition), consequence)
