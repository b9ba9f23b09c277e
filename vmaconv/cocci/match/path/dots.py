# SPDX-License-Identifier: GPL-2.0-only
"""Translation of dots and nests into formulas over a control-flow graph.

In: `Dots` or a `Nest` and what stands around. Out: an until-formula: the points that the dots may
run over, until what comes after them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vmaconv.cocci.match.atom.extents import Condition, Everything, RemovedBranch
from vmaconv.cocci.match.atom.parts import names_in
from vmaconv.cocci.match.graph.formula import (
    ALWAYS,
    NEVER,
    Brace,
    Escaping,
    Formula,
    Marked,
    any_of,
    atom,
    before_some,
    conjunction,
    disjunction,
    henceforth,
    needs,
    negation,
    points,
    quiet,
    some,
    switched,
    until,
)
from vmaconv.cocci.match.graph.point import PointKind
from vmaconv.cocci.match.path.steps import Dots, Neighbour, Nest, Step
from vmaconv.cocci.match.path.translation_scope import (
    TAIL,
    After,
    Fresh,
    TranslationScope,
    is_fresh,
)
from vmaconv.cocci.smpl.rule import When

TranslateList = Callable[[Sequence[Step], After, TranslationScope, bool], Formula]

AFTER = points(PointKind.AFTER, PointKind.GOTO_AFTER)
_BRANCHES = points(PointKind.AFTER, PointKind.GOTO_AFTER, PointKind.RETURN, PointKind.CONTINUE)
_JUMPS = points(PointKind.GOTO, PointKind.BREAK)


class DotsTranslation:
    """Translates the dots of a rule; `forall` is the rule's quantifier."""

    def __init__(self, translate: TranslateList, fresh: Fresh, forall: bool) -> None:
        self._translate = translate
        self._fresh = fresh
        self._forall = forall
        self._known: dict[object, Formula] = {}
        self._open: set[tuple[int, ...]] = set()
        """Neighbours that are being translated."""

    def quantifier(self, step: Dots) -> bool:
        """Return whether dots are about all paths."""
        if step.has("exists"):
            return False
        return self._forall or step.has("forall")

    def formula(self, step: Dots, after: After, scope: TranslationScope) -> Formula:
        """Return the formula of dots with what comes after them."""
        forall = self.quantifier(step)
        # Dots may not run over what they begin after or lead to, unless the rule lifts that.
        forbidden = NEVER
        if not step.has("any"):
            forbidden = self._neighbours([*step.before, *step.after], step, scope)
        mark = self._fresh.name("found")
        over, nest = self._over(step, after, scope, mark)
        path = conjunction(negation(forbidden), conjunction(over, scope.within()))
        if step.removed and not scope.silent:
            path = conjunction(atom(Everything(step.token), False), path)
        if not forall:
            path = conjunction(negation(AFTER), path)
        goal = self._goal(after, scope)
        goal = self._or_excused(step, after, scope, goal, nest, forall)
        found = until(forall, path, goal)
        if isinstance(step, Nest) and step.at_least_once:
            found = needs(mark, found)
        return found if forall is self._forall else switched(found)

    def condition(self, step: Dots, scope: TranslationScope) -> Formula:
        """Return what `when` asks of the points that dots run over."""
        return self._whens(ALWAYS, step, scope)

    # What dots run over.

    def _neighbours(
        self, neighbours: Sequence[Neighbour], step: Dots, scope: TranslationScope
    ) -> Formula:
        return any_of([self._neighbour(one, step, scope) for one in neighbours])

    def _neighbour(self, one: Neighbour, step: Dots, scope: TranslationScope) -> Formula:
        if one.brace is not None:
            name = scope.braces.get(one.depth)
            found = some(one.brace.names - scope.bound, atom(one.brace, True))
            if name is None:
                return found
            return conjunction(found, Brace(name, free=frozenset({name})))
        label = scope.label if isinstance(step, Nest) else None
        bound = frozenset(name for name in scope.bound if not is_fresh(name))
        silent = TranslationScope(bound, label, scope.loop, scope.switch, True)
        # Dots inside dots' neighbours have neighbours, too: what was translated once is kept.
        key = (*map(id, one.steps), bound, id(label), id(scope.loop), id(scope.switch))
        known = self._known.get(key)
        if known is None:
            steps = tuple(map(id, one.steps))
            if steps in self._open:
                # Dots that stand within their own neighbour, as in a loop's body without braces.
                return NEVER
            self._open.add(steps)
            known = self._known[key] = self._translate(one.steps, TAIL, silent, True)
            self._open.remove(steps)
        return known

    def _over(
        self, step: Dots, after: After, scope: TranslationScope, mark: tuple[str, str]
    ) -> tuple[Formula, Formula]:
        """Return what holds on the points of the dots, and the part of it that is the nest's."""
        if not isinstance(step, Nest) or (scope.silent and not step.at_least_once):
            return self._whens(ALWAYS, step, scope), ALWAYS
        inner = After("guard", after.formula) if after.kind == "then" else after
        body = self._translate(step.body, inner, scope, True)
        found = body
        if step.at_least_once:
            found = conjunction(found, Marked(mark, free=frozenset({mark})))
        over = disjunction(found, self._whens(negation(quiet(body)), step, scope))
        return over, over

    def _whens(self, path: Formula, step: Dots, scope: TranslationScope) -> Formula:
        bound = scope.bound
        label = scope.label if isinstance(step, Nest) else None
        silent = TranslationScope(bound, label, scope.loop, scope.switch, True, scope.braces)
        refused = [AFTER, *(_condition(when, scope) for when in step.whens)]
        refused += [self._translate(pattern, TAIL, silent, True) for pattern in step.forbidden]
        for pattern in step.demanded:
            path = conjunction(self._translate(pattern, TAIL, silent, True), path)
        return conjunction(path, negation(any_of(refused)))

    # Where dots end.

    def _goal(self, after: After, scope: TranslationScope) -> Formula:
        match after.kind:
            case "then":
                return conjunction(after.formula, scope.within())
            case "guard":
                return conjunction(quiet(after.formula), scope.within())
            case "whole":
                return points(PointKind.EXIT, PointKind.ERROR_EXIT)
            case "end":
                return ALWAYS
        if scope.label is None:
            return points(PointKind.EXIT)
        jumped = before_some(points(PointKind.RETURN, PointKind.GOTO))
        return disjunction(scope.label.here(), jumped)

    def _or_excused(
        self,
        step: Dots,
        after: After,
        scope: TranslationScope,
        goal: Formula,
        nest: Formula,
        forall: bool,
    ) -> Formula:
        """Return `goal`, or what lets a path off that does not come to it."""
        if not forall:
            return goal
        if after.kind in ("tail", "whole"):
            return disjunction(
                goal, points(PointKind.AFTER, PointKind.GOTO_AFTER, PointKind.ERROR_EXIT)
            )
        if step.has("strict"):
            return disjunction(goal, AFTER)
        escape = self._escape(step, scope, goal, nest, forall)
        return disjunction(goal, conjunction(scope.within(), disjunction(AFTER, escape)))

    def _escape(
        self, step: Dots, scope: TranslationScope, goal: Formula, nest: Formula, forall: bool
    ) -> Formula:
        """Return: a then branch begins here that jumps out and has nothing of what follows."""
        branch = self._fresh.label()
        following = self._neighbours(step.after, step, scope)
        inside = branch.within()
        path = conjunction(negation(goal), conjunction(nest, inside))
        leaves = conjunction(_BRANCHES, negation(following))
        jumps = conjunction(_JUMPS, henceforth(negation(following)))
        end = conjunction(inside, disjunction(leaves, jumps))
        found = conjunction(branch.here(), until(forall, path, end))
        found = some(frozenset({branch.name}), conjunction(Escaping(), found))
        if step.removed and not scope.silent:
            # The branch goes with what is around it.
            found = conjunction(atom(RemovedBranch(step.token), False), found)
        return found


def _condition(when: When, scope: TranslationScope) -> Formula:
    """Return: here begins what runs only if the condition of `when != true` (or `false`) is so."""
    if when.kind not in ("true", "false") or when.pattern is None:
        return NEVER
    part = Condition(when.pattern)
    tested = some(names_in(when.pattern) - scope.bound, atom(part, True))
    begins = before_some(tested)
    if when.kind == "true":
        return conjunction(points(PointKind.TRUE, PointKind.IN_LOOP), begins)
    return conjunction(points(PointKind.FALSE, PointKind.FALL, PointKind.LOOP_END), begins)
