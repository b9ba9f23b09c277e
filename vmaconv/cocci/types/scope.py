# SPDX-License-Identifier: GPL-2.0-only
"""Looking up names: C's scopes are block, parameters, file, then headers.

In: a unit, the symbols of the headers that it may see, and names in its nodes. Out: what declares
them, or None where nothing at hand does.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.ctype import UNQUALIFIED, CType, is_type, parse_type
from vmaconv.cocci.types.declared import Declared, declared, fields, parameters
from vmaconv.cocci.types.literals import Widths
from vmaconv.cocci.types.symbols import ChunkSymbols, FileSymbols

MacroParameters = Callable[[bytes, int], CType | None]
"""Give the type of what a macro is given as its parameter of a number (from 0), where that is known."""


class NameScope:
    """Looks up names as they are seen in `unit`.

    `headers` are the symbols of units in which file-level names and struct members are looked for
    after `unit` itself, in that order; runs over many files share them.
    """

    def __init__(
        self,
        unit: Unit,
        headers: Sequence[FileSymbols] = (),
        widths: Widths | None = None,
        symbols: FileSymbols | None = None,
        given: MacroParameters | None = None,
    ) -> None:
        """`widths` are those of `int` and `long`; without them literals have what they say.

        `symbols` are those of `unit`, where others have them already. `given` says what the macros that
        `unit` defines are given.
        """
        self.unit = unit
        self.widths = widths
        self.headers = headers
        self._macros_given = given
        self._aliases: dict[bytes, CType | None] = {}
        self._type_names: dict[bytes, bool] = {}
        self._by_macro: dict[tuple[bytes, int], CType | None] = {}
        self._given: tuple[Node, dict[bytes, list[tuple[Node, int, Node]]]] | None = None
        self._scopes: dict[int, tuple[Node, dict[bytes, list[tuple[int, Declared]]]]] = {}
        self._own = symbols if symbols is not None else FileSymbols(unit)
        self._kept_places: list[FileSymbols] | None = None

    @property
    def _places(self) -> list[FileSymbols]:
        """Where a name is looked for at file level. Most texts of a file are never asked for one."""
        if self._kept_places is None:
            others = (h for h in self.headers if h.unit.path != self.unit.path)
            self._kept_places = [self._own, *others]
        return self._kept_places

    @property
    def knows_macros(self) -> bool:
        """Whether a macro's parameter is what macros are given, and no name of the file's."""
        return self._macros_given is not None

    # File level.

    def _search(self, word: bytes) -> Iterator[ChunkSymbols]:
        for place in self._places:
            yield from place.declaring(word)

    def file_name(self, name: bytes) -> Declared | None:
        """Look up a variable or function at file level."""
        for symbols in self._search(name):
            if name in symbols.names:
                return symbols.names[name]
        return None

    def function(self, name: bytes) -> Node | None:
        """Look up a function's definition or prototype."""
        for symbols in self._search(name):
            if name in symbols.functions:
                return symbols.functions[name]
        return None

    def resolve(self, ctype: CType) -> CType:
        """See through typedefs at the base of `ctype`."""
        for _ in range(16):
            target = self.expanded(ctype)
            if target is None:
                break
            ctype = target
        return ctype

    def expanded(self, ctype: CType) -> CType | None:
        """Return what the typedef at the base of `ctype` stands for, or None if it is none."""
        if ctype.base.startswith((b"struct ", b"union ", b"enum ")) or ctype.body is not None:
            return None
        target = self._typedef(ctype.base)
        if target is None:
            return None
        qualifiers: tuple[frozenset[bytes], ...] = ()
        if ctype.qualifiers or target.qualifiers:
            own = ctype.qualifiers or (UNQUALIFIED,) * (len(ctype.shape) + 1)
            theirs = target.qualifiers or (UNQUALIFIED,) * (len(target.shape) + 1)
            qualifiers = (*own[:-1], own[-1] | theirs[0], *theirs[1:])
        shape = ctype.shape + target.shape
        spellings: tuple[tuple[bytes, ...], ...] = ()
        if ctype.spellings or target.spellings:
            spellings = (*target.inner_spellings(), *ctype.spellings)
        return CType(target.base, shape, target.body, qualifiers, spellings)

    def _typedef(self, name: bytes) -> CType | None:
        if b" " in name:
            return None
        for place in self._places:
            for symbols in place.renaming(name):
                if name in symbols.typedefs:
                    return symbols.typedefs[name]
        if name not in self._aliases:
            self._aliases[name] = self._alias(name)
        return self._aliases[name]

    def _alias(self, name: bytes) -> CType | None:
        """Return the type that a macro without parameters stands for: `#define INT16 int`."""
        text = self._own.words_of_macros.get(name)
        return parse_type(text) if text is not None and is_type(text.split()) else None

    def member(self, ctype: CType, name: bytes) -> Declared | None:
        """Look up member `name` of a struct or union type, through unnamed members."""
        specifier = self.definition(ctype)
        if specifier is None:
            return None
        return next((f for f in fields(specifier) if f.name == name), None)

    def definition(self, ctype: CType) -> Node | None:
        """Return the specifier node that defines the struct or union `ctype`, or None."""
        ctype = self.resolve(ctype)
        if ctype.shape:
            return None
        if ctype.body is not None:
            return ctype.body
        tag = ctype.base.rpartition(b" ")[2]
        for place in self._places:
            for symbols in place.defining(tag):
                if ctype.base in symbols.tags:
                    return symbols.tags[ctype.base]
        return None

    def may_be_type(self, name: Node) -> bool:
        """Whether the identifier in `sizeof(name)` is a type: by a typedef, or by how it is used.

        A name that the file uses as in `name x;` or `name *x,` and never declares is a type whose
        typedef stands in a header that is not at hand.
        """
        if self.declaration_of(name) is not None:
            return False
        text = name.text or b""
        known = self._type_names.get(text)
        if known is None:
            used = rb"(?<![.>\w])" + re.escape(text) + rb"(?:\s+|\s*\*[\s*]*)\w+\s*[;,=)([]"
            known = self._typedef(text) is not None or bool(re.search(used, self.unit.text))
            self._type_names[text] = known
        return known

    # Inside functions.

    def declaration_of(self, name: Node) -> Declared | None:
        """Look up the declaration that identifier `name` refers to where it stands."""
        text = name.text or b""
        for parent in name.ancestors():
            if parent.kind == "compound_statement":
                found = _last_before(self._declared_in(parent).get(text, ()), name.start)
            elif parent.kind in _HEADED:
                found = next((one for _, one in self._declared_in(parent).get(text, ())), None)
            elif parent.kind == "preproc_def" and self._macros_given is not None:
                number = _parameter_number(parent, text)
                if number is not None:
                    return self._given_to_macro(parent, number, name)
                found = None
            else:
                found = None
            if found is not None:
                return found
        return self.file_name(text) or self._declared_by_macro(name)

    def _given_to_macro(self, macro: Node, number: int, name: Node) -> Declared | None:
        assert self._macros_given is not None
        ctype = self._macros_given(macro.children[1].text or b"", number)
        return Declared(name.text or b"", ctype, name, macro) if ctype is not None else None

    def _declared_in(self, scope: Node) -> dict[bytes, list[tuple[int, Declared]]]:
        """Return what a block, a loop's head or a function's parameters declare, by name.

        With each, in order, where its declaration begins.
        """
        # The node is kept, so that its id stays its own.
        known = self._scopes.get(id(scope))
        if known is None:
            items = parameters(scope) if scope.kind == "function_definition" else scope.children
            found: dict[bytes, list[tuple[int, Declared]]] = {}
            for item in items:
                if item.kind == "declaration" or (
                    item.kind == "parameter_declaration" and scope.kind != "compound_statement"
                ):
                    own: set[bytes] = set()
                    for one in declared(item):
                        if one.name not in own:
                            own.add(one.name)
                            found.setdefault(one.name, []).append((item.start, one))
            known = self._scopes[id(scope)] = (scope, found)
        return known[1]

    def _declared_by_macro(self, name: Node) -> Declared | None:
        """Look for a macro call that declares `name`, as `VMG_STATE(vmg, ...)` may."""
        function = name.enclosing("function_definition")
        if function is None:
            return None
        for call, index, argument in self._given_in(function).get(name.text or b"", ()):
            if argument is not name:
                ctype = self._macro_declares(call.children[0].text or b"", index)
                if ctype is not None:
                    return Declared(name.text or b"", ctype, argument, call)
        return None

    def _given_in(self, function: Node) -> dict[bytes, list[tuple[Node, int, Node]]]:
        """Return the names that calls in a function are given: each call, which argument, and it."""
        if self._given is None or self._given[0] is not function:
            found: dict[bytes, list[tuple[Node, int, Node]]] = {}
            for call in function.walk():
                if call.kind != "call_expression" or call.children[0].kind != "identifier":
                    continue
                last = call.children[-1].children
                arguments = [c for c in last if c.text not in (b"(", b")", b",")]
                for index, argument in enumerate(arguments):
                    if argument.text is not None:
                        found.setdefault(argument.text, []).append((call, index, argument))
            self._given = (function, found)
        return self._given[1]

    def _macro_declares(self, macro: bytes, index: int) -> CType | None:
        """Return the type with which a macro's body declares its parameter number `index`."""
        key = macro, index
        if key not in self._by_macro:
            self._by_macro[key] = self._made_by_macro(macro, index)
        return self._by_macro[key]

    def _made_by_macro(self, macro: bytes, index: int) -> CType | None:
        for place in self._places:
            text = place.unit.text
            # A plain search first: most names are of functions, whose calls hold them, too.
            at = text.find(macro + b"(")
            while at >= 0:
                match = _MACRO.match(text, text.rfind(b"\n", 0, at) + 1)
                if match is not None and match[1] == macro:
                    return _declared_type(match, index)
                at = text.find(macro + b"(", at + 1)
        return None


