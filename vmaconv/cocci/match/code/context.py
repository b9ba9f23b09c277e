# SPDX-License-Identifier: GPL-2.0-only
"""The context of an expression: whether only its truth is used, and its precedence.

In: an expression node where it stands. Out: whether only its truth is used there (C's controlling
expressions, operands of logical operators, and conversions to `bool`), and its precedence.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct

from vmaconv.cocci.text.trivia import code_only
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.declared import parameters
from vmaconv.cocci.types.expression_types import ExpressionTypes

_LOGICAL = frozenset({b"&&", b"||"})
_BOOL = frozenset({b"bool", b"_Bool"})


class TruthPlaces(Struct, frozen=True):
    """What counts as a place where only truth is wanted.

    `macros` are macros (`likely`, `WARN_ON`) whose first argument is only tested, `through` those that
    hand on what they are given; `conversions` says whether a conversion to `bool` counts, as C
    defines it (C11 6.3.1.2), beyond the tests proper.
    """

    macros: frozenset[bytes] = frozenset({b"likely", b"unlikely"})
    through: frozenset[bytes] = frozenset()
    conversions: bool = True
    variables: bool = False
    """Whether a local integer counts that nobody looks at but to test it: `int x = f; if (x)`."""
    beyond_int: Callable[[bytes], bool] = lambda _: False
    """Whether a name may stand for bits that an `int` has no room for."""


def is_tested(node: Node, types: ExpressionTypes, truth: TruthPlaces) -> bool:
    """Whether only the truth of expression `node` is used where it stands.

    `f` in `if (f)`, `!f`, `f && g`, `f ? a : b`; with `truth.conversions` also in `bool b = f;`.
    """
    parent = node.parent
    if parent is None:
        return False
    kind = parent.kind
    if kind == "parenthesized_expression":
        return is_tested(parent, types, truth)
    if kind in ("if_statement", "while_statement", "do_statement"):
        return node is _condition(parent)
    if kind == "for_statement":
        return len(parent.children) == 9 and node is parent.children[4]
    if kind == "unary_expression":
        return parent.children[0].text == b"!"
    if kind == "binary_expression":
        return parent.children[1].text in _LOGICAL
    if kind == "conditional_expression":
        return _in_conditional(node, parent, types, truth)
    if kind == "argument_list":
        return _as_argument(node, parent, types, truth)
    if truth.variables and _into_a_tested_variable(parent, types, truth):
        return True
    return truth.conversions and _converted(node, parent, types)


def _in_conditional(node: Node, parent: Node, types: ExpressionTypes, truth: TruthPlaces) -> bool:
    children = parent.children
    if node is children[0]:
        # In `f ?: g` the value of f is used, too.
        return len(children) == 5 or is_tested(parent, types, truth)
    return is_tested(parent, types, truth)


def _condition(statement: Node) -> Node | None:
    """Return the node between a statement's parentheses."""
    children = statement.children
    for index, child in enumerate(children):
        if child.text == b"(" and index + 1 < len(children):
            return children[index + 1]
    return None


def _as_argument(node: Node, arguments: Node, types: ExpressionTypes, truth: TruthPlaces) -> bool:
    call = arguments.parent
    if call is None or call.kind != "call_expression":
        return False
    function = call.children[0]
    values = [c for c in arguments.children if c.text not in (b"(", b")", b",")]
    if function.kind == "identifier" and function.text in truth.macros:
        return bool(values) and node is values[0]
    if function.kind == "identifier" and function.text in truth.through:
        return len(values) == 1 and is_tested(call, types, truth)
    if not truth.conversions or function.kind != "identifier":
        return False
    definition = types.function(function.text or b"")
    if definition is None:
        return False
    declared = parameters(definition)
    index = next((i for i, value in enumerate(values) if value is node), len(declared))
    return index < len(declared) and _is_plain_bool(declared[index])


def _is_plain_bool(declaration: Node) -> bool:
    words = [w for w in declaration.tokens() if w not in (b"const", b"volatile")]
    return bool(words) and words[0] in _BOOL and b"*" not in words and b"[" not in words


def _converted(node: Node, parent: Node, types: ExpressionTypes) -> bool:
    if parent.kind == "init_declarator":
        declaration = parent.parent
        if declaration is None or parent.children[0].kind != "identifier":
            return False
        base = next((c for c in declaration.children if c.text in _BOOL), None)
        return node is parent.children[-1] and base is not None
    if parent.kind == "assignment_expression":
        left, operator, right = parent.children[0], parent.children[1].text, parent.children[-1]
        # `b |= x` asks for the truth of x as well: (b | x) is not 0 when either is not.
        if node is not right or operator not in (b"=", b"|="):
            return False
        return _is_bool(left, types)
    if parent.kind == "return_statement":
        return _returns_bool(parent)
    if parent.kind == "cast_expression":
        descriptor = parent.children[1]
        return node is parent.children[-1] and descriptor.tokens() in ([b"bool"], [b"_Bool"])
    return False


_INTEGERS = frozenset({b"int", b"unsigned", b"long", b"signed"})
_NARROW = frozenset({b"char", b"short", b"static"})
"""A value may lose bits in these, or is needed before the function runs."""


