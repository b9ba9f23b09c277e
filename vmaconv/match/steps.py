"""A pattern of statements, as steps along paths.

In: the statements of a pattern. Out: `Step`s: simple statements, blocks, branches, loops, choices, and
dots that know what stands before and after them. What they mean on a graph is `match.translation`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from vmaconv.match.cfg import Kind
from vmaconv.match.formula import Names
from vmaconv.match.function import FunctionHead
from vmaconv.match.parts import Anywhere, Head, Part, Return, Statement, Whole, names_in
from vmaconv.smpl.rule import Mark, PNode, When
from vmaconv.source.tree import EXPRESSIONS


@dataclass(slots=True, eq=False)
class Step:
    """A step; `names` are the metavariables in it, those of plus code beside it included."""

    names: Names


@dataclass(slots=True, eq=False)
class Simple(Step):
    """A statement or expression that matches at one point."""

    part: Part
    jump: str = ""
    """`break`, `continue`, `goto`, `return`, or empty."""


@dataclass(slots=True, eq=False)
class AnyStatement(Step):
    """A statement metavariable, which may stand for a compound statement."""

    part: Part
    attached: bool = False
    """Whether it is the body of a branch or loop of the pattern, and so one statement in any case."""


@dataclass(slots=True, eq=False)
class Block(Step):
    """`{ ... }`."""

    opening: Part
    body: list[Step]
    closing: Part
    closing_changes: bool
    depth: int
    """How deeply blocks are nested in it, itself included."""
    only_dots: bool = False
    """Whether it is `{ ... }` and nothing is asked of the dots."""
    loose: list[Step] = field(default_factory=list)
    """Where the block ends in return: its body again, as it looks without braces around it."""
    changes_outside: bool = False
    """Whether something is added outside of the braces, or they are removed."""
    removed_whole: bool = False
    """Whether all of it is removed and nothing put in its place."""


@dataclass(slots=True, eq=False)
class If(Step):
    """`if (...) then`, with or without an else."""

    head: Part
    then: Step
    word: Part | None
    other: Step | None


@dataclass(slots=True, eq=False)
class Loop(Step):
    """A `while`, `for` or iterator."""

    head: Part
    body: Step


@dataclass(slots=True, eq=False)
class Do(Step):
    """`do ... while (...);`."""

    head: Part
    body: Step
    tail: Part


@dataclass(slots=True, eq=False)
class Case(Step):
    """A case of a switch and the statements after it."""

    label: Part
    body: list[Step]
    default: bool


@dataclass(slots=True, eq=False)
class Switch(Step):
    """A switch with a body in braces; `leading` stands before the first case."""

    head: Part
    opening: Part
    leading: list[Step]
    cases: list[Case]


@dataclass(slots=True, eq=False)
class Function(Step):
    """A function definition."""

    head: Part
    opening: Part
    body: list[Step]
    closing: Part
    closing_changes: bool


@dataclass(slots=True, eq=False)
class Choice(Step):
    """A disjunction."""

    arms: list[list[Step]]


@dataclass(slots=True, eq=False)
class Both(Step):
    """A conjunction."""

    arms: list[list[Step]]


@dataclass(slots=True, eq=False)
class Neighbour:
    """What dots may not run over: a brace (of the block with that many levels), or steps."""

    steps: list[Step] = field(default_factory=list)
    brace: Part | None = None
    depth: int = 0


@dataclass(slots=True, eq=False)
class Dots(Step):
    """`...`; `forbidden` and `demanded` are the patterns of `when !=` and `when =`."""

    token: PNode
    forbidden: list[list[Step]]
    demanded: list[list[Step]]
    before: list[Neighbour] = field(default_factory=list)
    after: list[Neighbour] = field(default_factory=list)

    @property
    def whens(self) -> tuple[When, ...]:
        """What the rule says of the dots."""
        return self.token.whens

    def has(self, kind: str) -> bool:
        """Whether `when any`, `when strict`, ... stands at the dots."""
        return any(when.kind == kind for when in self.token.whens)

    @property
    def removed(self) -> bool:
        """Whether what the dots run over is to be removed."""
        return self.token.mark is Mark.MINUS


@dataclass(slots=True, eq=False)
class Nest(Dots):
    """`<... body ...>`."""

    body: list[Step] = field(default_factory=list)

    @property
    def at_least_once(self) -> bool:
        """Whether this is `<+... ...+>`."""
        return self.token.strict


@dataclass(frozen=True, slots=True)
class Around:
    """What the rule has beside its pattern: the tokens that plus code stands at, and its metavariables."""

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
        """Whether a token is removed or has plus code beside it."""
        return token.mark is Mark.MINUS or id(token) in self.plus


_SIMPLE: dict[str, tuple[tuple[Kind, ...], str]] = {
    "break_statement": ((Kind.BREAK,), "break"),
    "case_label": ((Kind.CASE, Kind.DEFAULT), ""),
    "continue_statement": ((Kind.CONTINUE,), "continue"),
    "goto_statement": ((Kind.GOTO,), "goto"),
    "label": ((Kind.LABEL,), ""),
}
_LOOPS = {
    "while_statement": (4, Kind.WHILE),
    "for_statement": (-1, Kind.FOR),
    "iterator_statement": (2, Kind.ITERATOR),
}


def is_expression(pattern: PNode) -> bool:
    """Whether a pattern among statements is an expression, which may lie anywhere in a statement."""
    if pattern.kind in ("disjunction", "conjunction", "optional", "variant", "truth"):
        return all(is_expression(c) for c in _pnodes(pattern.children))
    if pattern.kind == "nest":
        return not _is_statement_nest(pattern)
    if pattern.metavariable is not None:
        return pattern.metavariable.kind not in (
            "statement",
            "statement list",
            "declaration",
            "type",
            "metavariable",
        )
    return pattern.kind in EXPRESSIONS


def has_paths(pattern: PNode) -> bool:
    """Whether there are dots or nests between the statements of `pattern`."""
    kind = pattern.kind
    if kind == "dots":
        return True
    if kind == "nest":
        return _is_statement_nest(pattern)
    if kind in ("disjunction", "conjunction", "optional", "variant"):
        return not is_expression(pattern) and any(has_paths(c) for c in _pnodes(pattern.children))
    if kind in ("sequence", "compound_statement"):
        return any(has_paths(c) for c in _pnodes(pattern.children))
    if kind in ("function_definition", "switch_statement", *_LOOPS):
        return has_paths(_pnodes(pattern.children)[-1])
    if kind == "if_statement":
        return any(has_paths(c) for c in _pnodes(pattern.children)[4:])
    if kind == "do_statement":
        return has_paths(_pnodes(pattern.children)[1])
    return False


def needs_paths(pattern: PNode) -> bool:
    """Whether a pattern has to be matched along paths: for its dots, or for what is not in the tree as such.

    That is an expression among statements (`f(x)` without a semicolon may lie anywhere in a statement)
    and a return, which may be implied.
    """
    return has_paths(pattern) or _mixes(pattern)


def _mixes(pattern: PNode) -> bool:
    children = _pnodes(pattern.children)
    if pattern.kind == "return_statement":
        # The end of a function is a return without a value, too.
        return len(children) == 2 or (len(children) == 3 and children[1].kind == "dots")
    if pattern.kind == "compound_statement":
        return any(is_expression(c) or _mixes(c) for c in children[1:-1])
    if pattern.kind == "sequence":
        alone = len(children) == 1
        return any(_mixes(c) or (not alone and _is_loose(c)) for c in children)
    if pattern.kind in ("disjunction", "variant", "optional", "conjunction"):
        return not is_expression(pattern) and any(_mixes(c) for c in children)
    if pattern.kind in _COMPOUND:
        return any(_mixes(c) for c in children)
    return False


def _is_loose(pattern: PNode) -> bool:
    """Whether a pattern may match what is no node of its own: a label goes for a statement, too."""
    variable = pattern.metavariable
    return is_expression(pattern) or (variable is not None and variable.kind == "statement")


_COMPOUND = frozenset(
    {"do_statement", "function_definition", "if_statement", "switch_statement", *_LOOPS}
)


def _is_statement_nest(pattern: PNode) -> bool:
    return any(child.kind == "sequence" for child in pattern.children)


class Steps:
    """Makes steps of a pattern."""

    def __init__(self, around: Around) -> None:
        self._around = around

    def of(self, pattern: PNode) -> list[Step]:
        """Return the steps of a whole pattern, with dots that know their neighbours."""
        found = self._list([pattern])
        annotate(found, [], [])
        return found

    def _list(self, patterns: Sequence[PNode]) -> list[Step]:
        """Return the steps of a list of statements; `?` makes a choice with and without."""
        flat: list[PNode] = []
        for pattern in patterns:
            flat += _pnodes(pattern.children) if pattern.kind == "sequence" else [pattern]
        return self._from(flat, 0)

    def _from(self, patterns: Sequence[PNode], at: int) -> list[Step]:
        out: list[Step] = []
        while at < len(patterns):
            pattern = patterns[at]
            if pattern.kind == "optional":
                out += self._optional(out, patterns, at)
                return out
            step = self.step(pattern)
            if isinstance(step, Simple) and isinstance(step.part, Return) and patterns[at + 1 :]:
                # Nothing follows the return that is implied at the end of a function.
                step.part.may_be_implied = False
            out.append(step)
            at += 1
        return out

    def _optional(self, before: Sequence[Step], patterns: Sequence[PNode], at: int) -> list[Step]:
        inner = _pnodes(patterns[at].children)[0]
        rest = patterns[at + 1 :]
        after_dots = bool(before) and isinstance(before[-1], Dots)
        if not rest:
            without = [self.step(patterns[at - 1])] if after_dots else []
            arms = [[self.step(inner)], without]
        else:
            skipped = rest[1:] if after_dots and rest[0].kind in ("dots", "nest") else rest
            arms = [self._from([inner, *rest], 0), self._from(skipped, 0)]
        return [Choice(_union(arms), arms)]

    def step(self, pattern: PNode, body: bool = False) -> Step:
        """Return the step of one statement; `body` says that it is that of a branch or loop."""
        names = self._around.names([pattern])
        kind = pattern.kind
        if kind == "dots":
            return self._dots(pattern, names)
        if kind == "nest" and _is_statement_nest(pattern):
            return self._nest(pattern, names)
        if is_expression(pattern):
            return Simple(names, Anywhere(pattern))
        if kind == "disjunction":
            return Choice(names, [self._list([arm]) for arm in _pnodes(pattern.children)])
        if kind == "conjunction":
            return Both(names, [self._list([arm]) for arm in _pnodes(pattern.children)])
        if kind == "variant":
            return self._variant(pattern, body)
        if kind == "optional":
            return self.step(_pnodes(pattern.children)[0], body)
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
            return Loop(names, head, self.step(_pnodes(pattern.children)[-1], True))
        if kind == "do_statement":
            word, body, *tail = _pnodes(pattern.children)
            ends = Head(word, tail, (Kind.DO_TAIL,))
            return Do(names, Head(pattern, [word], (Kind.DO,)), self.step(body, True), ends)
        if kind == "switch_statement":
            return self._switch(pattern, names)
        if kind == "function_definition":
            return self._function(pattern, names)
        if kind == "return_statement":
            return Simple(names, Return(pattern), "return")
        kinds, jump = _SIMPLE.get(kind, ((Kind.STATEMENT,), ""))
        return Simple(names, Whole(pattern, kinds), jump)

    def _variant(self, pattern: PNode, body: bool) -> Step:
        """Another spelling, which an isomorphism made: its first token stands for the rule's."""
        step = self.step(_pnodes(pattern.children)[0], body)
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
        nest.body = self._list(_pnodes(pattern.children))
        return nest

    def _block(self, pattern: PNode, names: Names) -> Block:
        opening, *inside, closing = _pnodes(pattern.children)
        around = self._around
        only = inside[0] if len(inside) == 1 and inside[0].kind == "dots" else None
        plain = only is not None and not only.whens and not around.changes(only)
        body = self._list(inside)
        removed = opening.mark is Mark.MINUS and closing.mark is Mark.MINUS
        return Block(
            names,
            Head(pattern, [opening], (Kind.OPEN,)),
            body,
            Head(closing, [closing], (Kind.CLOSE,)),
            around.changes(closing) or bool(closing.attached),
            _depth(pattern),
            plain,
            self._list(inside) if ends_in_return(body, False) else [],
            removed or id(opening) in around.plus_before or id(closing) in around.plus_after,
            removed and len(inside) == 1 and id(opening) not in around.plus,
        )

    def _if(self, pattern: PNode, names: Names) -> If:
        children = _pnodes(pattern.children)
        head = Head(pattern, children[:4], (Kind.IF,))
        then = self.step(children[4], True)
        if len(children) == 5:
            return If(names, head, then, None, None)
        word = Head(children[5], [children[5]], (Kind.ELSE,))
        return If(names, head, then, word, self.step(children[6], True))

    def _switch(self, pattern: PNode, names: Names) -> Step:
        children = _pnodes(pattern.children)
        head = Head(pattern, children[:4], (Kind.SWITCH,))
        block = children[-1]
        if block.kind != "compound_statement":
            return Loop(names, head, self.step(block, True))
        opening, *inside, _ = _pnodes(block.children)
        starts = [i for i, child in enumerate(inside) if child.kind == "case_label"]
        leading = self._list(inside[: starts[0]] if starts else inside)
        cases = []
        for start, end in zip(starts, [*starts[1:], len(inside)], strict=True):
            label, rest = inside[start], inside[start + 1 : end]
            default = label.children[0].text == b"default"
            part = Whole(label, (Kind.DEFAULT if default else Kind.CASE,))
            found = self._around.names(inside[start:end])
            cases.append(Case(found, part, self._list(rest), default))
        return Switch(names, head, Head(block, [opening], (Kind.OPEN,)), leading, cases)

    def _function(self, pattern: PNode, names: Names) -> Function:
        *_, block = _pnodes(pattern.children)
        opening, *inside, closing = _pnodes(block.children)
        return Function(
            names,
            FunctionHead(pattern),
            Head(opening, [opening], (Kind.OPEN,)),
            self._list(inside),
            Head(closing, [closing], (Kind.CLOSE,)),
            self._around.changes(closing) or bool(closing.attached),
        )


