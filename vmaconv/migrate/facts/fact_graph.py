# SPDX-License-Identifier: GPL-2.0-only
"""The facts of an entity: where it is declared, used, and given values.

In: the symbols of the sources. Out: `Facts`, the same from whichever side one asks, over all files and
`#ifdef` arms that can see the entity. What cannot be followed (a macro's body, text that does not
parse, an address taken) is an `Obstacle` among them.
"""

from __future__ import annotations

from collections.abc import Iterator

from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.declared import Declared, base_type, declared, is_static, parameters
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.migrate.facts.entity import (
    Entity,
    Function,
    Member,
    Obstacle,
    Parameter,
    ReturnValue,
    Slot,
    Variable,
)
from vmaconv.migrate.facts.entity_facts import EntityDeclaration, Facts, FactSite
from vmaconv.migrate.facts.function_mentions import FunctionMention, unread_in
from vmaconv.migrate.facts.local_names import argument_nodes, leaves_at, uses_of
from vmaconv.migrate.facts.name_resolution import NameResolution, name_of
from vmaconv.migrate.facts.operations import outside
from vmaconv.migrate.facts.pass_on_macros import passed_on
from vmaconv.migrate.facts.slots import slot_facts
from vmaconv.migrate.facts.sources import Sources
from vmaconv.uses.member_uses import owner_of


