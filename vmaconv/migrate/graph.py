"""The facts of an entity: where it is declared, used, and given values.

In: the sources, the old type's names. Out: `Facts`, the same from whichever side one asks, over
all files and `#ifdef` arms that can see the entity. What cannot be followed (a macro's body, text
that does not parse, an address taken) is an `Obstacle` among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from vmaconv.kernel.uses import initialised_type, owner_of
from vmaconv.migrate.entity import (
    Entity,
    Function,
    Member,
    Obstacle,
    Parameter,
    Place,
    Result,
    Slot,
    Variable,
)
from vmaconv.migrate.mentions import Mention, mentions_of, unread_in
from vmaconv.migrate.operations import (
    Argument,
    Assigned,
    Designated,
    Initialiser,
    Returned,
    Sink,
    outside,
)
from vmaconv.migrate.scope import argument_nodes, leaves_at, local_declaration, uses_of
from vmaconv.migrate.sources import Sources
from vmaconv.source.tree import Node
from vmaconv.source.types import (
    CType,
    Declared,
    base_type,
    declared,
    function_name,
    parameters,
)


@dataclass(frozen=True, slots=True)
class Site:
    """An expression in a file."""

    path: str
    node: Node


@dataclass(frozen=True, slots=True)
class Declaration:
    """A place that declares an entity: `node` is the declaration, `leaf` its name if it has one.

    `function` is the function whose parameter or result it is, in this file; `body` says whether
    that is its definition.
    """

    path: str
    node: Node
    leaf: Node | None
    type: CType
    function: Node | None = None
    body: bool = False


@dataclass(slots=True)
class Facts:
    """All that concerns one entity; `bound` are the entities whose type must be the same."""

    declarations: list[Declaration] = field(default_factory=list)
    uses: list[Site] = field(default_factory=list)
    inflows: list[Site] = field(default_factory=list)
    bound: list[Entity] = field(default_factory=list)
    obstacles: list[Obstacle] = field(default_factory=list)
    converted: list[Declaration] = field(default_factory=list)
    """Declarations that have the new type already."""


class Graph:
    """Finds the facts of entities and keeps them."""

    def __init__(self, sources: Sources, named: bytes, behind: bytes, new: bytes) -> None:
        """`named` is the old type, `behind` the word that it stands for: `unsigned long`."""
        self.sources = sources
        self.named = frozenset({named})
        self.old = frozenset({named, behind})
        self.new = new
        self._facts: dict[Entity, Facts] = {}
        self._mentions: dict[tuple[str, bytes], list[Mention]] = {}

    def place(self, path: str, node: Node) -> Place:
        """Return the line of a node."""
        return Place(path, self.sources.unit(path).line(node.start))

    def is_old(self, ctype: CType) -> bool:
        """Whether a declared type is the old one, or the word behind it."""
        return not ctype.shape and ctype.base in self.old

    # Functions.

    def mentions(self, path: str, name: bytes) -> list[Mention]:
        """Return the places of a file that name a function."""
        key = (path, name)
        if key not in self._mentions:
            self._mentions[key] = mentions_of(self.sources.unit(path), name)
        return self._mentions[key]

    def function(self, name: bytes, path: str) -> Function | None:
        """Say which function `name` is in `path`; None for a macro, or where nothing declares
        it."""
        if self._is_static(path, name):
            return Function(name, path)
        if not self.sources.is_known(name):
            return None
        function = Function(name)
        return function if any(self.declarations(function)) else None

    def _is_static(self, path: str, name: bytes) -> bool:
        if not path.endswith(".c"):
            return False
        # A look at the text first: most files only call the function, and often.
        pattern = rb"^static\b[^;{}=]*\b" + re.escape(name) + rb"\s*\("
        if re.search(pattern, self.sources.unit(path).text, re.MULTILINE) is None:
            return False
        return any(m.static for m in self.mentions(path, name))

    def all_mentions(self, function: Function) -> Iterator[Mention]:
        """Yield every place of the tree that names `function`, those in headers first."""
        for path in self._files(function):
            yield from self.mentions(path, function.name)

    def _files(self, function: Function) -> Iterator[str]:
        if function.file:
            yield function.file
            return
        files = self.sources.mentioning(function.name)
        for path in sorted(files, key=lambda p: (not p.endswith(".h"), p)):
            if not self._is_static(path, function.name):
                yield path

    def declarations(self, function: Function) -> Iterator[Mention]:
        """Yield its definitions and prototypes."""
        for mention in self.all_mentions(function):
            if mention.kind in ("definition", "declaration"):
                yield mention

    def inline(self, function: Function) -> list[Mention] | None:
        """Return the definitions of a function that is all in headers, or in one .c file.

        None where a prototype shows that it is defined elsewhere.
        """
        found: list[Mention] = []
        for path in self._files(function):
            if not function.file and not path.endswith(".h"):
                break
            for mention in self.mentions(path, function.name):
                if mention.kind in ("declaration", "macro") or (
                    mention.kind == "definition" and not mention.static
                ):
                    return None
                if mention.kind == "definition":
                    found.append(mention)
        return found or None

    # Entities behind nodes.

    def entity_of(self, path: str, node: Node) -> Entity | None:
        """Return the entity of the old type that an expression is, or None."""
        while node.kind == "parenthesized_expression" and len(node.children) == 3:
            node = node.children[1]
        if node.kind == "identifier":
            found = local_declaration(node)
            return self.declared_entity(path, found) if found is not None else None
        if node.kind == "field_expression":
            return self._member(path, node)
        if node.kind == "call_expression" and node.children[0].kind == "identifier":
            leaf = node.children[0]
            if local_declaration(leaf) is not None:
                return None
            function = self.function(leaf.text or b"", path)
            return Result(function) if function is not None and self._returns(function) else None
        return None

    def _member(self, path: str, node: Node) -> Member | None:
        types = self.sources.types(path)
        ctype = types.of(node)
        owner = owner_of(node.children[-1], types)
        if ctype is None or owner is None or not self.is_old(ctype):
            return None
        return Member(owner, node.children[-1].text or b"")

    def _returns(self, function: Function) -> bool:
        found = [d.type for d in map(self._declared_by, self.declarations(function)) if d]
        return any(t.shape == "(" and t.base in self.old for t in found)

    def _declared_by(self, mention: Mention) -> Declared | None:
        item = mention.item
        if item is None:
            return None
        return next((d for d in declared(item) if d.leaf is mention.leaf), None)

    def declared_entity(self, path: str, found: Declared) -> Entity | None:
        """Return the parameter or variable that a declaration inside a function declares."""
        if found.type.shape:
            return None
        function = found.node.enclosing("function_definition")
        if function is None:
            return None
        name = _name_of(function)
        if name is None:
            return None
        if found.node.kind == "parameter_declaration":
            symbol = self.function(name, path)
            index = next((i for i, p in enumerate(parameters(function)) if p is found.node), -1)
            return Parameter(symbol, index) if symbol is not None and index >= 0 else None
        return Variable(path, name, found.name, found.leaf.start)

    def sink_entity(self, path: str, sink: Sink) -> Entity | None:
        """Return the entity that a value goes to, or None where it is not known."""
        match sink:
            case Argument(call=call, index=index):
                return self._parameter(path, call, index)
            case Assigned(target=target):
                return self.entity_of(path, target)
            case Initialiser(leaf=leaf):
                found = local_declaration(leaf)
                return self.declared_entity(path, found) if found is not None else None
            case Designated(designator=designator):
                return self._designated(path, designator)
            case Returned(statement=statement):
                name = _name_of(statement.enclosing("function_definition"))
                function = self.function(name, path) if name is not None else None
                return Result(function) if function is not None else None
        return None

    def _parameter(self, path: str, call: Node, index: int) -> Entity | None:
        callee = call.children[0]
        if index < 0:
            return None
        if callee.kind == "identifier":
            if local_declaration(callee) is not None:
                return None
            function = self.function(callee.text or b"", path)
            return Parameter(function, index) if function is not None else None
        if callee.kind == "field_expression":
            owner = owner_of(callee.children[-1], self.sources.types(path))
            return Slot(owner, callee.children[-1].text or b"", index) if owner else None
        return None

    def _designated(self, path: str, designator: Node) -> Member | None:
        if designator.kind != "field_designator":
            return None
        types = self.sources.types(path)
        ctype = initialised_type(designator, types)
        if ctype is None:
            return None
        return Member(types.resolve(ctype).base, designator.children[-1].text or b"")

    # Facts.

    def facts(self, entity: Entity) -> Facts:
        """Return all that the tree says of an entity other than a member."""
        found = self._facts.get(entity)
        if found is None:
            known = len(self.sources.missing)
            match entity:
                case Parameter():
                    found = self._of_parameter(entity)
                case Variable():
                    found = self._of_variable(entity)
                case Result():
                    found = self._of_result(entity)
                case Slot():
                    found = self._of_slot(entity)
                case Member():
                    text = f"{entity} has no twin of the new type"
                    found = Facts(obstacles=[Obstacle(None, text)])
            if len(self.sources.missing) == known:
                self._facts[entity] = found
        return found

    def _of_parameter(self, entity: Parameter) -> Facts:
        facts = Facts()
        calls: list[tuple[Mention, int]] = []
        for mention in self.all_mentions(entity.function):
            match mention.kind:
                case "definition" | "declaration":
                    self._add_signature(entity, mention, facts)
                case "call":
                    assert mention.call is not None
                    arguments = argument_nodes(mention.call)
                    calls.append((mention, len(arguments)))
                    if len(arguments) > entity.index:
                        facts.inflows.append(Site(mention.path, arguments[entity.index]))
                case "value":
                    self._add_value(entity, mention, facts)
                case "export":
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

    def _counts(self, function: Function) -> set[int]:
        """Return how many parameters the function's declarations have."""
        items = (mention.item for mention in self.declarations(function))
        return {len(parameters(item)) for item in items if item is not None}

    def own_facts(self, entity: Parameter, definitions: list[Mention]) -> Facts:
        """Return what the definitions themselves say of a parameter; callers are left out."""
        facts = Facts()
        for mention in definitions:
            self._add_signature(entity, mention, facts)
        return facts

    def _add_signature(self, entity: Parameter, mention: Mention, facts: Facts) -> None:
        item = mention.item
        assert item is not None
        own = parameters(item)
        place = Place(mention.path, mention.line)
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
        declaration = Declaration(mention.path, node, leaf, ctype, item, body)
        if ctype.base == self.new:
            facts.converted.append(declaration)
            return
        if not self.is_old(ctype):
            facts.obstacles.append(Obstacle(place, f"{entity} is of type {ctype} here"))
            return
        facts.declarations.append(declaration)
        if body:
            self._add_body(mention.path, item, one, facts)

    def _add_body(self, path: str, function: Node, one: Declared | None, facts: Facts) -> None:
        error = self._error_in(path, function)
        if error is not None:
            facts.obstacles.append(error)
        if one is not None:
            facts.uses += [Site(path, leaf) for leaf in uses_of(one, function)]
            facts.obstacles += self._macro_uses(path, function, one)

    def _error_in(self, path: str, function: Node) -> Obstacle | None:
        chunk = self.sources.unit(path).chunk_at(function.start)
        for error in chunk.errors:
            if error.start < function.end and function.start <= error.end:
                name = (_name_of(function) or b"?").decode(errors="replace")
                place = Place(path, self.sources.unit(path).line(error.start))
                return Obstacle(place, f"{name}() does not parse as a whole")
        return None

    def _macro_uses(self, path: str, function: Node, one: Declared) -> Iterator[Obstacle]:
        """Find places inside the function where the name stands in text that is no token of any
        tree."""
        unit = self.sources.unit(path)
        for mention in unread_in(unit, one.name, function.start, function.end):
            if mention.kind != "export":
                yield _unread(mention, _WHY[mention.kind])

    def _add_value(self, entity: Parameter, mention: Mention, facts: Facts) -> None:
        """Follow a function that is stored in a function-pointer member."""
        assert mention.leaf is not None
        node, parent = outside(mention.leaf)
        if parent is not None and parent.kind == "unary_expression":
            node, parent = outside(parent)
        slot: Member | None = None
        if parent is not None and parent.kind == "initializer_pair" and node is parent.children[-1]:
            slot = self._designated(mention.path, parent.children[-3])
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
            declaration = Declaration(entity.file, node, leaf, one.type, function, True)
            if one.type.base == self.new and not one.type.shape:
                facts.converted.append(declaration)
                continue
            place = Place(entity.file, unit.line(leaf.start))
            if not self.is_old(one.type):
                facts.obstacles.append(Obstacle(place, f"{entity} is of type {one.type}"))
            if is_static(node):
                text = f"{entity} is static: its initialiser must be a constant"
                facts.obstacles.append(Obstacle(place, text))
            facts.declarations.append(declaration)
            self._add_body(entity.file, function, one, facts)
            holder = leaf.parent
            if holder is not None and holder.kind == "init_declarator":
                facts.inflows.append(Site(entity.file, holder.children[-1]))
        return facts

    def _of_result(self, entity: Result) -> Facts:
        facts = Facts()
        for mention in self.all_mentions(entity.function):
            match mention.kind:
                case "definition" | "declaration":
                    one = self._declared_by(mention)
                    item = mention.item
                    if one is None or item is None:
                        continue
                    body = item.kind == "function_definition"
                    where = Declaration(mention.path, item, one.leaf, one.type, item, body)
                    if one.type.base == self.new and one.type.shape == "(":
                        facts.converted.append(where)
                    elif one.type.base in self.old and one.type.shape == "(":
                        facts.declarations.append(where)
                        if body:
                            self._add_returns(mention.path, item, facts)
                    else:
                        place = Place(mention.path, mention.line)
                        facts.obstacles.append(Obstacle(place, f"{entity} is of type {one.type}"))
                case "call":
                    assert mention.call is not None
                    facts.uses.append(Site(mention.path, mention.call))
                case "export":
                    pass
                case "value":
                    text = "its address is taken: the result of a function pointer is not followed"
                    facts.obstacles.append(_unread(mention, text))
                case _:
                    facts.obstacles.append(_unread(mention, _WHY[mention.kind]))
        return facts

    def _add_returns(self, path: str, function: Node, facts: Facts) -> None:
        error = self._error_in(path, function)
        if error is not None:
            facts.obstacles.append(error)
        for node in function.walk():
            if node.kind == "return_statement" and len(node.children) == 3:
                facts.inflows.append(Site(path, node.children[1]))

    # Function pointers.

    def _of_slot(self, entity: Slot) -> Facts:
        facts = Facts()
        files = self.sources.mentioning(entity.member)
        if len(files) > _MANY:
            text = f"{len(files)} files use the name {entity.member.decode()}: too many to tell whose it is"
            facts.obstacles.append(Obstacle(None, text))
            return facts
        for path in files:
            unit = self.sources.unit(path)
            for chunk in unit.chunks_with(entity.member):
                for root in chunk.variants:
                    for leaf in root.leaves():
                        if leaf.text == entity.member:
                            self._add_slot(entity, path, leaf, facts)
        if not facts.declarations and not facts.converted:
            facts.obstacles.append(Obstacle(None, f"nothing in the tree declares {entity}"))
        return facts

    def _add_slot(self, entity: Slot, path: str, leaf: Node, facts: Facts) -> None:
        parent = leaf.parent
        if parent is None:
            return
        if parent.kind in ("field_expression", "field_designator") and leaf is parent.children[-1]:
            owner = owner_of(leaf, self.sources.types(path))
            if owner is None and not self._may_be(entity, path, parent):
                return
            if owner is None:
                text = (
                    f"the declarations in sight do not tell whose {entity.member.decode()} this is"
                )
                facts.obstacles.append(Obstacle(self.place(path, leaf), text))
            elif owner == entity.struct:
                self._add_slot_use(entity, path, parent, facts)
            return
        if leaf.enclosing("field_declaration") is not None and _owner(leaf) == entity.struct:
            self._add_slot_declaration(entity, path, leaf, facts)

    def _may_be(self, entity: Slot, path: str, node: Node) -> bool:
        """Whether a member of unknown owner can be this slot: it is called, or given a function."""
        _, parent = outside(node)
        if parent is not None and parent.kind == "call_expression":
            return len(argument_nodes(parent)) > entity.index
        return entity.struct.rpartition(b" ")[2] in self.sources.unit(path).text

    def _add_slot_declaration(self, entity: Slot, path: str, leaf: Node, facts: Facts) -> None:
        node = leaf.enclosing("field_declaration")
        one = next((d for d in declared(node) if d.leaf is leaf), None) if node else None
        if node is None or one is None or not one.type.shape.startswith("*("):
            return
        own = parameters(node)
        if len(own) <= entity.index:
            text = f"{entity} has {len(own)} parameters here"
            facts.obstacles.append(Obstacle(self.place(path, leaf), text))
            return
        parameter = own[entity.index]
        name = next(iter(declared(parameter)), None)
        ctype = name.type if name is not None else base_type(parameter)
        place = self.place(path, parameter)
        if ctype is None:
            facts.obstacles.append(Obstacle(place, f"parameter of {entity} cannot be read"))
            return
        where = Declaration(path, parameter, name.leaf if name else None, ctype)
        if ctype.base == self.new:
            facts.converted.append(where)
        elif self.is_old(ctype):
            facts.declarations.append(where)
        else:
            facts.obstacles.append(Obstacle(place, f"{entity} is of type {ctype} here"))

    def _add_slot_use(self, entity: Slot, path: str, node: Node, facts: Facts) -> None:
        """Take a call through the slot, or a function that is stored in it."""
        place = self.place(path, node)
        inner, parent = outside(node)
        value: Node | None = None
        if parent is not None and parent.kind == "call_expression":
            arguments = argument_nodes(parent)
            if len(arguments) > entity.index:
                facts.inflows.append(Site(path, arguments[entity.index]))
            return
        if parent is not None and parent.kind == "initializer_pair":
            value = parent.children[-1]
        elif parent is not None and parent.kind == "assignment_expression":
            if inner is parent.children[0]:
                value = parent.children[-1]
        elif parent is not None and _only_tested(inner, parent):
            return
        name = _function_value(value) if value is not None else None
        if name == b"NULL":
            return
        function = self.function(name, path) if name is not None else None
        if function is None:
            text = f"what {entity.member.decode()} holds cannot be followed"
            facts.obstacles.append(Obstacle(place, text))
            return
        bound = Parameter(function, entity.index)
        if bound not in facts.bound:
            facts.bound.append(bound)

    # Members.

    def struct_definition(self, struct: bytes, path: str) -> tuple[str, Node] | None:
        """Return the file and node that define a struct as `path` sees it."""
        tag = struct.rpartition(b" ")[2]
        for place in [path, *(h.unit.path for h in self.sources.types(path).headers)]:
            for symbols in self.sources.symbols(place).having(tag):
                if struct in symbols.tags:
                    return place, symbols.tags[struct]
        return None

    def twin(self, member: Member, path: str) -> bytes | None:
        """Return the member of the new type that shares a member's storage, as `path` sees it."""
        found = self.struct_definition(member.struct, path)
        if found is None:
            return None
        for node in found[1].walk():
            if node.kind == "union_specifier":
                names = list(_direct(node))
                if any(f.name == member.name for f in names):
                    return next((f.name for f in names if self._is_new(f)), None)
        return None

    def _is_new(self, member: Declared) -> bool:
        return member.type.base == self.new and not member.type.shape


