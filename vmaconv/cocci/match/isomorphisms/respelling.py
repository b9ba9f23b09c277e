# SPDX-License-Identifier: GPL-2.0-only
"""A part of a pattern rewritten by one isomorphism.

In: the part, the side that it is, and the side that it becomes. Out: the part in another spelling, or
None where the rule does not allow it: all rewritten tokens carry one mark, no plus code stands among
them, and nothing goes that the rule changes or asks for.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cocci.match.isomorphisms.negation import negated
from vmaconv.cocci.match.isomorphisms.surroundings import PatternSurroundings, pattern_leaves
from vmaconv.cocci.match.isomorphisms.unification import unify
from vmaconv.cocci.smpl.isofile import Isomorphism
from vmaconv.cocci.smpl.mentions import in_pattern, in_type
from vmaconv.cocci.smpl.rebuilding import Rebuilding
from vmaconv.cocci.smpl.rule import Metavariable, PNode, TokenMark
from vmaconv.cocci.tree.node import Node

ANONYMOUS = "%"
"""What the names of metavariables begin with that no rule declared."""


def respelt(
    pattern: PNode,
    side: PNode,
    iso: Isomorphism,
    other: PNode,
    around: PatternSurroundings,
    fresh: Iterator[int],
) -> PNode | None:
    """Return a part of a pattern, which is `side`, as `other`; `fresh` are numbers for names."""
    bound: dict[str, PNode] = {}
    fixed: list[PNode] = []
    if not unify(side, pattern, bound, fixed):
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
    writer = _Writer(bound, mark, fresh, around)
    made = _reattached(writer.instance(other), fixed, leaves)
    if made is None:
        return None
    if mark is TokenMark.MINUS and _has_anonymous(made) and not _has_free_dots(leaves):
        # Whatever the new spelling alone has would be deleted unseen, but for what dots stand for.
        return None
    if iso.kind == "ToTestExpression" or pattern.kind == "truth":
        return spelling("truth", [made])
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


def _reattached(made: PNode, fixed: Sequence[PNode], leaves: Sequence[PNode]) -> PNode | None:
    """Return a new spelling with what is attached to tokens that it has, too; None if it lacks one."""
    wanted = [leaf for leaf in fixed if leaf.attached]
    if not wanted:
        return made
    old = {id(leaf) for leaf in leaves}
    new = [n for n in made.walk() if isinstance(n, PNode) and n.text and id(n) not in old]
    found: dict[int, tuple[Metavariable, ...]] = {}
    for leaf in wanted:
        same = next(
            (n for n in new if n.text == leaf.text and not n.attached and id(n) not in found), None
        )
        if same is None:
            return None
        found[id(same)] = leaf.attached
    return Rebuilding(
        lambda before, after: (
            dataclasses.replace(after, attached=found[id(before)]) if id(before) in found else after
        )
    ).of(made)


def _has_anonymous(node: Node) -> bool:
    return any(
        isinstance(leaf, PNode)
        and leaf.metavariable is not None
        and leaf.metavariable.name.startswith(ANONYMOUS)
        for leaf in node.walk()
    )


def _has_free_dots(leaves: Sequence[PNode]) -> bool:
    """Whether a spelling has dots that stand for anything: `{ ... }`."""
    dots = [leaf for leaf in leaves if leaf.kind == "dots"]
    return bool(dots) and not any(leaf.whens for leaf in dots)


def _one_mark(fixed: Sequence[PNode], leaves: Sequence[PNode]) -> bool:
    # A star changes nothing.
    marks = {TokenMark.CONTEXT if leaf.mark is TokenMark.STAR else leaf.mark for leaf in fixed}
    if len(marks) > 1:
        return False
    if TokenMark.MINUS in marks:
        return all(leaf.mark is TokenMark.MINUS for leaf in leaves)
    return True


class _Writer(Struct, frozen=True):
    """Writes a side with the parts that its metavariables stand for; its own tokens get `mark`."""

    bound: Mapping[str, PNode]
    mark: TokenMark
    fresh: Iterator[int]
    around: PatternSurroundings

    def instance(self, side: Node) -> PNode:
        """Return a side, or a part of it, as a part of the pattern."""
        assert isinstance(side, PNode)
        own = side.metavariable
        if own is not None and own.name in self.bound:
            return self.bound[own.name]
        if side.text is None:
            made = [self.instance(c) for c in side.children]
            if side.kind == "unary_expression" and made[0].text == b"!":
                return negated(made[1], made[0], self.around, self.mark)
            return spelling(side.kind, made)
        if own is not None:
            # A metavariable that only the new spelling has matches anything, and is nobody's.
            types = tuple(map(self.instance, own.ctype))
            own = replace(own, name=f"{ANONYMOUS}{next(self.fresh)}", ctype=types)
        return PNode(
            side.kind,
            side.start,
            side.end,
            (),
            side.text,
            mark=self.mark,
            place=side.place,
            metavariable=own,
        )


def spelling(kind: str, children: Sequence[PNode], stands_for: tuple[PNode, ...] = ()) -> PNode:
    """Return a node that another spelling has."""
    first = children[0]
    return PNode(kind, first.start, first.end, children, stands_for=stands_for)
