# SPDX-License-Identifier: GPL-2.0-only
"""Why a use of a descriptor's flags was left to a person.

In: a use that the rules did not convert. Out: its kind and a reason that names what holds it back:
the function, variable or member that would have to change, or the flag that cannot be a bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from vmaconv.cocci.match.code.context import TruthPlaces, is_tested
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node, bare
from vmaconv.cocci.types.expression_types import ExpressionTypes
from vmaconv.flags.flag_metavariables import comments_after, words_of
from vmaconv.flags.sites.site import BuildSite
from vmaconv.flags.table.flag_table import Refused


class UseReason(Struct, frozen=True):
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
    "call",
    "declaration",
    "type",
)
"""What a use does with the flags."""

CODES: Mapping[str, str] = MappingProxyType(
    {
        "argument": "passed to a function whose parameter has the old type",
        "copied-to": "copied to a variable or member of the old type",
        "assigned-from": "assigned from a value of the old type",
        "initialiser": "initialised from a value of the old type",
        "compared-with": "compared with a value of the old type",
        "word-used-as-int": "used as a number, not only whether it is zero",
        "config-dependent-flag": "a flag that is not a bit of its own in every configuration",
        "mask-without-bitmap": "a mask of flags for which the headers have no bitmap",
        "unknown-flag": "a name that is no VMA flag of this tree's headers",
        "variable-flags": "flags that are known only at run time",
        "address-taken": "a pointer through which the flags may be written",
        "comment-inside": "a comment that the edit would lose",
        "macro-body": "in a macro's body, where types are not known",
        "trace-event": "in a trace event, whose record holds the old type",
        "read-once": "read once into a place of the old type",
        "unparsed": "in text that does not parse",
        "unhandled-form": "a form that no rule covers",
        "refused": "an edit that was refused",
        "helper": "in a helper of the old type, which goes with its last caller",
        "parameter": "a parameter of the old type",
        "member": "a member of the old type",
        "result": "a result of the old type",
        "variable": "a variable of the old type",
    }
)
"""Why a use was left: short words that do not change from one version to the next, and what each
means."""

TRACE_EVENT = UseReason(
    "other", "trace-event", "", "in a trace event, whose record holds the word (tracing's ABI)"
)
"""What is said of all that stands in a trace event."""

_COMPARISONS = frozenset({b"==", b"!=", b"<", b">", b"<=", b">="})
_BITWISE = frozenset({b"&", b"|", b"^"})
_NONE = frozenset({b"VM_NONE"})


_TIGHT = late_regex(
    r" (?=->|[.,;)\]]|\[)|(?<=->) |(?<=[.(\[!~]) "
    r"|(?<=[&*-])(?<!&&)(?<![\w)\]] [&*-]) (?=[\w(])"
    r"|(?<=\w) (?=\()(?<!\bif )(?<!\bfor )(?<!\bwhile )(?<!\bswitch )(?<!\breturn )"
)


def text_of(node: Node) -> str:
    """Return the tokens of `node` as a person would write them, on one line.

    `f(&a[1], ~b | c->d)`, whatever blanks, line breaks and comments the source has.
    """
    return _TIGHT.sub("", b" ".join(node.tokens()).decode(errors="replace"))


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
        return _change_kind(parent)
    if parent.kind == "binary_expression":
        operator = parent.children[1].text
        if operator == b"&":
            return _test_kind(parent)
        if operator in _COMPARISONS:
            return "comparison"
        return _kind_by_holder(parent)
    return _kind_by_holder(node)


def _change_kind(assignment: Node) -> str:
    operator, value = assignment.children[1].text, assignment.children[-1]
    if operator == b"&=":
        return "clear" if _complements(value) is not None else "other"
    return {b"|=": "set", b"=": "assignment"}.get(operator or b"", "other")


def _test_kind(test: Node) -> str:
    """Tell `(x & F) == F` from the other tests, and from `f(x & ~F)`, which tests nothing."""
    node, parent = climb(test)
    if parent is not None and parent.kind == "binary_expression":
        other = parent.children[-1] if node is parent.children[0] else parent.children[0]
        if parent.children[1].text in _COMPARISONS:
            if is_none(other):
                return "test-any"
            return "test-all" if any(_same(part, other) for part in _sides(test)) else "comparison"
    if any(_complements(side) is not None for side in _sides(test)):
        by_holder = _kind_by_holder(test)
        return "test-any" if by_holder == "other" else by_holder
    return "test-any"


def _sides(binary: Node) -> tuple[Node, Node]:
    return binary.children[0], binary.children[-1]


def is_none(node: Node) -> bool:
    """Whether `node` is a mask of no flag: `0`, `0UL`, `VM_NONE`."""
    node = bare(node)
    if node.kind == "number_literal":
        return (node.text or b"").lower().rstrip(b"ul") in (b"0", b"0x0")
    return node.text in _NONE


def _same(first: Node, second: Node) -> bool:
    """Whether two masks name the same words, in whatever order."""
    one, other = words_of(first), words_of(second)
    if one is None or other is None:
        return bare(first).tokens() == bare(second).tokens()
    return {word.text for word in one} == {word.text for word in other}


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
    """Says why a use was left, given what the file's flags are."""

    def __init__(self, site: BuildSite, types: ExpressionTypes, truth: TruthPlaces) -> None:
        self._site = site
        self._types = types
        self._truth = truth

    @property
    def types(self) -> ExpressionTypes:
        """The types of the file's expressions."""
        return self._types

    def explain(self, use: Node) -> UseReason:
        """Return why the rules left `use`."""
        kind = kind_of(use)
        return self._why(use, kind)

    def _why(self, use: Node, kind: str) -> UseReason:
        if use.kind == "field_designator":
            pair = use.parent
            value = text_of(pair.children[-1]) if pair is not None else "?"
            text = f"initialised from {value}, whose type is still a word's"
            return UseReason(kind, "initialiser", value, text)
        node, parent = climb(use)
        if parent is None:
            return _unhandled(kind, use)
        if parent.kind == "assignment_expression" and node is parent.children[0]:
            return self._change(kind, parent)
        if kind in ("test-any", "test-all"):
            return self._test(kind, parent)
        if parent.kind == "binary_expression" and parent.children[1].text == b"&":
            above, holder = climb(parent)
            if kind == "comparison" and holder is not None:
                mask = parent.children[0 if node is parent.children[-1] else -1]
                return self.mask(kind, mask) or self._compared(kind, above, holder)
        if kind == "comparison":
            other = text_of(
                parent.children[-1] if node is parent.children[0] else parent.children[0]
            )
            return UseReason(
                kind, "compared-with", other, f"compared with {other}, which is a word"
            )
        return self._flow(kind, node, parent)

    def _change(self, kind: str, parent: Node) -> UseReason:
        operator = (parent.children[1].text or b"").decode()
        value = parent.children[-1]
        if operator not in ("|=", "&="):
            if operator == "=":
                subject = text_of(value)
                text = f"assigned from {subject}, which is a word"
                return UseReason(kind, "assigned-from", subject, text)
            return UseReason(
                kind, "unhandled-form", operator, f"no helper does what {operator} does"
            )
        masks: list[Node] = [value]
        if operator == "&=":
            complemented = _complements(value)
            if complemented is None and (why := self.mask(kind, value)) is not None:
                return why
            if complemented is None:
                text = f"no helper keeps {text_of(value)} alone"
                return UseReason(kind, "unhandled-form", text_of(parent), text)
            masks = complemented
        for mask in masks:
            if (why := self.mask(kind, mask)) is not None:
                return why
        if self._comment_inside(masks[0]):
            return _comment_inside(kind)
        statement = parent.parent
        if statement is None or statement.kind != "expression_statement":
            text = "the assignment's value is used, and the helper gives none"
            return UseReason(kind, "unhandled-form", text_of(parent), text)
        return _unhandled(kind, parent)

    def _test(self, kind: str, test: Node) -> UseReason:
        left, right = test.children[0], test.children[-1]
        mask = right if words_of(left) is None else left
        if (why := self.mask(kind, mask)) is not None:
            return why
        if self._comment_inside(mask):
            return _comment_inside(kind)
        _, parent = climb(test)
        compared = parent is not None and parent.kind == "binary_expression"
        if parent is not None and compared and any(map(is_none, _sides(parent))):
            return _unhandled(kind, test)
        if not is_tested(test, self._types, self._truth):
            if parent is not None and compared and parent.children[1].text in _COMPARISONS:
                return self._compared(kind, climb(test)[0], parent)
            whole = _of_bits(test)
            if whole is not test and is_tested(whole, self._types, self._truth):
                return _untested(kind, whole)
            holder = _holder(test)
            return UseReason(kind, "word-used-as-int", holder, _by_value(holder))
        return _unhandled(kind, test)

    def _compared(self, kind: str, node: Node, comparison: Node) -> UseReason:
        left, right = _sides(comparison)
        subject = text_of(bare(right if node is left else left))
        return UseReason(
            kind, "compared-with", subject, f"the masked word is compared with {subject}"
        )

    def _comment_inside(self, mask: Node) -> bool:
        """Whether a comment in `mask` belongs to no flag that anybody can name."""
        words = words_of(mask)
        return words is not None and comments_after(words, mask, self._types.unit.text) is None

    def mask(self, kind: str, mask: Node) -> UseReason | None:
        """Return why a mask cannot become bits, or None where it can."""
        words = words_of(mask)
        if words is None:
            subject = text_of(mask)
            if self._is_constant(mask):
                text = f"no helper takes {subject}"
                return UseReason(kind, "unhandled-form", subject, text)
            return _variable(kind, text_of(bare(mask)))
        for word in words:
            name = (word.text or b"").decode(errors="replace")
            found = self._site.resolve(word, self._types.unit.text)
            if isinstance(found, Refused):
                return _refused(kind, name, found)
        return None

    def _is_constant(self, mask: Node) -> bool:
        """Whether a mask is made of flags and numbers alone, whatever the operators."""
        return all(
            leaf.kind != "identifier"
            or not isinstance(self._site.resolve(leaf, self._types.unit.text), Refused)
            for leaf in mask.leaves()
        )

    def _flow(self, kind: str, node: Node, parent: Node) -> UseReason:
        """Name where the word goes."""
        value = ""
        bits = True
        while parent.kind in ("binary_expression", "conditional_expression"):
            bits = bits and parent.children[1].text in _BITWISE
            value = f"{text_of(parent)} is "
            node, above = climb(parent)
            if above is None:
                break
            parent = above
        if parent.kind == "argument_list" and parent.parent is not None:
            function = text_of(parent.parent.children[0])
            if function == "READ_ONCE":
                text = "read once, which needs a variable: a helper that tests the VMA reads it plainly"
                return UseReason(kind, "read-once", function, text)
            text = f"{value}passed to {function}(), whose parameter is a word"
            if is_printed(node, parent):
                text = f"{value}printed by {function}() as a word"
            return UseReason(kind, "argument", f"{function}()", text)
        if parent.kind in ("init_declarator", "assignment_expression", "initializer_pair"):
            target = text_of(parent.children[0])
            return UseReason(
                kind, "copied-to", target, f"{value}copied to {target}, which is a word"
            )
        if parent.kind == "unary_expression" and parent.children[0].text == b"&":
            text = "somebody may write through the pointer"
            pointer, holder = climb(parent)
            if holder is not None and holder.parent is not None and is_printed(pointer, holder):
                text = (
                    f"printed by {text_of(holder.parent.children[0])}(), which reads a word there"
                )
            return UseReason(kind, "address-taken", text_of(parent), text)
        if bits and is_tested(node, self._types, self._truth):
            return _untested(kind, node)
        text = f"used as a word in {_short(parent)}"
        return UseReason(kind, "word-used-as-int", _short(parent), text)


