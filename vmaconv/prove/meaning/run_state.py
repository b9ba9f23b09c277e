# SPDX-License-Identifier: GPL-2.0-only
"""What is known at one point of a run: memory, effects, and under what condition it is reached.

In: reads and writes of places. Out: values; an effect that nothing is known of changes all memory.
Places are terms: `var` (a local, by name), `glob`, `fld` (pointer, member), `mem` (pointer), `idx`.
"""

from __future__ import annotations

from msgspec import Struct, field

from vmaconv.prove.terms.term import (
    ONE,
    ZERO,
    Term,
    TermValue,
    choice,
    conjunction,
    disjunction,
    made,
    negation,
)


class NotUnderstood(Exception):
    """Code whose meaning is not known, and why."""


class DoesNotCompile(Exception):
    """Code that no compiler takes in this configuration, and why."""


class NotDeclared(DoesNotCompile):
    """A name that this configuration does not have: before the change as after, it is no build."""


class Seen(Struct, frozen=True):
    """A place in the source: its line and its text."""

    line: int
    text: str


class CallArgument(Struct, frozen=True):
    """What is handed to a call; `pointee` is what a pointer points to, where that holds flags."""

    value: TermValue
    pointee: Term | None = None


class VisibleEffect(Struct, frozen=True):
    """Something that others can see: a call, or a statement that is not taken apart.

    `kind` is `call`, `assertion` (only says that something must hold), `access` (a read or write
    that has to happen once) or `text`. `under` is the `if` that it stands in, `pending` what was
    written to memory until then.
    """

    kind: str
    name: str
    arguments: tuple[CallArgument, ...]
    guard: Term
    seen: Seen
    pending: tuple[tuple[Term, TermValue], ...] = ()
    time: int = 0
    at: tuple[CallArgument, ...] = ()
    under: Seen | None = None
    why: str = ""
    """Why the body of what is called is not understood."""


class Exit(Struct, frozen=True):
    """A way out of a stretch of code: `return`, `break`, `continue` or `goto LABEL`.

    `under` is the `if` that it stands in.
    """

    kind: str
    guard: Term
    value: TermValue
    seen: Seen
    under: Seen | None = None


class RunState(Struct):
    """Memory and condition; `time` counts the effects that may have changed memory."""

    values: dict[Term, TermValue] = field(default_factory=dict)
    exposed: set[Term] = field(default_factory=set)
    time: int = 0
    path: Term = ONE
    gone: Term = ZERO
    outer: tuple[tuple[str, Term], ...] = ()
    """For each function that waits for a call to end: what its locals are called by, and the
    condition in it under which the call is made."""
    kept: frozenset[str] = frozenset()
    """Members of structs that no call changes."""
    locked: frozenset[Term] = frozenset()
    """VMAs that were locked for writing since the last call of something else."""
    reached: dict[Term, Term] = field(default_factory=dict)
    """The pointers that were followed in this stretch, each with the condition under which."""
    stays: bool = False
    """Whether what follows a return is reached all the same: its condition is left out."""

    def copy(self) -> RunState:
        """Return a state that changes on its own."""
        return RunState(
            dict(self.values),
            set(self.exposed),
            self.time,
            self.path,
            self.gone,
            self.outer,
            self.kept,
            self.locked,
            dict(self.reached),
            self.stays,
        )

    @property
    def here(self) -> Term:
        """The condition, in the function that is run, under which the next statement runs."""
        return conjunction(self.path, negation(self.gone))

    @property
    def guard(self) -> Term:
        """The condition under which the next statement runs."""
        return self._guard_from(0)

    def _guard_from(self, frame: int) -> Term:
        found = self.here
        for _, condition in self.outer[frame:]:
            found = conjunction(condition, found)
        return found

    def _guard_of(self, place: Term) -> Term:
        """Return the condition of a write: a helper's local lives only where the helper is run."""
        root = place
        while root.op == "fld" and next(root.below()).op == "addr":
            root = next(next(root.below()).below())
        if root.op != "var" or ":" not in str(root.args[0]):
            return self.guard
        prefix = str(root.args[0]).split(":")[0] + ":"
        frames = [i for i, (name, _) in enumerate(self.outer) if name == prefix]
        # What a function's own local holds after it returned is never seen.
        return self._guard_from(frames[0]) if frames else self.path

    def read(self, place: Term, held: str = "other") -> TermValue:
        """Return what a place holds."""
        self._follow(place)
        found = self.values.get(place)
        if found is not None:
            # How it is held is the name's matter: two members of a union hold one memory.
            return found if held == "other" else TermValue(found.term, held)
        if place.op == "var" and place not in self.exposed:
            return TermValue(made("init", place.args), held)
        return TermValue(made("load", (place, self.time)), held)

    def write(self, place: Term, value: TermValue) -> None:
        """Let a place hold a value, where this is reached."""
        self._follow(place)
        guard = self._guard_of(place)
        if guard.number != 1:
            value = TermValue(choice(guard, value.term, self.read(place).term), value.held)
        self.values[place] = value

    def _follow(self, place: Term) -> None:
        """Note under what condition the pointer is followed that leads to a place."""
        if place.op not in ("fld", "mem"):
            return
        pointer = next(place.below())
        before = self.reached.get(pointer)
        if pointer.op in ("init", "load", "ret") and before is not ONE:
            here = self.guard
            self.reached[pointer] = here if before is None else disjunction(before, here)

    def is_memory(self, place: Term) -> bool:
        """Return whether others than this function can see a place."""
        return place.op != "var" or place in self.exposed

    def pending(self) -> tuple[tuple[Term, TermValue], ...]:
        """Return what was written to memory and not yet forgotten."""
        return tuple((p, v) for p, v in self.values.items() if self.is_memory(p))

    def expose(self, term: Term) -> None:
        """Note that somebody else holds the address of each place in a term."""
        stack = [term]
        while stack:
            one = stack.pop()
            if one.op == "addr":
                place = next(one.below())
                while place.op == "fld" and next(place.below()).op == "addr":
                    place = next(next(place.below()).below())
                self.exposed.add(place)
            stack.extend(one.below())

    def forget(self) -> None:
        """Memory may have changed: forget what it held."""
        self.time += 1
        self.values = {p: v for p, v in self.values.items() if not self._is_lost(p)}

    def drop_members(self, place: Term) -> None:
        """Forget what the members of a variable hold."""
        inner = made("addr", (place,))
        self.values = {p: v for p, v in self.values.items() if p.op != "fld" or p.args[0] != inner}

    def _is_lost(self, place: Term) -> bool:
        if place.op == "fld" and place.args[1] in self.kept:
            return False
        root = place
        while root.op == "fld" and next(root.below()).op == "addr":
            root = next(next(root.below()).below())
        return root.op != "var" or root in self.exposed

    def leave(self) -> None:
        """Note that what follows is not reached where this is."""
        if not self.stays or self.outer:
            self.gone = disjunction(self.gone, self.here)


def merged(condition: Term, then: RunState, other: RunState) -> RunState:
    """Return memory after an `if`, whose condition it was."""
    found = RunState({}, then.exposed | other.exposed)
    for place in dict.fromkeys((*then.values, *other.values)):
        a, b = then.read(place), other.read(place)
        held = a.held if a.held != "other" else b.held
        found.values[place] = TermValue(choice(condition, a.term, b.term), held)
    return found
