# SPDX-License-Identifier: GPL-2.0-only
"""Rules that put a bool where a masked word stood.

In: an expression that a rule would replace, and the code that would take its place. Out: why not, where
that calls a helper which is not declared there, is made with it, or is something else in that file, or
where more than the word's truth counts.
`- v->vm_flags & F` / `+ vma_test(v, F)` is right in a condition; in
`(v->vm_flags & VM_MAYSHARE) != VM_MAYSHARE` it would compare a bool with a mask, and be true always.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from vmaconv.cocci.match.code.context import is_tested
from vmaconv.cocci.text.files import files_with
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.tree_file import read_if_there
from vmaconv.cocci.tree.node import Node, bare
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.declared import function_name
from vmaconv.cocci.types.expression_types import ExpressionTypes
from vmaconv.flags.helpers.early_headers import HEADER, EarlyHeaders
from vmaconv.flags.helpers.generation import test_names
from vmaconv.flags.sites.site import BuildSite
from vmaconv.flags.table.flag_table import FlagTable
from vmaconv.flags.truth_macros import TRUTH
from vmaconv.uses.member_uses import function_of
from vmaconv.uses.reasons import Explainer, climb, is_none
from vmaconv.uses.self_calls import called_in, circle, own_helper

TRUTH_OPERATORS = frozenset({b"&&", b"||", b"==", b"!=", b"<", b">", b"<=", b">="})
"""Operators of C that give 0 or 1 (C11 6.5.8, 6.5.9, 6.5.13, 6.5.14)."""

_EQUAL = frozenset({b"==", b"!="})
_BOOL = frozenset({b"bool", b"_Bool"})
_ONE = frozenset({b"1", b"0x1"})
_DEPTH = 8
"""Macros that may stand for one another until a function comes."""


@dataclass(slots=True)
class BoolGuard:
    """Asked by the engine before an expression is replaced; see `Options.guard`."""

    table: FlagTable
    root: Path
    _known: dict[bytes, list[bytes]] = field(default_factory=dict)
    _early: EarlyHeaders = field(init=False)

    def __post_init__(self) -> None:
        self._early = EarlyHeaders(self.root)

    def refusal(self, node: Node, text: bytes, types: ExpressionTypes) -> str | None:
        """Return why `text` must not take the place of `node`; None where it may."""
        why = self.unusable(node, text, types, types.unit.text[node.start : node.end])
        if why is not None:
            return why
        node = bare(node)
        if not is_masked(node):
            return None
        whole, parent = climb(node)
        if is_tested(whole, types, TRUTH) or _is_compared_with_none(whole, parent):
            return None
        if not self._is_truth(parsed_expression(text), types):
            return None
        word = node.children[0]
        return Explainer(BuildSite(self.table), types, TRUTH).explain(word).text

    def unusable(self, node: Node, text: bytes, types: ExpressionTypes, old: bytes) -> str | None:
        """Return why code must not take the place of `old`, at `node`: for a helper that it calls.

        Or for one that `old` calls, which the file has for itself.
        """
        return (
            self._unseen(node, text, types)
            or self._circle(node, text, types)
            or _strange(node, text, types, old)
            or self._static(node, text, types, old)
        )

    def _static(self, node: Node, text: bytes, types: ExpressionTypes, old: bytes) -> str | None:
        """Say which static helper of `text` a function with external linkage would call inline.

        gcc warns of that: C11 6.7.4, paragraph 3, forbids it.
        """
        function = node.enclosing("function_definition")
        if function is None or not is_extern_inline(function, types.unit.text):
            return None
        for helper in sorted({*called_in(text)} - {*called_in(old)}):
            word = re.escape(helper)
            known = re.compile(
                rb"static\b[^;{}()]*\b" + word + rb"\s*\(|define[ \t]+" + word + rb"\("
            )
            # Most helpers are declared in one header: the tree is searched for others only.
            if known.search(read_if_there(self.root, HEADER)) or any(
                map(known.search, self._headers(helper))
            ):
                name = helper.decode(errors="replace")
                return f"{name}() is static, which a function that is extern inline may not call"
        return None

    def _unseen(self, node: Node, text: bytes, types: ExpressionTypes) -> str | None:
        """Say which helper of `text` is not declared yet where a header would call it."""
        path = types.unit.path
        if not path.endswith(".h") or any(n.kind == "preproc_def" for n in node.ancestors()):
            return None
        for helper in called_in(text):
            if self._early.comes_before(path, types.unit.text, node.start, helper):
                name = helper.decode(errors="replace")
                return f"{name}() is declared only behind this header, in {HEADER}"
        return None

    def _circle(self, node: Node, text: bytes, types: ExpressionTypes) -> str | None:
        """Say which helper of `text` is made with the function that would call it."""
        own = function_of(node).encode()
        helper = circle(types.unit.text, own, text) if own else None
        if helper is None:
            return None
        return (
            f"{helper.decode(errors='replace')}() is made with the word here, and would call itself"
        )

    def settled(self, node: Node, text: bytes, types: ExpressionTypes) -> tuple[Node, bytes] | None:
        """Return what a bool says without doubled negations: `!!(x & F)` gives `test(x, F)`."""
        test = text.lstrip(b"!")
        whole, outer = negations(node, types.unit.text)
        count = outer + len(text) - len(test)
        if not outer or count < 2:
            return None
        call = parsed_expression(test)
        if call is None or call.kind != "call_expression" or not self._is_truth(call, types):
            return None
        return whole, b"!" * (count % 2) + test

    def _is_truth(self, node: Node | None, types: ExpressionTypes) -> bool:
        """Whether an expression is 0 or 1: of type bool, or made by a logical operator."""
        if node is None:
            return False
        node = bare(node)
        match node.kind:
            case "unary_expression":
                return node.children[0].text == b"!"
            case "binary_expression":
                return node.children[1].text in TRUTH_OPERATORS
            case "call_expression":
                return self._gives_bool(node.children[0].text or b"", types)
        return False

    def _gives_bool(self, name: bytes, types: ExpressionTypes, depth: int = 0) -> bool:
        """Whether a function returns bool, or a macro stands for what does."""
        found = types.file_name(name)
        if found is not None and found.type.shape[:1] == "(":
            ctype = found.type.returned()
            return ctype is not None and not ctype.shape and ctype.base in _BOOL
        word = re.escape(name)
        declared = re.compile(rb"\bbool\s+(?:__\w+\s+)*" + word + rb"\s*\(")
        macro = re.compile(rb"#[ \t]*define[ \t]+" + word + rb"\([^)]*\)(?:\\\n|[ \t])*(!*)(\w+)\(")
        for text in (types.unit.text, *self._headers(name)):
            if declared.search(text):
                return True
            if depth < _DEPTH and (body := macro.search(text)) is not None:
                return bool(body[1]) or self._gives_bool(body[2], types, depth + 1)
        return name in test_names()

    def _headers(self, name: bytes) -> list[bytes]:
        """Return the texts of the tree's headers that hold a name."""
        if name not in self._known:
            paths = files_with(self.root, [name.decode(errors="replace")])
            found = [path for path in paths if path.endswith(".h")]
            self._known[name] = [read_if_there(self.root, path) for path in found]
        return self._known[name]


