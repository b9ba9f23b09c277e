# SPDX-License-Identifier: GPL-2.0-only
"""Finding a type wherever one is written.

In: the pattern of a rule that is a type (`- dev_link_t + struct pcmcia_device`). Out: `TypeRule`,
which gives the nodes of an item that write a type, and matches each type in them: of `int **x`
there are three.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from vmaconv.cocci.match.attempt.state import Matcher, MatchState, Then
from vmaconv.cocci.match.code.declaration_parts import DECLARATIONS, Declarator, Form, pieces, read
from vmaconv.cocci.match.declaration.specifiers import SPECIFIERS
from vmaconv.cocci.match.declaration.type_spelling import TypePattern
from vmaconv.cocci.match.declaration.typename import as_declaration
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.tree.node import Node


class TypeRule:
    """A pattern that is a type, made ready."""

    def __init__(self, pattern: PNode, compile_pattern: Callable[[PNode], Matcher]) -> None:
        form = read(pattern)
        self._pattern = TypePattern(form, form.only, compile_pattern, False)
        self._depth = len(form.only.levels)
        base = form.type
        variable = base.metavariable if isinstance(base, PNode) else None
        self._any = variable is not None and variable.kind == "type"
        arms = base.children if base is not None and base.kind == "disjunction" else []
        # `\( struct foo * \| struct foo \)`: the earlier arm wins, whatever its depth.
        self._levels = list(dict.fromkeys(self._depth + _levels(arm) for arm in arms))
        self._levels = self._levels or [self._depth]

    def find(self, nodes: Sequence[Node], state: MatchState, then: Then) -> None:
        """Match each type that `nodes` write, outer ones first; what lies in a match is passed
        over.
        """
        done = -1
        for node in nodes:
            if node.start < done:
                continue
            before = state.successes
            for form, one in _types(node, state):
                self._match(form, one, state, then)
                if state.successes != before and form.type is not None:
                    done = form.type.end if form.type.kind in SPECIFIERS else done

    def _match(self, form: Form, one: Declarator, state: MatchState, then: Then) -> None:
        levels = one.levels
        depths = range(len(levels), -1, -1) if self._any else self._levels
        for depth in depths:
            if depth > len(levels):
                continue
            inner = replace(one, levels=levels[len(levels) - depth :])
            before = state.successes
            self._pattern.match(form, inner, state, then)
            if state.successes != before:
                return


def _levels(arm: Node) -> int:
    return len(read(arm).only.levels) if arm.kind == "type_descriptor" else 0


def _types(node: Node, state: MatchState) -> Iterator[tuple[Form, Declarator]]:
    """Yield the forms that a node writes: a declaration has one for each name."""
    if node.kind in DECLARATIONS:
        for piece in pieces(node):
            form = read(piece)
            if form.type is not None:
                yield form, form.only
    elif node.kind == "type_argument" or _is_operand(node):
        made = as_declaration(node, "type_descriptor", state.unit)
        if made is not None:
            form = read(made)
            yield form, form.only


def _is_operand(node: Node) -> bool:
    """Whether a name is all that `sizeof(...)` or a macro gets, so that it may be a type."""
    if node.kind != "identifier" or node.parent is None:
        return False
    parent = node.parent
    if parent.kind == "argument_list":
        return True
    return (
        parent.kind == "parenthesized_expression"
        and parent.parent is not None
        and parent.parent.kind == "sizeof_expression"
    )
