"""Why a use of a descriptor's flags was left to a person.

In: a use that the rules did not convert. Out: its kind and a reason that names what holds it back: the
function, variable or member that would have to change, or the flag that cannot be a bit.
"""

from __future__ import annotations

from dataclasses import dataclass

from vmaconv.kernel.flags import FlagTable, Refused
from vmaconv.kernel.kinds import words_of
from vmaconv.match.context import Truth, is_tested
from vmaconv.source.tree import Node
from vmaconv.source.types import Types


@dataclass(frozen=True, slots=True)
class Reason:
    """`kind` is one of `KINDS`, `code` of `CODES`; `subject` is what holds the use back.

    `text` says it as a sentence for a person.
    """

    kind: str
    code: str
    subject: str
    text: str


KINDS = (
    "set",
    "clear",
    "test-any",
    "test-all",
    "argument",
    "copy",
    "assignment",
    "comparison",
    "initialiser",
    "other",
)
"""What a use does with the flags."""

CODES = (
    "argument",
    "copied-to",
    "assigned-from",
    "initialiser",
    "compared-with",
    "word-used-as-int",
    "config-dependent-flag",
    "unknown-flag",
    "variable-flags",
    "address-taken",
    "comment-inside",
    "macro-body",
    "unparsed",
    "unhandled-form",
    "refused",
)
"""Why a use was left: short words that do not change from one version to the next."""

_COMPARISONS = frozenset({b"==", b"!=", b"<", b">", b"<=", b">="})


def text_of(node: Node) -> str:
    """Return the tokens of `node` as a person would write them."""
    return (
        b" ".join(node.tokens()).decode(errors="replace").replace(" -> ", "->").replace(" . ", ".")
    )


def climb(node: Node) -> tuple[Node, Node | None]:
    """Return the outermost parentheses (or casts) around `node`, and what they stand in."""
    parent = node.parent
    while parent is not None and parent.kind in ("parenthesized_expression", "cast_expression"):
        node, parent = parent, parent.parent
    return node, parent


def kind_of(use: Node) -> str:
    """Say what a use does with the flags, from its place alone."""
    if use.kind == "field_designator":
        return "initialiser"
    node, parent = climb(use)
    if parent is None:
        return "other"
    if parent.kind == "assignment_expression" and node is parent.children[0]:
        operator = parent.children[1].text
        return {b"|=": "set", b"&=": "clear"}.get(operator or b"", "assignment")
    if parent.kind == "binary_expression":
        operator = parent.children[1].text
        if operator == b"&":
            return _test_kind(parent)
        if operator in _COMPARISONS:
            return "comparison"
        return _kind_by_holder(parent)
    return _kind_by_holder(node)


def _test_kind(test: Node) -> str:
    """Tell `(x & F) == F` from the other tests."""
    node, parent = climb(test)
    if parent is not None and parent.kind == "binary_expression":
        other = parent.children[-1] if node is parent.children[0] else parent.children[0]
        if parent.children[1].text in (b"==", b"!=") and words_of(other):
            return "test-all"
    return "test-any"


def _kind_by_holder(node: Node) -> str:
    node, parent = climb(node)
    while parent is not None and parent.kind in ("binary_expression", "conditional_expression"):
        node, parent = climb(parent)
    if parent is None:
        return "other"
    if parent.kind == "argument_list":
        return "argument"
    if parent.kind in ("assignment_expression", "init_declarator", "initializer_pair"):
        return "copy"
    return "other"


