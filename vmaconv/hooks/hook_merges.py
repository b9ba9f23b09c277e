# SPDX-License-Identifier: GPL-2.0-only
"""What a merge with a neighbour would lose of what a hook sets.

In: functions that are safe otherwise. Out: reasons, where private data or operations are of one
mapping alone and no flag forbids a merge (`is_mergeable_vma()` in mm/vma.c compares neither).
"""

from __future__ import annotations

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node, bare
from vmaconv.hooks.hook import HookReason
from vmaconv.hooks.hook_reasons import first
from vmaconv.hooks.hook_verdict import FunctionSafety, Saying, is_file, parameters_of
from vmaconv.hooks.path_counts import Change, ReturnPath, path_counts
from vmaconv.migrate.facts.local_names import argument_nodes, local_declaration, uses_of
from vmaconv.migrate.facts.sources import Sources

_SPECIAL = late_regex(rb"VMA?_(?:IO|DONTEXPAND|PFNMAP|MIXEDMAP)(?:_BIT)?")
"""Flags that forbid merging (include/linux/mm.h, VM_SPECIAL)."""


_CHANGES = late_regex(rb"vm_flags_\w+|vma_(?:set|clear)_flags")
_FIXED_MEMBERS = frozenset({b"private_data", b"f_mapping", b"f_inode", b"host"})
"""Members that lead from a file to what stays the same for as long as it is open."""


def against_merges(sources: Sources, verdicts: list[FunctionSafety]) -> HookReason | None:
    """Return what a merge would lose of what a hook, the first, and its helpers set.

    Nothing is lost where each way to success sets a flag that forbids merging, or maps.
    """
    if _forbids(verdicts[0], verdicts[1:], ()):
        return None
    changes = any(_changes_flags(verdict) for verdict in verdicts)
    return first(r for verdict in verdicts for r in Merges(sources, verdict, changes).check())


def _changes_flags(verdict: FunctionSafety) -> bool:
    return any(
        leaf.kind == "identifier" and _CHANGES.fullmatch(leaf.text or b"") is not None
        for leaf in verdict.body.node.leaves()
    )


def _forbids(
    verdict: FunctionSafety, helpers: list[FunctionSafety], within: tuple[bytes, ...]
) -> bool:
    """Whether a function forbids merging wherever it succeeds (VM_SPECIAL_FLAGS, mm.h)."""
    maps = {call.start for call in verdict.maps}
    called = {one.call.start: one.name for one in verdict.helpers}
    known: dict[bytes, bool] = {}

    def forbidding(name: bytes) -> bool:
        if name not in known:
            found = [one for one in helpers if one.name == name]
            ways = (*within, name)
            known[name] = name not in within and bool(found)
            known[name] = known[name] and all(_forbids(one, helpers, ways) for one in found)
        return known[name]

    def change(call: Node) -> Change | None:
        name = call.children[0].text or b""
        if call.start in maps or call.start in called and forbidding(called[call.start]):
            return Change(1)
        arguments = argument_nodes(call)[1:]
        if name in (b"vm_flags_set", b"vm_flags_mod"):
            return Change(1) if _is_special(arguments[:1]) else None
        if name == b"vma_set_flags":
            return Change(1) if _is_special(arguments) else None
        if name in (b"vm_flags_clear", b"vma_clear_flags"):
            return Change(-4) if _is_special(arguments) else None
        return None

    exits = path_counts(verdict.body.node, change).exits
    return all(min(one.counts) > 0 for one in exits if one.counts and _may_succeed(one))


def _is_special(arguments: list[Node]) -> bool:
    return any(_SPECIAL.fullmatch(token) for a in arguments for token in a.tokens())


def _may_succeed(one: ReturnPath) -> bool:
    """Whether an exit may be one without an error."""
    if one.statement is None or len(one.statement.children) < 3:
        return True
    value = bare(one.statement.children[1])
    if value.kind == "unary_expression" and value.children[0].text == b"-":
        return False
    inside = one.statement.enclosing("if_statement")
    if inside is None or value.kind != "identifier":
        return True
    return bare(inside.children[2]).text != value.text


