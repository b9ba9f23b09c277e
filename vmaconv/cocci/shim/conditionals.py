# SPDX-License-Identifier: GPL-2.0-only
"""Group `#if`, `#else` and `#endif`, and decide which arms can be parsed together.

In:   a file's directives, and the tokens of its clean text with every arm in it.
Out:  `Conditional`s in the order of the text, and for each variant of the text what to blank.

A group is balanced if each of its arms is made of whole statements, declarations, fields or list
elements; then all arms, one after the other, are still C, and one parse sees them all.  The arms
of another group (one that holds `if (x) {`, say) are alternatives: variant 0 keeps the first arm,
variant 1 the second, and one without `#else` has an empty arm more.  An arm that is never compiled
as C (`#if 0`, `#ifdef __ASSEMBLY__`, one with `#error`) is no alternative.
"""

import re
import sys
from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct

from vmaconv.cocci.shim.balance import are_whole
from vmaconv.cocci.text.c_lexer import CONDITIONAL_KINDS, Directive
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.tokens import BRACKET, OPENERS, Tokens

# A file whose arms want more variants than this shows its first ones; v6.19's worst wants 10.
VARIANT_LIMIT = 16

_NEVER = late_regex(
    rb"#\s*(?:(?:el)?if\s+\(?0\)?\s*(?:/[/*]|$)|if(?:def\s+|\s+defined\s*\(?)__ASSEMBL(?:Y|ER)__\b)"
)
_ALWAYS = late_regex(
    rb"#\s*(?:(?:el)?if\s+\(?1\)?\s*(?:/[/*]|$)|if(?:ndef\s+|\s+!defined\s*\(?)__ASSEMBL(?:Y|ER)__\b)"
)
_ERROR = late_regex(rb"#\s*error\b")


class _Stack(NamedTuple):
    """The open brackets as a linked list, so that a snapshot costs nothing; `token` is an index."""

    outer: "_Stack | None"
    token: int


class Arm(Struct, frozen=True):
    """One alternative of a conditional: its directive, and the text up to the next one."""

    directive: Directive
    start: int
    end: int


class Conditional(Struct, frozen=True):
    """An `#if` group; an `#else` is its last arm; `end` is None where `#endif` is missing."""

    arms: tuple[Arm, ...]
    balanced: bool
    end: Directive | None


class Plan(Struct, frozen=True):
    """What the conditionals of a file come to.

    `blanks[k]` are the byte ranges that variant `k` does not show, in order; `disabled` are arms
    that are never compiled, and stand as text in every variant, `dead` those that stand in none;
    `ranges` are whole groups, outermost first and disjoint, within which the variants differ.
    """

    conditionals: tuple[Conditional, ...]
    blanks: tuple[tuple[tuple[int, int], ...], ...]
    disabled: tuple[Arm, ...]
    dead: tuple[Arm, ...]
    ranges: tuple[tuple[int, int], ...]


def plan(text: bytes, directives: tuple[Directive, ...], tokens: Tokens | None) -> Plan:
    """Group the conditionals of a text and plan its variants.

    `#ifdef A / if (x) { / #else / { / #endif / f(); }` has two variants;
    `#ifdef A / f(); / #else / g(); / #endif` has one, with both calls in it.
    Without tokens (see `tokenize`) every group counts as balanced.
    """
    groups, roots = _Builder(text, directives, tokens).build()
    width = min(max((group.width for group in roots), default=1), VARIANT_LIMIT)
    blanks = tuple(tuple(sorted(_blanked(roots, variant))) for variant in range(width))
    return Plan(
        tuple(group.finished() for group in groups),
        blanks,
        tuple(_disabled(groups, blanks)),
        tuple(arm for group in groups if not group.balanced for arm in group.dead_arms()),
        tuple(_varying(roots)),
    )


class _ConditionalGroup:
    """An `#if` group under construction."""

    __slots__ = (
        "arms",
        "balanced",
        "children",
        "dead",
        "end",
        "entry",
        "exits",
        "settled",
        "width",
    )

    def __init__(self, entry: _Stack) -> None:
        self.arms: list[Arm] = []
        self.children: list[list[_ConditionalGroup]] = []
        self.dead: list[bool] = []
        self.entry = entry
        self.exits: list[_Stack] = []
        self.end: Directive | None = None
        self.balanced = True
        self.settled = False
        """Whether an arm so far is compiled in any case."""
        self.width = 1

    @property
    def has_else(self) -> bool:
        return self.arms[-1].directive.kind == "else"

    def finished(self) -> Conditional:
        return Conditional(tuple(self.arms), self.balanced, self.end)

    def alternatives(self) -> list[tuple[int, int]]:
        """List (arm number, how many variants it takes); arm -1 is none of them."""
        found = [
            (number, max((child.width for child in self.children[number]), default=1))
            for number, dead in enumerate(self.dead)
            if not dead
        ]
        if not self.has_else and not self._taken_for_sure():
            found.append((-1, 1))
        return found or [(-1, 1)]

    def dead_arms(self) -> list[Arm]:
        return [arm for arm, dead in zip(self.arms, self.dead, strict=True) if dead]

    def first_live(self) -> int:
        return next((number for number, dead in enumerate(self.dead) if not dead), 0)

    def _taken_for_sure(self) -> bool:
        return len(self.arms) > 1 and all(self.dead[1:]) and not self.dead[0]


