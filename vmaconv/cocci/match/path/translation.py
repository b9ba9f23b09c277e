# SPDX-License-Identifier: GPL-2.0-only
"""Translation of a pattern's steps into a formula over a control-flow graph.

In: `Step`s, and whether the rule is about all paths. Out: a formula that holds at the points where
the pattern begins to match. The translation has the facts of Coccinelle 1.1.1's: dots take the
shortest path, a jump out of a then branch excuses a path from what follows the dots, and what comes
after a compound statement comes after all of it. Variables are quantified where they are shared, so
that a metavariable of one branch only may stand for something else in another.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from vmaconv.cocci.match.atom.parts import Part, Return, ReturnAtBrace
from vmaconv.cocci.match.graph.formula import (
    ALWAYS,
    NEVER,
    Brace,
    Formula,
    JumpFrom,
    Names,
    atom,
    before_all,
    before_some,
    conjunction,
    disjunction,
    earliest_of,
    hitherto,
    negation,
    next_all,
    next_some,
    points,
    quiet,
    some,
)
from vmaconv.cocci.match.graph.point import PointKind
from vmaconv.cocci.match.path.blocks import BlockTranslation, names_of, plain
from vmaconv.cocci.match.path.dots import AFTER
from vmaconv.cocci.match.path.steps import (
    AnyStatement,
    Block,
    Both,
    ChoiceStep,
    Do,
    Dots,
    FunctionStep,
    If,
    Loop,
    Nest,
    Simple,
    Step,
    Switch,
)
from vmaconv.cocci.match.path.translation_scope import (
    TAIL,
    WHOLE,
    After,
    LabelVariable,
    TranslationScope,
    shares,
    then,
)

_CLOSE = points(PointKind.CLOSE)
_LOOP_END = points(PointKind.LOOP_END)
_JUMP_AFTER = points(PointKind.GOTO_AFTER)
_UNSAFE = points(
    PointKind.FUNCTION,
    PointKind.DO,
    PointKind.TRUE,
    PointKind.ELSE,
    PointKind.IN_LOOP,
    PointKind.SWITCH,
)


def translate(steps: Sequence[Step], forall: bool, exported: Names) -> Formula:
    """Return the formula of a whole pattern.

    `exported` are the metavariables that later rules see: they have one value in a whole match.
    """
    found = Translation(forall).whole(steps, exported)
    return some(exported, found)


class Translation(BlockTranslation):
    """Translates the steps of one rule."""

    def whole(self, steps: Sequence[Step], bound: Names) -> Formula:
        """Translate a whole pattern."""
        found = self._list(steps, WHOLE, TranslationScope(bound), top=True)
        return self._at_top(steps, plain(found))

    def _at_top(self, steps: Sequence[Step], found: Formula) -> Formula:
        """Let a pattern that begins with dots begin at the function's beginning."""
        first = steps[0] if steps else None
        if isinstance(first, Dots) and not isinstance(first, Nest):
            return conjunction(points(PointKind.TOP), next_some(found))
        if isinstance(first, Block) and first.changes_outside:
            # Such braces are not those of a branch or function, where one statement has to stand.
            unsafe = points(PointKind.FUNCTION) if first.removed_whole else _UNSAFE
            return conjunction(negation(before_some(unsafe)), found)
        return found

    def _list(
        self,
        steps: Sequence[Step],
        after: After,
        scope: TranslationScope,
        dots_before: bool = False,
        top: bool = False,
    ) -> Formula:
        if not steps:
            return after.formula if after.kind == "then" else ALWAYS
        first, *rest = steps
        dots = isinstance(first, (Dots, ChoiceStep, Both))
        labelled = scope if dots or dots_before else replace(scope, label=None)
        if not rest:
            return self._step(first, after, labelled, top)
        # What dots may not run over again is `first` with the same values: `- a(e); ... b();` runs
        # over an a() of another argument (so Coccinelle since 2024; 1.1.1 over none).
        shortest = isinstance(rest[0], Dots) and not rest[0].has("any")
        shared = (first.names if shortest else first.names & names_of(rest)) - scope.bound
        inner = scope.binding(shared)
        if isinstance(first, Simple) and first.jump == "goto":
            inner = replace(inner, label=None, loop=None, switch=None)
        following = then(self._list(rest, after, inner, dots))
        return some(shared, self._step(first, following, labelled.binding(shared), top))

    def _step(
        self, step: Step, after: After, scope: TranslationScope, top: bool = False
    ) -> Formula:
        match step:
            case Simple():
                return self._simple(step, after, scope)
            case AnyStatement():
                return self._any_statement(step, after, scope)
            case Dots():
                return self._nest_or_dots(step, after, scope)
            case Block():
                return self._block(step, after, scope)
            case If():
                return self._if(step, after, scope)
            case Loop():
                return self._loop(step, after, scope)
            case Do():
                return self._do(step, after, scope)
            case Switch():
                return self._switch(step, after, scope)
            case FunctionStep():
                return self._function(step, after, scope)
            case ChoiceStep():
                return self._choice(step, after, scope, top)
            case Both():
                return self._both(step, after, scope, top)
        raise AssertionError(step)

    # Simple statements.

    def _simple(self, step: Simple, after: After, scope: TranslationScope) -> Formula:
        found = some(step.names - scope.bound, atom(step.part, scope.silent))
        if step.jump == "return":
            return self._return(step, found, after, scope)
        place: LabelVariable | None = None
        if step.jump == "break":
            place = scope.switch or scope.loop
        elif step.jump == "continue":
            place = scope.loop
        if place is not None:
            place.used = True
            found = conjunction(found, JumpFrom(place.name, free=frozenset({place.name})))
        return self._followed(found, after)

    def _return(
        self, step: Simple, found: Formula, after: After, scope: TranslationScope
    ) -> Formula:
        normal = self._followed(found, after)
        part = step.part
        if not isinstance(part, Return) or not part.may_be_implied:
            return normal
        brace = self._part(ReturnAtBrace(part), scope)
        falls_off = conjunction(
            self._until(_CLOSE, points(PointKind.EXIT)),
            hitherto(negation(points(PointKind.RETURN))),
        )
        return disjunction(normal, conjunction(brace, falls_off))

    def _any_statement(self, step: AnyStatement, after: After, scope: TranslationScope) -> Formula:
        label = self._fresh.label()
        found = atom(step.part, scope.silent)
        if after.kind in ("then", "guard"):
            end = disjunction(AFTER, _LOOP_END)
            past = conjunction(end, next_some(self._followed(ALWAYS, after)))
            compound = next_some(past)
            single = self._followed(negation(next_some(end)), after)
            found = conjunction(found, disjunction(compound, single))
        if not step.attached:
            # The body of a function or switch is no statement of its own.
            found = conjunction(negation(before_all(label.here())), found)
        names = (step.names - scope.bound) | {label.name}
        return some(names, conjunction(label.here(), found))

    # Branches and loops.

    def _if(self, step: If, after: After, scope: TranslationScope) -> Formula:
        other = step.other.names | step.word.names if step.other and step.word else frozenset()
        shared = _branch_names(scope.bound, step.head.names, step.then.names, other)
        head = some(step.head.names - scope.bound - shared, _head(step.head, scope))
        label = self._fresh.label()
        inner = replace(scope.binding(shared), label=label)
        yes = self._in_turn(points(PointKind.TRUE), self._step(step.then, TAIL, inner))
        if step.other is None or step.word is None:
            no = points(PointKind.FALL)
        else:
            word = self._part(step.word, inner)
            other_branch = self._step(step.other, TAIL, inner)
            no = self._in_turn(points(PointKind.FALSE), word, other_branch)
        branches = conjunction(next_some(yes), next_some(no))
        branches = conjunction(branches, self._past(AFTER, after))
        return some(shared, self._labelled(head, label, branches))

    def _loop(self, step: Loop, after: After, scope: TranslationScope) -> Formula:
        own, body = shares(scope.bound, [step.head.names, step.body.names])
        head = some(own[0], _head(step.head, scope))
        label = self._fresh.label()
        inner = replace(scope.binding(own[1] | body[1]), label=label, loop=label, switch=None)
        inside = self._in_turn(points(PointKind.IN_LOOP), self._step(step.body, TAIL, inner))
        found = conjunction(next_some(inside), self._past(_LOOP_END, after))
        return some(own[1] | body[1], self._labelled(head, label, found))

    def _do(self, step: Do, after: After, scope: TranslationScope) -> Formula:
        pieces = [step.head.names, step.body.names, step.tail.names]
        own, body, tail = shares(scope.bound, pieces)
        head = some(own[0], _head(step.head, scope))
        label = self._fresh.label()
        shared = own[1] | body[1]
        inner = replace(scope.binding(shared), label=label, loop=label, switch=None)
        end = some(tail[0], atom(step.tail, scope.silent))
        inside = self._step(step.body, then(end), inner)
        found = conjunction(next_some(plain(inside)), self._past(AFTER, after))
        return some(shared, self._labelled(head, label, found))

    def _switch(self, step: Switch, after: After, scope: TranslationScope) -> Formula:
        label, brace = self._fresh.label(), self._fresh.name("brace")
        inside = frozenset().union(
            *(s.names for s in step.leading), *(case.names for case in step.cases)
        )
        shared = (step.head.names & inside) - scope.bound
        counted = [*(s.names for s in step.leading), *(case.names for case in step.cases)]
        repeated = {n for names in counted for n in names if sum(n in c for c in counted) > 1}
        shared |= frozenset(repeated) - scope.bound
        inner = replace(scope.binding(shared | {brace}), label=label)
        head = some(step.head.names - scope.bound - shared, _head(step.head, scope))
        opening = conjunction(
            self._part(step.opening, inner), Brace(brace, free=frozenset({brace}))
        )
        silent = replace(inner, silent=True)
        heads = [self._part(case.label, silent) for case in step.cases]
        leading: Formula = NEVER
        if step.leading:
            leading = self._list(step.leading, TAIL, inner)
        each = negation(quiet(leading))
        for one in heads:
            opening = conjunction(opening, next_some(one))
            each = conjunction(each, negation(one))
        if step.leading:
            opening = conjunction(opening, next_some(leading))
        choice = disjunction(each, leading)
        for case in step.cases:
            names = (case.label.names & names_of(case.body)) - inner.bound
            below = replace(inner.binding(names), switch=label)
            body = self._list(case.body, TAIL, below)
            start = self._part(case.label, below)
            choice = disjunction(choice, some(names, self._in_turn(start, body)))
        found = self._in_turn(opening, choice)
        if not any(case.default for case in step.cases):
            found = disjunction(points(PointKind.FALL), found)
        found = conjunction(next_all(found), self._past(AFTER, after))
        found = self._labelled(head, label, found)
        return some(shared | {brace}, found)

    # Choices.

    def _nest_or_dots(self, step: Dots, after: After, scope: TranslationScope) -> Formula:
        if not isinstance(step, Nest):
            return self._dots.formula(step, after, scope)
        conditions = frozenset().union(*(names_of(p) for p in step.forbidden + step.demanded))
        shared = (conditions & names_of(step.body)) - scope.bound
        return some(shared, self._dots.formula(step, after, scope.binding(shared)))

    def _choice(
        self, step: ChoiceStep, after: After, scope: TranslationScope, top: bool
    ) -> Formula:
        found = [self._list(arm, after, scope, True, top) for arm in step.arms]
        if top:
            found = [self._at_top(arm, one) for arm, one in zip(step.arms, found, strict=True)]
        return earliest_of(self._blocks_first(step.arms, found))

    @staticmethod
    def _blocks_first(arms: Sequence[Sequence[Step]], found: list[Formula]) -> list[Formula]:
        """Keep S from what `{ S }` before it takes, whatever S is there: both are one spelling."""
        first = arms[0][0] if len(arms[0]) == 1 else None
        if not isinstance(first, Block):
            return found
        own = frozenset(name for name in first.names if not name[0])
        taken = negation(some(own, quiet(found[0])))
        return [
            conjunction(taken, one) if len(arm) == 1 and isinstance(arm[0], AnyStatement) else one
            for arm, one in zip(arms, found, strict=True)
        ]

    def _both(self, step: Both, after: After, scope: TranslationScope, top: bool) -> Formula:
        counted = [names_of(arm) for arm in step.arms]
        repeated = {n for names in counted for n in names if sum(n in c for c in counted) > 1}
        shared = frozenset(repeated) - scope.bound
        found = ALWAYS
        for arm in step.arms:
            formula = self._list(arm, after, scope.binding(shared), True, top)
            found = conjunction(found, self._at_top(arm, formula) if top else formula)
        return some(shared, found)


def _branch_names(bound: Names, head: Names, first: Names, second: Names) -> Names:
    """Return what an `if` has to quantify around it: what its parts share."""
    return ((head & (first | second)) | (first & second)) - bound


def _head(part: Part, scope: TranslationScope) -> Formula:
    """Return the formula of a head, all of whose metavariables tell its disjunctions' arms apart.

    Seen in spatch 1.1.1: `if ( ( e | - e != NULL + e ) ) {...}` changes `if (p != NULL) {...}`. In a
    simple statement the first arm is meant.
    """
    part.told_apart |= part.names
    return atom(part, scope.silent)
