# SPDX-License-Identifier: GPL-2.0-only
"""Two loops, compared by one turn that stands for all.

In: loops on both sides, and what compares statements and expressions. Out: nothing where they do the
same. What a turn may change is unknown when it starts, but the same on both sides; where it is not the
same when it ends, the next turn is gone through with what the first left behind, and after that with
nothing known of it at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from vmaconv.cocci.tree.node import Node
from vmaconv.prove.comparing.difference import Equality, Parted, Undecided
from vmaconv.prove.comparing.loop_head import LoopHead, head_of
from vmaconv.prove.comparing.meeting_points import (
    JumpsBack,
    MeetingPoints,
    is_jumped_into,
    unknown_local,
)
from vmaconv.prove.comparing.paired_run import PairedRun
from vmaconv.prove.meaning.interpreter import Interpreter
from vmaconv.prove.meaning.run_state import NotUnderstood, RunState, Seen
from vmaconv.prove.terms.term import Term

Walk = Callable[[Sequence[Node], Sequence[Node]], None]
"""Compares two lists of statements."""


_LEAVING = frozenset({"break_statement", "goto_statement"})

_TURNS_TRIED = 2
"""Turns that are gone through to find out what a loop may leave."""


class LoopComparison:
    """Compares loops of two functions that are gone through side by side."""

    def __init__(
        self,
        sides: tuple[Interpreter, Interpreter],
        equality: Equality,
        meeting: MeetingPoints,
        walk: Walk,
        runs: PairedRun,
        locate: Callable[[Node, bool], Seen],
    ) -> None:
        self._sides = sides
        self._equality = equality
        self._meeting = meeting
        self._walk = walk
        self._runs = runs
        self._locate = locate

    def compare(self, a: Node, b: Node) -> None:
        """Compare two loops. Raises `Different`, `Undecided`."""
        if is_jumped_into(a) or is_jumped_into(b):
            raise Undecided("the code jumps into this loop", self._locate(b, True))
        heads = (head_of(a), head_of(b))
        if heads[0].name != heads[1].name:
            raise Undecided("another loop is used", self._locate(b, True))
        if len(heads[0].condition) != len(heads[1].condition):
            raise Undecided("the head of a loop differs", self._locate(b, True))
        where = self._equality.where
        self._runs.expressions(heads[0].first, heads[1].first)
        outer = set(self._meeting.unequal_at_jumps)
        written = self._meeting.written((a, b))
        entry = [run.state.copy() for run in self._sides]
        while True:
            differing = self._turn(heads, written)
            if not differing:
                break
            self._note_parting(heads, written, entry, differing)
            # What the next turn starts with is not the same, so nothing is known of it.
            self._meeting.unequal_at_jumps |= differing
        self._equality.where = ()
        self._meeting.join(written)
        self._equality.where = where
        self._meeting.unequal_at_jumps = outer | self._meeting.unequal_at_gotos

    def _turn(self, heads: tuple[LoopHead, LoopHead], written: set[str]) -> set[str]:
        """Compare one turn of a loop; return what is not the same after it, though it was before.

        Where there is such a local, all is as it was before the turn; `Different` is raised where
        the next turn differs for it.
        """
        where = self._equality.where
        before = [run.state.copy() for run in self._sides]
        jumps = set(self._meeting.unequal_at_jumps)
        unknown = self._meeting.join(written)
        self._turn_once(heads, written)
        left = (self._meeting.unequal() | self._meeting.unequal_at_jumps - jumps) & written
        differing = left - unknown
        if differing:
            carried = [run.state.copy() for run in self._sides]
            self._restore(before)
            self._meeting.unequal_at_jumps = set(jumps)
            self._equality.where = where
            self._try_next_turn(heads, written, carried, differing)
            self._restore(before)
            self._equality.where = where
            self._meeting.unequal_at_jumps = jumps
        return differing

    def _turn_once(self, heads: tuple[LoopHead, LoopHead], written: set[str]) -> None:
        if heads[1].name:
            self._runs.expressions(heads[0].condition, heads[1].condition)
            self._meeting.join(written)
        elif heads[0].condition:
            self._runs.condition(heads[0].condition[0], heads[1].condition[0])
        self._walk([heads[0].body], [heads[1].body])
        self._equality.where = ()
        self._runs.expressions(heads[0].step, heads[1].step)

    def _try_next_turn(
        self,
        heads: tuple[LoopHead, LoopHead],
        written: set[str],
        carried: Sequence[RunState],
        differing: set[str],
    ) -> None:
        """Raise `Different` where a turn differs that starts with what the one before it left."""
        self._meeting.join(written)
        for run, state in zip(self._sides, carried, strict=True):
            for name in list(run.frame.types):
                place = run.frame.local(name)
                if run.frame.renamed.get(name, name) in differing and place in state.values:
                    run.state.values[place] = state.values[place]
        with suppress(NotUnderstood, Undecided, JumpsBack):
            self._turn_once(heads, written - differing)

    def _note_parting(
        self,
        heads: tuple[LoopHead, LoopHead],
        written: set[str],
        entry: Sequence[RunState],
        differing: set[str],
    ) -> None:
        """Note what locals hold after one turn and after two, from how the loop is entered.

        Only of a loop that ends by its condition is it known that this is what it leaves. Raises
        `Different` where one of these turns does.
        """
        leaves = any(n.kind in _LEAVING for head in heads for n in head.body.walk())
        if leaves or not heads[0].condition:
            return
        before = [run.state.copy() for run in self._sides]
        where, marks = self._equality.where, self._meeting.marks()
        self._restore(entry)
        guard: tuple[Term, ...] = ()
        try:
            for _ in range(_TURNS_TRIED):
                guard = (*guard, *self._real_turn(heads, written))
                values = {
                    unknown_local(name, i): run.state.read(run.frame.local(own)).term
                    for i, run in enumerate(self._sides)
                    for own in run.frame.types
                    if (name := run.frame.renamed.get(own, own)) in differing
                }
                self._equality.parted.append(Parted(values, guard))
        except (NotUnderstood, Undecided, JumpsBack):
            pass
        self._restore(before)
        self._equality.where = where
        self._meeting.put_back(marks)

    def _real_turn(self, heads: tuple[LoopHead, LoopHead], written: set[str]) -> list[Term]:
        """Go through a turn with what is known; return under which condition it is taken."""
        taken: list[Term] = []
        if heads[1].name:
            self._runs.expressions(heads[0].condition, heads[1].condition)
            # What an iterator steps is among its arguments.
            steps = {t.decode(errors="replace") for n in heads[0].condition for t in n.tokens()}
            self._meeting.join(written & steps)
        elif heads[0].condition:
            taken.append(self._runs.condition(heads[0].condition[0], heads[1].condition[0]))
        self._walk([heads[0].body], [heads[1].body])
        self._equality.where = ()
        self._runs.expressions(heads[0].step, heads[1].step)
        return taken

    def _restore(self, states: Sequence[RunState]) -> None:
        for run, state in zip(self._sides, states, strict=True):
            run.state = state.copy()
