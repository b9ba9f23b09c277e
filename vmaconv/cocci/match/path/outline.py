# SPDX-License-Identifier: GPL-2.0-only
"""The steps of a pattern.

In: a pattern whose statements are to be matched along paths, and the rule's plus code. Out: its
`Step`s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct, field

from vmaconv.cocci.match.atom.extents import Anywhere, BothBraces, Contents, FunctionEnd
from vmaconv.cocci.match.atom.function_head import FunctionHead
from vmaconv.cocci.match.atom.parts import (
    Head,
    OneStatement,
    Part,
    Return,
    Statement,
    Whole,
    names_in,
    occurrences,
)
from vmaconv.cocci.match.graph.formula import Names
from vmaconv.cocci.match.graph.point import PointKind
from vmaconv.cocci.match.path.neighbours import annotate
from vmaconv.cocci.match.path.optional_statements import MOST_OPTIONAL, TooManyOptional
from vmaconv.cocci.match.path.steps import (
    AnyStatement,
    Block,
    Both,
    Case,
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
from vmaconv.cocci.match.prefilter.needs_paths import is_expression, is_statement_nest, pnodes
from vmaconv.cocci.smpl.mentions import Name
from vmaconv.cocci.smpl.rule import PNode, TokenMark

_SIMPLE: dict[str, tuple[tuple[PointKind, ...], str]] = {
    "break_statement": ((PointKind.BREAK,), "break"),
    "case_label": ((PointKind.CASE, PointKind.DEFAULT), ""),
    "continue_statement": ((PointKind.CONTINUE,), "continue"),
    "goto_statement": ((PointKind.GOTO,), "goto"),
    "label": ((PointKind.LABEL,), ""),
}
_LOOPS = {
    "while_statement": (4, PointKind.WHILE),
    "for_statement": (-1, PointKind.FOR),
    "iterator_statement": (2, PointKind.ITERATOR),
}


class PlusOutline(Struct, frozen=True):
    """The plus code of a rule: which tokens it stands at, and its metavariables."""

    plus: dict[int, Names] = field(default_factory=dict)
    plus_before: frozenset[int] = frozenset()
    plus_after: frozenset[int] = frozenset()

    def names(self, patterns: Iterable[PNode]) -> Names:
        """Return the metavariables in and beside `patterns`."""
        found: set[tuple[str, str]] = set()
        for pattern in patterns:
            found |= names_in(pattern)
            if self.plus:
                for node in pattern.walk():
                    found |= self.plus.get(id(node), frozenset())
        return frozenset(found)

    def changes(self, token: PNode) -> bool:
        """Whether a token is removed or shown, or has plus code beside it."""
        return token.mark is not TokenMark.CONTEXT or id(token) in self.plus


class Steps:
    """Makes steps of a pattern.  Raises `TooManyOptional`."""

    def __init__(self, around: PlusOutline) -> None:
        self._around = around
        self._occurrences: Counter[Name] = Counter()

    def of(self, pattern: PNode) -> list[Step]:
        """Return the steps of a whole pattern, with dots that know their neighbours."""
        self._occurrences = occurrences(pattern)
        found = self._list([pattern])
        annotate(found, [], [])
        return found

    def _shared(self, pattern: PNode) -> Names:
        """Return the metavariables of a part of the pattern that occur outside of it, too."""
        return frozenset((self._occurrences - occurrences(pattern)).keys() & names_in(pattern))

    def _list(self, patterns: Sequence[PNode]) -> list[Step]:
        """Return the steps of a list of statements; `?` makes a choice with and without."""
        flat: list[PNode] = []
        for pattern in patterns:
            flat += pnodes(pattern.children) if pattern.kind == "sequence" else [pattern]
        if sum(pattern.kind == "optional" for pattern in flat) > MOST_OPTIONAL:
            raise TooManyOptional
        return self._from(flat, 0)

    def _from(self, patterns: Sequence[PNode], at: int) -> list[Step]:
        out: list[Step] = []
        while at < len(patterns):
            pattern = patterns[at]
            if pattern.kind == "optional":
                out += self._optional(out, patterns, at)
                return out
            step = self.step(pattern)
            more = any(later.kind != "dots" for later in patterns[at + 1 :])
            if isinstance(step, Simple) and isinstance(step.part, Return) and more:
                # Nothing follows the return that is implied at the end of a function.
                step.part.may_be_implied = False
            out.append(step)
            at += 1
        return out

    def _optional(self, before: Sequence[Step], patterns: Sequence[PNode], at: int) -> list[Step]:
        inner = pnodes(patterns[at].children)[0]
        rest = patterns[at + 1 :]
        after_dots = bool(before) and isinstance(before[-1], Dots)
        if not rest:
            # Where nothing of the kind comes, the dots go on; what a nest looks for has been found.
            last = patterns[at - 1]
            without: list[Step] = []
            if after_dots:
                without.append(self._dots(last, self._around.names([last])))
            arms = [[self.step(inner)], without]
        else:
            arms = [self._from([inner, *rest], 0), self._from(rest, 0)]
        return [ChoiceStep(_union(arms), arms, bool(rest))]

    def step(self, pattern: PNode, body: bool = False) -> Step:
        """Return the step of one statement; `body` says that it is that of a branch or loop."""
        names = self._around.names([pattern])
        kind = pattern.kind
        if kind == "dots":
            return self._dots(pattern, names)
        if kind == "nest" and is_statement_nest(pattern):
            return self._nest(pattern, names)
        if is_expression(pattern):
            return Simple(names, Anywhere(pattern, self._shared(pattern)))
        if kind == "disjunction":
            return ChoiceStep(names, [self._list([arm]) for arm in pnodes(pattern.children)])
        if kind == "conjunction":
            return Both(names, [self._list([arm]) for arm in pnodes(pattern.children)])
        if kind == "variant":
            return self._variant(pattern, body)
        if kind == "optional":
            return self.step(pnodes(pattern.children)[0], body)
        if kind == "sequence":
            steps = self._list([pattern])
            return steps[0] if len(steps) == 1 else Both(names, [steps])
        if pattern.metavariable is not None and pattern.metavariable.kind == "statement":
            return AnyStatement(names, Statement(pattern), body)
        return self._statement(pattern, names)

    def _statement(self, pattern: PNode, names: Names) -> Step:
        kind = pattern.kind
        if kind == "compound_statement":
            return self._block(pattern, names)
        if kind == "if_statement":
            return self._if(pattern, names)
        if kind in _LOOPS:
            count, point = _LOOPS[kind]
            head = Head(pattern, pattern.children[:count], (point,))
            return Loop(names, head, self.step(pnodes(pattern.children)[-1], True))
        if kind == "do_statement":
            word, body, *tail = pnodes(pattern.children)
            ends = Head(word, tail, (PointKind.DO_TAIL,))
            return Do(names, Head(pattern, [word], (PointKind.DO,)), self.step(body, True), ends)
        if kind == "switch_statement":
            return self._switch(pattern, names)
        if kind == "function_definition":
            return self._function(pattern, names)
        if kind == "return_statement":
            return Simple(names, Return(pattern), "return")
        kinds, jump = _SIMPLE.get(kind, ((PointKind.STATEMENT,), ""))
        return Simple(names, Whole(pattern, kinds), jump)

    def _variant(self, pattern: PNode, body: bool) -> Step:
        """Another spelling, which an isomorphism made: its first token stands for the rule's."""
        step = self.step(pnodes(pattern.children)[0], body)
        if isinstance(step, Nest):
            return _nest_alone(step, pattern)
        part = _first_part(step)
        if part is not None:
            part.aliases += pattern.stands_for
        return step

    def _dots(self, pattern: PNode, names: Names) -> Dots:
        return Dots(names, pattern, self._whens(pattern, "!="), self._whens(pattern, "="))

    def _whens(self, pattern: PNode, kind: str) -> list[list[Step]]:
        found = [w.pattern for w in pattern.whens if w.kind == kind and w.pattern is not None]
        return [self._list([one]) for one in found]

    def _nest(self, pattern: PNode, names: Names) -> Nest:
        nest = Nest(names, pattern, self._whens(pattern, "!="), self._whens(pattern, "="))
        nest.body = self._list(pnodes(pattern.children))
        return nest

    def _block(self, pattern: PNode, names: Names) -> Block:
        opening, *inside, closing = pnodes(pattern.children)
        if _is_list(inside):
            return self._block_of_list(pattern, names)
        around = self._around
        only = inside[0] if len(inside) == 1 and inside[0].kind == "dots" else None
        plain = only is not None and not only.whens and not around.changes(only)
        body = self._list(inside)
        removed = opening.mark is TokenMark.MINUS and closing.mark is TokenMark.MINUS
        return Block(
            names,
            Head(pattern, [opening], (PointKind.OPEN,)),
            body,
            Head(closing, [closing], (PointKind.CLOSE,)),
            around.changes(closing) or bool(closing.attached),
            _depth(pattern),
            plain,
            self._list(inside) if ends_in_return(body, False) else [],
            removed or id(opening) in around.plus_before or id(closing) in around.plus_after,
            removed and len(inside) == 1 and id(opening) not in around.plus,
        )

    def _block_of_list(self, pattern: PNode, names: Names) -> Block:
        """Return the step of a block that holds a statement list metavariable and nothing else."""
        opening, statements, closing = pnodes(pattern.children)
        around = self._around
        end = Head(closing, [closing], (PointKind.CLOSE,))
        changes = around.changes(closing) or bool(closing.attached)
        start = Contents(pattern, opening, statements)
        return Block(names, start, [], end, changes, _depth(pattern), only_dots=True)

    def _if(self, pattern: PNode, names: Names) -> If:
        children = pnodes(pattern.children)
        head = Head(pattern, children[:4], (PointKind.IF,))
        then = self.step(children[4], True)
        if len(children) == 5:
            return If(names, head, then, None, None)
        word = Head(children[5], [children[5]], (PointKind.ELSE,))
        return If(names, head, then, word, self.step(children[6], True))

    def _switch(self, pattern: PNode, names: Names) -> Step:
        children = pnodes(pattern.children)
        head = Head(pattern, children[:4], (PointKind.SWITCH,))
        block = _as_written(children[-1])
        if block.kind != "compound_statement":
            return Loop(names, head, self.step(block, True))
        opening, *inside, closing = pnodes(block.children)
        braces = Head(block, [opening], (PointKind.OPEN,))
        if self._around.changes(closing) or closing.attached:
            braces = BothBraces(block, opening, closing)
        starts = [i for i, child in enumerate(inside) if child.kind == "case_label"]
        leading = self._list(inside[: starts[0]] if starts else inside)
        cases = []
        for start, end in zip(starts, [*starts, len(inside)][1:], strict=True):
            label, rest = inside[start], inside[start + 1 : end]
            default = label.children[0].text == b"default"
            part = Whole(label, (PointKind.DEFAULT if default else PointKind.CASE,))
            found = self._around.names(inside[start:end])
            cases.append(Case(found, part, self._list(rest), default))
        return Switch(names, head, braces, leading, cases)

    def _function(self, pattern: PNode, names: Names) -> FunctionStep:
        block = _as_written(pnodes(pattern.children)[-1])
        opening, *inside, closing = pnodes(block.children)
        start = Head(opening, [opening], (PointKind.OPEN,))
        if _is_list(inside):
            start, inside = Contents(block, opening, inside[0]), []
        return FunctionStep(
            names,
            FunctionHead(pattern),
            start,
            self._list(inside),
            FunctionEnd(closing),
            self._around.changes(closing) or bool(closing.attached),
        )