class Merges(Saying):
    """Checks what one function sets."""

    def __init__(self, sources: Sources, verdict: FunctionSafety, changes: bool) -> None:
        """`changes`: whether flags change, so that mappings merge now that did not before."""
        super().__init__(sources, verdict)
        self._changes = changes
        self._reasons: list[HookReason] = []

    def check(self) -> list[HookReason]:
        """Return why values that only this mapping has would be lost in a merge."""
        for use in uses_of(self._verdict.vma, self._function):
            member = use.parent
            if member is None or member.kind != "field_expression":
                continue
            name, assigned = member.children[-1].text, member.parent
            if name == b"vm_pgoff" and assigned is not None and _is_written(member):
                self._lost(assigned, "a merge looks at the offset, which is set before it now")
            is_assigned = assigned is not None and assigned.kind == "assignment_expression"
            if assigned is not None and is_assigned and assigned.children[0] is member:
                self._assigned(name or b"", assigned)
        return self._reasons

    def _lost(self, node: Node, why: str) -> None:
        text = self._text(node)
        self._reasons.append(HookReason("merge", text, f"{text}: {why}", self._place(node)))

    def _assigned(self, name: bytes, assigned: Node) -> None:
        if name not in (b"vm_ops", b"vm_private_data"):
            return
        value = assigned.children[-1]
        if name == b"vm_private_data" and not self._is_of_file(value):
            self._lost(assigned, "a merge with a neighbour would lose it")
        is_own = name == b"vm_ops" and any(leaf.text == self._name for leaf in value.leaves())
        if is_own or self._depends(assigned):
            self._lost(assigned, "it depends on the mapping: a merge would lose it")
        if self._changes and not (self._is_fixed(value) and self._is_always(assigned)):
            self._lost(
                assigned, "it may be another for each mapping, and these merge now as flags are set"
            )

    def _is_always(self, assigned: Node) -> bool:
        """Whether all conditions around a node come out the same for one file."""
        around = (p for p in assigned.ancestors() if p.kind in ("if_statement", "switch_statement"))
        return all(self._is_fixed(parent.children[2]) for parent in around)

    def _is_fixed(self, value: Node, depth: int = 0) -> bool:
        """Whether a value stays the same for as long as the file is open.

        What a call gives counts if all that it is given does; an address always does.
        """
        value = bare(value)
        match value.kind:
            case "field_expression":
                base, member = value.children[0], value.children[-1].text
                if value.children[0].text == self._name:
                    return member == b"vm_file"
                return member in _FIXED_MEMBERS and self._is_fixed(base, depth)
            case "unary_expression" if value.children[0].text == b"&":
                return True
            case "identifier":
                name = value.text or b""
                if name.isupper() or name in {
                    one.name for one in parameters_of(self._body) if is_file(one)
                }:
                    return True
                source = self._source(value)
                is_followed = source is not None and source.text != self._name and depth < 5
                return is_followed and source is not None and self._is_fixed(source, depth + 1)
            case "call_expression":
                arguments = argument_nodes(value)
                if (value.children[0].text or b"").startswith((b"container_of", b"list_entry")):
                    arguments = arguments[:1]
                return bool(arguments) and all(self._is_fixed(a, depth) for a in arguments)
            case "subscript_expression" | "comma_expression" | "assignment_expression":
                return False
            case _ if value.text is not None:
                return True
            case _:
                parts = (c for c in value.children if c.kind not in ("type_descriptor",))
                return all(self._is_fixed(part, depth) for part in parts)

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


def _is_written(member: Node) -> bool:
    parent = member.parent
    if parent is None:
        return False
    if parent.kind == "assignment_expression":
        return parent.children[0] is member
    is_address = parent.kind == "unary_expression" and parent.children[0].text == b"&"
    return parent.kind == "update_expression" or is_address
