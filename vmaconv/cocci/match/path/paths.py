# SPDX-License-Identifier: GPL-2.0-only
"""Finding where a pattern of statements with dots between them matches.

In: a pattern, and a function. Out: the ways in which the pattern matches: bindings and trails. The
pattern becomes a formula once (`steps`, `translation`), which is decided on the
control-flow graph of each function (`flow`, `checker`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cocci.match.atom.closed import closed_formulas
from vmaconv.cocci.match.atom.parts import Ground, Part, PartMatch, known
from vmaconv.cocci.match.attempt.state import MatchState, Taken
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.match.ctl.checker import Checker
from vmaconv.cocci.match.ctl.memo import Kept
from vmaconv.cocci.match.ctl.witness import NOTHING, Answer, Known, leaves
from vmaconv.cocci.match.graph.alternatives import conditionals
from vmaconv.cocci.match.graph.branches import build
from vmaconv.cocci.match.graph.cfg import FlowGraph
from vmaconv.cocci.match.graph.flow_style import FlowStyle
from vmaconv.cocci.match.graph.formula import Names
from vmaconv.cocci.match.path.binding_probe import binding_probe
from vmaconv.cocci.match.path.outline import PlusOutline, Steps
from vmaconv.cocci.match.path.requirement import All, is_met, parts_needed, requirement
from vmaconv.cocci.match.path.steps import has_branch
from vmaconv.cocci.match.path.translation import translate
from vmaconv.cocci.match.path.use import required_for_use
from vmaconv.cocci.smpl.attachment import anchor
from vmaconv.cocci.smpl.mentions import Name, in_plus, name_of, own
from vmaconv.cocci.smpl.rule import PlusBlock, PNode, TokenMark
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Unit

if TYPE_CHECKING:
    from vmaconv.cocci.match.prefilter.code_need import CodeNeed


class PatternMatch(Struct, frozen=True):
    """One way in which a pattern matches in a function."""

    bindings: Mapping[Name, BoundValue]
    trail: tuple[Taken, ...]


class PathPattern:
    """A pattern of statements, made ready."""

    def __init__(
        self,
        root: PNode,
        forall: bool,
        exported: Names,
        plus: Sequence[PlusBlock] = (),
        essential: Names = frozenset(),
        of_use: Sequence[Names] | None = None,
    ) -> None:
        """`essential` are those of `exported` without which a match is of no use to anybody.

        Unless every match may be of use (None), `of_use` has sets of names of which a match that
        changes and shows nothing binds one to be of use.
        """
        steps = Steps(_around(plus)).of(root)
        self._formula = translate(steps, forall, exported)
        self._probe = binding_probe(self._formula, sorted(essential))
        self._closed = closed_formulas(self._formula)
        if self._probe is not None:
            self._closed |= closed_formulas(self._probe)
        self._needed = parts_needed(steps)
        self._requirement = requirement(steps)
        self._use = required_for_use(steps, of_use) if of_use is not None else All(())
        self.code_need: CodeNeed | None = None
        """What the text of a function needs in its branches for a match, None if that tells nothing."""
        self.need_of_use: CodeNeed | None = None
        """The same for a match that is of use to anybody."""
        if has_branch(steps):
            # Most rules have none.
            from vmaconv.cocci.match.path.branch_needs import branch_needs

            self.code_need = self.need_of_use = branch_needs(steps, forall, frozenset())
            if essential:
                self.need_of_use = branch_needs(steps, forall, essential)

    @property
    def tells_use(self) -> bool:
        """Whether `may_be_of_use` says more than that the pattern may match."""
        return self._probe is not None

    def may_be_of_use(
        self, graph: FlowGraph, state: MatchState, inherited: Mapping[Name, BoundValue]
    ) -> bool:
        """Whether the pattern may match in one function so that what is essential is bound."""
        assert self._probe is not None
        checker = Checker(Ground(graph, state, inherited), self._closed, Kept())
        try:
            if not self._has_parts(checker):
                return False
            return next(checker.answers(self._probe), None) is not None
        finally:
            checker.let_go()

    def may_match_in(self, item: Node, kinds: AbstractSet[str], text: bytes, sparing: bool) -> bool:
        """Whether the words of a function and the kinds of its nodes let the pattern match there.

        `sparing`: so that the match is of some use.
        """

        def may_stand(part: Part) -> bool:
            return part.may_stand_in(item, kinds, text)

        if sparing and not is_met(self._use, may_stand):
            return False
        return is_met(self._needed, may_stand)

    def _has_parts(self, checker: Checker) -> bool:
        """Whether a function has somewhere what the pattern is made of."""
        return is_met(self._needed, checker.may_occur) and is_met(self._requirement, checker.occurs)

    def _may_match(self, checker: Checker, sparing: bool) -> bool:
        """Whether it has to be decided if a function matches, and it is of some use.

        What is soonest found out is asked first.
        """
        if not is_met(self._needed, checker.may_occur):
            return False
        if sparing and not is_met(self._use, checker.may_occur):
            return False
        if not checker.places.candidates(self._formula, NOTHING):
            return False
        if sparing and not is_met(self._use, checker.occurs):
            return False
        return is_met(self._requirement, checker.occurs)

    def find(
        self,
        graph: FlowGraph,
        state: MatchState,
        inherited: Mapping[Name, BoundValue],
        kept: Kept,
        sparing: bool,
    ) -> Iterator[PatternMatch]:
        """Yield the ways in which the pattern matches in one function.

        `kept` holds what earlier searches in the function came to; where one is `sparing`, nothing
        is looked for that is of no use.
        """
        checker = Checker(Ground(graph, state, inherited), self._closed, kept)
        try:
            if self._may_match(checker, sparing):
                for _, answer in checker.answers(self._formula):
                    yield _way(answer, inherited)
        finally:
            checker.let_go()


def graph_of(function: Node, unit: Unit, style: FlowStyle = FlowStyle()) -> FlowGraph:  # noqa: B008
    """Return the control-flow graph of a `function_definition` in `unit`."""
    return build(function, unit.text, list(conditionals(function, unit, style.torn)), style)


def _around(plus: Iterable[PlusBlock]) -> PlusOutline:
    names: dict[int, Names] = {}
    before: set[int] = set()
    after: set[int] = set()
    for block in plus:
        token = anchor(block)
        if token is None:
            continue
        (after if token is block.before else before).add(id(token))
        found = frozenset(name_of(meta) for meta in own(in_plus([block])))
        names[id(token)] = names.get(id(token), frozenset()) | found
    return PlusOutline(names, frozenset(before), frozenset(after))


def _way(answer: Answer, inherited: Mapping[Name, BoundValue]) -> PatternMatch:
    """Put together what one answer says."""
    found = list(leaves(answer.witness))
    everywhere: dict[Name, dict[object, BoundValue]] = {}
    for name, value in answer.values.items():
        if isinstance(value, Known) and value.value is not None:
            everywhere.setdefault(name, {})[value.key] = value.value
    for _, bound in found:
        for name, one in bound.items():
            everywhere.setdefault(name, {}).setdefault(known(one), one)
    bindings = dict(inherited)
    several: set[Name] = set()
    for name, values in everywhere.items():
        bindings[name] = _one_of(list(values.values()))
        if len(values) > 1:
            several.add(name)
    return PatternMatch(bindings, _trail(found, several))


def _one_of(values: Sequence[BoundValue]) -> BoundValue:
    """Return the first value; positions are the places of all."""
    places = [place for value in values for place in value.positions]
    if not places:
        return values[0]
    places = sorted(dict.fromkeys(places), key=lambda p: (p.offset, p.end))
    return replace(values[0], positions=tuple(places))


def _trail(
    found: Iterable[tuple[PartMatch, Mapping[Name, BoundValue]]], several: set[Name]
) -> tuple[Taken, ...]:
    trail: dict[tuple[int, int, int], Taken] = {}
    for leaf, bound in found:
        own = {name: value for name, value in bound.items() if name in several}
        for taken in leaf.trail:
            key = (id(taken.token), taken.start, taken.end)
            if key not in trail:
                trail[key] = replace(taken, own=own) if own else taken
    return once(trail.values())


def once(trail: Iterable[Taken]) -> tuple[Taken, ...]:
    """Return a trail in order, without tokens in whose place a larger or removed one stands.

    A loop leads back to the same code, and dots may take a branch as a whole as well as what is in
    it.
    """
    found = sorted(trail, key=lambda t: (t.start, -t.end, t.token.mark is not TokenMark.MINUS))
    kept: list[Taken] = []
    removed: Taken | None = None
    for taken in found:
        if removed is None or not _is_inside(taken, removed):
            kept.append(taken)
            if taken.token.mark is TokenMark.MINUS and not taken.alias:
                removed = taken
    return tuple(sorted(kept, key=lambda t: (t.start, t.end)))


def _is_inside(taken: Taken, removed: Taken) -> bool:
    """Whether a token only says again what `removed` says."""
    token = taken.token
    if taken.alias or token.plussed or taken.start == taken.end or taken.end > removed.end:
        return False
    if token.mark is TokenMark.STAR:
        return False
    same = (taken.start, taken.end) == (removed.start, removed.end)
    return token.mark is TokenMark.CONTEXT or not same