def _comment_inside(kind: str) -> UseReason:
    text = "a comment ends a line inside the expression: nobody can say to which flag it belongs"
    return UseReason(kind, "comment-inside", "", text)


def _refused(kind: str, name: str, found: Refused) -> UseReason:
    if found.code == "not-a-flag":
        if name.startswith("VM_"):
            text = f"{name} is no VMA flag of this tree's headers"
            return UseReason(kind, "unknown-flag", name, text)
        if name.isupper():
            return UseReason(kind, "variable-flags", name, f"{name} is not a flag's name")
        return _variable(kind, name)
    code = "mask-without-bitmap" if found.code == "no-mask" else "config-dependent-flag"
    return UseReason(kind, code, name, found.reason)


def _variable(kind: str, name: str) -> UseReason:
    text = f"the flags in {name} are known only at run time"
    return UseReason(kind, "variable-flags", name, text)


def _untested(kind: str, node: Node) -> UseReason:
    subject = text_of(node)
    return UseReason(kind, "unhandled-form", subject, f"no helper tests {subject}")


def _by_value(holder: str) -> str:
    if holder == "switch":
        return "the switch tells values of the masked word apart, not only whether it is zero"
    return f"{holder} takes the masked word itself, not only whether it is zero"


def _of_bits(node: Node) -> Node:
    """Return the largest expression of `&`, `|` and `^` alone that `node` is an operand in."""
    while True:
        above, parent = climb(node)
        if parent is None or parent.kind != "binary_expression":
            return above
        if parent.children[1].text not in _BITWISE:
            return above
        node = parent


def is_printed(argument: Node, arguments: Node) -> bool:
    """Whether an argument stands behind a format: a string with a `%` in a call's list."""
    for one in arguments.children:
        if one.start >= argument.start:
            return False
        if any(leaf.text and b'"' in leaf.text and b"%" in leaf.text for leaf in one.leaves()):
            return True
    return False


def _unhandled(kind: str, node: Node) -> UseReason:
    return UseReason(kind, "unhandled-form", _short(node), "no rule covers this form")


def _complements(node: Node) -> list[Node] | None:
    """Return the masks of `~F`, or of `~F & ~G`; None if the value is anything else."""
    node = bare(node)
    if node.kind == "unary_expression" and node.children[0].text == b"~":
        return [node.children[-1]]
    if node.kind == "binary_expression" and node.children[1].text == b"&":
        left, right = _complements(node.children[0]), _complements(node.children[-1])
        return None if left is None or right is None else left + right
    return None


def _holder(test: Node) -> str:
    node, parent = climb(test)
    while parent is not None and parent.kind in ("binary_expression", "conditional_expression"):
        node, parent = climb(parent)
    if parent is None:
        return "the surrounding code"
    if parent.kind == "preproc_def":
        return f"the macro {text_of(parent.children[1])}"
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
