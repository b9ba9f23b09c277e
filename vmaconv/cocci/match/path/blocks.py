# SPDX-License-Identifier: GPL-2.0-only
"""Translation of a pattern's blocks, functions and sequences of steps into formulas.

In: `Block`s and `FunctionStep`s. Out: formulas; `translation` makes those of the steps inside.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from vmaconv.cocci.match.atom.extents import Contents
from vmaconv.cocci.match.atom.parts import Part
from vmaconv.cocci.match.graph.formula import (
    ALWAYS,
    Brace,
    Copied,
    Formula,
    Names,
    Some,
    Switched,
    atom,
    before_some,
    conjunction,
    disjunction,
    everywhere,
    negation,
    next_all,
    next_some,
    points,
    quiet,
    some,
    until,
)
from vmaconv.cocci.match.graph.point import PointKind
from vmaconv.cocci.match.path.dots import AFTER, DotsTranslation
from vmaconv.cocci.match.path.steps import Block, Dots, FunctionStep, Nest, Step
from vmaconv.cocci.match.path.translation_scope import (
    END,
    TAIL,
    After,
    Fresh,
    LabelVariable,
    TranslationScope,
    shares,
    then,
)

_CLOSE = points(PointKind.CLOSE)
_JUMP_AFTER = points(PointKind.GOTO_AFTER)


class Sequences:
    """How steps follow one another in a rule that is about all paths (`forall`) or about some."""

    def __init__(self, forall: bool) -> None:
        self._forall = forall
        self._fresh = Fresh()

    def _next(self, inner: Formula) -> Formula:
        """Return: `inner` comes next, on all paths or on some, as the rule says."""
        bare = inner
        while isinstance(bare, Some):
            bare = bare.inner
        forall = self._forall is not isinstance(bare, Switched)
        return next_all(plain(inner)) if forall else next_some(plain(inner))

    def _in_turn(self, *formulas: Formula) -> Formula:
        """Return: the formulas hold at points that follow one another."""
        found = formulas[-1]
        for formula in reversed(formulas[:-1]):
            found = conjunction(formula, self._next(found))
        return found

    def _followed(self, first: Formula, after: After) -> Formula:
        if after.kind != "then":
            return first
        return conjunction(first, self._next(after.formula))

    def _until(self, left: Formula, right: Formula) -> Formula:
        return until(self._forall, left, right)

    def _past(self, point: Formula, after: After) -> Formula:
        """Return: `point` is there, and what it leads past is followed by what comes after."""
        if after.kind != "then":
            return next_some(point)
        return next_some(conjunction(point, next_some(self._next(after.formula))))

    def _labelled(self, head: Formula, label: LabelVariable, found: Formula) -> Formula:
        if not label.used:
            return conjunction(head, found)
        whole = conjunction(conjunction(head, label.here()), found)
        return some(frozenset({label.name}), whole)

    def _part(self, part: Part, scope: TranslationScope, names: Names | None = None) -> Formula:
        """Return: `part` matches here, for values of `names` or of all that nobody else binds."""
        wanted = part.names - scope.bound if names is None else names
        return some(wanted, atom(part, scope.silent))


class BlockTranslation(Sequences):
    """Translates blocks and functions."""

    def __init__(self, forall: bool) -> None:
        super().__init__(forall)
        self._dots = DotsTranslation(self._list, self._fresh, forall)

    def _list(
        self,
        steps: Sequence[Step],
        after: After,
        scope: TranslationScope,
        dots_before: bool = False,
        top: bool = False,
    ) -> Formula:
        """Return the formula of steps in a row."""
        raise NotImplementedError

    def _block(self, step: Block, after: After, scope: TranslationScope) -> Formula:
        given = self._block_as_given(step, after, scope)
        if given is None:
            return some(step.opening.names - scope.bound, atom(step.opening, scope.silent))
        if not step.loose:
            return given
        return disjunction(given, self._block_with_goto(step, scope))

    def _block_as_given(self, step: Block, after: After, scope: TranslationScope) -> Formula | None:
        opening, body, closing = self._block_names(step, scope)
        brace, label = self._fresh.name("brace"), self._fresh.label()
        start = self._opening(step, scope, opening[0], brace, label)
        end = self._closing(step, scope, closing[0], brace)
        rest = self._followed(end, after)
        hidden = frozenset({brace, label.name})
        if step.only_dots:
            if after.kind != "then" and not step.closing_changes:
                return None
            skipped = conjunction(start, next_some(conjunction(AFTER, next_some(rest))))
            return some(hidden, some(opening[1], skipped))
        inner = scope.binding(opening[1] | body[1] | {brace})
        inner = replace(inner, label=label, braces={**scope.braces, step.depth: brace})
        label.used = True
        inside = some(body[1], self._list(step.body, then(rest), inner))
        if self._forall:
            inside = disjunction(AFTER, inside)
        return some(hidden, some(opening[1], self._in_turn(start, inside)))

    def _block_names(self, step: Block, scope: TranslationScope) -> list[tuple[Names, Names]]:
        inside = frozenset().union(*(s.names for s in step.body))
        return shares(scope.bound, [step.opening.names, inside, step.closing.names])

    def _opening(
        self,
        step: Block,
        scope: TranslationScope,
        names: Names,
        brace: tuple[str, str],
        label: LabelVariable,
    ) -> Formula:
        start = some(names, atom(step.opening, scope.silent))
        here = conjunction(Brace(brace, free=frozenset({brace})), label.here())
        return conjunction(start, here)

    def _closing(
        self, step: Block, scope: TranslationScope, names: Names, brace: tuple[str, str]
    ) -> Formula:
        own = conjunction(atom(step.closing, scope.silent), Brace(brace, free=frozenset({brace})))
        return some(names, self._until(_CLOSE, own))

    def _block_with_goto(self, step: Block, scope: TranslationScope) -> Formula:
        """Return: a block that ends in return is matched by one that leaves by a goto instead.

        Either the goto is all that there is, or it stands somewhere in what the block has.
        """
        opening, body, closing = self._block_names(step, scope)
        brace, label = self._fresh.name("brace"), self._fresh.label()
        inner = replace(scope.binding(opening[1] | body[1]), label=None)
        loose = some(body[1], self._list(step.loose, END, inner, True))
        goto = self._in_turn(points(PointKind.GOTO), self._until(_CLOSE, self._next(loose)))
        inner = replace(inner.binding({brace}), braces={**scope.braces, step.depth: brace})
        code = some(body[1], self._list(step.body, TAIL, inner))
        start = self._opening(step, scope, opening[0], brace, label)
        if step.closing_changes:
            end = self._closing(step, scope, closing[0], brace)
            leaves = until(True, ALWAYS, end)
            jump = conjunction(points(PointKind.GOTO), conjunction(label.within(), leaves))
            jumps = until(True, label.within(), disjunction(AFTER, jump))
            partly = self._in_turn(start, conjunction(jumps, plain(code)))
        else:
            other = conjunction(AFTER, negation(_JUMP_AFTER))
            always = conjunction(next_some(_JUMP_AFTER), negation(next_some(other)))
            partly = self._in_turn(conjunction(start, always), code)
        partly = some(frozenset({brace, label.name}), some(opening[1], partly))
        return disjunction(goto, partly)

    def _function(self, step: FunctionStep, after: After, scope: TranslationScope) -> Formula:
        pieces = [step.head.names, step.opening.names, names_of(step.body), step.closing.names]
        head, opening, body, closing = shares(scope.bound, pieces)
        inner = scope.binding(head[1] | opening[1] | body[1])
        inner = replace(inner, label=None)
        header = some(head[0], atom(step.head, scope.silent))
        start = some(opening[0], atom(step.opening, scope.silent))
        inside = self._body(step, start, inner, closing[0], body[1], after)
        found = self._in_turn(header, some(opening[1], inside))
        return some(head[1], found)

    def _body(
        self,
        step: FunctionStep,
        start: Formula,
        scope: TranslationScope,
        closing: Names,
        shared: Names,
        after: After,
    ) -> Formula:
        only = step.body[0] if len(step.body) == 1 else None
        whole = isinstance(step.opening, Contents)
        if whole and not step.closing_changes:
            return start
        if isinstance(only, Dots) and not step.closing_changes:
            short = self._only_dots(only, start, scope)
            if short is not None:
                return short
        # A jump passes the braces of all blocks around it: the function ends for it at the first.
        end = conjunction(
            some(closing, atom(step.closing, scope.silent)),
            conjunction(
                before_some(negation(Copied())),
                self._until(_CLOSE, points(PointKind.EXIT, PointKind.ERROR_EXIT)),
            ),
        )
        if whole:
            return conjunction(start, next_some(until(False, ALWAYS, end)))
        rest = then(self._followed(end, after))
        return self._in_turn(start, some(shared, self._list(step.body, rest, scope)))

    def _only_dots(self, only: Dots, start: Formula, scope: TranslationScope) -> Formula | None:
        """Return a shorter formula for a body that is only dots or a nest, if there is one."""
        if isinstance(only, Nest):
            if only.at_least_once or only.whens or only.removed or scope.silent:
                return None
            body = self._list(only.body, After("guard"), scope, True)
            # The head is the one place where this can begin, so order does not matter.
            return conjunction(start, everywhere(disjunction(body, negation(quiet(body)))))
        if only.removed or any(when.kind in ("true", "false") for when in only.whens):
            return None
        if not only.whens:
            return start
        brace = self._fresh.name("brace")
        here = Brace(brace, free=frozenset({brace}))
        forall = self._dots.quantifier(only)
        path = self._dots.condition(only, scope)
        if not forall:
            path = conjunction(negation(AFTER), path)
        found = until(forall, path, conjunction(_CLOSE, here))
        follow = next_all(found) if forall else next_some(found)
        return some(frozenset({brace}), conjunction(conjunction(start, here), follow))


def plain(formula: Formula) -> Formula:
    """Return a formula without the mark of switched dots at its head."""
    if isinstance(formula, Switched):
        return formula.inner
    if isinstance(formula, Some):
        inner = plain(formula.inner)
        return formula if inner is formula.inner else some(frozenset({formula.name}), inner)
    return formula


def names_of(steps: Sequence[Step]) -> Names:
    """Return the metavariables of all steps."""
    return frozenset().union(*(step.names for step in steps))
