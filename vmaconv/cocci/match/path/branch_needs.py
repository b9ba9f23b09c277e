# SPDX-License-Identifier: GPL-2.0-only
"""Words that each branch of a function must contain for a pattern to match there.

In: the steps of a pattern. Out: a `CodeNeed`, asked before the function is parsed. What follows the dots
of a rule about all paths is not needed: paths that jump out before are excused from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from vmaconv.cocci.match.atom.parts import Part, Return, names_in
from vmaconv.cocci.match.attempt.operands import operand
from vmaconv.cocci.match.graph.formula import Names
from vmaconv.cocci.match.path.steps import (
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
    rows,
)
from vmaconv.cocci.match.prefilter.code_need import (
    CODE_KINDS,
    NO_NEED,
    BranchNeed,
    CodeNeed,
    CodeWords,
    EachNeed,
    OneNeed,
    Tail,
    tails_required,
)
from vmaconv.cocci.match.prefilter.required import Clause, required_within
from vmaconv.cocci.smpl.mentions import Name, in_every_match, name_of
from vmaconv.cocci.smpl.rule import Metavariable, PNode
from vmaconv.cocci.tree.node import Node


def branch_needs(steps: Sequence[Step], forall: bool, bound: Names) -> CodeNeed | None:
    """Return what a match of `steps` needs that binds all of `bound`; None if no branch tells anything.

    `forall` says that the rule is about all paths.
    """
    found = _Needs(forall).of_list(steps, bound)
    return found if _tells(found) else None


def _tells(need: CodeNeed) -> bool:
    """Whether something is needed in a branch."""
    match need:
        case EachNeed():
            return any(map(_tells, need.parts))
        case OneNeed():
            return all(map(_tells, need.parts))
        case BranchNeed():
            return need.body != NO_NEED
    return False


class _Needs:
    """Works out needs; `forall` is the rule's quantifier."""

    def __init__(self, forall: bool) -> None:
        self._forall = forall

    def of_list(self, steps: Sequence[Step], bound: Names) -> CodeNeed:
        """Return what steps in a row need that bind all of `bound`."""
        found: list[CodeNeed] = []
        for step, names in zip(steps, _shares(steps, bound), strict=True):
            found.append(self._of(step, names))
            if self._excuses(step):
                break
        return _each(found)

    def _excuses(self, step: Step) -> bool:
        """Whether what follows a step need not be there, since dots in it are about all paths."""
        if isinstance(step, Dots):
            return (self._forall and not step.has("exists")) or step.has("forall")
        return any(self._excuses(one) for below in rows(step) for one in below)

    def _of(self, step: Step, bound: Names) -> CodeNeed:
        match step:
            case Simple():
                part = step.part
                implied = isinstance(part, Return) and part.may_be_implied
                return NO_NEED if implied else _words(part, bound)
            case Nest():
                return self.of_list(step.body, bound) if step.at_least_once else NO_NEED
            case ChoiceStep():
                return self._choice(step, bound, self.of_list)
            case Both():
                return _each(self.of_list(arm, frozenset()) for arm in step.arms)
            case Block():
                return NO_NEED if step.loose else self.of_list(step.body, bound)
            case If():
                return self._if(step, bound)
            case Loop():
                head, body = _shares_of([step.head.names, step.body.names], bound)
                return _each([_words(step.head, head), self._of(step.body, body)])
            case Do():
                return _each([self._of(step.body, frozenset()), _words(step.tail, frozenset())])
            case Switch():
                return _words(step.head, frozenset())
            case FunctionStep():
                return _each([_words(step.head, frozenset()), self.of_list(step.body, frozenset())])
        return NO_NEED

    def _choice(
        self,
        step: ChoiceStep,
        bound: Names,
        of_arm: Callable[[Sequence[Step], Names], CodeNeed],
    ) -> CodeNeed:
        """Return what a choice needs; an arm that does not bind all of `bound` is none."""
        arms = [arm for arm in step.arms if bound <= _names(arm)]
        needs = [of_arm(arm, bound) for arm in arms]
        return _any_of(needs)

    def _if(self, step: If, bound: Names) -> CodeNeed:
        other = step.other.names if step.other is not None else frozenset()
        names = [step.head.names, step.then.names, other]
        _, in_then, in_other = _shares_of(names, bound)
        found = [self._branch(step, step.then, False, in_then)]
        if step.other is not None:
            found.append(self._branch(step, step.other, True, in_other))
        needs = _each(found)
        # A branch that tells something has the head with it.
        return needs if _tells(needs) else _each([_words(step.head, frozenset()), needs])

    def _branch(self, step: If, body: Step, is_else: bool, bound: Names) -> CodeNeed:
        match body:
            case Block():
                loose = self.of_list(body.loose, bound) if body.loose else None
                return self._made(step, is_else, True, self.of_list(body.body, bound), loose)
            case Simple():
                return self._made(step, is_else, False, self._of(body, bound), None)
            case ChoiceStep():

                def of_arm(arm: Sequence[Step], bound: Names) -> CodeNeed:
                    return self._branch(step, arm[0], is_else, bound) if len(arm) == 1 else NO_NEED

                return self._choice(body, bound, of_arm)
        return self._of(body, bound)

    @staticmethod
    def _made(
        step: If, is_else: bool, in_braces: bool, body: CodeNeed, leaving: CodeNeed | None
    ) -> CodeNeed:
        named, head = _named_in(step.head), _words_in(step.head.patterns)
        return BranchNeed(is_else, in_braces, head, named, body, leaving)


