# SPDX-License-Identifier: GPL-2.0-only
"""Whether the pages that a mapping call is given are there when the action runs.

In: a mapping call of a hook, and what the recipe says of its arguments. Out: reasons: the action reads the
array of pages after the hook has returned, when the hook's own locals are gone, and it takes a count
where the call takes a pointer to one.
"""

from __future__ import annotations

from collections.abc import Iterator

from vmaconv.cocci.tree.node import Node, bare
from vmaconv.cocci.types.declared import Declared, is_static
from vmaconv.hooks.hook_recipe import Mapping_
from vmaconv.hooks.hook_verdict import Saying
from vmaconv.migrate.facts.local_names import argument_nodes, local_declaration, uses_of

_DEEPEST = 4
"""Locals that are followed from one to the next."""


class Pages(Saying):
    """Checks the arguments of one mapping call."""

    def check(self, call: Node, known: Mapping_) -> None:
        """Say what is wrong with the call's array, its count and what is evaluated twice."""
        arguments = argument_nodes(call)

        def argument(index: int) -> Node | None:
            return arguments[index - 1] if 0 < index <= len(arguments) else None

        pages, count, repeated = map(argument, (known.pages, known.count, known.repeated))
        if pages is not None and not self._lives(pages, 0):
            text = f"{self._text(pages)} may be gone when the action reads it, behind the hook"
            self._say("page-array", call, text)
        if count is not None:
            self._counted(call, count)
        if repeated is not None and any(_acts(n) for n in repeated.walk()):
            text = f"{self._text(repeated)} would be evaluated more than once"
            self._say("unconverted", call, text)

    def _lives(self, node: Node, depth: int) -> bool:
        """Whether what an expression points to outlives the hook."""
        node = bare(node)
        if node.kind == "cast_expression":
            return self._lives(node.children[-1], depth)
        if node.kind == "binary_expression" and node.children[1].text == b"+":
            return self._lives(node.children[0], depth)
        if node.kind == "field_expression":
            base = node.children[0]
            return node.children[1].text == b"->" or local_declaration(base) is None
        if node.kind == "unary_expression" and node.children[0].text == b"&":
            inner = node.children[-1]
            if inner.kind == "subscript_expression":
                return self._lives(inner.children[0], depth)
            return inner.kind == "field_expression" and self._lives(inner, depth)
        if node.kind != "identifier":
            return False
        found = local_declaration(node)
        if found is None or is_static(found.node):
            return True
        values = list(self._values(found))
        if found.type.shape != "**" or not values or depth > _DEEPEST:
            return False
        return all(self._lives(value, depth + 1) for value in values)

    def _values(self, local: Declared) -> Iterator[Node]:
        for child in local.node.children:
            if child.kind == "init_declarator" and local.leaf in list(child.children[0].leaves()):
                yield child.children[-1]
        for use in uses_of(local, self._function):
            parent = use.parent
            if parent is None:
                continue
            if parent.kind == "assignment_expression" and parent.children[0] is use:
                yield parent.children[-1]
            elif parent.kind == "unary_expression" and parent.children[0].text == b"&":
                # It may be set anywhere.
                yield parent

    def _counted(self, call: Node, count: Node) -> None:
        local = count.children[-1] if count.kind == "unary_expression" else count
        found = local_declaration(local) if local.kind == "identifier" else None
        if local is count or found is None:
            self._say("unconverted", call, f"{self._text(count)} is no pointer to a local")
            return
        if any(use.start > call.end for use in uses_of(found, self._function)):
            text = f"{self._text(local)}, what the call leaves there, is used further on"
            self._say("result-used", call, text)


def _acts(node: Node) -> bool:
    return node.kind in ("call_expression", "assignment_expression", "update_expression")