def ends_in_return(steps: Sequence[Step], dots: bool) -> bool:
    """Whether steps run over something and then return, as code that handles an error does."""
    if not steps:
        return False
    dots = dots or any(isinstance(step, Dots) for step in steps)
    last = steps[-1]
    match last:
        case Simple():
            return dots and last.jump == "return"
        case Choice():
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
        case If() | Loop() | Do() | Switch() | Function():
            return step.head
    return None


def _depth(pattern: PNode) -> int:
    inside = max((_depth(c) for c in _pnodes(pattern.children) if not c.is_leaf), default=0)
    return inside + (pattern.kind == "compound_statement")


def _pnodes(nodes: Iterable[object]) -> list[PNode]:
    return [node for node in nodes if isinstance(node, PNode)]


# What stands before and after dots.


def annotate(steps: Sequence[Step], before: list[Neighbour], after: list[Neighbour]) -> None:
    """Tell all dots among `steps`, and below them, what they may not run over."""
    forwards(steps, before)
    backwards(steps, after)


def forwards(steps: Sequence[Step], before: list[Neighbour]) -> list[Neighbour]:
    """Note what stands before; return what stands before that which follows `steps`."""
    for step in steps:
        before = _before(step, before)
    return before


def _before(step: Step, before: list[Neighbour]) -> list[Neighbour]:
    match step:
        case Dots():
            step.before = before
            for pattern in (*step.forbidden, *step.demanded):
                forwards(pattern, [])
            if not isinstance(step, Nest):
                return before
            forwards(step.body, before)
            return [Neighbour(step.body)]
        case Choice() | Both():
            return [one for arm in step.arms for one in forwards(arm, before)]
        case AnyStatement():
            return []
        case Block():
            forwards(step.loose, [])
            forwards(step.body, [Neighbour(brace=step.opening, depth=step.depth)])
            return [Neighbour(brace=step.closing, depth=step.depth)]
        case Function():
            forwards(step.body, [])
            return []
        case Switch():
            forwards(step.leading, [Neighbour(brace=step.opening, depth=0)])
            for case in step.cases:
                forwards(case.body, [])
        case _:
            for inner in _bodies(step):
                _before(inner, [])
    return [Neighbour([step])]