def _each(needs: Iterable[CodeNeed]) -> CodeNeed:
    found = tuple(need for need in needs if need != NO_NEED)
    return found[0] if len(found) == 1 else EachNeed(found)


def _any_of(needs: Iterable[CodeNeed]) -> CodeNeed:
    """Return one for several of which one is needed; isomorphisms spell many a thing twice."""
    found: dict[CodeNeed, None] = {}
    for need in needs:
        found.update(dict.fromkeys(need.parts if isinstance(need, OneNeed) else [need]))
    if NO_NEED in found:
        return NO_NEED
    return next(iter(found)) if len(found) == 1 else OneNeed(tuple(found))


def _names(steps: Iterable[Step]) -> Names:
    return frozenset().union(*(step.names for step in steps))


def _shares(steps: Sequence[Step], bound: Names) -> list[Names]:
    return _shares_of([step.names for step in steps], bound)


def _shares_of(names: Sequence[Names], bound: Names) -> list[Names]:
    """Return for each of some parts which of `bound` it alone can bind."""
    alone = {name for name in bound if sum(name in own for own in names) == 1}
    return [own & alone for own in names]


def _words(part: Part, bound: Names) -> CodeNeed:
    """Return the words that a part needs; of a disjunction, the arms that bind all of `bound` do."""
    rows: list[Sequence[PNode]] = [part.patterns]
    if len(part.patterns) == 1 and bound:
        rows = [[arm] for arm in _arms(part.patterns[0]) if bound <= names_in(arm)]
    needs = [_words_in(row) for row in rows]
    return NO_NEED if CodeWords() in needs else _any_of(needs)


def _words_in(patterns: Sequence[PNode]) -> CodeWords:
    clauses = frozenset[Clause]().union(*map(required_within, patterns))
    tails = frozenset[frozenset[Tail]]().union(*map(tails_required, patterns))
    return CodeWords(tuple(sorted(clauses, key=sorted)), tuple(sorted(tails, key=sorted)))


def _arms(pattern: PNode) -> list[PNode]:
    """Return the arms of a disjunction, and of those in it."""
    if pattern.kind != "disjunction":
        return [pattern]
    return [arm for child in pattern.children if isinstance(child, PNode) for arm in _arms(child)]


def _named_in(head: Part) -> tuple[tuple[Name, frozenset[bytes]], ...]:
    """Return the metavariables whose code is in every match of a head, and the tokens of which one stands
    right behind it; none if it may be any.
    """
    always = frozenset().union(*(in_every_match(pattern, _code_at) for pattern in head.patterns))
    behind: _Behind = {}
    for pattern, after in zip(head.patterns, (*head.patterns[1:], None), strict=True):
        _note_behind(pattern, frozenset([after.text]) if after and after.text else None, behind)
    return tuple((name, behind.get(name) or frozenset()) for name in sorted(always))


_Behind = dict[Name, frozenset[bytes] | None]


def _note_behind(node: PNode, after: frozenset[bytes] | None, found: _Behind) -> None:
    """Note for each metavariable which tokens stand behind it, given those behind a node (None: any)."""
    meta = node.metavariable
    if meta is not None:
        known = found.get(name_of(meta), frozenset())
        # More parentheses may be around than the pattern has.
        found[name_of(meta)] = known | after | {b")"} if known is not None and after else None
        return
    parts = [child for child in node.children if isinstance(child, PNode)]
    if node.kind in ("disjunction", "truth", "variant"):
        for part in parts:
            _note_behind(part, after, found)
    elif node.kind == "parenthesized_expression":
        _note_behind(parts[1], frozenset([b")"]), found)
    elif node.kind == "unary_expression":
        _note_behind(parts[-1], after, found)
    elif node.kind == "binary_expression" and parts[1].text is not None and after is not None:
        # An operand beside dots may stand on either side.
        own, alone = frozenset([parts[1].text]), operand(node) is not None
        _note_behind(parts[0], own | after if alone else own, found)
        _note_behind(parts[2], own | after if alone else after, found)
    else:
        for part in parts:
            _note_behind(part, None, found)


def _code_at(node: Node) -> Iterator[Metavariable]:
    meta = node.metavariable if isinstance(node, PNode) else None
    if meta is not None and meta.kind in CODE_KINDS:
        yield meta
