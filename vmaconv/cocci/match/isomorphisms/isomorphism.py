# SPDX-License-Identifier: GPL-2.0-only
"""Isomorphisms: other spellings of a pattern that mean the same.

In: a pattern and isomorphisms. Out: the pattern with a disjunction wherever an isomorphism gives
another spelling; the spelling as written comes first. Only patterns are rewritten, never plus code,
and only where all of the rewritten tokens carry one mark and no plus code stands among them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count

from vmaconv.cocci.match.code.role import is_expression
from vmaconv.cocci.match.isomorphisms.isomorphism_index import WRAPPERS, Ways
from vmaconv.cocci.match.isomorphisms.surroundings import PatternSurroundings, pattern_leaves
from vmaconv.cocci.match.node.metavariable import LIST_KINDS
from vmaconv.cocci.match.prefilter.needs_paths import is_statement_nest
from vmaconv.cocci.smpl.isofile import Isomorphism
from vmaconv.cocci.smpl.mentions import Name, in_pattern, in_type
from vmaconv.cocci.smpl.rule import Metavariable, PlusBlock, PNode, TokenMark, When
from vmaconv.cocci.tree.node import EXPRESSIONS, STATEMENTS, Node

ANONYMOUS = "%"
"""What the names of metavariables begin with that no rule declared."""


MOST = 200_000
"""How many nodes a part of a pattern may come to, all spellings counted: spellings of a part stand in
each spelling of what is around it, so that `((((((x))))))` has them in powers of two."""


class TooManySpellings(Exception):
    """A pattern that isomorphisms spell in more ways than can be looked for."""


def expand(
    pattern: PNode,
    isomorphisms: Sequence[Isomorphism],
    blocks: Sequence[PlusBlock],
    exported: Collection[Name] = (),
) -> PNode:
    """Return `pattern` with every spelling that `isomorphisms` allow, innermost first.

    `exported` are the metavariables that later rules ask for. Raises `TooManySpellings`.
    """
    if not isomorphisms:
        return pattern
    around = PatternSurroundings(pattern, blocks, exported)
    return _expand(pattern, Ways(isomorphisms), around, False, top=True)


_CONDITIONED = frozenset({"if_statement", "while_statement", "do_statement", "for_statement"})
_LOGICAL = frozenset({b"&&", b"||", b"!"})


def _expand(
    pattern: PNode, isos: Ways, around: PatternSurroundings, tested: bool, top: bool = False
) -> PNode:
    """`tested` says that the pattern stands where C asks for truth, `top` that it is all of a rule,
    or an arm that is: no spelling of it is a metavariable alone, which would match anything.
    """
    if pattern.whens:
        pattern.whens = tuple(_expanded_when(when, isos, around) for when in pattern.whens)
    if pattern.text is not None and not tested and not _is_spelt(pattern, isos):
        return pattern
    condition = pattern.kind in _CONDITIONED
    logical = any(child.text in _LOGICAL for child in pattern.children)
    arms = pattern.kind in ("disjunction", "conjunction") or len(pattern.children) == 1
    below = top and arms
    pattern.children = [
        _expand(c, isos, around, logical or (condition and c.kind not in STATEMENTS), below)
        if isinstance(c, PNode)
        else c
        for c in pattern.children
    ]
    if pattern.kind == "function_definition" and pattern.children[-1].kind == "disjunction":
        # A function's body has its braces.
        pattern.children[-1] = pattern.children[-1].children[0]
    if (
        pattern.kind not in EXPRESSIONS
        and pattern.kind not in STATEMENTS
        and pattern.metavariable is None
    ):
        return pattern
    variants = _variants(pattern, isos, around, tested)
    if top and not _is_variable(pattern):
        variants = [one for one in variants if not _is_variable(one)]
    if len(variants) == 1:
        return pattern
    made = _node("disjunction", [pattern, *(_variant(v, pattern) for v in variants[1:])])
    if around.size(made) > MOST:
        raise TooManySpellings
    return made


def _is_spelt(leaf: PNode, isos: Ways) -> bool:
    """Whether a name or number is one that an isomorphism spells otherwise: `0 => NIL`."""
    return leaf.metavariable is None and leaf.text in isos.leaves and is_expression(leaf)


def _is_variable(pattern: PNode) -> bool:
    """Whether a pattern is a metavariable and nothing else."""
    inner: Node = pattern
    while inner.kind == "variant" and len(inner.children) == 1:
        inner = inner.children[0]
    return isinstance(inner, PNode) and inner.metavariable is not None


def _expanded_when(when: When, isos: Ways, around: PatternSurroundings) -> When:
    """Return what dots may not run over, in every spelling."""
    if when.pattern is None:
        return when
    condition = when.kind in ("true", "false")
    return replace(when, pattern=_expand(when.pattern, isos, around, condition))


def _variant(made: PNode, pattern: PNode) -> PNode:
    """Wrap another spelling of `pattern`, so that its ends take the place of the ends as written."""
    leaves = pattern_leaves(pattern)
    node = _node("variant", [made])
    node.stands_for = (leaves[0], leaves[-1])
    return node


def _variants(pattern: PNode, isos: Ways, around: PatternSurroundings, tested: bool) -> list[PNode]:
    """Return `pattern` and all that isomorphisms make of it, each isomorphism once in a chain."""
    found = [pattern]
    used: list[frozenset[str]] = [frozenset()]
    seen = {_shape(pattern)}
    for variant, names in zip(found, used, strict=False):
        if variant is not pattern and variant.kind in ("disjunction", "variant"):
            # A part of the pattern that stands alone now: its own spellings are there already.
            continue
        for way in isos.of(variant, tested):
            if way.iso.name in names:
                continue
            for other in way.others:
                made = _rewrite(variant, way.side, way.iso, other, around)
                if made is not None and (key := _shape(made)) not in seen:
                    seen.add(key)
                    found.append(made)
                    used.append(names | {way.iso.name})
    return found


def _shape(node: Node) -> str:
    if node.kind in ("disjunction", "variant"):
        return _shape(node.children[0])
    if node.text is not None:
        return f"{node.kind}:{node.text!r}"
    return f"({node.kind} {' '.join(_shape(c) for c in node.children)})"


def _rewrite(
    pattern: PNode, side: PNode, iso: Isomorphism, other: PNode, around: PatternSurroundings
) -> PNode | None:
    bound: dict[str, PNode] = {}
    fixed: list[PNode] = []
    if not _unify(side, pattern, bound, fixed):
        return None
    leaves = pattern_leaves(pattern)
    if not leaves or not _one_mark(fixed, leaves) or around.inside(leaves, bound):
        return None
    kept = {m.name for meta in in_pattern(other) for m in (meta, *in_type(meta))}
    dropped = [part for name, part in bound.items() if name not in kept]
    if any(not _may_go(part, fixed, around) for part in dropped):
        return None
    if not all(around.pure(bound[name]) for name in iso.pure if name in bound):
        return None
    if _removed_around(fixed, bound.values()) or _emptied(pattern, fixed, bound, around):
        return None
    mark = fixed[0].mark if fixed else _common_mark(leaves)
    made = _instantiate(other, bound, mark)
    if not _reattached(made, fixed, leaves):
        return None
    if mark is TokenMark.MINUS and _has_anonymous(made):
        # Whatever the new spelling alone has would be deleted unseen.
        return None
    if iso.kind == "ToTestExpression" or pattern.kind == "truth":
        return _node("truth", [made])
    return made


def _removed_around(fixed: Sequence[PNode], parts: Iterable[PNode]) -> bool:
    """Whether tokens are removed around a nest that stays: they have to be there."""
    stays = any(part.kind == "nest" and part.mark is not TokenMark.MINUS for part in parts)
    return stays and any(leaf.mark is TokenMark.MINUS for leaf in fixed)


def _emptied(
    pattern: PNode, fixed: Sequence[PNode], bound: Mapping[str, PNode], around: PatternSurroundings
) -> bool:
    """Whether braces stay around a statement that goes: `if (x) {`, `- f();`, `}` is no rule for
    `if (x) f();`, which would keep no body. With a nest in place of `- f();` it is, as from spatch.
    """
    if pattern.kind != "compound_statement" or any(t.mark is TokenMark.MINUS for t in fixed):
        return False
    return any(
        part.kind != "nest"
        and all(leaf.mark is TokenMark.MINUS for leaf in pattern_leaves(part))
        and not around.changes(part)
        for part in bound.values()
    )


def _common_mark(leaves: Sequence[PNode]) -> TokenMark:
    """Return what a spelling adds to a part of the pattern is marked with."""
    marks = {leaf.mark for leaf in leaves}
    return marks.pop() if len(marks) == 1 else TokenMark.CONTEXT


def _may_go(part: PNode, fixed: Sequence[PNode], around: PatternSurroundings) -> bool:
    """Whether another spelling may do without a part: not where the rule changes just that."""
    removed = bool(fixed) and fixed[0].mark is TokenMark.MINUS
    kept = all(leaf.mark is not TokenMark.MINUS for leaf in pattern_leaves(part))
    return removed or (kept and not around.changes(part))


def _reattached(made: PNode, fixed: Sequence[PNode], leaves: Sequence[PNode]) -> bool:
    """Attach to a new spelling what is attached to tokens that it has, too; False if it lacks one."""
    wanted = [leaf for leaf in fixed if leaf.attached]
    if not wanted:
        return True
    old = {id(leaf) for leaf in leaves}
    new = [n for n in made.walk() if isinstance(n, PNode) and n.text and id(n) not in old]
    for leaf in wanted:
        same = next((n for n in new if n.text == leaf.text and not n.attached), None)
        if same is None:
            return False
        same.attached = leaf.attached
    return True


def _has_anonymous(node: Node) -> bool:
    return any(
        isinstance(leaf, PNode)
        and leaf.metavariable is not None
        and leaf.metavariable.name.startswith(ANONYMOUS)
        for leaf in node.walk()
    )


def _one_mark(fixed: Sequence[PNode], leaves: Sequence[PNode]) -> bool:
    # A star changes nothing.
    marks = {TokenMark.CONTEXT if leaf.mark is TokenMark.STAR else leaf.mark for leaf in fixed}
    if len(marks) > 1:
        return False
    if TokenMark.MINUS in marks:
        return all(leaf.mark is TokenMark.MINUS for leaf in leaves)
    return True


def _unify(side: Node, pattern: Node, bound: dict[str, PNode], fixed: list[PNode]) -> bool:
    assert isinstance(side, PNode) and isinstance(pattern, PNode)
    if side.metavariable is not None:
        return _bind(side, pattern, bound)
    if pattern.kind in WRAPPERS:
        return _unify(side, pattern.children[0], bound, fixed)
    if side.kind != pattern.kind or side.text != pattern.text:
        return False
    if side.text is None and pattern.attached:
        return False
    if side.text is not None:
        fixed.append(pattern)
        return True
    if len(side.children) != len(pattern.children):
        return False
    pairs = zip(side.children, pattern.children, strict=True)
    return all(_unify(s, p, bound, fixed) for s, p in pairs)


def _as_written(pattern: PNode) -> PNode:
    """Return a part of the pattern without the spellings that isomorphisms gave it."""
    first, *others = pattern.children or [pattern]
    made = pattern.kind == "disjunction" and all(other.kind == "variant" for other in others)
    return first if made and others and isinstance(first, PNode) else pattern


def _bind(side: PNode, pattern: PNode, bound: dict[str, PNode]) -> bool:
    meta = side.metavariable
    assert meta is not None
    written = _as_written(pattern)
    if written.metavariable is not None and not _fits(meta, pattern):
        # Other spellings of a part do not keep what is around it from having some: `!p`, `p == NULL`.
        pattern = written
    if not _fits(meta, pattern):
        return False
    own = pattern.metavariable
    if meta.kind == "typed" and own is not None and not _same_type(meta, own, bound):
        return False
    known = bound.setdefault(meta.name, pattern)
    return known is pattern or _shape(known) == _shape(pattern)


def _same_type(meta: Metavariable, own: Metavariable, bound: dict[str, PNode]) -> bool:
    """Whether the type of a typed metavariable is that of an isomorphism's, which may name it `t`."""
    theirs, ours = meta.ctype[0], own.ctype[0]
    return _unify(theirs, ours, bound, []) and meta.array == own.array


