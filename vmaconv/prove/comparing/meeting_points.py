# SPDX-License-Identifier: GPL-2.0-only
"""Where several ways through a function meet: labels, loops, what follows a `switch`.

In: the two runs, and jumps as they come by. Out: at a meeting point all memory, and the locals that may
have changed, are unknown; they are the same on both sides where they were on every way that leads
there, and not known at all where not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.ctype import CType
from vmaconv.prove.comparing.difference import DifferenceSide, Different, Equality, Undecided
from vmaconv.prove.meaning.interpreter import Interpreter
from vmaconv.prove.meaning.operators import with_room
from vmaconv.prove.meaning.run_state import Exit
from vmaconv.prove.meaning.side_facts import held_as
from vmaconv.prove.meaning.statement_run import learn
from vmaconv.prove.meaning.written_names import (
    constant_locals,
    declared_in,
    written_by_macros,
    written_locals,
)
from vmaconv.prove.terms.term import Term, TermValue, made

_JUMPS = frozenset({"goto_statement", "break_statement", "continue_statement"})


class JumpsBack(Exception):
    """A jump to a label that was passed, with locals that are not the same, as was taken for true."""

    def __init__(self, names: frozenset[str]) -> None:
        super().__init__(", ".join(sorted(names)))
        self.names = names


class MeetingPoints:
    """Keeps what is known to differ on the ways to the next meeting point.

    `unequal_at_jumps` has the locals that differ where the code jumped away. They are taken to
    differ wherever ways meet from then on; who leaves a loop puts back what it was before, but for
    `unequal_at_gotos`.
    """

    def __init__(self, sides: tuple[Interpreter, Interpreter], equality: Equality) -> None:
        self._sides = sides
        self._equality = equality
        self.unequal_at_jumps: set[str] = set()
        self.unequal_at_gotos: set[str] = set()
        self._passed: dict[str, frozenset[str]] = {}
        self._kept: frozenset[str] = frozenset()
        self._of_one_side: frozenset[str] = frozenset()

    def keep(self, olds: Sequence[Node], news: Sequence[Node]) -> None:
        """Note the parameters that two bodies never write, and constants: a label changes nothing
        of them."""
        bodies = list(zip((olds, news), self._sides, strict=True))
        constants = [
            {run.frame.renamed.get(n, n) for n in constant_locals(run, nodes)}
            for nodes, run in bodies
        ]
        written = {
            name
            for body, never in zip(bodies, constants, strict=True)
            for name in self.written_in([body]) - never
        }
        names = [
            {run.frame.renamed.get(n, n) for n in (*run.frame.types, *declared_in(nodes))}
            for nodes, run in bodies
        ]
        given = {run.frame.renamed.get(n, n) for run in self._sides for n in run.frame.types}
        self._kept = frozenset((given | constants[0] | constants[1]) - written)
        self._of_one_side = frozenset(names[0] ^ names[1])

    def restart(self, unequal: frozenset[str]) -> None:
        """Begin the function anew, with locals that are known to differ where it jumps back."""
        self.unequal_at_jumps = set(unequal)
        self.unequal_at_gotos = set(unequal)
        self._passed.clear()

    def marks(self) -> tuple[set[str], set[str], dict[str, frozenset[str]]]:
        """Return what was noted so far."""
        return set(self.unequal_at_jumps), set(self.unequal_at_gotos), dict(self._passed)

    def put_back(self, marks: tuple[set[str], set[str], dict[str, frozenset[str]]]) -> None:
        """Forget what was noted since."""
        self.unequal_at_jumps, self.unequal_at_gotos, self._passed = marks

    # Jumps.

    def note_exits(self, exits: Sequence[Exit]) -> None:
        """Note the jumps out of a stretch. Raises `JumpsBack`."""
        self._note([e.kind.removeprefix("goto ") for e in exits if e.kind != "return"])

    def note_jumps_in(self, node: Node) -> None:
        """Note the jumps in a statement that was not taken apart. Raises `JumpsBack`."""
        self._note(
            [_target(inner, self._sides[1]) for inner in node.walk() if inner.kind in _JUMPS]
        )

    def note_head(self) -> None:
        """Note that the code jumps from here to each case of a switch."""
        self.unequal_at_jumps |= self.unequal()

    def _note(self, targets: Sequence[str]) -> None:
        if not targets:
            return
        unequal = self.unequal()
        for label in targets:
            taken_for_same = unequal - self._passed.get(label, unequal)
            if taken_for_same:
                raise JumpsBack(frozenset(taken_for_same))
        self.unequal_at_jumps |= unequal
        if any(label not in ("break", "continue") for label in targets):
            self.unequal_at_gotos |= unequal

    # Meetings.

    def label(self, node: Node) -> None:
        """Pass a label or a case: everything is unknown."""
        unknown = self.join(None)
        if node.kind == "label":
            name = (node.tokens()[0]).decode(errors="replace")
            self._passed[name] = unknown

    def join(self, written: set[str] | None) -> frozenset[str]:
        """Let memory and the locals `written` (None: all) become unknown.

        Returns the locals of which nothing is known: not that they are the same, either.
        """
        time = max(run.state.time for run in self._sides) + 1
        names = [
            {run.frame.renamed.get(n, n): (run.frame.local(n), t)
             for n, t in run.frame.types.items()}
            for run in self._sides
        ]  # fmt: skip
        values: list[dict[Term, TermValue]] = [{}, {}]
        unknown: set[str] = set()
        for name in dict.fromkeys((*names[0], *names[1])):
            here = [side.get(name) for side in names]
            pair = [
                run.state.read(one[0], held_as(one[1])) if one is not None else None
                for one, run in zip(here, self._sides, strict=True)
            ]
            is_same = (
                name not in self.unequal_at_jumps
                and name not in self._of_one_side
                and pair[0] is not None
                and pair[1] is not None
                and self._are_equal(pair[0].term, pair[1].term)
            )
            same = self._unknown_of(name, time, [one[1] for one in here if one is not None])
            is_kept = (
                name in self._kept and name not in self.unequal_at_jumps
                if written is None
                else name not in written
            )
            for i, (run, one, value) in enumerate(zip(self._sides, here, pair, strict=True)):
                if one is None or value is None:
                    continue
                place, held = one[0], held_as(one[1])
                # A statement that was passed over may have set it.
                is_unset = name in self._of_one_side and value.term == made("init", place.args)
                if is_kept and place not in run.state.exposed and not is_unset:
                    values[i][place] = value
                elif is_same:
                    values[i][place] = TermValue(same, held)
                else:
                    unknown.add(name)
                    values[i][place] = TermValue(unknown_local(name, i), held)
        for run, kept in zip(self._sides, values, strict=True):
            run.state.values = {
                p: v for p, v in kept.items()
                if not (v.term.op == "init" and p.args == v.term.args)
            }  # fmt: skip
            run.state.time = time
        if written is None:
            self._equality.where = ()
        return frozenset(unknown)

    def _unknown_of(self, name: str, time: int, types: Sequence[CType]) -> Term:
        """Return what stands for a local that is the same on both sides from now on."""
        widths = [run.facts.width_of(t) for run, t in zip(self._sides, types, strict=False)]
        width = widths[0]
        if width is None or width.bits == 1 or any(other != width for other in widths):
            return made("ret", (time, name))
        return with_room("ret", (time, name), width.bits, width.is_signed)

    def written_in(self, bodies: Iterable[tuple[Sequence[Node], Interpreter]]) -> set[str]:
        """Return the locals that statements write, by their names before."""
        return {
            run.frame.renamed.get(name, name)
            for nodes, run in bodies
            for node in nodes
            for name in written_locals(node) | written_by_macros(run, node)
        }

    def written(self, nodes: Sequence[Node]) -> set[str]:
        """Return the locals that a statement writes on either side, by their names before."""
        found: set[str] = set()
        for node, run in zip(nodes, self._sides, strict=True):
            self.learn(node)
            names = written_locals(node) | written_by_macros(run, node)
            found.update(run.frame.renamed.get(n, n) for n in names)
        return found

    def learn(self, node: Node) -> None:
        """Note the types of the locals that a stretch declares, on both sides."""
        for run in self._sides:
            learn(run, node)

    def unequal(self) -> set[str]:
        """Return the locals, by their names before, that are not known to be equal here."""
        old, new = self._sides
        found: set[str] = set()
        for name in old.frame.types:
            place = old.frame.local(name)
            values = [run.state.values.get(place) for run in (old, new)]
            a, b = (v.term if v is not None else made("init", place.args) for v in values)
            if a != b and not self._are_equal(a, b):
                found.add(old.frame.renamed.get(name, name))
        return found

    def _are_equal(self, a: Term, b: Term) -> bool:
        here = self._sides[1].seen
        try:
            self._equality.require("", DifferenceSide(here, a), DifferenceSide(here, b))
        except (Different, Undecided):
            return False
        return True


def unknown_local(name: str, side: int) -> Term:
    """Return what stands for a local of which nothing is known on a side, 0 or 1."""
    return made("op", ("unsure", f"what {name} holds here is not known", str(side)))


def _target(jump: Node, run: Interpreter) -> str:
    """Return the label that a `goto` names, or the word of another jump."""
    words = [t.decode(errors="replace") for t in jump.tokens()]
    return run.frame.renamed.get(words[1], words[1]) if jump.kind == "goto_statement" else words[0]


def is_jumped_into(node: Node) -> bool:
    """Return whether a label in a statement is named by a `goto` outside of it."""
    labels = {n.tokens()[0] for n in node.walk() if n.kind == "label"}
    if not labels:
        return False
    top = node
    while top.parent is not None and top.kind != "function_definition":
        top = top.parent
    inside = [n.tokens()[1] for n in node.walk() if n.kind == "goto_statement"]
    everywhere = [n.tokens()[1] for n in top.walk() if n.kind == "goto_statement"]
    return any(everywhere.count(label) != inside.count(label) for label in labels)