class FactGraph(NameResolution):
    """Finds the facts of entities and keeps them."""

    def __init__(self, sources: Sources, named: bytes, behind: bytes, new: bytes) -> None:
        """`named` is the old type, `behind` the word that it stands for: `unsigned long`."""
        super().__init__(sources, named, behind, new)
        self._facts: dict[Entity, Facts] = {}
        self._partial: dict[Entity, tuple[int, Facts]] = {}
        """Facts with names that nobody had searched for, and what had been learned by then."""

    def facts(self, entity: Entity) -> Facts:
        """Return all that the tree says of an entity other than a member."""
        found = self._facts.get(entity)
        learned, partial = self._partial.get(entity, (0, None))
        if found is None and partial is not None and learned == self.sources.learned:
            # Whoever asks has no whole answer either.
            self.sources.unanswered += 1
            return partial
        if found is None:
            known = self.sources.unanswered
            match entity:
                case Parameter():
                    found = self._of_parameter(entity)
                case Variable():
                    found = self._of_variable(entity)
                case ReturnValue():
                    found = self._of_result(entity)
                case Slot():
                    found = slot_facts(self, entity)
                case Member():
                    text = f"{entity} has no twin of the new type"
                    found = Facts(obstacles=[Obstacle(None, text)])
            if self.sources.unanswered == known:
                self._facts[entity] = found
            else:
                self._partial[entity] = (self.sources.learned, found)
        return found

    def _of_parameter(self, entity: Parameter) -> Facts:
        facts = Facts()
        calls: list[tuple[FunctionMention, int]] = []
        for mention in self.all_mentions(entity.function):
            match mention.kind:
                case "definition" | "declaration":
                    self._add_signature(entity, mention, facts)
                case "call":
                    assert mention.call is not None
                    arguments = argument_nodes(mention.call)
                    calls.append((mention, len(arguments)))
                    if len(arguments) > entity.index:
                        facts.inflows.append(FactSite(mention.path, arguments[entity.index]))
                case "value":
                    self._add_value(entity, mention, facts)
                case "export":
                    pass
                case "macro-body" if self._add_macro(entity, mention, facts):
                    pass
                case _:
                    facts.obstacles.append(_unread(mention, _WHY[mention.kind]))
        counts = self._counts(entity.function)
        for mention, count in calls:
            if count not in counts:
                # A macro among the arguments may stand for several: who is to say which is which?
                text = f"called with {count} arguments, declared with {min(counts, default=0)}"
                facts.obstacles.append(_unread(mention, text))
        declared_by = [*facts.declarations, *facts.converted]
        if not any(d.body for d in declared_by) and not facts.obstacles:
            text = f"no C file in sight defines {entity.function}()"
            facts.obstacles.append(Obstacle(None, text))
        return facts

    def _add_macro(self, entity: Parameter, mention: FunctionMention, facts: Facts) -> bool:
        """Take the calls of a macro that hands its argument on; False where it does something else."""
        found = passed_on(self.sources.unit(mention.path), mention.offset, entity.index)
        if found is None or self.macro_parameter(found.macro, found.index) != entity:
            return False
        for path in self.sources.mentioning(found.macro):
            for one in self.mentions(path, found.macro):
                arguments = argument_nodes(one.call) if one.call is not None else []
                if len(arguments) > found.index:
                    facts.inflows.append(FactSite(path, arguments[found.index]))
                elif one.kind != "macro":
                    facts.obstacles.append(_unread(one, "named as a macro that hands it on"))
        return True

    def _counts(self, function: Function) -> set[int]:
        """Return how many parameters the function's declarations have."""
        items = (mention.item for mention in self.declarations(function))
        return {len(parameters(item)) for item in items if item is not None}

    def own_facts(self, entity: Parameter, definitions: list[FunctionMention]) -> Facts:
        """Return what the definitions themselves say of a parameter; callers are left out."""
        facts = Facts()
        for mention in definitions:
            self._add_signature(entity, mention, facts)
        return facts

    def _add_signature(self, entity: Parameter, mention: FunctionMention, facts: Facts) -> None:
        item = mention.item
        assert item is not None
        own = parameters(item)
        place = HeaderPlace(mention.path, mention.line)
        if len(own) <= entity.index:
            text = f"{entity.function}() has {len(own)} parameters here"
            facts.obstacles.append(Obstacle(place, text))
            return
        node = own[entity.index]
        one = next(iter(declared(node)), None)
        ctype = one.type if one is not None else base_type(node)
        if ctype is None or (one is None and len(node.tokens()) > 3):
            facts.obstacles.append(Obstacle(place, f"parameter of {entity} cannot be read"))
            return
        body = item.kind == "function_definition"
        leaf = one.leaf if one is not None else None
        declaration = EntityDeclaration(mention.path, node, leaf, ctype, item, body)
        if ctype.base == self.new:
            facts.converted.append(declaration)
            return
        if not self.is_old(ctype) and not self.points_to_old(ctype):
            facts.obstacles.append(Obstacle(place, f"{entity} is of type {ctype} here"))
            return
        if any(other.type.shape != ctype.shape for other in facts.declarations):
            facts.obstacles.append(Obstacle(place, f"{entity} is a pointer in some places only"))
        facts.declarations.append(declaration)
        facts.is_pointer = bool(ctype.shape)
        if body:
            self._add_body(mention.path, item, one, facts)

    def _add_body(self, path: str, function: Node, one: Declared | None, facts: Facts) -> None:
        error = self._error_in(path, function)
        if error is not None:
            facts.obstacles.append(error)
        if one is not None:
            uses = uses_of(one, function)
            facts.uses += [
                FactSite(path, _pointed(leaf) if one.type.shape else leaf) for leaf in uses
            ]
            facts.obstacles += self._macro_uses(path, function, one)

    def _error_in(self, path: str, function: Node) -> Obstacle | None:
        chunk = self.sources.unit(path).chunk_at(function.start)
        for error in chunk.errors:
            if error.start < function.end and function.start <= error.end:
                name = (name_of(function) or b"?").decode(errors="replace")
                place = HeaderPlace(path, self.sources.unit(path).line(error.start))
                return Obstacle(place, f"{name}() does not parse as a whole")
        return None

    def _macro_uses(self, path: str, function: Node, one: Declared) -> Iterator[Obstacle]:
        """Find places inside the function where the name stands in text that is no token of any
        tree."""
        unit = self.sources.unit(path)
        for mention in unread_in(unit, one.name, function.start, function.end):
            if mention.kind != "export":
                yield _unread(mention, _WHY[mention.kind])

    def _add_value(self, entity: Parameter, mention: FunctionMention, facts: Facts) -> None:
        """Follow a function that is stored in a function-pointer member."""
        assert mention.leaf is not None
        node, parent = outside(mention.leaf)
        if parent is not None and parent.kind == "unary_expression":
            node, parent = outside(parent)
        slot: Member | None = None
        if parent is not None and parent.kind == "initializer_pair" and node is parent.children[-1]:
            slot = self.designated(mention.path, parent.children[-3])
        elif parent is not None and parent.kind == "assignment_expression":
            target = parent.children[0]
            if target.kind == "field_expression" and node is parent.children[-1]:
                owner = owner_of(target.children[-1], self.sources.types(mention.path))
                slot = Member(owner, target.children[-1].text or b"") if owner else None
        if slot is None:
            facts.obstacles.append(_unread(mention, "its address goes where it cannot be followed"))
            return
        bound = Slot(slot.struct, slot.name, entity.index)
        if bound not in facts.bound:
            facts.bound.append(bound)

    def _of_variable(self, entity: Variable) -> Facts:
        facts = Facts()
        unit = self.sources.unit(entity.file)
        for leaf in leaves_at(unit.chunk_at(entity.offset), entity.offset):
            function = leaf.enclosing("function_definition")
            node = leaf.enclosing("declaration")
            one = next((d for d in declared(node) if d.leaf is leaf), None) if node else None
            if function is None or node is None or one is None:
                continue
            declaration = EntityDeclaration(entity.file, node, leaf, one.type, function, True)
            if one.type.base == self.new and not one.type.shape:
                facts.converted.append(declaration)
                continue
            place = HeaderPlace(entity.file, unit.line(leaf.start))
            if not self.is_old(one.type):
                facts.obstacles.append(Obstacle(place, f"{entity} is of type {one.type}"))
            if is_static(node):
                text = f"{entity} is static: its initialiser must be a constant"
                facts.obstacles.append(Obstacle(place, text))
            facts.declarations.append(declaration)
            self._add_body(entity.file, function, one, facts)
            holder = leaf.parent
            if holder is not None and holder.kind == "init_declarator":
                facts.inflows.append(FactSite(entity.file, holder.children[-1]))
        return facts

    def _of_result(self, entity: ReturnValue) -> Facts:
        facts = Facts()
        for mention in self.all_mentions(entity.function):
            match mention.kind:
                case "definition" | "declaration":
                    one = self.declared_by(mention)
                    item = mention.item
                    if one is None or item is None:
                        continue
                    body = item.kind == "function_definition"
                    where = EntityDeclaration(mention.path, item, one.leaf, one.type, item, body)
                    if one.type.base == self.new and one.type.shape == "(":
                        facts.converted.append(where)
                    elif one.type.base in self.old and one.type.shape == "(":
                        facts.declarations.append(where)
                        if body:
                            self._add_returns(mention.path, item, facts)
                    else:
                        place = HeaderPlace(mention.path, mention.line)
                        facts.obstacles.append(Obstacle(place, f"{entity} is of type {one.type}"))
                case "call":
                    assert mention.call is not None
                    facts.uses.append(FactSite(mention.path, mention.call))
                case "export":
                    pass
                case "value":
                    text = "its address is taken: the result of a function pointer is not followed"
                    facts.obstacles.append(_unread(mention, text))
                case _:
                    facts.obstacles.append(_unread(mention, _WHY[mention.kind]))
        is_declared = facts.declarations and not facts.obstacles
        if is_declared and not any(d.body for d in facts.declarations):
            text = f"no C file in sight defines {entity.function}()"
            facts.obstacles.append(Obstacle(None, text))
        return facts

    def _add_returns(self, path: str, function: Node, facts: Facts) -> None:
        error = self._error_in(path, function)
        if error is not None:
            facts.obstacles.append(error)
        for node in function.walk():
            if node.kind == "return_statement" and len(node.children) == 3:
                facts.inflows.append(FactSite(path, node.children[1]))


_WHY = {
    "macro": "a macro of that name stands in for it",
    "macro-body": "named in a macro's body, which cannot be edited in place",
    "unparsed": "named in text that does not parse",
}


def _pointed(leaf: Node) -> Node:
    """Return `*p` where a pointer is looked through, else the name itself."""
    _, parent = outside(leaf)
    is_read = parent is not None and parent.kind in ("unary_expression", "pointer_expression")
    return parent if parent is not None and is_read and parent.children[0].text == b"*" else leaf


def _unread(mention: FunctionMention, text: str) -> Obstacle:
    return Obstacle(HeaderPlace(mention.path, mention.line), text)