def _is_arithmetic(pattern: PNode) -> bool:
    """Whether a part of a pattern is an int as far as spatch can tell from the pattern alone."""
    if pattern.kind == "sizeof_expression":
        return True
    return pattern.kind == "binary_expression" and pattern.children[1].text in _ARITHMETIC


_ARITHMETIC = frozenset({b"+", b"-", b"*", b"/", b"%"})


def _fits(meta: Metavariable, pattern: PNode) -> bool:
    own = pattern.metavariable
    if pattern.kind in ("disjunction", "variant") and meta.kind == "statement":
        first = pattern.children[0]
        return isinstance(first, PNode) and _fits(meta, first)
    if meta.kind == "statement":
        if pattern.kind in STATEMENTS or (own is not None and own.kind == "statement"):
            return True
        if pattern.kind == "nest":
            # In a block of its own, it is what the block's one statement is or has in it.
            return is_statement_nest(pattern)
        # An expression in a statement's place is a statement that holds it; spatch leaves one that
        # changes where it is.
        holds = pattern.kind in EXPRESSIONS or (own is not None and own.kind == "expression")
        return holds and all(leaf.mark is not TokenMark.MINUS for leaf in pattern_leaves(pattern))
    if meta.kind == "typed":
        if own is None:
            return _type_text(meta) == b"int" and _is_arithmetic(pattern)
        return own.kind == "typed" and len(own.ctype) == 1
    if meta.kind == "expression" and meta.pointer:
        if own is not None:
            return own.pointer or (own.kind == "typed" and b"*" in _type_text(own))
        return False
    if meta.kind == "constant":
        constant = pattern.kind.endswith("_literal") or pattern.text == b"NULL"
        return constant or (own is not None and own.kind == "constant")
    if meta.kind == "identifier":
        return pattern.kind == "identifier" or (own is not None and own.kind == "identifier")
    if meta.kind == "type":
        return True
    if own is not None:
        return own.kind not in ("type", "statement") and own.kind not in LIST_KINDS
    return pattern.kind in EXPRESSIONS or pattern.kind in ("disjunction", "dots", "truth")


def _type_text(meta: Metavariable) -> bytes:
    return b" ".join(meta.ctype[0].tokens()) if meta.ctype else b""


_fresh = count()


def _instantiate(side: Node, bound: dict[str, PNode], mark: TokenMark) -> PNode:
    assert isinstance(side, PNode)
    if side.metavariable is not None and side.metavariable.name in bound:
        return bound[side.metavariable.name]
    if side.text is not None:
        made = PNode(side.kind, side.start, side.end, [], side.text)
        made.mark = mark
        made.place = side.place
        if side.metavariable is not None:
            # A metavariable that only the new spelling has matches anything, and is nobody's.
            types = tuple(_instantiate(one, bound, mark) for one in side.metavariable.ctype)
            name = f"{ANONYMOUS}{next(_fresh)}"
            made.metavariable = replace(side.metavariable, name=name, ctype=types)
        return made
    return _node(side.kind, [_instantiate(c, bound, mark) for c in side.children])


def _node(kind: str, children: Sequence[PNode]) -> PNode:
    first = children[0]
    return PNode(kind, first.start, first.end, list(children))
