# SPDX-License-Identifier: GPL-2.0-only
"""Matching the types of expressions: `struct foo *p;`, `T x;`, `expression *e;`.

In: a metavariable's type, as a pattern, and the `CType` of an expression. Out: whether they agree,
and what metavariables in the type are bound to. A typedef's name in the code is seen through, one
in the pattern is not: `int x` takes a `myint`, `myint x` takes no int. Qualifiers of the code do
not count unless the pattern has them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from vmaconv.cocci.match.attempt.state import MatchState, Then
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.match.code.declaration_parts import DeclaratorLevel, read
from vmaconv.cocci.smpl.mentions import name_of
from vmaconv.cocci.smpl.rule import Metavariable, PNode
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.ctype import CType, parse_type

_TAGS = {"struct_specifier": b"struct", "union_specifier": b"union", "enum_specifier": b"enum"}


def match_types(meta: Metavariable, ctype: CType | None, state: MatchState, then: Then) -> bool:
    """Match the type of an expression with those that a metavariable may have, and go on."""
    if ctype is None:
        return False
    ctype = _value_type(ctype)
    if meta.array:
        element = _peeled(ctype, "[", state)
        if element is None:
            return False
        ctype = element
    before = state.successes
    for descriptor in meta.ctype:
        if _match(descriptor, ctype, state, then):
            return True
        if state.successes != before:
            return False
    return False


def has_shape(meta: Metavariable, ctype: CType | None, state: MatchState) -> bool:
    """Whether a type is what `expression *e` or `expression struct *e` ask for."""
    ctype = _value_type(ctype) if ctype is not None else None
    for _ in range(meta.stars or (1 if meta.pointer else 0)):
        ctype = _peeled(ctype, "*", state) if ctype is not None else None
    if ctype is None:
        return False
    tags = {"struct", "union", "enum"} & set(meta.qualifiers)
    if not tags:
        return True
    found = state.types.resolve(ctype)
    return not found.shape and found.base.split(b" ")[0].decode(errors="replace") in tags


def _value_type(ctype: CType) -> CType:
    """Return the type of an expression's value: a function's name is a pointer to it (C11 6.3.2.1)."""
    return ctype.pointer() if ctype.shape[:1] == "(" else ctype


def _match(descriptor: Node, ctype: CType, state: MatchState, then: Then) -> bool:
    form = read(descriptor)
    for level in form.only.levels:
        if not _holds(level, ctype, state):
            return False
        inner = _peeled(ctype, level.kind, state)
        if inner is None:
            return False
        ctype = inner
    wanted = {t for q in form.qualifiers for t in q.tokens()}
    base = form.type
    if base is None:
        return False
    if base.kind == "disjunction":
        before = state.successes
        for arm in base.children:
            if _match_base(arm, ctype, wanted, state, then):
                return True
            if state.successes != before:
                return False
        return False
    return _match_base(base, ctype, wanted, state, then)


def _holds(level: DeclaratorLevel, ctype: CType, state: MatchState) -> bool:
    """Whether a pointer of the code has the qualifiers that the pattern's has."""
    wanted = {t for q in level.qualifiers for t in q.tokens()}
    return not wanted or wanted <= state.types.resolve(ctype).outermost()


def _peeled(ctype: CType, kind: str, state: MatchState) -> CType | None:
    """Return what a pointer points to, an array holds or a function gives, typedefs seen through."""
    for one in expansions(ctype, state):
        # An array's name is a pointer to its first element (C11 6.3.2.1); spatch keeps them apart.
        decays = kind == "*" and one.shape[:1] == "[" and state.options.truth.conversions
        if one.shape[:1] == kind or decays:
            return replace(one, shape=one.shape[1:], qualifiers=one.qualifiers[1:])
        if one.shape:
            return None
    return None


def expansions(ctype: CType, state: MatchState) -> Iterator[CType]:
    """Yield a type, and what each typedef that it begins with stands for."""
    yield ctype
    for _ in range(16):
        found = state.types.expanded(ctype)
        if found is None:
            return
        ctype = found
        yield ctype


def _match_base(
    base: Node, ctype: CType, wanted: set[bytes], state: MatchState, then: Then
) -> bool:
    if base.kind == "type_descriptor":
        return _match(base, ctype, state, then)
    meta = base.metavariable if isinstance(base, PNode) else None
    if meta is not None and meta.kind == "type":
        return _bind(meta, ctype, wanted, state, then)
    for one in expansions(ctype, state):
        if one.shape or not wanted <= one.outermost():
            continue
        if base.kind in _TAGS:
            if _match_tag(base, one, state, then):
                return True
        elif _same_words(base, one):
            return then()
    return False


