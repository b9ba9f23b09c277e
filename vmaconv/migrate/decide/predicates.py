# SPDX-License-Identifier: GPL-2.0-only
"""Predicates, and their twins for the new type.

In: a function that takes one value of the old type and only asks it questions. Out: the function
that asks the same of the new type: one that the tree has, or one to be added beside it, in every
arm.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from vmaconv.cocci.rewrite.edit import Edit, Overlap, apply
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.declared import base_type, declared, parameters
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.migrate.decide.settings import Settings
from vmaconv.migrate.decide.trial import Action, EditStep, PlanDecision, Trial
from vmaconv.migrate.facts.classifier import Classifier
from vmaconv.migrate.facts.entity import Function, Parameter
from vmaconv.migrate.facts.entity_facts import Facts, FactSite
from vmaconv.migrate.facts.operations import ArgumentSink, Operation, Test, ValueFlow, outside
from vmaconv.migrate.write.expression_edits import rename, replace_expression, type_node
from vmaconv.migrate.write.helper_spelling import Reference, by_name, by_pointer


class Twin(Struct, frozen=True):
    """A predicate's twin; `by_pointer` says that it takes a pointer to the value."""

    function: Function
    by_pointer: bool
    exists: bool


class Predicates:
    """Finds and makes twins; what it makes is a step of the trial."""

    def __init__(self, settings: Settings, trial: Trial) -> None:
        self._settings = settings
        self._trial = trial
        self._asked: dict[Function, Facts | None] = {}

    def twin(self, function: Function, index: int, why: str, place: HeaderPlace) -> Twin | None:
        """Return the twin of a predicate; None where the function is none, or cannot have one.

        A function that the recipe names with a twin that the tree has need not be a predicate, and its
        parameter `index` not the only one.
        """
        known = self._trial.twins.get(function)
        if isinstance(known, Twin):
            return known
        if self._settings.overrides.action_of(str(function), function.file) == "keep":
            return None
        found = self._named(function, index)
        facts = self._facts(function) if found is None and index == 0 else None
        if facts is not None:
            found = self._existing(function)
            if found is None:
                found = self._added(function, facts, why, place)
        if isinstance(found, Twin):
            self._trial.twins[function] = found
            self._trial.decisions.append(
                PlanDecision(
                    Action.USE_TWIN if found.exists else Action.ADD_TWIN,
                    str(function),
                    found.function,
                    str(found.function),
                    why,
                    place,
                    function.file,
                )
            )
            return found
        return None

    def has_twin(self, function: Function) -> bool:
        """Whether the tree has a predicate's twin, or an edit has added it."""
        if function in self._trial.twins or self._named(function, 0) is not None:
            return True
        return self._existing(function) is not None

    def _facts(self, function: Function) -> Facts | None:
        """Return what a function asks its one parameter; None if it does anything else.

        A function that asks itself is none, either.
        """
        if function not in self._asked:
            self._asked[function] = None
            self._asked[function] = self._read(function)
        return self._asked[function]

    def _read(self, function: Function) -> Facts | None:
        graph = self._settings.graph
        definitions = graph.inline(function)
        if definitions is None:
            return None
        for mention in definitions:
            item = mention.item
            result = base_type(item) if item is not None else None
            if item is None or len(parameters(item)) != 1:
                return None
            if result is None or result.base not in _BOOL:
                return None
        facts = graph.own_facts(Parameter(function, 0), definitions)
        if facts.obstacles or facts.converted:
            return None
        return facts if all(self._asks(site) is not None for site in facts.uses) else None

    def _asks(self, site: FactSite) -> Operation | None:
        """Return the question that a use asks: a test, or a call of another predicate."""
        settings = self._settings
        types = settings.sources.types(site.path)
        operation = Classifier(settings.reader, types).classify(site.node)
        match operation:
            case Test(mode=mode, mask=mask, part=part, negated=negated):
                of = by_pointer(b"x")
                found = settings.spelling.test(of, mode, mask, part, negated)
                return operation if found is not None else None
            case ValueFlow(root=root, sink=ArgumentSink(index=0) as sink) if (
                root is outside(site.node)[0]
            ):
                inner = self._callee(site.path, sink)
                return operation if inner is not None else None
        return None

    def _callee(self, path: str, sink: ArgumentSink) -> Function | None:
        if sink.callee.kind != "identifier":
            return None
        function = self._settings.graph.function(sink.callee.text or b"", path)
        if function is None:
            return None
        return function if self._facts(function) is not None else None

    # Which name.

    def name(self, function: Function) -> bytes:
        """Return what the twin is called: as the recipe says, else by the tree's naming.

        `is_vm_hugetlb_flags` gives `is_vma_hugetlb_flags`, `is_nommu_shared_mapping`
        `is_nommu_shared_vma_flags`.
        """
        own = function.name.decode()
        chosen = self._settings.overrides.names.get((own, function.file))
        if chosen or own in self._settings.recipe.twins:
            return (chosen or self._settings.recipe.twins[own]).encode()
        if "vm_" in own and "vma_" not in own:
            return own.replace("vm_", "vma_", 1).encode()
        return f"{own.removesuffix('_mapping')}_vma_flags".encode()

    def _named(self, function: Function, index: int) -> Twin | None:
        """Return the first twin that the recipe names and that takes the new type in `index`."""
        names = self._settings.recipe.more_twins.get(str(function), ())
        twins = (self._taking(Function(name.encode(), function.file), index) for name in names)
        return next((twin for twin in twins if twin is not None), None)

    def _existing(self, function: Function) -> Twin | None:
        return self._taking(Function(self.name(function), function.file), 0, 1)

    def _taking(self, twin: Function, index: int, count: int = 0) -> Twin | None:
        """Return a function as a twin if its parameter `index` is of the new type, by value or pointer."""
        graph, function = self._settings.graph, twin
        if not function.file and not self._settings.sources.is_known(twin.name):
            return None
        for mention in graph.declarations(twin):
            own = parameters(mention.item) if mention.item is not None else []
            if len(own) <= index or (count and len(own) != count):
                continue
            one = next(iter(declared(own[index])), None)
            ctype = one.type if one is not None else base_type(own[index])
            if ctype is not None and ctype.base == graph.new and ctype.shape in ("", "*"):
                return Twin(twin, ctype.shape == "*", True)
        return None

    # Adding one.

    def _added(self, function: Function, facts: Facts, why: str, place: HeaderPlace) -> Twin | None:
        settings = self._settings
        twin = Function(self.name(function), function.file)
        if any(settings.graph.declarations(twin)):
            return None
        by_address = not settings.spelling.by_value
        mark = self._trial.mark()
        for mention in settings.graph.inline(function) or ():
            item = mention.item
            assert item is not None
            if item.start < settings.helpers_from.get(mention.path, 0):
                self._trial.roll_back(mark)
                return None
            text = self._copy(mention.path, item, twin, facts, by_address, why, place)
            if text is None:
                self._trial.roll_back(mark)
                return None
            after = Edit(item.end, item.end, b"\n\n" + text, "twin")
            self._trial.steps.append(EditStep(mention.path, after, twin))
        return Twin(twin, by_address, False)

    def _copy(
        self,
        path: str,
        item: Node,
        twin: Function,
        facts: Facts,
        by_address: bool,
        why: str,
        place: HeaderPlace,
    ) -> bytes | None:
        """Return one definition's text, rewritten for the new type."""
        text = self._settings.text(path)
        edits = list(self._head(path, item, twin, by_address))
        name = self._parameter_name(item)
        of = by_pointer(name) if by_address else by_name(name)
        for site in facts.uses:
            if site.path == path and item.start <= site.node.start < item.end:
                found = self._question(site, of, why, place)
                if found is None:
                    return None
                edits += found
        local = [Edit(e.start - item.start, e.end - item.start, e.text, e.rule) for e in edits]
        try:
            return apply(text[item.start : item.end], local)
        except Overlap:
            return None

    def _parameter_name(self, item: Node) -> bytes:
        one = next(iter(declared(parameters(item)[0])), None)
        own = one.name.decode() if one is not None else "flags"
        return self._settings.recipe.names.get(own, own).encode()

    def _head(self, path: str, item: Node, twin: Function, by_address: bool) -> Iterator[Edit]:
        """Yield the edits of the copy's name and parameter."""
        text = self._settings.text(path)
        for one in declared(item):
            yield rename(one.leaf, twin.name, "twin")
        node = parameters(item)[0]
        kind = type_node(node)
        leaf = next((d.leaf for d in declared(node)), None)
        new = self._settings.graph.new
        name = self._parameter_name(item)
        if by_address:
            qualifier = b"" if text[node.start : node.end].startswith(b"const") else b"const "
            yield Edit(node.start, node.end, qualifier + _constant(new, text, node, name), "twin")
        elif kind is not None:
            yield Edit(kind.start, kind.end, new, "twin")
            if leaf is not None and leaf.text != name:
                yield rename(leaf, name, "twin")

    def _question(
        self, site: FactSite, of: Reference, why: str, place: HeaderPlace
    ) -> list[Edit] | None:
        settings = self._settings
        text = settings.text(site.path)
        match self._asks(site):
            case Test(whole=whole, mode=mode, mask=mask, part=part, negated=negated):
                new = settings.spelling.test(of, mode, mask, part, negated)
                edit = replace_expression(text, whole, new, "test") if new is not None else None
                return [edit] if edit is not None else None
            case ValueFlow(root=root, sink=ArgumentSink() as sink):
                function = self._callee(site.path, sink)
                inner = self.twin(function, 0, why, place) if function is not None else None
                if inner is None:
                    return None
                argument = of.pointer if inner.by_pointer else of.value
                return [
                    rename(sink.callee, inner.function.name, "twin"),
                    Edit(root.start, root.end, argument, "twin"),
                ]
        return None


_BOOL = (b"bool", b"_Bool")


def _constant(new: bytes, text: bytes, node: Node, name: bytes) -> bytes:
    lead = b"const " if text[node.start : node.end].startswith(b"const") else b""
    return lead + new + b" *" + name