def backwards(steps: Sequence[Step], after: list[Neighbour]) -> list[Neighbour]:
    """Note what stands after; return what stands after that which precedes `steps`."""
    for step in reversed(steps):
        after = _after(step, after)
    return after


def _after(step: Step, after: list[Neighbour]) -> list[Neighbour]:
    match step:
        case Dots():
            step.after = after
            for pattern in (*step.forbidden, *step.demanded):
                backwards(pattern, after)
            if not isinstance(step, Nest):
                return after
            backwards(step.body, after)
            return [Neighbour(step.body)]
        case Choice() | Both():
            return [one for arm in step.arms for one in backwards(arm, after)]
        case AnyStatement():
            return []
        case Block():
            backwards(step.loose, [])
            backwards(step.body, [Neighbour(brace=step.closing, depth=step.depth)])
            return [Neighbour(brace=step.opening, depth=step.depth)]
        case Function():
            backwards(step.body, [])
            return []
        case Switch():
            backwards(step.leading, [])
            for case in step.cases:
                backwards(case.body, [])
        case Loop() | Do():
            _after(step.body, [Neighbour([step]), *after])
        case If():
            for inner in _bodies(step):
                _after(inner, after)
    return [Neighbour([step])]


def _bodies(step: Step) -> list[Step]:
    match step:
        case If():
            return [step.then] if step.other is None else [step.then, step.other]
        case Loop() | Do():
            return [step.body]
    return []