def _into_a_tested_variable(parent: Node, types: ExpressionTypes, truth: TruthPlaces) -> bool:
    """Whether `parent` is the declarator of a local integer of which only the truth is asked."""
    declaration = parent.parent
    function = parent.enclosing("function_definition")
    if parent.kind != "init_declarator" or declaration is None or function is None:
        return False
    name = parent.children[0]
    words = [word for c in declaration.children if c is not parent for word in c.tokens()]
    if name.kind != "identifier" or not _NARROW.isdisjoint(words) or _INTEGERS.isdisjoint(words):
        return False
    value = (leaf.text or b"" for leaf in parent.children[-1].leaves())
    if b"long" not in words and any(truth.beyond_int(word) for word in value):
        return False
    uses = [leaf for leaf in function.leaves() if leaf.text == name.text and leaf is not name]
    text = code_only(types.unit.text[function.start : function.end])
    if (
        not uses
        or len(re.findall(rb"\b" + re.escape(name.text or b"?") + rb"\b", text)) != len(uses) + 1
    ):
        # One stands where the tree does not show it, in another arm of a conditional.
        return False
    plain = TruthPlaces(truth.macros, truth.through, truth.conversions)
    return all(leaf.kind == "identifier" and is_tested(leaf, types, plain) for leaf in uses)


def _is_bool(node: Node, types: ExpressionTypes) -> bool:
    ctype = types.of(node)
    return ctype is not None and not ctype.shape and ctype.base in _BOOL


def _returns_bool(statement: Node) -> bool:
    block: Node | None = statement
    while block is not None and block.kind != "function_definition":
        # A statement expression inside the function returns from the function all the same.
        block = block.parent
    if block is None:
        return False
    words = [child.text for child in block.children]
    direct = any(child.kind == "function_declarator" for child in block.children)
    return direct and any(word in _BOOL for word in words)


PRECEDENCE: dict[bytes, int] = {
    b",": 1,
    b"=": 2,
    b"?": 3,
    b"||": 4,
    b"&&": 5,
    b"|": 6,
    b"^": 7,
    b"&": 8,
    b"==": 9,
    b"!=": 9,
    b"<": 10,
    b">": 10,
    b"<=": 10,
    b">=": 10,
    b"<<": 11,
    b"<?": 11,
    b">?": 11,
    b">>": 11,
    b"+": 12,
    b"-": 12,
    b"*": 13,
    b"/": 13,
    b"%": 13,
}
"""Binary operators, loosest first (C11 6.5.5 to 6.5.17)."""

UNARY = 14
POSTFIX = 15
PRIMARY = 16

_KIND_PRECEDENCE = {
    "comma_expression": 1,
    "assignment_expression": 2,
    "conditional_expression": 3,
    "unary_expression": UNARY,
    "cast_expression": UNARY,
    "sizeof_expression": UNARY,
    "call_expression": POSTFIX,
    "field_expression": POSTFIX,
    "subscript_expression": POSTFIX,
}


def precedence(node: Node) -> int:
    """Return how tightly the outermost operator of `node` binds; higher binds tighter."""
    if node.kind == "binary_expression":
        return PRECEDENCE.get(node.children[1].text or b"", PRIMARY)
    if node.kind == "update_expression":
        return UNARY if node.children[0].text in (b"++", b"--") else POSTFIX
    return _KIND_PRECEDENCE.get(node.kind, PRIMARY)


def needs_parentheses(node: Node, binds: int) -> bool:
    """Whether a kernel developer puts what binds like `binds` in parentheses in the place of `node`.

    `a && (b && c)` needs none, for it is `a && b && c`. `a || (b && c)` and `a == (b == c)` have some,
    for `gcc -Wparentheses` asks for them.
    """
    parent = node.parent
    if parent is not None and parent.kind == "binary_expression":
        operator = parent.children[1].text or b""
        own = PRECEDENCE.get(operator, 0)
        if own == binds and operator in (b"&&", b"||"):
            return False
        compared = PRECEDENCE[b"=="], PRECEDENCE[b"<"]
        if (operator == b"||" and binds == PRECEDENCE[b"&&"]) or (
            own in compared and binds in compared
        ):
            return True
    return binds < required_precedence(node)


def required_precedence(node: Node) -> int:
    """Return the lowest precedence that an expression in the place of `node` may have
    unparenthesized.
    """
    parent = node.parent
    if parent is None:
        return 0
    kind = parent.kind
    if kind == "binary_expression":
        own = PRECEDENCE.get(parent.children[1].text or b"", 0)
        return own if node is parent.children[0] else own + 1
    if kind in ("unary_expression", "cast_expression", "sizeof_expression"):
        return UNARY
    if kind in ("field_expression", "subscript_expression", "call_expression", "update_expression"):
        return POSTFIX if node is parent.children[0] or kind == "update_expression" else 0
    if kind in ("argument_list", "init_declarator", "initializer_list", "initializer_pair"):
        return 2
    if kind == "assignment_expression":
        return UNARY if node is parent.children[0] else 2
    if kind == "conditional_expression":
        if node is parent.children[0]:
            return 4
        return 3 if node is parent.children[-1] else 0
    return 0
