# SPDX-License-Identifier: GPL-2.0-only
"""Finding where a pattern matches in a chunk.

In: a compiled pattern and a chunk's top-level nodes. Out: matches: bindings and trails, in source
order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cocci.match.attempt.constraint_check import meets
from vmaconv.cocci.match.attempt.state import (
    Matcher,
    MatchOptions,
    MatchState,
    Taken,
    Then,
)
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.match.code.declarer_call import begins_declarer_call
from vmaconv.cocci.match.code.directives import LINES
from vmaconv.cocci.match.code.role import is_expression
from vmaconv.cocci.match.ctl.memo import Kept
from vmaconv.cocci.match.declaration.typerule import TypeRule
from vmaconv.cocci.match.isomorphisms.respelling import ANONYMOUS
from vmaconv.cocci.match.item_index import Index
from vmaconv.cocci.match.pattern.first_arm import DisjunctionArm, arms_of, first_arms
from vmaconv.cocci.match.pattern.matcher import compile_pattern
from vmaconv.cocci.match.prefilter.accesses import accesses_required
from vmaconv.cocci.match.prefilter.inside_functions import adds_statements
from vmaconv.cocci.match.prefilter.needs_paths import has_paths, needs_paths, without_dots
from vmaconv.cocci.match.prefilter.node_outline import holding
from vmaconv.cocci.match.prefilter.pointer_casts import casts_to_pointer
from vmaconv.cocci.match.prefilter.required import (
    Clause,
    Requirements,
    required,
    required_within,
    soonest,
)
from vmaconv.cocci.match.prefilter.roots import root_kinds
from vmaconv.cocci.smpl.constraint_ties import looking_at_others, others_of
from vmaconv.cocci.smpl.mentions import Name, at_node, in_every_match, name_of
from vmaconv.cocci.smpl.rule import CodeRule, PNode
from vmaconv.cocci.text.held_words import is_wide
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Chunk
from vmaconv.cocci.types.expression_types import ExpressionTypes

if TYPE_CHECKING:
    from vmaconv.cocci.match.path.paths import PathPattern
    from vmaconv.cocci.match.prefilter.code_need import CodeNeed


class Match(Struct, frozen=True):
    """One way in which a pattern matches: what is bound, and which token took what.

    `start` and `end` are the bytes from the first to the last token taken.
    """

    bindings: Mapping[Name, BoundValue]
    trail: tuple[Taken, ...]
    start: int
    end: int
    function: str
    along_paths: bool = False
    """Whether the pattern has dots between statements: such matches may lie in one another and all
    count.
    """


class ReadyPattern:
    """A pattern made ready: its matcher, its root kinds and the words that it cannot do without."""

    __slots__ = (
        "_accesses",
        "_arms",
        "_disabled",
        "_expression",
        "_in_functions",
        "_kinds",
        "_lengths",
        "_looking_at_others",
        "_matchers",
        "_paths",
        "_sought",
        "_types",
        "_whole",
        "_within",
        "is_line",
        "is_only_line",
        "casts_to_pointer",
        "clauses",
        "root",
        "roots",
    )

    def __init__(
        self,
        root: PNode,
        rule: CodeRule | None = None,
        exported: frozenset[Name] = frozenset(),
        essential: frozenset[Name] = frozenset(),
        of_use: Sequence[frozenset[Name]] | None = None,
    ) -> None:
        """`exported` are the metavariables (`("", name)`) that later rules and scripts ask for,
        `essential` those without which none of them has any use for a match, `of_use` sets of which
        they want one (`names_of_use`).
        """
        self.root = root
        self._disabled = _disabled(rule)
        self._expression = rule is not None and rule.body == "expression" and not rule.kind
        known: Requirements = {}
        self.clauses: frozenset[Clause] = required(root, known)
        self._sought: tuple[Clause, ...] | None = None
        self._within = required_within(root, known)
        self._accesses = accesses_required(root)
        self.casts_to_pointer = casts_to_pointer(root)
        self._in_functions = rule is not None and adds_statements(rule)
        metas = rule.metavariables if rule is not None else ()
        self._kinds: dict[str, bool | None] = {meta.kind: None for meta in metas}
        self._looking_at_others = looking_at_others(rule.metavariables) if rule is not None else ()
        self._lengths = {meta.name: meta for meta in metas if meta.kind == "list length"}
        self._whole = root.kind == "sequence"
        self.is_line = _is_line(root)
        self.is_only_line = _is_only_line(root)
        self._paths: PathPattern | None = None
        self._types: TypeRule | None = None
        self._matchers: list[Matcher] = []
        self._arms: list[DisjunctionArm] = []
        self.roots: frozenset[str] | None = frozenset()
        paths = needs_paths(root)
        if paths:
            # A return at the end of a function may be implied, but not if there is nothing else to
            # go by.
            others = self.clauses - {frozenset({b"return"})}
            if others or _is_function(root):
                self.clauses = others
        if paths or _is_compound(root):
            # Most rules have no paths: what they need is loaded where one has.
            from vmaconv.cocci.match.path.paths import PathPattern

            plus = rule.plus if rule is not None else ()
            outer = (exported - _places(rule)) | self._looked_at()
            self._paths = PathPattern(root, _forall(rule), outer, plus, essential, of_use)
        if has_paths(root):
            alone = without_dots(root)
            self._matchers = [compile_pattern(alone)] if alone is not None else []
            self.roots = root_kinds(alone) if alone is not None else frozenset()
            return
        if root.kind == "type_descriptor":
            self._types = TypeRule(root, compile_pattern)
        parts = [c for c in root.children if isinstance(c, PNode)] if self._whole else [root]
        if parts:
            self.roots = root_kinds(parts[0])
        if len(parts) == 1:
            self._arms = arms_of(parts[0], known)
        if not self._arms:
            self._matchers = [compile_pattern(part) for part in parts]

    def _looked_at(self) -> frozenset[Name]:
        """Return what constraints look at that look at other metavariables."""
        return frozenset(
            ("", name) for meta in self._looking_at_others for name in (meta.name, *others_of(meta))
        )

    @property
    def sought(self) -> tuple[Clause, ...]:
        """The clauses that a whole text is asked for first: those that fail soonest."""
        if self._sought is None:
            # Wide clauses hold in most files that are looked at: they are asked of chunks alone.
            narrow = [clause for clause in self.clauses if not is_wide(clause)]
            self._sought = tuple(sorted(narrow, key=soonest))
        return self._sought

    @property
    def _is_matched_alone(self) -> bool:
        """Whether the pattern is matched at nodes, without paths, if there is something for it."""
        return bool(self._matchers or self._arms)

    def has_in_every_match(self, kind: str) -> bool:
        """Whether each match has a metavariable of a kind in its code."""
        if kind not in self._kinds:
            return False
        known = self._kinds[kind]
        if known is None:
            found = in_every_match(self.root, lambda n: (m for m in at_node(n) if m.kind == kind))
            known = self._kinds[kind] = bool(found)
        return known

    def find(
        self,
        index: Index,
        types: ExpressionTypes,
        options: MatchOptions,
        inherited: Mapping[Name, BoundValue],
        near: Sequence[Sequence[int]] = (),
        sparing: bool = False,
    ) -> Iterator[Match]:
        """Yield the matches in one top-level item.

        Each match has in its code, of each of `near`, the byte at one of its offsets. `sparing`: what
        is of no use to anybody is left out, as far as that is seen at little cost.
        """
        if self._in_functions and index.item.kind == "declaration":
            return
        if self._accesses and not all(map(index.accesses.intersection, self._accesses)):
            return
        state = self._state(index, types, options, inherited)
        found = self._found(index, state, inherited, near, sparing)
        if self._looking_at_others:
            found = (match for match in found if self._are_constraints_met(match, state, inherited))
        yield from found

    def _found(
        self,
        index: Index,
        state: MatchState,
        inherited: Mapping[Name, BoundValue],
        near: Sequence[Sequence[int]],
        sparing: bool,
    ) -> Iterator[Match]:
        in_function = index.item.kind == "function_definition"
        if self._paths is not None and (in_function or not self._is_matched_alone):
            if in_function and self._may_match(self._paths, index, state, sparing):
                yield from self._along_paths(self._paths, index, state, inherited, sparing)
            return
        yield from self._alone(index, state, near)

    def _are_constraints_met(
        self, match: Match, state: MatchState, inherited: Mapping[Name, BoundValue]
    ) -> bool:
        """Whether constraints that look at other metavariables are met, wherever those are bound."""
        bindings = {**inherited, **match.bindings}
        judging = replace(state.options.judging, all_bound=True)
        return all(
            meets(meta, bindings[name_of(meta)], bindings, judging)
            for meta in self._looking_at_others
            if name_of(meta) in bindings
        )

    def _alone(
        self, index: Index, state: MatchState, near: Sequence[Sequence[int]]
    ) -> Sequence[Match]:
        """Return the matches of a pattern that is matched at nodes, without paths."""
        found: list[Match] = []

        def keep() -> bool:
            state.successes += 1
            trail = tuple(state.trail)
            start = min((t.start for t in trail), default=index.item.start)
            end = max((t.end for t in trail), default=index.item.start)
            named = {k: v for k, v in state.bindings.items() if not k[1].startswith(ANONYMOUS)}
            found.append(Match(named, trail, start, end, index.function))
            return False

        if self._types is not None:
            nodes = holding(index.nodes(None), self._within, state.unit.text, index.item)
            self._types.find(nodes, state, keep)
        elif len(self._matchers) > 1:
            self._rows(index, state, keep)
        elif self._arms:
            first_arms(self._arms, self._nodes(index, state, near), state, keep)
            found.sort(key=lambda match: (match.start, -match.end))
        elif self._matchers:
            for node in self._nodes(index, state, near):
                self._matchers[0](node, state, keep)
        return found

    @property
    def only_in_functions(self) -> bool:
        """Whether the pattern matches nothing but what stands in a function."""
        return self._paths is not None and not self._matchers and self._types is None

    @property
    def code_need(self) -> CodeNeed | None:
        """What the text of a function needs in its branches for a match, None if that tells nothing."""
        return self._paths.code_need if self._paths is not None else None

    @property
    def need_of_use(self) -> CodeNeed | None:
        """The same for a match that is of use to anybody."""
        return self._paths.need_of_use if self._paths is not None else None

    @property
    def tells_use(self) -> bool:
        """Whether `may_be_of_use` says of some items that they cannot have a match of any use."""
        return self._paths is not None and self._paths.tells_use

    def may_be_of_use(
        self,
        index: Index,
        types: ExpressionTypes,
        options: MatchOptions,
        inherited: Mapping[Name, BoundValue],
    ) -> bool:
        """Whether one top-level item may have a match that binds what is essential."""
        if self._paths is None or index.item.kind != "function_definition":
            return self._paths is None or self._is_matched_alone
        state = self._state(index, types, options, inherited)
        if not self._may_match(self._paths, index, state, False):
            return False
        found = self._paths.may_be_of_use(index.graph(options), state, inherited)
        # What was not looked at to the end is looked for in full, which says so.
        cut, index.ways.cut = index.ways.cut, False
        return found or cut

    def _state(
        self,
        index: Index,
        types: ExpressionTypes,
        options: MatchOptions,
        inherited: Mapping[Name, BoundValue],
    ) -> MatchState:
        state = MatchState(types.unit, types, options, inherited, self._disabled, index.values)
        state.function = index.function
        state.ways = index.ways
        state.lengths = self._lengths
        state.item = index.item
        return state

    def _nodes(
        self, index: Index, state: MatchState, near: Sequence[Sequence[int]]
    ) -> Iterator[Node]:
        """Yield the nodes that the pattern may match."""
        text = state.unit.text
        if near:
            nodes = index.around(self.roots, min(near, key=len))
        else:
            nodes = holding(index.nodes(self.roots), self._within, text, index.item)
        declared = state.unit.names.declarers
        declarers = bool(declared) or index.item.kind == "expression_statement"
        for node in nodes:
            if declarers and begins_declarer_call(node, declared):
                # `DEFINE_MUTEX(x);` is no call of a function, and no expression.
                continue
            if node.kind not in _LEAVES or not self._expression or is_expression(node):
                yield node

    @staticmethod
    def _may_match(paths: PathPattern, index: Index, state: MatchState, sparing: bool) -> bool:
        """Whether a function is worth a control-flow graph."""
        return paths.may_match_in(index.item, index.kinds, state.unit.text, sparing)

    def _along_paths(
        self,
        paths: PathPattern,
        index: Index,
        state: MatchState,
        inherited: Mapping[Name, BoundValue],
        sparing: bool,
    ) -> Iterator[Match]:
        # What does not depend on what is inherited is worth keeping where something is.
        kept = index.kept if inherited else Kept()
        for way in paths.find(index.graph(state.options), state, inherited, kept, sparing):
            trail = way.trail
            start = min((t.start for t in trail), default=index.item.start)
            end = max((t.end for t in trail), default=index.item.start)
            yield Match(way.bindings, trail, start, end, index.function, True)

    def _rows(self, index: Index, state: MatchState, keep: Then) -> None:
        """Match statements, or top-level items, that follow one another in one block."""
        count = len(self._matchers)
        for block in [*index.nodes(_BLOCKS), *_parents(index)]:
            children = block.children
            for at in range(len(children) - count + 1):
                _in_row(self._matchers, 0, children, at, state, keep)


_LEAVES = frozenset({"identifier", "string_literal"})
"""Leaves that are no expression in some places."""

_BLOCKS = frozenset({"compound_statement", "macro_body"})
_COMPOUND = frozenset(
    {
        "compound_statement",
        "do_statement",
        "for_statement",
        "function_definition",
        "if_statement",
        "iterator_statement",
        "label",
        "switch_statement",
        "while_statement",
    }
)


def _is_compound(pattern: PNode) -> bool:
    """Whether a pattern is several statements, or one with a body, and so is to be matched along
    paths.
    """
    if pattern.kind == "sequence":
        parts = [c for c in pattern.children if isinstance(c, PNode)]
        if len(parts) > 1:
            return not any(part.kind.startswith("preproc_") for part in parts)
        return any(_is_compound(part) for part in parts)
    if pattern.kind in ("disjunction", "conjunction", "optional", "variant"):
        return any(_is_compound(c) for c in pattern.children if isinstance(c, PNode))
    return pattern.kind in _COMPOUND


def _is_line(pattern: PNode) -> bool:
    """Whether a pattern is a preprocessor line, or may be one."""
    if pattern.kind in ("sequence", "disjunction", "conjunction", "optional"):
        return any(_is_line(c) for c in pattern.children if isinstance(c, PNode))
    return pattern.kind in LINES


def _is_only_line(pattern: PNode) -> bool:
    """Whether a pattern is one preprocessor line, or one of several, and nothing else."""
    parts = [child for child in pattern.children if isinstance(child, PNode)]
    if pattern.kind == "disjunction" or (pattern.kind == "sequence" and len(parts) == 1):
        return all(_is_only_line(part) for part in parts)
    return pattern.kind in LINES


BUILT_IN = frozenset(
    {
        "add_signed",
        "comm_assoc",
        "decl_init",
        "extern_decl_init",
        "optional_attributes",
        "optional_qualifier",
        "optional_storage",
        "prototypes",
        "static_decl_init",
        "value_format",
        "zero_multiple_format",
    }
)
"""Isomorphisms that the matchers know of themselves."""


def _disabled(rule: CodeRule | None) -> frozenset[str]:
    if rule is None:
        return frozenset()
    return BUILT_IN if "all" in rule.disable else BUILT_IN & set(rule.disable)


def _forall(rule: CodeRule | None) -> bool:
    """Whether a rule is about all paths: those that only report (`*`) are about some."""
    if rule is None:
        return True
    return rule.quantifier == "forall" or (not rule.quantifier and not rule.star)


def _is_function(root: PNode) -> bool:
    return any(child.kind == "function_definition" for child in root.children)


def _places(rule: CodeRule | None) -> frozenset[Name]:
    """Return a rule's position metavariables, of which a match along paths may have several values."""
    metas = rule.metavariables if rule is not None else ()
    return frozenset(("", meta.name) for meta in metas if meta.kind == "position")


def _parents(index: Index) -> list[Node]:
    return [index.item.parent] if index.item.parent is not None else []


def _in_row(
    matchers: Sequence[Matcher],
    which: int,
    nodes: Sequence[Node],
    at: int,
    state: MatchState,
    then: Then,
) -> bool:
    if which == len(matchers):
        return then()
    return matchers[which](
        nodes[at], state, lambda: _in_row(matchers, which + 1, nodes, at + 1, state, then)
    )


def items_of(chunk: Chunk, wanted: Callable[[int, int], bool]) -> Iterator[Index]:
    """Yield the indexes of the chunk's top-level items whose byte range `wanted` accepts."""
    for item in chunk.items():
        if wanted(item.start, item.end):
            yield Index(item, chunk.unit)
