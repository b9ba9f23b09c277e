# SPDX-License-Identifier: GPL-2.0-only
"""Which function, variable or member a name is, in the file where it stands.

In: the sources, and the types that matter. Out: the entity behind an expression, or behind the place that
a value goes to; the mentions of a function in all files that mean the same one.
"""

from __future__ import annotations

from collections.abc import Iterator

from vmaconv.cocci.tree.node import Node, bare
from vmaconv.cocci.types.ctype import CType
from vmaconv.cocci.types.declared import Declared, declared, function_name, parameters
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.migrate.facts.declaring_text import may_declare, may_define_static
from vmaconv.migrate.facts.entity import (
    Entity,
    Function,
    Member,
    Parameter,
    ReturnValue,
    Slot,
    Variable,
)
from vmaconv.migrate.facts.function_mentions import FunctionMention, mentions_of
from vmaconv.migrate.facts.local_names import local_declaration
from vmaconv.migrate.facts.operations import (
    ArgumentSink,
    Assigned,
    Designated,
    Initialiser,
    Returned,
    Sink,
)
from vmaconv.migrate.facts.pass_on_macros import of_macro
from vmaconv.migrate.facts.sources import Sources
from vmaconv.uses.member_uses import initialised_type, owner_of


class NameResolution:
    """Tells what names mean."""

    def __init__(self, sources: Sources, named: bytes, behind: bytes, new: bytes) -> None:
        """`named` is the old type, `behind` the word that it stands for: `unsigned long`."""
        self.sources = sources
        self.named = frozenset({named})
        self.old = frozenset({named, behind})
        self.new = new
        self._mentions: dict[tuple[str, bytes], list[FunctionMention]] = {}
        self._statics: dict[tuple[str, bytes], bool] = {}
        self._is_declared: dict[bytes, bool] = {}

    def place(self, path: str, node: Node) -> HeaderPlace:
        """Return the line of a node."""
        return HeaderPlace(path, self.sources.unit(path).line(node.start))

    def is_old(self, ctype: CType) -> bool:
        """Whether a declared type is the old one, or the word behind it."""
        return not ctype.shape and ctype.base in self.old

    def points_to_old(self, ctype: CType) -> bool:
        """Whether a declared type is a pointer to the old one, by its name."""
        return ctype.shape == "*" and ctype.base in self.named

    # Functions.

    def mentions(self, path: str, name: bytes) -> list[FunctionMention]:
        """Return the places of a file that name a function."""
        key = (path, name)
        if key not in self._mentions:
            self._mentions[key] = mentions_of(self.sources.unit(path), name)
        return self._mentions[key]

    def function(self, name: bytes, path: str) -> Function | None:
        """Say which function `name` is in `path`; None for a macro, or where nothing declares
        it."""
        if self.is_static(path, name):
            return Function(name, path)
        if not self.sources.is_known(name):
            return None
        function = Function(name)
        if name not in self._is_declared:
            self._is_declared[name] = any(self.declarations(function))
        return function if self._is_declared[name] else None

    def is_static(self, path: str, name: bytes) -> bool:
        """Whether a C file defines a static function of that name, and means it by the name."""
        if not path.endswith(".c"):
            return False
        key = (path, name)
        if key not in self._statics:
            self._statics[key] = self._defines_static(path, name)
        return self._statics[key]

    def _defines_static(self, path: str, name: bytes) -> bool:
        # A look at the text first: most files only call the function, and often.
        if not may_define_static(self.sources.unit(path).text, name):
            return False
        return any(m.static for m in self.mentions(path, name))

    def all_mentions(self, function: Function) -> Iterator[FunctionMention]:
        """Yield every place of the tree that names `function`, those in headers first."""
        for path in self._files(function):
            yield from self.mentions(path, function.name)

    def _files(self, function: Function) -> Iterator[str]:
        if function.file:
            yield function.file
            return
        files = self.sources.mentioning(function.name)
        for path in sorted(files, key=lambda p: (not p.endswith(".h"), p)):
            if not self.is_static(path, function.name):
                yield path

    def declarations(self, function: Function) -> Iterator[FunctionMention]:
        """Yield its definitions and prototypes."""
        # A name that is called everywhere, and a macro's above all, would have the whole tree parsed:
        # what a declaration's name follows is a type, or the * of one.
        for path in self._files(function):
            if not may_declare(self.sources.unit(path).text, function.name):
                continue
            for mention in self.mentions(path, function.name):
                if mention.kind in ("definition", "declaration"):
                    yield mention

    def inline(self, function: Function) -> list[FunctionMention] | None:
        """Return the definitions of a function that is all in headers, or in one .c file.

        None where a prototype shows that it is defined elsewhere.
        """
        found: list[FunctionMention] = []
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
        node = bare(node)
        if node.kind == "identifier":
            found = local_declaration(node)
            return self.declared_entity(path, found) if found is not None else None
        if node.kind == "unary_expression" and node.children[0].text == b"*":
            return self.pointer_of(path, bare(node.children[-1]))
        if node.kind == "field_expression":
            return self._member(path, node)
        if node.kind == "call_expression" and node.children[0].kind == "identifier":
            leaf = node.children[0]
            if local_declaration(leaf) is not None:
                return None
            function = self.function(leaf.text or b"", path)
            return (
                ReturnValue(function) if function is not None and self._returns(function) else None
            )
        return None

    def pointer_of(self, path: str, node: Node) -> Parameter | None:
        """Return the parameter that points to flags and that an expression names, or None."""
        found = local_declaration(node) if node.kind == "identifier" else None
        if found is None or not self.points_to_old(found.type):
            return None
        entity = self._declared(path, found)
        return entity if isinstance(entity, Parameter) else None

    def _member(self, path: str, node: Node) -> Member | None:
        types = self.sources.types(path)
        ctype = types.of(node)
        owner = owner_of(node.children[-1], types)
        if ctype is None or owner is None or not self.is_old(ctype):
            return None
        return Member(owner, node.children[-1].text or b"")

    def _returns(self, function: Function) -> bool:
        found = [d.type for d in map(self.declared_by, self.declarations(function)) if d]
        return any(t.shape == "(" and t.base in self.old for t in found)

    def declared_by(self, mention: FunctionMention) -> Declared | None:
        """Return what a definition or prototype declares."""
        item = mention.item
        if item is None:
            return None
        return next((d for d in declared(item) if d.leaf is mention.leaf), None)

    def declared_entity(self, path: str, found: Declared) -> Entity | None:
        """Return the parameter or variable that a declaration inside a function declares."""
        return None if found.type.shape else self._declared(path, found)

    def _declared(self, path: str, found: Declared) -> Entity | None:
        function = found.node.enclosing("function_definition")
        if function is None:
            return None
        name = name_of(function)
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
            case ArgumentSink(call=call, index=index):
                return self._parameter(path, call, index)
            case Assigned(target=target):
                return self.entity_of(path, target)
            case Initialiser(leaf=leaf):
                found = local_declaration(leaf)
                return self.declared_entity(path, found) if found is not None else None
            case Designated(designator=designator):
                return self.designated(path, designator)
            case Returned(statement=statement):
                name = name_of(statement.enclosing("function_definition"))
                function = self.function(name, path) if name is not None else None
                return ReturnValue(function) if function is not None else None
        return None

    def _parameter(self, path: str, call: Node, index: int) -> Entity | None:
        callee = call.children[0]
        if index < 0:
            return None
        if callee.kind == "identifier":
            if local_declaration(callee) is not None:
                return None
            function = self.function(callee.text or b"", path)
            if function is None:
                return self.macro_parameter(callee.text or b"", index)
            return Parameter(function, index)
        if callee.kind == "field_expression":
            owner = owner_of(callee.children[-1], self.sources.types(path))
            return Slot(owner, callee.children[-1].text or b"", index) if owner else None
        return None

    def macro_parameter(self, macro: bytes, index: int) -> Parameter | None:
        """Return the parameter that every definition of a macro hands its argument `index` on to.

        None for what is no such macro, and as long as the tree has not been searched for its name.
        """
        if not self.sources.is_known(macro):
            return None
        found: set[tuple[Function, int]] = set()
        for path in self.sources.mentioning(macro):
            for ways in of_macro(self.sources.unit(path), macro):
                own = [one for one in ways if one.index == index]
                function = self.function(own[0].function, path) if len(own) == 1 else None
                if function is None:
                    return None
                found.add((function, own[0].argument))
        return Parameter(*found.pop()) if len(found) == 1 else None

    def designated(self, path: str, designator: Node) -> Member | None:
        """Return the member that `.name =` in an initialiser fills."""
        if designator.kind != "field_designator":
            return None
        types = self.sources.types(path)
        ctype = initialised_type(designator, types)
        if ctype is None:
            return None
        return Member(types.resolve(ctype).base, designator.children[-1].text or b"")

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


def name_of(function: Node | None) -> bytes | None:
    """Return the name of a function definition, or None."""
    leaf = function_name(function) if function is not None else None
    return leaf.text if leaf is not None else None


def _direct(union: Node) -> Iterator[Declared]:
    """Yield the members of a union itself: only these begin where it begins."""
    for child in union.children:
        if child.kind == "field_declaration_list":
            for member in child.children:
                if member.kind == "field_declaration":
                    yield from declared(member)