def _same_words(base: Node, ctype: CType) -> bool:
    if ctype.body is not None:
        return False
    if base.kind == "macro_type_specifier":
        return False
    return canonical(base.tokens()) == canonical(ctype.base.split())


def canonical(words: Sequence[bytes]) -> list[bytes]:
    """Return the words of a type in an order and form of their own: `int unsigned` is `unsigned`."""
    found = sorted(words)
    if len(found) > 1 and b"int" in found:
        found.remove(b"int")
    if len(found) > 1 and b"signed" in found and b"char" not in found:
        found.remove(b"signed")
    return [b"int"] if found == [b"signed"] else found


def canonical_base(base: bytes) -> bytes:
    """Return a type's base as `canonical` has it; a tag stays behind its keyword.

    >>> canonical_base(b"long unsigned int"), canonical_base(b"struct foo")
    (b'long unsigned', b'struct foo')
    """
    words = base.split()
    tagged = words[:1] in ([b"struct"], [b"union"], [b"enum"])
    return base if tagged else b" ".join(canonical(words))


def _match_tag(base: Node, ctype: CType, state: MatchState, then: Then) -> bool:
    keyword, _, tag = ctype.base.partition(b" ")
    if keyword != _TAGS[base.kind] or not tag:
        return False
    if len(base.children) < 2:
        return False
    name = base.children[1]
    meta = name.metavariable if isinstance(name, PNode) else None
    if meta is None:
        return name.text == tag and then()
    value = BoundValue(tag, tag)
    if not state.allows(meta, value):
        return False
    return state.bind(meta, value, then)


def _bind(
    meta: Metavariable, ctype: CType, wanted: set[bytes], state: MatchState, then: Then
) -> bool:
    """Bind a type metavariable to the type as it is written, or compare with what it is bound to."""
    if not wanted <= ctype.outermost():
        return False
    known = state.bindings.get(name_of(meta))
    if known is None and meta.rule is not None:
        return False
    if known is None:
        value = type_value(_without(ctype, wanted))
        if value is not None:
            target = state.types.resolve(_without(ctype, wanted))
            whole = type_value(replace(target, base=canonical_base(target.base)))
            value = replace(value, identity=(whole or value).key)
        return value is not None and state.allows(meta, value) and state.bind(meta, value, then)
    other = parse_type(known.key)
    for one in expansions(ctype, state):
        bare = _without(one, wanted)
        value = type_value(bare)
        if value is not None and _agree(value, known, bare, other):
            return then()
    return False


def _agree(value: BoundValue, known: BoundValue, ctype: CType, other: CType | None) -> bool:
    if value.key in (known.key, known.identity):
        return True
    if other is None or other.shape != ctype.shape or ctype.body is not None:
        return False
    if any(ctype.qualifiers) or not {b"const", b"volatile"}.isdisjoint(known.key.split()):
        # T stands for `const t` or for `t`, not for both.
        return False
    return canonical(other.base.split()) == canonical(ctype.base.split())


def _without(ctype: CType, words: set[bytes]) -> CType:
    if not words or not ctype.qualifiers:
        return ctype
    return replace(ctype, qualifiers=(ctype.qualifiers[0] - words, *ctype.qualifiers[1:]))


def type_value(ctype: CType) -> BoundValue | None:
    """Return a type as the value of a metavariable, or None for one that has no name."""
    if ctype.body is not None:
        return None
    qualifiers = list(ctype.qualifiers) or [frozenset[bytes]()] * (len(ctype.shape) + 1)
    words = [*sorted(qualifiers[-1]), *ctype.base.split()]
    inner: list[bytes] = []
    ahead, behind = b"", b""
    before = ""
    for index, (shape, own) in enumerate(zip(ctype.shape, qualifiers, strict=False)):
        spelt = ctype.spelt(index)
        if shape == "*":
            inner = [b"*", *sorted(own), *inner]
            ahead = b"*" + b" ".join(sorted(own)) + ahead
        else:
            if before == "*":
                inner = [b"(", *inner, b")"]
                ahead, behind = b"(" + ahead, behind + b")"
            inner = [*inner, *spelt]
            behind += _listed(spelt)
        before = shape
    text = b" ".join(words) + (b" " + ahead if ahead else b"")
    return BoundValue(b" ".join([*words, *inner]), text, suffix=behind)


def _listed(tokens: Sequence[bytes]) -> bytes:
    """Return the text of an array's size or a function's parameters: `[10]`, `(int, char *p)`."""
    text = b""
    for before, token in zip((b"", *tokens), tokens, strict=False):
        apart = token not in b"()[],." and before not in (b"", b"(", b"[", b"*", b"->", b".")
        text += b" " * (apart and token != b"->") + token
    return text