_EXTERN_INLINE = late_regex(
    rb"\bextern\s+(?:\w+\s+)*?(?:__)?(?:inline|always_inline)|\b\w*EXTERN_INLINE\b"
)
_ITEM_END = late_regex(rb"[;}]|\n[ \t]*\n|\*/|^[ \t]*#.*$", re.MULTILINE)


def is_extern_inline(function: Node, text: bytes) -> bool:
    """Whether a function is `extern inline`, also by the name of a macro (arch/alpha has one)."""
    start = function.start
    before = text[max(0, start - 200) : start]
    end = max((found.end() for found in _ITEM_END.finditer(before)), default=0)
    name = function_name(function)
    stop = name.start if name is not None else function.end
    return _EXTERN_INLINE.search(before[end:] + text[start:stop]) is not None


def _strange(node: Node, text: bytes, types: ExpressionTypes, old: bytes) -> str | None:
    """Say which helper of `text`, or of the `old` code, is something else in that C file."""
    path, whole = types.unit.path, types.unit.text
    if not path.endswith(".c"):
        return None
    statement = next((n for n in node.ancestors() if n.kind.endswith("_statement")), node)
    around = whole[statement.start : statement.end]
    own = own_helper(whole, text, old, around)
    if own is None:
        return None
    return f"{own.decode(errors='replace')}() is something else in this file"


def negations(node: Node, text: bytes) -> tuple[Node, int]:
    """Return the outermost `!` around an expression, and how many there are with it.

    `!!(x & F)` has two; those with a comment or a line's end in between are left alone.
    """
    whole, count, inner = node, 0, node
    while True:
        parent = inner.parent
        while parent is not None and parent.kind == "parenthesized_expression":
            parent = parent.parent
        if parent is None or parent.kind != "unary_expression" or parent.children[0].text != b"!":
            return whole, count
        between = text[parent.start : node.start] + text[node.end : parent.end]
        if between.strip(b"!() \t"):
            return whole, count
        whole, inner, count = parent, parent, count + 1


def is_masked(node: Node) -> bool:
    """Whether `node` is `x & y`; `x & 1` is 0 or 1 like a bool."""
    if node.kind != "binary_expression" or node.children[1].text != b"&":
        return False
    return not any(bare(side).text in _ONE for side in (node.children[0], node.children[-1]))


def _is_compared_with_none(node: Node, parent: Node | None) -> bool:
    if parent is None or parent.kind != "binary_expression":
        return False
    other = parent.children[-1] if node is parent.children[0] else parent.children[0]
    return parent.children[1].text in _EQUAL and is_none(other)


def parsed_expression(text: bytes) -> Node | None:
    """Return an expression's tree; None for what is none."""
    unit = Unit("", b"int f(void)\n{\n\treturn " + text + b";\n}\n")
    for chunk in unit.chunks:
        if chunk.errors:
            return None
        for item in chunk.items():
            for node in item.walk():
                if node.kind == "return_statement":
                    return node.children[1]
    return None