class Explainer:
    """Says why a use was left, given the tree's flag table."""

    def __init__(self, table: FlagTable, types: Types, truth: Truth) -> None:
        self._table = table
        self._types = types
        self._truth = truth

    def explain(self, use: Node) -> Reason:
        """Return why the rules left `use`."""
        kind = kind_of(use)
        return self._why(use, kind)

    def _why(self, use: Node, kind: str) -> Reason:
        if use.kind == "field_designator":
            pair = use.parent
            value = text_of(pair.children[-1]) if pair is not None else "?"
            text = f"initialised from {value}, whose type is still a word's"
            return Reason(kind, "initialiser", value, text)
        node, parent = climb(use)
        if parent is None:
            return _unhandled(kind, use)
        if kind in ("set", "clear", "assignment"):
            return self._change(kind, parent)
        if kind in ("test-any", "test-all"):
            return self._test(kind, parent)
        if kind == "comparison":
            other = text_of(
                parent.children[-1] if node is parent.children[0] else parent.children[0]
            )
            return Reason(kind, "compared-with", other, f"compared with {other}, which is a word")
        return _flow(kind, node, parent)

    def _change(self, kind: str, parent: Node) -> Reason:
        operator = (parent.children[1].text or b"").decode()
        value = parent.children[-1]
        if operator not in ("|=", "&="):
            if operator == "=":
                subject = text_of(value)
                text = f"assigned from {subject}, which is a word"
                return Reason(kind, "assigned-from", subject, text)
            return Reason(kind, "unhandled-form", operator, f"no helper does what {operator} does")
        mask: Node | None = value
        if operator == "&=":
            mask = _complemented(value)
            if mask is None:
                text = f"{text_of(value)} is not the complement of a mask of flags"
                return Reason(kind, "variable-flags", text_of(value), text)
        if (why := self._mask(kind, mask)) is not None:
            return why
        statement = parent.parent
        if statement is None or statement.kind != "expression_statement":
            text = "the assignment's value is used, and the helper gives none"
            return Reason(kind, "unhandled-form", text_of(parent), text)
        return _unhandled(kind, parent)

    def _test(self, kind: str, test: Node) -> Reason:
        left, right = test.children[0], test.children[-1]
        mask = right if words_of(left) is None else left
        if (why := self._mask(kind, mask)) is not None:
            return why
        node, parent = climb(test)
        if parent is not None and parent.kind == "binary_expression":
            operator = parent.children[1].text
            other = parent.children[-1] if node is parent.children[0] else parent.children[0]
            if operator in _COMPARISONS:
                subject = text_of(other)
                text = f"the masked word is compared with {subject}"
                return Reason(kind, "compared-with", subject, text)
        if not is_tested(test, self._types, self._truth):
            holder = _holder(test)
            text = f"{holder} takes the masked word itself, not only whether it is zero"
            return Reason(kind, "word-used-as-int", holder, text)
        return _unhandled(kind, test)

    def _mask(self, kind: str, mask: Node | None) -> Reason | None:
        words = words_of(mask) if mask is not None else None
        if mask is None or words is None:
            subject = text_of(mask) if mask is not None else "?"
            return Reason(kind, "variable-flags", subject, f"{subject} is not made of flags' names")
        for word in words:
            name = (word.text or b"").decode(errors="replace")
            found = self._table.resolve(name)
            if isinstance(found, Refused):
                return _refused(kind, name, found)
        return None


def _refused(kind: str, name: str, found: Refused) -> Reason:
    if found.code == "not-a-flag":
        if name.startswith("VM_"):
            text = f"{name} is no VMA flag of this tree's headers"
            return Reason(kind, "unknown-flag", name, text)
        return Reason(kind, "variable-flags", name, f"{name} is not a flag's name")
    return Reason(kind, "config-dependent-flag", name, found.reason)


def _unhandled(kind: str, node: Node) -> Reason:
    return Reason(kind, "unhandled-form", _short(node), "no rule covers this form")


def _flow(kind: str, node: Node, parent: Node) -> Reason:
    """Name where the word goes."""
    value = ""
    while parent.kind in ("binary_expression", "conditional_expression"):
        value = f" in {text_of(parent)}"
        node, above = climb(parent)
        if above is None:
            break
        parent = above
    if parent.kind == "argument_list" and parent.parent is not None:
        function = text_of(parent.parent.children[0])
        text = f"passed{value} to {function}(), whose parameter is a word"
        return Reason(kind, "argument", f"{function}()", text)
    if parent.kind in ("init_declarator", "assignment_expression", "initializer_pair"):
        target = text_of(parent.children[0])
        return Reason(kind, "copied-to", target, f"copied{value} to {target}, which is a word")
    if parent.kind == "unary_expression" and parent.children[0].text == b"&":
        return Reason(
            kind, "address-taken", text_of(parent), "somebody may write through the pointer"
        )
    return Reason(kind, "word-used-as-int", _short(parent), f"used as a word in {_short(parent)}")


def _complemented(node: Node) -> Node | None:
    while node.kind == "parenthesized_expression" and len(node.children) == 3:
        node = node.children[1]
    if node.kind == "unary_expression" and node.children[0].text == b"~":
        return node.children[-1]
    return None


def _holder(test: Node) -> str:
    node, parent = climb(test)
    while parent is not None and parent.kind in ("binary_expression", "conditional_expression"):
        node, parent = climb(parent)
    if parent is None:
        return "the surrounding code"
    if parent.kind == "init_declarator":
        return f"the variable {text_of(parent.children[0])}"
    if parent.kind == "assignment_expression":
        return text_of(parent.children[0])
    if parent.kind == "argument_list" and parent.parent is not None:
        return f"{text_of(parent.parent.children[0])}()"
    if parent.kind == "return_statement":
        return "the function's result"
    if parent.kind == "switch_statement":
        return "switch"
    return _short(parent)


def _short(node: Node) -> str:
    text = text_of(node)
    return text if len(text) <= 60 else text[:57] + "..."
