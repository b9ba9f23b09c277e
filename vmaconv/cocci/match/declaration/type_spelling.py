# SPDX-License-Identifier: GPL-2.0-only
"""Matching how types are spelt: `int`, `const struct s *`, `T (*)(int)`.

In: the form of a pattern's declaration. Out: `TypePattern`, which matches the type of a declared
name in C code: qualifiers, words, and the levels around the name. A type metavariable takes what
the pattern leaves over: `T *x` binds `T` to `int *` in `int **x`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from vmaconv.cocci.match.attempt.chain import Link, chain, in_order, take_all, take_rest
from vmaconv.cocci.match.attempt.state import Matcher, MatchState, Then
from vmaconv.cocci.match.attempt.typed import canonical, canonical_base
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.match.code.declaration_parts import (
    Declarator,
    DeclaratorLevel,
    Form,
    nodes_of,
    read,
    type_tokens,
)
from vmaconv.cocci.match.declaration.attributes import around
from vmaconv.cocci.match.declaration.typename import as_declaration
from vmaconv.cocci.match.node.metavariable import constrained
from vmaconv.cocci.smpl.rule import Metavariable, PNode, TokenMark
from vmaconv.cocci.text.trivia import is_blank
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.ctype import CType

Compile = Callable[[PNode], Matcher]

_WORDS = frozenset({"primitive_type", "sized_type_specifier", "identifier"})


class TypePattern:
    """The type of a declaration in a pattern; a disjunction has an arm for each alternative."""

    def __init__(
        self, form: Form, declarator: Declarator, compile_pattern: Compile, removed: bool
    ) -> None:
        """`removed` says that the whole declaration goes, and nothing takes its place."""
        self._brackets = [b for b in declarator.brackets if isinstance(b, PNode)]
        self._arms: list[_TypeArm] = []
        attributed = bool(form.attributes or declarator.attributes)
        name = [declarator.name] if declarator.name is not None else []
        beside = (_are_removed(form.storage), _are_removed(name))
        bases: Sequence[Node | None] = [form.type]
        if form.type is not None and form.type.kind == "disjunction":
            bases = form.type.children
        for base in bases:
            quals, levels = list(form.qualifiers), declarator.levels
            inner = base
            if base is not None and base.kind == "type_descriptor":
                own = read(base)
                quals += own.qualifiers
                levels = (*levels, *own.only.levels)
                inner = own.type
            first = _leaf(form.node)
            self._arms.append(
                _TypeArm(quals, inner, levels, compile_pattern, removed, first, attributed, beside)
            )

    @property
    def is_open(self) -> bool:
        """Whether a type metavariable takes all of the type, pointers included."""
        return any(arm.takes_all for arm in self._arms)

    def match(self, form: Form, declarator: Declarator, state: MatchState, then: Then) -> bool:
        """Match the type that `form` gives the name of `declarator`."""
        before = state.successes
        pairs = list(zip(self._brackets, declarator.brackets, strict=False))

        def follow() -> bool:
            return take_all(pairs, state, then)

        spare = declarator.brackets[len(pairs) :]
        for arm in self._arms:
            if arm.match(form, declarator, spare, state, follow):
                return True
            if state.successes != before:
                return False
        return False


class _TypeArm:
    """One alternative: qualifiers, a type or nothing, and levels from the name to the type."""

    def __init__(
        self,
        qualifiers: Sequence[Node],
        base: Node | None,
        levels: Sequence[DeclaratorLevel],
        compile_pattern: Compile,
        removed: bool,
        first: PNode,
        attributed: bool,
        beside: tuple[bool, bool],
    ) -> None:
        """`beside` says whether what stands before the type, and the name behind it, are removed."""
        self._first = first
        self._qualifiers = [_leaf(q) for q in qualifiers]
        self._base = base if isinstance(base, PNode) else None
        variable = self._base.metavariable if self._base is not None else None
        self._variable = variable if variable is not None and variable.kind == "type" else None
        self._matcher = compile_pattern(self._base) if self._base is not None else None
        self._levels = [_LevelPattern(level, compile_pattern, removed) for level in levels]
        self.takes_all = self._variable is not None and not self._levels
        self._removed = removed
        leaves = _leaves(self._base) if self._base is not None else []
        gone = all(x.mark is TokenMark.MINUS for x in leaves)
        self._beside = beside
        self._base_removed = bool(leaves) and gone and not attributed
        implied = self._variable is not None or [x.text for x in leaves] == [b"int"]
        self._may_be_left_out = implied and not any(x.plussed for x in leaves)

    def match(
        self,
        form: Form,
        declarator: Declarator,
        spare: Sequence[Node],
        state: MatchState,
        then: Then,
    ) -> bool:
        count = len(self._levels)
        levels = declarator.levels
        open_ended = self._variable is not None or self._base is None
        if len(levels) < count or (len(levels) > count and not open_ended):
            return False
        rest = levels[count:]
        if count and rest and spare:
            # `T *x` is not `int (*x)(void)`, whose parentheses belong to what T would be.
            return False
        left_out = self._base is not None and form.type is None
        if left_out and not self._may_be_left_out:
            return False
        # `const T` is about what T leaves the name: the outermost pointer, if it has one.
        outermost = rest[0].qualifiers if rest and rest[0].kind == "*" else form.qualifiers
        pairs = pair(self._qualifiers, outermost)
        if pairs is None:
            return False
        taken = {id(node) for _, node in pairs}
        left = [q for q in outermost if id(q) not in taken]
        links: list[Link] = [
            lambda go, p=p, one=one: p.match(one, state, go)  # type: ignore[misc]
            for p, one in zip(self._levels, levels, strict=False)
        ]
        links.append(lambda go: take_all(pairs, state, go))
        # `__init` is about a function, and stays when that gets another type.
        returned = bool(levels) and levels[0].kind == "(" and not self._removed
        until = 0
        if self._base is not None and self._base_removed and not returned and not left_out:
            inside = self._attributes_inside(form, declarator, state)
            if inside and self._variable is not None and declarator.name is not None:
                # What T stands for comes again with the attributes behind it.
                until = inside[-1].end
            links.append(lambda go: self._take_attributes(inside, state, go))
        if left_out:
            links.append(lambda go: self._bind_left_out(rest, state, go))
        elif self._variable is not None:
            if rest and rest[0].kind == "*":
                rest = (replace(rest[0], qualifiers=tuple(left)), *rest[1:])
                left = list(form.qualifiers)
            found = _TakenType(form, declarator, left, rest, spare if rest else (), until)
            links.append(lambda go: self._bind(found, state, go))
        elif self._base is None:
            words = [*form.qualifiers, *([form.type] if form.type is not None else [])]
            spare = [*words, *nodes_of(rest)] if self._removed else []
            links.append(lambda go: take_rest(self._first, spare, state, go))
        else:
            if left and "optional_qualifier" in state.disabled:
                return False
            links.append(lambda go: self._match_base(form, left, state, go))
        return chain(links, then)

    def _attributes_inside(
        self, form: Form, declarator: Declarator, state: MatchState
    ) -> list[Node]:
        """Return the attributes within what is removed, which a type that is removed takes along."""
        assert form.type is not None and self._base is not None
        unit = state.unit
        if not unit.chunk_at(form.node.start).attributes:
            return []
        words = [*form.qualifiers, form.type]
        storage_removed, name_removed = self._beside
        start = min(node.start for node in words)
        end = max(node.end for node in words)
        first = start if self._qualifiers else form.type.start
        first = form.node.start if storage_removed else first
        if declarator.name is not None:
            end = max(end, declarator.name.start) if name_removed or self._removed else end
        elif form.node.kind in ("type_descriptor", "parameter_declaration"):
            end = form.node.end
        inside = [n for n in words if n.text is None and n.kind != "sized_type_specifier"]
        return [
            a
            for a in around(unit, start, end)
            if first <= a.start < end or declarator.name is None or self._removed
            if not any(n.start <= a.start < n.end for n in inside)
        ]

    def _take_attributes(self, found: Sequence[Node], state: MatchState, then: Then) -> bool:
        if not found:
            return then()
        assert self._base is not None
        token = next(x for x in self._base.leaves() if isinstance(x, PNode))
        return take_rest(token, found, state, then)

    def _match_base(self, form: Form, left: Sequence[Node], state: MatchState, then: Then) -> bool:
        matcher, base = self._matcher, self._base
        assert matcher is not None and base is not None and form.type is not None
        if self._removed and left:
            token = next(x for x in base.leaves() if isinstance(x, PNode))
            spare = left
            return matcher(form.type, state, lambda: take_rest(token, spare, state, then))
        return matcher(form.type, state, then)

    def _bind_left_out(
        self, rest: Sequence[DeclaratorLevel], state: MatchState, then: Then
    ) -> bool:
        """Match the type of a function that is written without: `f(x) {` returns an int."""
        if self._variable is None:
            return then()
        assert self._base is not None
        spans = runs(list(nodes_of(rest)), state)
        key = b" ".join([b"int", *type_tokens([], rest)])
        suffix = b" ".join(state.unit.text[a:b] for a, b in spans)
        value = BoundValue(key, b"int", None, suffix=suffix)
        if not constrained(self._variable, value, state):
            return False
        base = self._base
        return state.bind(self._variable, value, lambda: state.take_runs(base, spans, then))

    def _bind(self, found: _TakenType, state: MatchState, then: Then) -> bool:
        variable, token = self._variable, self._base
        assert variable is not None and token is not None
        return bind_type(variable, token, found, state, then)


class _TakenType:
    """What a type metavariable takes: words, levels that are left, and parentheses around them."""

    __slots__ = ("levels", "name", "spare", "until", "words")

    def __init__(
        self,
        form: Form,
        declarator: Declarator,
        qualifiers: Sequence[Node],
        levels: Sequence[DeclaratorLevel],
        spare: Sequence[Node],
        until: int = 0,
    ) -> None:
        """`until` is where attributes end that T brings along, if they stand behind its words."""
        assert form.type is not None
        self.until = until
        self.words = [*qualifiers, form.type]
        self.levels = levels
        self.spare = spare
        self.name = declarator.name

    def nodes(self) -> list[Node]:
        """Return all that is taken, in order."""
        found = [*self.words, *nodes_of(self.levels), *self.spare]
        return sorted(found, key=lambda n: n.start)


def bind_type(
    variable: Metavariable, token: PNode, found: _TakenType, state: MatchState, then: Then
) -> bool:
    """Bind a type metavariable to a type, which may stand on both sides of the declared name."""
    value = _value(found, state)
    if not constrained(variable, value, state):
        return False
    return state.bind(
        variable, value, lambda: state.take_runs(token, runs(found.nodes(), state), then)
    )


def _value(found: _TakenType, state: MatchState) -> BoundValue:
    key = b" ".join(type_tokens(found.words, found.levels))
    text = state.unit.text
    spans = runs(found.nodes(), state)
    at = found.name.start if found.name is not None else None
    before = [text[a:b] for a, b in spans if at is None or a < at]
    after = [text[a:b] for a, b in spans if at is not None and a >= at]
    same = identity(found, key, state)
    shown = b" ".join(before)
    if found.until:
        last = max(b for a, b in spans if at is None or a < at)
        shown = text[spans[0][0] : max(last, found.until)]
    return BoundValue(key, shown, None, suffix=b" ".join(after), identity=same)


def identity(found: _TakenType, key: bytes, state: MatchState) -> bytes:
    """Return the tokens of a type with its typedef, if it is one, seen through, and `unsigned int`
    as `unsigned`.
    """
    base = found.words[-1]
    words = [w for q in found.words[:-1] for w in q.tokens()]
    levels = type_tokens([], found.levels)
    if base.kind in ("primitive_type", "sized_type_specifier"):
        return b" ".join([*words, *canonical(base.tokens()), *levels])
    if base.kind != "identifier":
        return key
    target = state.types.resolve(CType(base.text or b""))
    if target.body is not None or target.shape or target.base == base.text:
        return key
    return b" ".join([*words, canonical_base(target.base), *levels])


def runs(nodes: Sequence[Node], state: MatchState) -> list[tuple[int, int]]:
    """Return the byte ranges of nodes, those with only blanks between them put together."""
    found: list[tuple[int, int]] = []
    text = state.unit.text
    for node in nodes:
        if found and is_blank(text[found[-1][1] : node.start]):
            found[-1] = (found[-1][0], node.end)
        else:
            found.append((node.start, node.end))
    return found


def compile_type_variable(pattern: PNode) -> Matcher:
    """Return the matcher of a type metavariable that stands alone: `min_t(T, a)`, `typedef S T;`."""
    variable = pattern.metavariable
    assert variable is not None

    def match(node: Node, state: MatchState, then: Then) -> bool:
        found = as_declaration(node, "type_descriptor", state.unit)
        if found is None:
            return False
        form = read(found)
        if form.type is None:
            return False
        taken = _TakenType(form, form.only, form.qualifiers, form.only.levels, form.only.brackets)
        return bind_type(variable, pattern, taken, state, then)

    return match


class _LevelPattern:
    """A pointer, array or function of a pattern."""

    def __init__(self, level: DeclaratorLevel, compile_pattern: Compile, removed: bool) -> None:
        self._level = level
        self._tokens = [t for t in level.tokens if isinstance(t, PNode)]
        self._qualifiers = [_leaf(q) for q in level.qualifiers]
        self._matchers = [compile_pattern(t) for t in self._tokens]
        self._removed = removed
        self._any_size = level.kind == "[" and any(t.kind == "dots" for t in self._tokens)

    def match(self, level: DeclaratorLevel, state: MatchState, then: Then) -> bool:
        """Match a level of the same kind."""
        if level.kind != self._level.kind:
            return False
        pairs = pair(self._qualifiers, level.qualifiers)
        if pairs is None:
            return False
        taken = {id(node) for _, node in pairs}
        left = [q for q in level.qualifiers if id(q) not in taken]
        if left and "optional_qualifier" in state.disabled:
            return False

        def follow() -> bool:
            if self._removed and left:
                return take_rest(self._tokens[0], left, state, then)
            return then()

        links: list[Link] = [lambda go: take_all(pairs, state, go)]
        if self._any_size and len(level.tokens) == 2:
            ends = [(self._tokens[0], level.tokens[0]), (self._tokens[-1], level.tokens[-1])]
            links.append(lambda go: take_all(ends, state, go))
        else:
            links.append(lambda go: in_order(self._matchers, level.tokens, state, go))
        return chain(links, follow)


def pair(wanted: Sequence[PNode], have: Sequence[Node]) -> list[tuple[PNode, Node]] | None:
    """Pair qualifiers of a pattern with those of the code; None where one is missing."""
    left = [(node, next(node.leaves())) for node in have]
    pairs: list[tuple[PNode, Node]] = []
    for token in wanted:
        found = next((p for p in left if p[1].text == token.text), None)
        if found is None:
            return None
        left.remove(found)
        pairs.append((token, found[0]))
    return pairs


def compile_words(pattern: PNode) -> Matcher:
    """Return the matcher of a type that is words: `unsigned long`, `u8`.

    `unsigned` and `unsigned int` are one type, and `int` takes `signed int` and `signed` (C11 6.7.2).
    """
    tokens = [x for x in pattern.leaves() if isinstance(x, PNode)]
    wanted = [x.text or b"" for x in tokens]

    def match(node: Node, state: MatchState, then: Then) -> bool:
        if node.kind not in _WORDS:
            return False
        have = list(node.leaves())
        if not _same_words(wanted, [x.text or b"" for x in have], state):
            return False
        pairs: list[tuple[PNode, Node]] = []
        for token in tokens:
            found = next((x for x in have if x.text == token.text), None)
            if found is not None:
                have.remove(found)
                pairs.append((token, found))
        spare = have if tokens[-1].mark is TokenMark.MINUS else []
        return take_all(pairs, state, lambda: take_rest(tokens[-1], spare, state, then))

    return match


def _same_words(wanted: list[bytes], have: list[bytes], state: MatchState) -> bool:
    if wanted == have or sorted(wanted) == sorted(have):
        return True
    if wanted == [b"int"]:
        signed = sorted(have) in ([b"int", b"signed"], [b"signed"])
        return signed and "add_signed" not in state.disabled
    for sign in (b"signed", b"unsigned"):
        if sign in wanted and sign in have:
            one = sorted(w for w in wanted if w != b"int")
            return one == sorted(w for w in have if w != b"int") == [sign]
    return False


def is_words(pattern: PNode) -> bool:
    """Whether a pattern is a type that is words."""
    return pattern.kind in ("primitive_type", "sized_type_specifier") and not any(
        isinstance(x, PNode) and x.metavariable is not None for x in pattern.leaves()
    )


def _are_removed(nodes: Sequence[Node]) -> bool:
    leaves = [leaf for node in nodes for leaf in _leaves(node)]
    return bool(leaves) and all(leaf.mark is TokenMark.MINUS for leaf in leaves)


def _leaves(node: Node) -> list[PNode]:
    return [x for x in node.leaves() if isinstance(x, PNode)]


def _leaf(node: Node) -> PNode:
    found = next(node.leaves())
    assert isinstance(found, PNode)
    return found
