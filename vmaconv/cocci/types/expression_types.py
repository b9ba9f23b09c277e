# SPDX-License-Identifier: GPL-2.0-only
"""Types of expressions, from the declarations in scope.

In: units (a C file and the headers that it may see) and nodes of them. Out: `CType`s, or None where
the declarations do not tell: nothing is guessed.
"""

from __future__ import annotations

from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.arithmetic import arithmetic
from vmaconv.cocci.types.ctype import UNQUALIFIED, CType, parse_type
from vmaconv.cocci.types.declared import Declared, descriptor_type
from vmaconv.cocci.types.literals import literal_type
from vmaconv.cocci.types.scope import NameScope

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
_TYPEOF = frozenset({b"typeof", b"__typeof__", b"__typeof"})
_COMPARISONS = frozenset({b"==", b"!=", b"<", b">", b"<=", b">=", b"&&", b"||"})


class ExpressionTypes(NameScope):
    """Looks up names and gives the types of expressions in `unit`."""

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
        return any(
            name in symbols.enumerators
            for place in self._places
            for symbols in place.enumerating(name)
        )

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
            if inner is None:
                return None
            return inner.qualified(self._qualifiers_around(node.children[-1])).pointer()
        if operator == b"!":
            return CType(b"int")
        return inner

    def _qualifiers_around(self, node: Node) -> frozenset[bytes]:
        """Return the qualifiers that a part has from the struct that it is in.

        `&p->a` points to something const where `p` does (C11 6.5.2.3).
        """
        argument = node.children[0] if node.children else node
        if node.kind == "parenthesized_expression" and len(node.children) == 3:
            return self._qualifiers_around(node.children[1])
        if node.kind not in ("field_expression", "subscript_expression"):
            return UNQUALIFIED
        ctype = self.of(argument)
        whole = self.resolve(ctype) if ctype is not None else None
        if whole is None:
            return UNQUALIFIED
        if node.kind == "subscript_expression":
            return self._qualifiers_around(argument) if whole.shape[:1] == "[" else UNQUALIFIED
        if node.children[1].text == b"->":
            pointed = whole.pointed_to()
            return pointed.outermost() if pointed is not None else UNQUALIFIED
        return whole.outermost() | self._qualifiers_around(argument)

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
        return arithmetic(one, other, self.resolve)

    def _comma(self, node: Node) -> CType | None:
        return self.of(node.children[-1])

    def _compound_literal(self, node: Node) -> CType | None:
        descriptor = next((c for c in node.children if c.kind == "type_descriptor"), None)
        return descriptor_type(descriptor) if descriptor is not None else None

    def _update(self, node: Node) -> CType | None:
        return next((self.of(c) for c in node.children if c.text not in (b"++", b"--")), None)


_RULES = {
    "assignment_expression": ExpressionTypes._assignment,
    "alignof_expression": ExpressionTypes._sizeof,
    "binary_expression": ExpressionTypes._binary,
    "call_expression": ExpressionTypes._call,
    "cast_expression": ExpressionTypes._cast,
    "char_literal": ExpressionTypes._character,
    "comma_expression": ExpressionTypes._comma,
    "compound_literal_expression": ExpressionTypes._compound_literal,
    "conditional_expression": ExpressionTypes._conditional,
    "field_expression": ExpressionTypes._field,
    "concatenated_string": ExpressionTypes._string,
    "identifier": ExpressionTypes._identifier,
    "number_literal": ExpressionTypes._number,
    "parenthesized_expression": ExpressionTypes._parenthesized,
    "sizeof_expression": ExpressionTypes._sizeof,
    "string_literal": ExpressionTypes._string,
    "subscript_expression": ExpressionTypes._subscript,
    "unary_expression": ExpressionTypes._unary,
    "update_expression": ExpressionTypes._update,
}