_MANY = 300
"""More files than this with a member's name: it is not worth to look whose each is."""

_WHY = {
    "macro": "a macro of that name stands in for it",
    "macro-body": "named in a macro's body, which cannot be edited in place",
    "unparsed": "named in text that does not parse",
}


def _unread(mention: Mention, text: str) -> Obstacle:
    return Obstacle(Place(mention.path, mention.line), text)


def _name_of(function: Node | None) -> bytes | None:
    leaf = function_name(function) if function is not None else None
    return leaf.text if leaf is not None else None


def _direct(union: Node) -> Iterator[Declared]:
    """Yield the members of a union itself: only these begin where it begins."""
    for child in union.children:
        if child.kind == "field_declaration_list":
            for member in child.children:
                if member.kind == "field_declaration":
                    yield from declared(member)


def is_static(declaration: Node) -> bool:
    """Whether a declaration is of static storage."""
    return any(
        c.kind == "storage_class_specifier" and b"static" in c.tokens()
        for c in declaration.children
    )


def _owner(leaf: Node) -> bytes | None:
    """Return the struct that declares the member `leaf`, through unnamed ones."""
    for node in leaf.ancestors():
        if node.kind in ("struct_specifier", "union_specifier"):
            name = next((c.text for c in node.children[1:] if c.kind == "identifier"), None)
            if name is not None:
                return (node.children[0].text or b"") + b" " + name
    return None


def _function_value(value: Node) -> bytes | None:
    while value.kind == "parenthesized_expression" and len(value.children) == 3:
        value = value.children[1]
    if value.kind == "unary_expression" and value.children[0].text == b"&":
        value = value.children[-1]
    return value.text if value.kind == "identifier" else None


def _only_tested(node: Node, parent: Node) -> bool:
    """Whether a function pointer is only asked whether it is set."""
    if parent.kind == "unary_expression":
        return parent.children[0].text == b"!"
    if parent.kind == "binary_expression":
        return parent.children[1].text in (b"&&", b"||", b"==", b"!=")
    return parent.kind in ("if_statement", "while_statement") or (
        parent.kind == "conditional_expression" and node is parent.children[0]
    )