class _Builder:
    """One walk over the directives with the brackets between them."""

    def __init__(
        self, text: bytes, directives: tuple[Directive, ...], tokens: Tokens | None
    ) -> None:
        self._text = text
        self._directives = directives
        self._tokens = tokens
        self._groups: list[_ConditionalGroup] = []
        self._roots: list[_ConditionalGroup] = []
        self._open: list[_ConditionalGroup] = []
        self._stack = _Stack(None, -1)
        self._position = 0

    def build(self) -> tuple[list[_ConditionalGroup], list[_ConditionalGroup]]:
        for directive in self._directives:
            if directive.kind not in CONDITIONAL_KINDS:
                if self._open and self._matches(_ERROR, directive):
                    self._open[-1].dead[-1] = True
                continue
            if directive.kind.startswith("if"):
                self._advance(directive.start)
                self._begin(directive)
            elif self._open:
                self._advance(directive.start)
                self._continue(directive)
        while self._open:
            self._advance(len(self._text))
            self._close_arm(len(self._text))
            self._finish(None)
        return self._groups, self._roots

    def _advance(self, offset: int) -> None:
        """Follow the brackets up to a byte offset."""
        if self._tokens is None:
            return
        end = self._tokens.first_from(offset)
        kinds = self._tokens.kinds
        stack = self._stack
        for match in BRACKET.finditer(kinds, self._position, end):
            index = match.start()
            if kinds[index] in OPENERS:
                stack = _Stack(stack, index)
            elif stack.outer is not None:
                stack = stack.outer
            else:
                # A stray one makes a new bottom, so that it does not pass for the old.
                stack = _Stack(None, stack.token - 1)
        self._stack = stack
        self._position = max(self._position, end)

    def _begin(self, directive: Directive) -> None:
        group = _ConditionalGroup(self._stack)
        self._groups.append(group)
        (self._open[-1].children[-1] if self._open else self._roots).append(group)
        self._open.append(group)
        self._begin_arm(group, directive)

    def _begin_arm(self, group: _ConditionalGroup, directive: Directive) -> None:
        group.dead.append(group.settled or self._matches(_NEVER, directive))
        group.settled = group.settled or self._matches(_ALWAYS, directive)
        group.arms.append(Arm(directive, directive.end, directive.end))
        group.children.append([])
        self._stack = group.entry

    def _matches(self, pattern: "re.Pattern[bytes]", directive: Directive) -> bool:
        return pattern.match(self._text, directive.start, directive.end) is not None

    def _continue(self, directive: Directive) -> None:
        group = self._open[-1]
        self._close_arm(directive.start)
        if directive.kind == "endif":
            self._finish(directive)
        else:
            self._begin_arm(group, directive)

    def _close_arm(self, end: int) -> None:
        group = self._open[-1]
        arm = group.arms[-1]
        group.arms[-1] = Arm(arm.directive, arm.start, end)
        group.exits.append(self._stack)

    def _finish(self, end: Directive | None) -> None:
        group = self._open.pop()
        group.end = end
        self._stack = group.exits[group.first_live()]
        if self._tokens is not None:
            group.balanced = _is_balanced(group, self._tokens)
        if group.balanced:
            inner = (child.width for children in group.children for child in children)
            group.width = max(inner, default=1)
        else:
            group.width = min(sum(width for _, width in group.alternatives()), VARIANT_LIMIT)


def _is_balanced(group: _ConditionalGroup, tokens: Tokens) -> bool:
    if any(leaving is not group.entry for leaving in group.exits):
        return False
    arms = [(tokens.first_from(arm.start), tokens.first_from(arm.end)) for arm in group.arms]
    return are_whole(tokens, max(group.entry[1], -1), arms)


def _blanked(roots: list[_ConditionalGroup], variant: int) -> Iterator[tuple[int, int]]:
    """Yield the arms that a variant does not show."""
    waiting = [(group, variant) for group in roots]
    while waiting:
        group, number = waiting.pop()
        if group.balanced:
            waiting += [(child, number) for children in group.children for child in children]
            continue
        chosen, rest = _chosen(group.alternatives(), number)
        for index, arm in enumerate(group.arms):
            if index == chosen:
                waiting += [(child, rest) for child in group.children[index]]
            elif arm.end > arm.start:
                yield arm.start, arm.end


def _chosen(alternatives: list[tuple[int, int]], number: int) -> tuple[int, int]:
    """Return the arm that variant `number` shows, and the variant's number within the arm."""
    for arm, width in alternatives:
        if number < width:
            return arm, number
        number -= width
    return alternatives[-1][0], alternatives[-1][1] - 1


def _disabled(
    groups: list[_ConditionalGroup], blanks: tuple[tuple[tuple[int, int], ...], ...]
) -> Iterator[Arm]:
    """Yield the arms of `#if 0` that are text in the first variant, outermost ones only."""
    hidden = 0
    skipped = iter((*blanks[0], (sys.maxsize, sys.maxsize)))
    blank = next(skipped)
    for group in groups:
        for arm, dead in zip(group.arms, group.dead, strict=True):
            while blank[1] <= arm.start:
                blank = next(skipped)
            if dead and group.balanced and arm.start >= hidden and blank[0] > arm.start:
                yield arm
                hidden = arm.end


def _varying(roots: list[_ConditionalGroup]) -> Iterator[tuple[int, int]]:
    """Yield the extents of the outermost groups with more than one variant."""
    waiting = list(reversed(roots))
    while waiting:
        group = waiting.pop()
        if group.width == 1:
            continue
        if group.balanced:
            inner = [child for children in group.children for child in children]
            waiting += reversed(inner)
        else:
            last = group.arms[-1].end
            yield group.arms[0].directive.start, group.end.end if group.end else last
