# SPDX-License-Identifier: GPL-2.0-only
"""What a merge with a neighbour would lose of what a hook sets.

In: a function that is safe otherwise. Out: reasons, where private data or operations are of one
mapping alone and no flag forbids a merge (`is_mergeable_vma()` in mm/vma.c compares neither).
"""

from __future__ import annotations

import re

from vmaconv.cocci.tree.node import Node
from vmaconv.hooks.hook_verdict import Saying, is_file, parameters_of
from vmaconv.migrate.facts.local_names import argument_nodes, local_declaration, uses_of

_SPECIAL = re.compile(rb"VMA?_(?:IO|DONTEXPAND|PFNMAP|MIXEDMAP)(?:_BIT)?")
"""Flags that forbid merging (include/linux/mm.h, VM_SPECIAL)."""


class Merges(Saying):
    """Checks what one function sets."""

    def check(self) -> None:
        """Values that only this mapping has are lost in a merge, unless flags forbid one."""
        if self._verdict.maps or self._verdict.helpers or self._is_special():
            return
        for use in uses_of(self._verdict.vma, self._function):
            member = use.parent
            if member is None or member.kind != "field_expression":
                continue
            assigned = member.parent
            if assigned is None or assigned.kind != "assignment_expression":
                continue
            if assigned.children[0] is not member:
                continue
            name = member.children[-1].text
            if name == b"vm_private_data" and not self._is_of_file(assigned.children[-1]):
                self._say(
                    "merge",
                    assigned,
                    f"{self._text(assigned)}: a merge with a neighbour would lose it",
                )
            if name == b"vm_pgoff":
                self._say(
                    "merge",
                    assigned,
                    f"{self._text(assigned)}: a merge looks at the offset, which is set before it now",
                )
            value = assigned.children[-1]
            is_own = name == b"vm_ops" and any(leaf.text == self._name for leaf in value.leaves())
            if is_own or name in (b"vm_ops", b"vm_private_data") and self._depends(assigned):
                self._say(
                    "merge",
                    assigned,
                    f"{self._text(assigned)} depends on the mapping: a merge would lose it",
                )

    def _is_special(self) -> bool:
        """Whether a flag that forbids merging is set whatever happens (VM_SPECIAL, mm.h)."""
        for statement in self._function.children[-1].children:
            if statement.kind == "expression_statement":
                call = statement.children[0]
                name = call.children[0].text if call.kind == "call_expression" else b""
                if name in (b"vm_flags_set", b"vm_flags_mod", b"vma_set_flags"):
                    first = (
                        argument_nodes(call)[1:2]
                        if name != b"vma_set_flags"
                        else argument_nodes(call)[1:]
                    )
                    if any(_SPECIAL.fullmatch(t) for a in first for t in a.tokens()):
                        return True
        return False

    def _is_of_file(self, value: Node, depth: int = 0) -> bool:
        """Whether a value is the same for every mapping of one file."""
        files = {one.name for one in parameters_of(self._body) if is_file(one)}
        for leaf in value.leaves():
            if leaf.kind != "identifier":
                continue
            parent = leaf.parent
            if (
                parent is not None
                and parent.kind == "field_expression"
                and leaf is parent.children[-1]
            ):
                continue
            if leaf.text in files:
                continue
            if leaf.text == b"current":
                return False
            if leaf.text == self._name:
                if self._unit.slice(parent).endswith(b"vm_file") if parent is not None else False:
                    continue
                return False
            source = self._source(leaf)
            if source is not None and (depth > 4 or not self._is_of_file(source, depth + 1)):
                return False
        return True

    def _source(self, leaf: Node) -> Node | None:
        """Return what a local is set from; None for what is no local."""
        found = local_declaration(leaf)
        if found is None:
            return None
        values = [
            c.children[-1]
            for c in found.node.children
            if c.kind == "init_declarator" and found.leaf in list(c.children[0].leaves())
        ]
        for use in uses_of(found, self._function):
            parent = use.parent
            if (
                parent is not None
                and parent.kind == "assignment_expression"
                and parent.children[0] is use
            ):
                values.append(parent.children[-1])
        own = next((u for u in uses_of(self._verdict.vma, self._function)), leaf)
        return values[0] if len(values) == 1 else own

    def _depends(self, node: Node) -> bool:
        """Whether a condition around a node looks at the VMA."""
        for parent in node.ancestors():
            if parent.kind == "function_definition":
                return False
            if parent.kind in ("if_statement", "switch_statement"):
                condition = parent.children[2]
                if any(leaf.text == self._name for leaf in condition.leaves()):
                    return True
        return False