_MACRO = late_regex(
    rb"[ \t]*#[ \t]*define[ \t]+(\w+)\(([^()]*)\)((?:[^\\\n]|\\.)*)", re.MULTILINE | re.DOTALL
)
"""A macro with parameters, its parameters and its body."""


def _declared_type(macro: re.Match[bytes], index: int) -> CType | None:
    """Return the type with which the macro declares its parameter number `index`, if it does."""
    names = [n.strip() for n in macro[2].split(b",")]
    if index >= len(names):
        return None
    declares = re.search(
        rb"\b((?:struct|union|enum)\s+\w+|\w+_t)\s*(\**)\s*"
        + re.escape(names[index])
        + rb"\s*[=;,\[]",
        macro[3],
    )
    return parse_type(declares[1] + declares[2]) if declares is not None else None


def _parameter_number(macro: Node, name: bytes) -> int | None:
    """Return which parameter of a `#define` (from 0) a name is, or None."""
    for child in macro.children:
        if child.kind == "preproc_params":
            names = [c.text for c in child.children if c.text not in (b"(", b")", b",")]
            return names.index(name) if name in names else None
    return None


_HEADED = frozenset({"for_statement", "function_definition", "iterator_statement"})
"""What declares names in its head."""


def _last_before(found: Sequence[tuple[int, Declared]], offset: int) -> Declared | None:
    """Return the last of what is declared before an offset."""
    before = bisect_left(found, offset, key=lambda one: one[0])
    return found[before - 1][1] if before else None
