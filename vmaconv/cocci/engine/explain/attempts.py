# SPDX-License-Identifier: GPL-2.0-only
"""The nearest attempt at a match, and how far it got.

In: a pattern and a top-level item in which it does not match. Out: the token of the rule that came
next, and what stands in the code there; or that two parts match, each by itself, and never along
one path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from vmaconv.cocci.match.attempt.state import Matcher, MatchOptions, MatchState, Then
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.match.item_index import Index
from vmaconv.cocci.match.pattern.matcher import compile_pattern
from vmaconv.cocci.match.prefilter.roots import root_kinds
from vmaconv.cocci.smpl.mentions import Name
from vmaconv.cocci.smpl.rule import Metavariable, PNode, RulePlace
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.expression_types import ExpressionTypes

_LISTED = frozenset({"sequence", "compound_statement", "function_definition", "nest"})


class Attempt(Struct, frozen=True):
    """The nearest attempt: `expected` is what the rule wants (at `place` of the rule file) where
    `found` stands, on `line` of the code. Without `found`, nothing begins like the pattern; without
    `expected`, each part matches and no path has them all.
    """

    line: int
    place: RulePlace | None = None
    expected: str = ""
    found: str = ""
    bindings: Mapping[str, str] | None = None
    starts: tuple[str, ...] = ()
    """Without `found`: each alternative that the pattern may begin with."""


class _Trace(MatchState):
    """A state that remembers how far the best attempt got."""

    __slots__ = ("after", "best", "bound", "last")

    def __init__(
        self,
        unit: Unit,
        types: ExpressionTypes,
        options: MatchOptions,
        inherited: Mapping[Name, BoundValue],
    ) -> None:
        super().__init__(unit, types, options, inherited)
        self.best = 0
        self.last: PNode | None = None
        self.after: Node | None = None
        self.bound: dict[str, str] = {}

    def take(self, token: PNode, node: Node, then: Then) -> bool:
        """Note the attempt that took most tokens."""
        if len(self.trail) + 1 > self.best:
            self.best = len(self.trail) + 1
            self.last, self.after = token, node
            self.bound = {
                name: value.key.decode(errors="replace")
                for (rule, name), value in self.bindings.items()
                if not rule and not name.startswith("%")
            }
        return super().take(token, node, then)


def attempt(
    pattern: PNode,
    index: Index,
    types: ExpressionTypes,
    options: MatchOptions,
    inherited: Mapping[Name, BoundValue],
    where: tuple[int, int] | None,
) -> Attempt | None:
    """Say how near `pattern` comes in one item, or between two bytes of it; None if it matches."""
    parts = list(_parts(pattern))
    for part in parts:
        trace = _try(part, index, types, options, inherited, where if len(parts) == 1 else None)
        if not trace.successes:
            return _nearest(part, trace, index, types.unit)
    if len(parts) > 1:
        return Attempt(types.unit.line(index.item.start))
    return None


def _parts(pattern: Node) -> Iterator[PNode]:
    """Yield the pieces of a pattern that each match by themselves: statements between dots."""
    assert isinstance(pattern, PNode)
    if pattern.kind not in _LISTED:
        yield pattern
        return
    for child in pattern.children:
        if not isinstance(child, PNode) or child.kind == "dots" or child.text is not None:
            continue
        if pattern.kind == "function_definition" and child.kind != "compound_statement":
            continue
        yield from _parts(child)


def _try(
    part: PNode,
    index: Index,
    types: ExpressionTypes,
    options: MatchOptions,
    inherited: Mapping[Name, BoundValue],
    where: tuple[int, int] | None,
) -> _Trace:
    trace = _Trace(types.unit, types, options, inherited)
    trace.function, trace.item = index.function, index.item
    matcher: Matcher = compile_pattern(part)

    def keep() -> bool:
        trace.successes += 1
        return False

    for node in index.nodes(root_kinds(part)):
        if where is None or (node.start < where[1] and where[0] < node.end):
            matcher(node, trace, keep)
    return trace


def _nearest(part: PNode, trace: _Trace, index: Index, unit: Unit) -> Attempt:
    leaves = [leaf for leaf in part.leaves() if isinstance(leaf, PNode)]
    if trace.last is None or trace.after is None:
        first = leaves[0] if leaves else part
        return Attempt(
            unit.line(index.item.start), first.place, pattern_text(part), starts=alternatives(part)
        )
    after = next((i for i, leaf in enumerate(leaves) if leaf is trace.last), -1)
    expected = leaves[after + 1] if 0 <= after < len(leaves) - 1 else trace.last
    return Attempt(
        unit.line(trace.after.start),
        expected.place or trace.last.place,
        wanted(expected),
        _following(index.item, trace.after.end),
        trace.bound,
    )


def _following(item: Node, offset: int) -> str:
    for leaf in item.leaves():
        if leaf.start >= offset:
            return (leaf.text or b"").decode(errors="replace")
    return "the end"


def pattern_text(pattern: Node) -> str:
    """Return a pattern as the rule writes it, without what isomorphisms added, on one line."""
    leaves = [leaf for leaf in _written(pattern) if isinstance(leaf, PNode)]
    text = ""
    for leaf in leaves:
        word = leaf.metavariable.name if leaf.metavariable else _text(leaf)
        glued = word[:1] in ",;)]." or word == "->" or text[-1:] in ("", "(", "[", "!", ".", ">")
        text += word if glued or word in ("(", "[") else f" {word}"
    return text if len(text) <= 50 else text[:47] + "..."


def alternatives(pattern: Node) -> tuple[str, ...]:
    """Return each arm of a pattern that is a disjunction as `pattern_text` does, else the pattern."""
    own = [child for child in pattern.children if child.kind not in ("variant", "truth")]
    if pattern.kind == "disjunction" and len(own) == len(pattern.children) > 1:
        return tuple(dict.fromkeys(text for arm in own for text in alternatives(arm)))
    return alternatives(own[0]) if len(own) == 1 else (pattern_text(pattern),)


def _written(node: Node) -> Iterator[Node]:
    """Yield the leaves that the rule itself has: of a disjunction, the arms that are no variants."""
    if node.text is not None:
        yield node
        return
    own = [child for child in node.children if child.kind not in ("variant", "truth")]
    children = own or node.children[:1]
    if node.kind == "disjunction" and len(own) < len(node.children):
        children = children[:1]
    for child in children:
        yield from _written(child)


def wanted(leaf: PNode) -> str:
    """Return what a leaf of a pattern stands for: its text, or its metavariable's kind and name."""
    meta = leaf.metavariable
    return declared(meta) if meta is not None else _text(leaf)


def declared(meta: Metavariable) -> str:
    """Return a metavariable's declaration, about as a rule writes it: `struct file *f`."""
    if meta.ctype:
        kind = " or ".join(pattern_text(one) for one in meta.ctype)
    else:
        stars = (" " + "*" * max(meta.stars, 1)) * meta.pointer
        kind = " ".join((*meta.qualifiers, meta.kind)) + stars
    name = meta.name + "[]" * meta.array
    return f"{kind}{name}" if kind.endswith("*") else f"{kind} {name}"


def _text(leaf: PNode) -> str:
    return "..." if leaf.kind == "dots" else (leaf.text or b"").decode(errors="replace")
