# SPDX-License-Identifier: GPL-2.0-only
"""Locals that only hold the new type of a parameter, which are the parameter once that has changed.

In: a parameter that is to change, and a body. Out: the declaration that goes, and the name that the
parameter takes from it:

    int f(vm_flags_t vm_flags)
    {
            const vma_flags_t vma_flags = legacy_to_vma_flags(vm_flags);

becomes `int f(vma_flags_t vma_flags)`. Where the local changes, or the parameter does, they are two
values if the parameter is used for anything else, and both stay.
"""

from __future__ import annotations

from msgspec import Struct

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.declared import declared
from vmaconv.migrate.decide.bridges import crosses
from vmaconv.migrate.decide.settings import Settings
from vmaconv.migrate.facts.classifier import Classifier
from vmaconv.migrate.facts.entity_facts import EntityDeclaration, Facts, FactSite
from vmaconv.migrate.facts.operations import ArgumentSink, Test, ValueFlow, outside


class Absorbed(Struct, frozen=True):
    """A declaration that goes, from the start of its line to that of the next."""

    path: str
    start: int
    end: int
    name: bytes

    def edit(self) -> Edit:
        """Return the edit that takes the declaration out."""
        return Edit(self.start, self.end, b"", "absorbed")

    def has(self, site: FactSite) -> bool:
        """Whether a use of the parameter is the one in the declaration."""
        return site.path == self.path and self.start <= site.node.start < self.end


def absorbed(settings: Settings, facts: Facts, body: EntityDeclaration) -> Absorbed | None:
    """Return the local of `body` that a parameter takes the place of, if there is one."""
    function = body.function
    if function is None or not body.body or facts.is_pointer:
        return None
    uses = [
        site
        for site in facts.uses
        if site.path == body.path and function.start <= site.node.start < function.end
    ]
    classifier = Classifier(settings.reader, settings.sources.types(body.path))
    for site in uses:
        found = classifier.classify(site.node)
        if not isinstance(found, ValueFlow) or not isinstance(found.sink, ArgumentSink):
            continue
        if crosses(settings, found.sink) and found.root is outside(site.node)[0]:
            holder = _declaration(settings, found.sink.call)
            if holder is None:
                continue
            is_const = b"const" in holder.tokens()
            reads = (isinstance(classifier.classify(s.node), ValueFlow | Test) for s in uses)
            if len(uses) == 1 or (is_const and all(reads)):
                return _line(settings, body.path, holder)
    return None


def _declaration(settings: Settings, call: Node) -> Node | None:
    node, parent = outside(call)
    if parent is None or parent.kind != "init_declarator" or node is not parent.children[-1]:
        return None
    holder = parent.parent
    if holder is None or holder.kind != "declaration":
        return None
    names = list(declared(holder))
    is_new = len(names) == 1 and names[0].type.base == settings.graph.new
    return (
        holder if is_new and not names[0].type.shape and b"static" not in holder.tokens() else None
    )


def _line(settings: Settings, path: str, holder: Node) -> Absorbed | None:
    text = settings.text(path)
    start = text.rfind(b"\n", 0, holder.start) + 1
    end = text.find(b"\n", holder.end) + 1
    if text[start : holder.start].strip() or text[holder.end : end].strip():
        return None
    if text[:start].endswith(b"{\n") and text.startswith(b"\n", end):
        # It was the only declaration: the empty line behind it goes, too.
        end += 1
    name = next(iter(declared(holder))).name
    return Absorbed(path, start, end, name)
