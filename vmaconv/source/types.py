"""Types of expressions, from the declarations in scope.

In: units (a C file and the headers that it may see) and nodes of them. Out: `CType`s, or None where
the declarations do not tell: nothing is guessed. Scopes are C's: block, parameters, file, then
headers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from vmaconv.source.literals import Widths, literal_type
from vmaconv.source.tree import Node
from vmaconv.source.unit import Chunk, Unit

_QUALIFIERS = frozenset({"type_qualifier", "storage_class_specifier", "attribute_specifier"})
_MEMBERED = frozenset({"struct_specifier", "union_specifier"})
_DECLARATORS = frozenset(
    {
        "init_declarator",
        "pointer_declarator",
        "array_declarator",
        "function_declarator",
        "parenthesized_declarator",
        "attributed_declarator",
        "abstract_pointer_declarator",
        "abstract_array_declarator",
        "abstract_function_declarator",
        "abstract_parenthesized_declarator",
    }
)


_NONE: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class CType:
    """A C type: a base and what is built on it.

    `base` is `struct foo`, `int`, `unsigned long` or a typedef's name; `shape` reads from the
    outside in: `*` pointer, `[` array, `(` function. `struct vm_area_desc *x` is ('struct
    vm_area_desc', '*'), `int (*f)(void)` is ('int', '*('). `body` is the specifier node that
    defines an unnamed struct, union or enum. `qualifiers` has those of each level of `shape` and,
    last, of the base, or nothing; types are equal whatever their qualifiers.
    """

    base: bytes
    shape: str = ""
    body: Node | None = None
    qualifiers: tuple[frozenset[bytes], ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        return (self.base.decode(errors="replace") + " " + self.shape).rstrip()

    def pointed_to(self) -> CType | None:
        """Return the type behind a pointer or array, or None."""
        return self._inner() if self.shape[:1] in ("*", "[") else None

    def _inner(self) -> CType:
        return replace(self, shape=self.shape[1:], qualifiers=self.qualifiers[1:])

    def returned(self) -> CType | None:
        """Return what a call of a function, or through a function pointer, gives, or None."""
        function = self._inner() if self.shape[:2] == "*(" else self
        return function._inner() if function.shape[:1] == "(" else None

    def pointer(self) -> CType:
        """Return a pointer to this type."""
        return self.wrapped("*")

    def wrapped(self, level: str, qualifiers: frozenset[bytes] = _NONE) -> CType:
        """Return a pointer (`*`), array (`[`) or function (`(`) of this type."""
        qualified = (qualifiers, *self.qualifiers) if self.qualifiers or qualifiers else ()
        if qualifiers and not self.qualifiers:
            qualified = (qualifiers, *([_NONE] * (len(self.shape) + 1)))
        return replace(self, shape=level + self.shape, qualifiers=qualified)

    def outermost(self) -> frozenset[bytes]:
        """Return the qualifiers of the type itself: of the pointer, where it is one."""
        return self.qualifiers[0] if self.qualifiers else _NONE

    def unqualified(self) -> CType:
        """Return the type without the qualifiers of `outermost`."""
        return replace(self, qualifiers=(_NONE, *self.qualifiers[1:])) if self.qualifiers else self


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared name: its type, the declarator's name leaf and the declaration around it."""

    name: bytes
    type: CType
    leaf: Node
    node: Node


def base_type(node: Node) -> CType | None:
    """Return the type that a declaration's specifiers name, before any declarator."""
    found = _base_type(node)
    qualifiers = frozenset(
        c.children[0].text or b"" if c.children else c.text or b""
        for c in node.children
        if c.kind == "type_qualifier"
    )
    if found is None or not qualifiers or found.shape:
        return found
    return replace(found, qualifiers=(qualifiers,))


def _base_type(node: Node) -> CType | None:
    words: list[bytes] = []
    for child in node.children:
        if child.kind in _QUALIFIERS:
            continue
        if child.kind in _MEMBERED or child.kind == "enum_specifier":
            return _tagged(child)
        if child.kind in ("primitive_type", "identifier", "sized_type_specifier"):
            return CType(b" ".join(child.tokens()))
        if child.kind == "type_descriptor":
            return descriptor_type(child)
        if child.kind in _DECLARATORS or child.kind in (";", ","):
            break
    return CType(b" ".join(words)) if words else None


def _tagged(node: Node) -> CType:
    keyword = node.children[0].text or b""
    for child in node.children[1:]:
        if child.kind == "identifier":
            return CType(keyword + b" " + (child.text or b""))
    return CType(keyword, body=node)


def descriptor_type(node: Node) -> CType | None:
    """Return the type that a `type_descriptor` (in a cast or `sizeof`) names."""
    base = base_type(node)
    if base is None:
        return None
    for child in node.children:
        if child.kind in _DECLARATORS:
            return _apply(child, base)[1]
    return base


def parse_type(text: bytes) -> CType | None:
    """Read a simple type text: `struct vm_area_desc *`, `unsigned long`, `foo_t **`.

    >>> parse_type(b"struct foo *")
    CType(base=b'struct foo', shape='*', body=None)
    """
    words = re.findall(rb"\w+|\*", text)
    names = [w for w in words if w != b"*" and w not in (b"const", b"volatile")]
    if not names:
        return None
    return CType(b" ".join(names), "*" * words.count(b"*"))


def _apply(declarator: Node, base: CType) -> tuple[Node | None, CType]:
    """Wrap `base` in a declarator's pointers, arrays and functions; return its name leaf and the
    type.
    """
    node: Node | None = declarator
    while node is not None:
        kind = node.kind
        if kind in ("identifier", "primitive_type"):
            return node, base
        if kind.endswith("pointer_declarator"):
            base = base.wrapped("*", _qualifiers_of(node))
        elif kind.endswith("array_declarator"):
            base = base.wrapped("[")
        elif kind.endswith("function_declarator"):
            base = base.wrapped("(")
        node = next(
            (c for c in node.children if c.kind in _DECLARATORS or c.kind == "identifier"), None
        )
    return None, base


def _qualifiers_of(declarator: Node) -> frozenset[bytes]:
    found = [c for c in declarator.children if c.kind == "type_qualifier"]
    return frozenset(t for c in found for t in c.tokens()) if found else _NONE


def declared(node: Node) -> Iterator[Declared]:
    """Yield the names that a declaration, definition, parameter or field declares."""
    base = base_type(node)
    if base is None:
        return
    seen_type = False
    for child in node.children:
        if child.kind in _DECLARATORS or (child.kind == "identifier" and seen_type):
            leaf, ctype = _apply(child, base)
            if leaf is not None and leaf.text is not None:
                yield Declared(leaf.text, ctype, leaf, node)
        elif child.kind not in _QUALIFIERS and child.text not in (b",", b";"):
            seen_type = True


def parameters(function: Node) -> list[Node]:
    """Return the `parameter_declaration`s of a function definition, declaration or declarator."""
    declarator = function
    while declarator.kind != "function_declarator":
        inner = next((c for c in declarator.children if c.kind in _DECLARATORS), None)
        if inner is None:
            return []
        declarator = inner
    # The outermost function_declarator whose own declarator is the name (not a pointer to
    # function).
    for child in declarator.children:
        if child.kind == "parameter_list":
            return [c for c in child.children if c.kind == "parameter_declaration"]
    return []


def function_name(function: Node) -> Node | None:
    """Return the name leaf of a function definition, or None."""
    for child in function.children:
        if child.kind in _DECLARATORS:
            return _apply(child, CType(b""))[0]
    return None


class Symbols:
    """What one chunk declares at file level."""

    __slots__ = ("enumerators", "functions", "names", "tags", "typedefs")

    def __init__(self, chunk: Chunk) -> None:
        self.names: dict[bytes, Declared] = {}
        self.functions: dict[bytes, Node] = {}
        self.tags: dict[bytes, Node] = {}
        self.typedefs: dict[bytes, CType] = {}
        self.enumerators: set[bytes] = set()
        for item in chunk.items():
            self._add(item)

    def _add(self, item: Node) -> None:
        if item.kind not in ("function_definition", "declaration", "type_definition"):
            return
        for name in declared(item):
            if item.kind == "type_definition":
                self.typedefs.setdefault(name.name, name.type)
            else:
                self.names.setdefault(name.name, name)
                if name.type.shape[:1] == "(":
                    self.functions.setdefault(name.name, item)
        for specifier in item.children:
            if specifier.kind == "enum_specifier":
                self.enumerators.update(_enumerators(specifier))
        for node in _specifiers(item):
            if any(c.kind == "field_declaration_list" for c in node.children):
                self.tags.setdefault(_tagged(node).base, node)


def _enumerators(specifier: Node) -> Iterator[bytes]:
    for part in specifier.children:
        if part.kind == "enumerator_list":
            for one in part.children:
                if one.kind == "enumerator":
                    yield one.children[0].text or b""


def _specifiers(item: Node) -> Iterator[Node]:
    stack = [c for c in item.children if c.kind in _MEMBERED]
    while stack:
        node = stack.pop()
        yield node
        for child in node.children:
            if child.kind == "field_declaration_list":
                for member in child.children:
                    stack.extend(c for c in member.children if c.kind in _MEMBERED)


def fields(specifier: Node) -> Iterator[Declared]:
    """Yield the members of a struct or union definition, those of unnamed members included."""
    for child in specifier.children:
        if child.kind != "field_declaration_list":
            continue
        for member in child.children:
            if member.kind != "field_declaration":
                continue
            names = list(declared(member))
            yield from names
            if not names:
                for part in member.children:
                    if part.kind in _MEMBERED:
                        yield from fields(part)


class FileSymbols:
    """What one unit declares at file level, looked up by name; chunks are parsed as names are asked
    for.
    """

    __slots__ = ("_by_chunk", "_by_word", "unit")

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self._by_chunk: dict[int, Symbols] = {}
        self._by_word: dict[bytes, list[Symbols]] = {}

    def having(self, word: bytes) -> list[Symbols]:
        """Return the symbols of the chunks in which `word` stands."""
        found = self._by_word.get(word)
        if found is None:
            found = [self._of(chunk) for chunk in self.unit.chunks_with(word)]
            self._by_word[word] = found
        return found

    def _of(self, chunk: Chunk) -> Symbols:
        found = self._by_chunk.get(chunk.start)
        if found is None:
            found = self._by_chunk[chunk.start] = Symbols(chunk)
        return found


class Types:
    """Looks up names and gives the types of expressions in `unit`.

    `headers` are the symbols of units in which file-level names and struct members are looked for
    after `unit` itself, in that order; runs over many files share them.
    """

    def __init__(
        self, unit: Unit, headers: Sequence[FileSymbols] = (), widths: Widths | None = None
    ) -> None:
        """`widths` are those of `int` and `long`; without them literals have what they say."""
        self.unit = unit
        self.widths = widths
        self.headers = headers
        self._aliases: dict[bytes, CType | None] = {}
        self._type_names: dict[bytes, bool] = {}
        self._places = [FileSymbols(unit), *(h for h in headers if h.unit.path != unit.path)]

    # File level.

    def _search(self, word: bytes) -> Iterator[Symbols]:
        for place in self._places:
            yield from place.having(word)

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
            own = ctype.qualifiers or (_NONE,) * (len(ctype.shape) + 1)
            theirs = target.qualifiers or (_NONE,) * (len(target.shape) + 1)
            qualifiers = (*own[:-1], own[-1] | theirs[0], *theirs[1:])
        return CType(target.base, ctype.shape + target.shape, target.body, qualifiers)

    def _typedef(self, name: bytes) -> CType | None:
        if b" " in name:
            return None
        for symbols in self._search(name):
            if name in symbols.typedefs:
                return symbols.typedefs[name]
        if name not in self._aliases:
            self._aliases[name] = self._alias(name)
        return self._aliases[name]

    def _alias(self, name: bytes) -> CType | None:
        """Return the type that a macro without parameters stands for: `#define INT16 int`."""
        text = self.unit.text
        if b"#" not in text or name not in text:
            return None
        pattern = rb"^[ \t]*#[ \t]*define[ \t]+" + re.escape(name) + rb"[ \t]+([\w \t*]+?)[ \t]*$"
        match = re.search(pattern, text, re.MULTILINE)
        words = match[1].split() if match is not None else []
        return parse_type(match[1]) if match is not None and _is_type(words) else None

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
        for symbols in self._search(tag):
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
                found = _in_block(parent, text, name.start)
            elif parent.kind in ("for_statement", "iterator_statement"):
                found = _in_items(parent.children, text)
            elif parent.kind == "function_definition":
                found = _in_items(parameters(parent), text)
            else:
                found = None
            if found is not None:
                return found
        return self.file_name(text) or self._declared_by_macro(name)

    def _declared_by_macro(self, name: Node) -> Declared | None:
        """Look for a macro call that declares `name`, as `VMG_STATE(vmg, ...)` may."""
        function = name.enclosing("function_definition")
        if function is None:
            return None
        for call in function.walk():
            if call.kind != "call_expression" or call.children[0].kind != "identifier":
                continue
            arguments = [c for c in call.children[-1].children if c.text not in (b"(", b")", b",")]
            for index, argument in enumerate(arguments):
                if argument.text == name.text and argument is not name:
                    ctype = self._macro_declares(call.children[0].text or b"", index)
                    if ctype is not None:
                        return Declared(name.text or b"", ctype, argument, call)
        return None

    def _macro_declares(self, macro: bytes, index: int) -> CType | None:
        """Return the type with which a macro's body declares its parameter number `index`."""
        pattern = re.compile(
            rb"^[ \t]*#[ \t]*define[ \t]+" + re.escape(macro) + rb"\(([^()]*)\)((?:[^\\\n]|\\.)*)",
            re.MULTILINE | re.DOTALL,
        )
        for place in self._places:
            match = pattern.search(place.unit.text) if macro in place.unit.text else None
            if match is None:
                continue
            names = [n.strip() for n in match[1].split(b",")]
            if index >= len(names):
                return None
            declares = re.search(
                rb"\b((?:struct|union|enum)\s+\w+|\w+_t)\s*(\**)\s*"
                + re.escape(names[index])
                + rb"\s*[=;,\[]",
                match[2],
            )
            return parse_type(declares[1] + declares[2]) if declares is not None else None
        return None

    def of(self, node: Node) -> CType | None:
        """Return the type of expression `node`, or None where it is not known."""
        method = _RULES.get(node.kind)
        return method(self, node) if method is not None else None

    def _identifier(self, node: Node) -> CType | None:
        if node.text == b"NULL":
            return CType(b"void", "*")
        found = self.declaration_of(node)
        if found is None:
            return CType(b"int") if self._is_enumerator(node) else None
        if found.type.base == b"__auto_type":
            return self._initialiser(found)
        return found.type

    def _is_enumerator(self, node: Node) -> bool:
        name = node.text or b""
        return any(name in symbols.enumerators for symbols in self._search(name))

    def _number(self, node: Node) -> CType | None:
        return CType(literal_type(node.text or b"", self.widths))

    def _character(self, _node: Node) -> CType | None:
        # spatch has it that way; in C it is an int (C11 6.4.4.4).
        return CType(b"char")

    def _string(self, _node: Node) -> CType | None:
        return CType(b"char", "[")

    def _sizeof(self, _node: Node) -> CType | None:
        return CType(b"size_t")

    def _initialiser(self, found: Declared) -> CType | None:
        for child in found.node.children:
            if child.kind == "init_declarator" and child.children[0] is found.leaf:
                return self.of(child.children[-1])
        return None

    def _field(self, node: Node) -> CType | None:
        argument, operator, name = node.children[0], node.children[1], node.children[-1]
        ctype = self.of(argument)
        if ctype is None:
            return None
        ctype = self.resolve(ctype)
        if operator.text == b"->":
            pointed = ctype.pointed_to()
            if pointed is None:
                return None
            ctype = pointed
        found = self.member(ctype, name.text or b"")
        return found.type if found is not None else None

    def _parenthesized(self, node: Node) -> CType | None:
        if len(node.children) == 3:
            inner = node.children[1]
            if inner.kind == "compound_statement":
                last = next((c for c in reversed(inner.children) if c.text is None), None)
                if last is not None and last.kind == "expression_statement":
                    return self.of(last.children[0])
                return None
            return self.of(inner)
        return None

    def _unary(self, node: Node) -> CType | None:
        operator = node.children[0].text
        inner = self.of(node.children[-1])
        if operator == b"*":
            return self._pointed(inner) if inner is not None else None
        if operator == b"&":
            return inner.pointer() if inner is not None else None
        if operator == b"!":
            return CType(b"int")
        return inner

    def _pointed(self, ctype: CType) -> CType | None:
        """Return what a pointer or array points to; a typedef for that keeps its name."""
        return ctype.pointed_to() or self.resolve(ctype).pointed_to()

    def _subscript(self, node: Node) -> CType | None:
        inner = self.of(node.children[0])
        return self._pointed(inner) if inner is not None else None

    def _call(self, node: Node) -> CType | None:
        function, arguments = node.children[0], node.children[-1]
        if function.kind == "identifier":
            found = self.file_name(function.text or b"")
            if found is None or found.type.shape[:1] != "(":
                return self._macro_call(function.text or b"", arguments) or self._local_call(
                    function
                )
            return found.type.returned()
        ctype = self.of(function)
        return self.resolve(ctype).returned() if ctype is not None else None

    def _local_call(self, function: Node) -> CType | None:
        ctype = self._identifier(function)
        return self.resolve(ctype).returned() if ctype is not None else None

    def _macro_call(self, name: bytes, arguments: Node) -> CType | None:
        values = [c for c in arguments.children if c.text not in (b"(", b")", b",")]
        if name in _CONTAINER_OF and len(values) >= 3:
            found = self._named_type(values[1])
            return found.pointer() if found is not None else None
        if name in _SAME_TYPE and values:
            return self.of(values[0])
        if name == b"smp_load_acquire" and values:
            place = self.of(values[0])
            return self.resolve(place).pointed_to() if place is not None else None
        return None

    def _named_type(self, node: Node) -> CType | None:
        if node.kind == "type_argument":
            return parse_type(node.text or b"")
        if node.kind == "type_descriptor":
            return descriptor_type(node)
        if node.kind == "identifier":
            return CType(node.text or b"")
        if node.kind == "call_expression" and node.children[0].text in _TYPEOF:
            values = [c for c in node.children[-1].children if c.text not in (b"(", b")", b",")]
            return self.of(values[0]) if len(values) == 1 else None
        return None

    def _cast(self, node: Node) -> CType | None:
        return descriptor_type(node.children[1]) if len(node.children) == 4 else None

    def _assignment(self, node: Node) -> CType | None:
        return self.of(node.children[0])

    def _conditional(self, node: Node) -> CType | None:
        first, last = node.children[2], node.children[-1]
        then = self.of(first) if first.text != b":" else self.of(node.children[0])
        other = self.of(last)
        if then is None or other is None:
            return then or other
        # `p ? p : NULL` has the type of p.
        return then if other == CType(b"void", "*") and then.shape[:1] == "*" else other

    def _binary(self, node: Node) -> CType | None:
        left, operator, right = node.children[0], node.children[1].text, node.children[-1]
        if operator in _COMPARISONS:
            return CType(b"int")
        one, other = self.of(left), self.of(right)
        pointers = [t for t in (one, other) if t is not None and self.resolve(t).pointed_to()]
        if pointers:
            if operator not in (b"+", b"-"):
                return None
            both = operator == b"-" and len(pointers) == 2
            return CType(b"ptrdiff_t") if both else pointers[0]
        return self._arithmetic(one, other)

    def _arithmetic(self, one: CType | None, other: CType | None) -> CType | None:
        """Return the type that two operands come to (C11 6.3.1.8); one that is not known counts
        for nothing. A typedef or enum on the left keeps its name, as in spatch."""
        if one is None or other is None:
            return one or other
        for ctype in (one, other):
            if not ctype.shape and ctype.base in _NAMED:
                return ctype
        if _is_named(one):
            return one
        ranks = [_rank(self.resolve(t)) for t in (one, other)]
        if one == other and ranks[0] is None:
            return one
        if _is_named(other) and ranks[0] is not None:
            return CType(_RANKED[ranks[0]])
        if ranks[0] is None or ranks[1] is None:
            return None
        best = max(ranks[0], ranks[1], _INT)
        return CType(_RANKED[best])

    def _comma(self, node: Node) -> CType | None:
        return self.of(node.children[-1])

    def _compound_literal(self, node: Node) -> CType | None:
        descriptor = next((c for c in node.children if c.kind == "type_descriptor"), None)
        return descriptor_type(descriptor) if descriptor is not None else None

    def _update(self, node: Node) -> CType | None:
        return next((self.of(c) for c in node.children if c.text not in (b"++", b"--")), None)


_CONTAINER_OF = frozenset(
    {
        b"container_of",
        b"container_of_const",
        b"hlist_entry",
        b"list_entry",
        b"list_first_entry",
        b"list_first_entry_or_null",
        b"list_last_entry",
        b"rb_entry",
    }
)
_SAME_TYPE = frozenset(
    {
        b"READ_ONCE",
        b"likely",
        b"no_free_ptr",
        b"rcu_dereference",
        b"rcu_dereference_check",
        b"rcu_dereference_protected",
        b"unlikely",
    }
)
_KEYWORDS = frozenset(
    {b"char", b"double", b"enum", b"float", b"int", b"long", b"short", b"signed", b"struct"}
    | {b"union", b"unsigned", b"void"}
)


def _is_type(words: Sequence[bytes]) -> bool:
    return bool(words) and any(word in _KEYWORDS for word in words)


_TYPEOF = frozenset({b"typeof", b"__typeof__", b"__typeof"})
_NAMED = frozenset({b"size_t", b"ssize_t", b"ptrdiff_t"})
_RANKED = (
    b"int",
    b"unsigned int",
    b"long",
    b"unsigned long",
    b"long long",
    b"unsigned long long",
    b"float",
    b"double",
    b"long double",
)
_INT = 0
_BASIC = _KEYWORDS | {b"bool", b"_Bool"}
_LESS = frozenset({"bool", "_Bool", "char", "short"})


def _is_named(ctype: CType) -> bool:
    """Whether an arithmetic type is a typedef or an enum."""
    if ctype.shape:
        return False
    words = ctype.base.split()
    return words[:1] == [b"enum"] or (len(words) == 1 and words[0] not in _BASIC)


def _rank(ctype: CType) -> int | None:
    """Return where an arithmetic type stands in `_RANKED`; those below int count as int."""
    if ctype.shape or ctype.body is not None:
        return None
    words = ctype.base.decode(errors="replace").split()
    if words[:1] == ["enum"] or _LESS & set(words):
        return _INT
    core = [w for w in words if w not in ("int", "signed")]
    if core in ([], ["unsigned"]):
        known = bool(words)
        return (1 if core else _INT) if known else None
    text = (
        " ".join(sorted(core, key=["unsigned", "long", "float", "double"].index)).encode()
        if (set(core) <= {"unsigned", "long", "float", "double"})
        else b""
    )
    return _RANKED.index(text) if text in _RANKED else None


_COMPARISONS = frozenset({b"==", b"!=", b"<", b">", b"<=", b">=", b"&&", b"||"})

_RULES = {
    "assignment_expression": Types._assignment,
    "alignof_expression": Types._sizeof,
    "binary_expression": Types._binary,
    "call_expression": Types._call,
    "cast_expression": Types._cast,
    "char_literal": Types._character,
    "comma_expression": Types._comma,
    "compound_literal_expression": Types._compound_literal,
    "conditional_expression": Types._conditional,
    "field_expression": Types._field,
    "concatenated_string": Types._string,
    "identifier": Types._identifier,
    "number_literal": Types._number,
    "parenthesized_expression": Types._parenthesized,
    "sizeof_expression": Types._sizeof,
    "string_literal": Types._string,
    "subscript_expression": Types._subscript,
    "unary_expression": Types._unary,
    "update_expression": Types._update,
}


def _in_block(block: Node, name: bytes, before: int) -> Declared | None:
    found = None
    for child in block.children:
        if child.start >= before:
            break
        if child.kind == "declaration":
            found = _in_items([child], name) or found
    return found


def _in_items(items: Sequence[Node], name: bytes) -> Declared | None:
    for item in items:
        if item.kind in ("declaration", "parameter_declaration"):
            for one in declared(item):
                if one.name == name:
                    return one
    return None
