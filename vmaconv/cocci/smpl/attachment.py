# SPDX-License-Identifier: GPL-2.0-only
"""How plus code is attached to the pattern: the one place that says what it stands beside.

In: the arranged minus tokens, the pattern made of them, and plus lines. Out: for each run of plus
lines its neighbours, and a pattern whose leaves know that plus code stands beside them. The rule:

1. A run of plus lines stands in a gap of the minus slice. Its neighbours are the nearest leaves of
   the pattern on either side, or the whole disjunction, conjunction or nest that ends or begins
   there (`PlusBlock.before`, `after`). Code in an arm or nest has neighbours in there only; at an end
   it has one. Code between dots only has no place, and is an error.
2. Behind a group that nothing follows it stands behind each arm, since a match has the tokens of one
   (`behind_each_arm`).
3. A leaf is marked (`plus_before`, `plus_after`) unless it stays and its neighbour goes: then the code
   takes the place of what goes. Behind the last leaf of an `if` or a loop it stands behind all of
   them (`closes`).
4. Among paths it stands at one point, that of `anchor`: the token before it, or else the one after.
5. In a match it goes into the stretch that is removed beside it; else behind what the token before it
   took, or else before what the one after took (`rewrite.plus_code.placing` knows the stretches).

Left to others: the tokens of plus lines (`plus`), what is written for them (`rewrite`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from vmaconv.cocci.smpl.rebuilding import Rebuilding
from vmaconv.cocci.smpl.rule import PlusBlock, PNode, TokenMark
from vmaconv.cocci.smpl.rule_lexer import Token
from vmaconv.cocci.tree.node import Node

_NEST_OPENERS = frozenset({"<...", "<+..."})
_NEST_ENDS = frozenset({"...>", "...+>"})
_ARMED = frozenset({"conjunction", "disjunction"})
_GROUPS = _ARMED | {"nest"}
_OPEN_ENDED = frozenset(
    {"for_statement", "if_statement", "iterator_statement", "switch_statement", "while_statement"}
)


class Gaps:
    """The gaps of a minus slice: the pattern's nodes beside each, and the arm that it lies in."""

    def __init__(self, tokens: Sequence[Token], pattern: PNode) -> None:
        self.tokens = tokens
        self.pattern = pattern
        self.leaves: dict[int, PNode] = {}
        self.groups: dict[int, PNode] = {}
        self._index(pattern)

    def _index(self, pattern: PNode) -> None:
        for node in pattern.walk():
            assert isinstance(node, PNode)
            if node.text is not None:
                self.leaves[node.start] = node
            elif node.kind in _GROUPS:
                self.groups[node.start] = node

    def homes(self) -> list[PNode]:
        """Return for each gap (before token i, and after the last) its arm, nest body or
        pattern."""
        out: list[PNode] = []
        stack: list[tuple[PNode | None, int]] = []  # None: a group inside of a when
        home = self.pattern
        for token in self.tokens:
            out.append(home)
            if token.kind == "open" or _is(token, _NEST_OPENERS):
                stack.append((self.groups.get(token.start), 0))
            elif token.kind in ("or", "and") and stack:
                group, arm = stack[-1]
                stack[-1] = (group, arm + 1)
            elif (token.kind == "close" or _is(token, _NEST_ENDS)) and stack:
                stack.pop()
            else:
                continue
            home = self._arm(stack)
        out.append(home)
        return out

    def _arm(self, stack: list[tuple[PNode | None, int]]) -> PNode:
        group, arm = next((entry for entry in reversed(stack) if entry[0]), (None, 0))
        if group is None:
            return self.pattern
        child = group.children[min(arm, len(group.children) - 1)]
        assert isinstance(child, PNode)
        return child

    def before(self, index: int) -> PNode | None:
        """Return the neighbour that ends before the gap at `index`."""
        at = index - 1
        while at >= 0:
            token = self.tokens[at]
            if token.kind in ("open", "or", "and"):
                return None
            if token.kind == "close":
                return self._closed(at)
            if _is(token, _NEST_OPENERS):
                return None
            if _is(token, _NEST_ENDS):
                return self.groups.get(self.tokens[token.partner].start)
            leaf = self.leaves.get(token.start)
            if leaf is not None and token.kind != "eol":
                return leaf
            at -= 1
        return None

    def _closed(self, at: int) -> PNode | None:
        """Return the group that the `close` token at `at` closes."""
        depth = 0
        while at >= 0:
            kind = self.tokens[at].kind
            if kind == "close":
                depth += 1
            elif kind == "open":
                depth -= 1
                if depth == 0:
                    return self.groups.get(self.tokens[at].start)
            at -= 1
        return None

    def after(self, index: int) -> PNode | None:
        """Return the neighbour that begins after the gap at `index`."""
        at = index
        while at < len(self.tokens):
            token = self.tokens[at]
            if token.kind in ("or", "and", "close", "end") or _is(token, _NEST_ENDS):
                return None
            node = self.groups.get(token.start) or self.leaves.get(token.start)
            if node is not None and token.kind not in ("eol", "when"):
                return node
            at += 1
        return None


def _is(token: Token, texts: frozenset[str]) -> bool:
    return token.kind == "dots" and token.text in texts