def _is_list(inside: Sequence[PNode]) -> bool:
    variable = inside[0].metavariable if len(inside) == 1 else None
    return variable is not None and variable.kind == "statement list"


def _as_written(pattern: PNode) -> PNode:
    """Return a body without the spellings of isomorphisms: it has to be a block."""
    while pattern.kind == "disjunction":
        pattern = pnodes(pattern.children)[0]
    return pattern


def ends_in_return(steps: Sequence[Step], dots: bool) -> bool:
    """Whether steps run over something and then return, as code that handles an error does."""
    if not steps:
        return False
    dots = dots or any(isinstance(step, Dots) for step in steps)
    last = steps[-1]
    match last:
        case Simple():
            return dots and last.jump == "return"
        case ChoiceStep():
            return all(ends_in_return(arm, dots) for arm in last.arms)
        case Both():
            return any(ends_in_return(arm, dots) for arm in last.arms)
    return False


def _union(arms: Iterable[Sequence[Step]]) -> Names:
    return frozenset().union(*(step.names for arm in arms for step in arm))


def _first_part(step: Step) -> Part | None:
    match step:
        case Simple() | AnyStatement():
            return step.part
        case Block():
            return step.opening
        case If() | Loop() | Do() | Switch() | FunctionStep():
            return step.head
    return None


def _nest_alone(nest: Nest, variant: PNode) -> Both:
    """Return the step of a nest that was in braces of its own: one statement, and what is in it."""
    whole = OneStatement()
    whole.aliases += variant.stands_for
    return Both(nest.names, [[Simple(frozenset(), whole)], [nest]])


def _depth(pattern: PNode) -> int:
    inside = max((_depth(c) for c in pnodes(pattern.children) if not c.is_leaf), default=0)
    return inside + (pattern.kind == "compound_statement")