def behind_each_arm(block: PlusBlock) -> list[PlusBlock]:
    """Return a block that stands behind a disjunction, and before nothing, as one behind each arm.

    A match has the tokens of one arm: only that arm's block is written.
    """
    group = block.before
    if group is None or group.kind not in _ARMED or block.after is not None:
        return [block]
    if not all(last_leaves(arm) for arm in group.children):
        return [block]
    return [replace(block, before=end) for end in last_leaves(group, once=True)]


def last_leaves(node: Node, once: bool = False) -> list[PNode]:
    """Return the tokens that may end the code which a pattern matches: each arm of a group has its own.

    A match has the tokens of all arms of a conjunction; `once` says that those of one are enough.
    """
    if isinstance(node, PNode) and node.text is not None:
        return [node]
    if once and node.kind == "conjunction":
        ends = node.children[:1]
    else:
        ends = node.children if node.kind in _ARMED else node.children[-1:]
    return [leaf for end in ends for leaf in last_leaves(end, once)]


def anchor(block: PlusBlock) -> PNode | None:
    """Return the token at whose point plus code stands among paths; dots have none."""
    before = block.before
    return block.after if before is None or before.kind in ("dots", "nest") else before


def marked(pattern: PNode, blocks: Sequence[PlusBlock]) -> tuple[PNode, tuple[PlusBlock, ...]]:
    """Return a pattern whose leaves know that plus code stands beside them, and the blocks beside
    these leaves. Its assignments know whether initialisers may be meant.
    """
    apart = [one for block in blocks for one in behind_each_arm(block)]
    assignments = (node for node in pattern.walk() if node.kind == "assignment_expression")
    lost = {id(a) for a in assignments if isinstance(a, PNode) and not _keeps_name(a, apart)}
    if not blocks and not lost:
        return pattern, ()
    before = _marks((block.after, block.before, block.many) for block in apart)
    after = _marks((block.before, block.after, block.many) for block in apart)
    closes = _closed(pattern, after)

    def change(old: PNode, new: PNode) -> PNode:
        own = id(old)
        if own in lost:
            return dataclasses.replace(new, initialises=False)
        if own not in before and own not in after:
            return new
        first = _both(old.plus_before, before.get(own, ""))
        last = _both(old.plus_after, after.get(own, ""))
        ends = closes.get(own, old.closes)
        if (first, last, ends) == (old.plus_before, old.plus_after, old.closes):
            return new
        return dataclasses.replace(new, plus_before=first, plus_after=last, closes=ends)

    rebuilding = Rebuilding(change)
    return rebuilding.of(pattern), tuple(map(rebuilding.block, blocks))


def _keeps_name(assignment: PNode, blocks: Sequence[PlusBlock]) -> bool:
    """Whether `name = ` stands there afterwards, too: in a declaration anything else would declare
    something else, `int d(x)` where `- x = E` becomes `+ d(x)`.

    It stays as it is, or all of the assignment makes way for another one to a name.
    """
    name, operator = assignment.children[0], assignment.children[1]
    head = [leaf for leaf in (*name.leaves(), operator) if isinstance(leaf, PNode)]
    removed = [leaf.mark is TokenMark.MINUS for leaf in head]
    if not any(removed):
        own = {id(leaf) for leaf in head}
        return not any(id(b.after) in own or id(b.before) in own - {id(operator)} for b in blocks)
    if not all(removed):
        return False
    first, last = assignment.start, assignment.end
    added = [
        b
        for b in blocks
        if (b.before is not None and b.before.end == last)
        or (b.after is not None and b.after.start == first)
    ]
    return len(added) == 1 and _is_assignment(added[0])


def _is_assignment(block: PlusBlock) -> bool:
    """Whether plus code is one expression that assigns to a name."""
    code, depth = block.code, 0
    for token in code:
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        if token.text == ";" or (token.text == "," and depth == 0):
            return False
    return len(code) > 2 and code[0].kind in ("name", "meta") and code[1].text == "="


_OPENING, _CLOSING = frozenset({"(", "[", "{"}), frozenset({")", "]", "}"})


def _marks(sides: Iterable[tuple[PNode | None, PNode | None, bool]]) -> dict[int, str]:
    """Return how tokens are marked, by their ids; each side is a token, its neighbour, and whether
    the code is added many times.
    """
    found: dict[int, str] = {}
    for token, other, many in sides:
        if token is not None and not _gives_way(token, other):
            found[id(token)] = _both(found.get(id(token), ""), "many" if many else "once")
    return found


def _gives_way(token: PNode, other: PNode | None) -> bool:
    """Whether plus code takes the place of `other` rather than standing beside `token`."""
    return other is not None and other.mark is TokenMark.MINUS and token.mark is not TokenMark.MINUS


def _both(one: str, other: str) -> str:
    """Return what two marks come to: code that is added once decides."""
    return "once" if "once" in (one, other) else one or other


def _closed(pattern: PNode, after: Mapping[int, str]) -> dict[int, int]:
    """Return how many branches and loops end in each leaf with plus code behind it, by its id."""
    counts: dict[int, int] = {}
    for node in pattern.walk():
        if node.kind in _OPEN_ENDED:
            for leaf in last_leaves(node):
                if id(leaf) in after:
                    counts[id(leaf)] = counts.get(id(leaf), 0) + 1
    return counts
