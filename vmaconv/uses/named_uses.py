# SPDX-License-Identifier: GPL-2.0-only
"""Each mention of functions and types that a rule file's account names, beside the member.

In: a unit, and names (`vm_flags_set`, `vm_flags_t`). Out: `NameMention`s: calls, declarations of the
functions themselves, and places where a type stands, each with what it is the type of. The mentions
are found in the text, so that none is missing where it does not parse; the tree says what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from vmaconv.cocci.text.trivia import blank_out
from vmaconv.cocci.tree.node import Node, bare
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.declared import declared, function_name
from vmaconv.uses.member_uses import (
    Member,
    function_of,
    in_trace_event,
    leaf_at,
    owner_of,
    token_in_line,
)
from vmaconv.uses.reasons import TRACE_EVENT, Explainer, UseReason, text_of


class AccountedNames(Struct, frozen=True):
    """What an account is kept of beside a member: functions that are called, and types."""

    functions: frozenset[bytes] = frozenset()
    types: frozenset[bytes] = frozenset()

    def held_in(self, text: bytes) -> AccountedNames:
        """Return those of the names that stand in a text, as parts of longer ones, too."""
        return AccountedNames(
            frozenset([name for name in self.functions if name in text]),
            frozenset([name for name in self.types if name in text]),
        )

    def pattern(self, text: bytes) -> re.Pattern[bytes] | None:
        """Return what finds a mention in `text`, comments and strings included; None: there is none."""
        names = sorted(name for name in self.functions | self.types if name in text)
        return _whole_words(tuple(names)) if names else None

    def stand_in(self, text: bytes) -> bool:
        """Whether there is a mention in `text`, comments and strings included."""
        pattern = self.pattern(text)
        return pattern is not None and pattern.search(text) is not None


@lru_cache(maxsize=256)
def _whole_words(names: tuple[bytes, ...]) -> re.Pattern[bytes]:
    # Ways that begin with a byte of their own are searched for fast.
    words = [re.escape(name) for name in names]
    return re.compile(b"|".join(rb"%s(?<!\w%s)(?!\w)" % (word, word) for word in words))


class NameMention(Struct, frozen=True):
    """A place where a name stands: `offset` in bytes, `line` from 1; `node` its token, if known.

    `in_event` says that it stands in a trace event.
    """

    offset: int
    line: int
    name: bytes
    node: Node | None
    in_event: bool


def mentions(unit: Unit, names: AccountedNames) -> Iterator[NameMention]:
    """Yield where the names stand in a file, in order, outside comments and strings."""
    pattern = names.pattern(unit.text)
    if pattern is None or pattern.search(unit.text) is None:
        return
    for chunk in unit.chunks:
        if pattern.search(unit.text, chunk.start, chunk.end) is None:
            continue
        for found in pattern.finditer(blank_out(chunk.text, strings=True)):
            offset = chunk.start + found.start()
            leaf = leaf_at(chunk, offset) or token_in_line(unit, offset)
            in_event = in_trace_event(unit.text, offset)
            yield NameMention(offset, unit.line(offset), found.group(), leaf, in_event)


class NamedExplainer:
    """Says what a mention is, and why it was left."""

    def __init__(self, names: AccountedNames, explainer: Explainer, member: Member) -> None:
        """`member` is the one that the account is kept of."""
        self._names = names
        self._explainer = explainer
        self._member = member

    def explain(self, mention: NameMention) -> UseReason:
        """Return the kind of a mention and what holds it back."""
        name = mention.name.decode()
        if mention.in_event:
            return TRACE_EVENT
        if mention.node is None:
            kind = "type" if mention.name in self._names.types else "call"
            text = "in a macro's body, or in text that does not parse"
            return UseReason(kind, "unparsed", name, text)
        if mention.name in self._names.types:
            return _of_type(mention.node, name)
        call = mention.node.parent
        if call is None or call.kind != "call_expression" or call.children[0] is not mention.node:
            text = _named(mention.node, f"{name}()")
            return UseReason("declaration", "helper", f"{name}()", text)
        return self._of_call(call, name)

    def _of_call(self, call: Node, name: str) -> UseReason:
        arguments = [c for c in call.children[-1].children if c.text not in (b"(", b")", b",")]
        masks = arguments[1:] if name.startswith(("vm_flags_", "__vm_flags_")) else []
        for mask in masks:
            if (why := self._explainer.mask("call", mask)) is not None:
                return why
        if masks and arguments[0].kind != "identifier":
            vma = text_of(arguments[0])
            text = f"{vma} would be evaluated twice, to lock it and to change it"
            return UseReason("call", "unhandled-form", vma, text)
        held = ", ".join(map(text_of, arguments))
        text = f"no rule covers {name}({held})"
        if not masks and arguments:
            word = bare(arguments[-1])
            text = f"{name}() takes {text_of(word)} as a word"
            if self._is_member(word):
                text = f"no counterpart of {name}() for a bitmap is known"
        return UseReason("call", "unhandled-form", f"{name}()", text)

    def _is_member(self, node: Node) -> bool:
        """Whether an expression is the account's member of a struct."""
        if node.kind != "field_expression" or node.children[-1].text != self._member.name:
            return False
        return owner_of(node.children[-1], self._explainer.types) == self._member.struct


def _named(leaf: Node, name: str) -> str:
    """Say what a place that names a function, and does not call it, does with it."""
    for node in leaf.ancestors():
        match node.kind:
            case "function_definition" if function_name(node) is leaf:
                return f"defines {name}, which takes a word"
            case "function_definition" | "compound_statement":
                break
            case "preproc_def" | "preproc_function_def" if node.children[1] is leaf:
                return f"defines {name}, which takes a word"
            case "declaration" if (leaf.parent or leaf).kind == "function_declarator":
                return f"declares {name}, which takes a word"
            case "argument_list" | "parameter_list" if _is_export(node):
                return f"exports {name}, which takes a word"
    return f"names {name} without calling it"


def _is_export(arguments: Node) -> bool:
    words = arguments.parent.tokens() if arguments.parent is not None else []
    return any(word.startswith(b"EXPORT_SYMBOL") for word in words[:2])


def _of_type(leaf: Node, name: str) -> UseReason:
    """Say what a type is the type of."""
    for node in leaf.ancestors():
        match node.kind:
            case "parameter_declaration":
                function = _function_of(node)
                what = f"a parameter of {function}()" if function else "a parameter"
                return UseReason("type", "parameter", f"{function}()", f"{what} is a {name}")
            case "field_declaration":
                tag = _tag_of(node)
                return UseReason(
                    "type", "member", tag, f"a member of {tag or 'a struct'} is a {name}"
                )
            case "type_definition":
                return UseReason("type", "helper", name, f"{name} itself")
            case "function_definition":
                function = function_of(leaf) or _name(node)
                return UseReason(
                    "type", "result", f"{function}()", f"{function}() returns a {name}"
                )
            case "declaration":
                inside = function_of(node)
                text = f"a variable of {inside}() is a {name}"
                if not inside:
                    text = f"{_declared(node)} is a {name}"
                return UseReason("type", "variable", f"{inside}()" if inside else name, text)
            case "cast_expression" | "sizeof_expression":
                return UseReason("type", "word-used-as-int", text_of(node), f"a cast to {name}")
    return UseReason("type", "unhandled-form", name, f"{name} in {text_of(leaf.parent or leaf)}")


def _tag_of(field: Node) -> str:
    """Return the struct that a member belongs to, past unions and structs without a name."""
    for node in field.ancestors():
        if node.kind in ("struct_specifier", "union_specifier"):
            words = node.tokens()[:2]
            if re.fullmatch(rb"\w+", words[-1]):
                return b" ".join(words).decode(errors="replace")
    return ""


def _function_of(parameter: Node) -> str:
    declarator = parameter.enclosing("function_declarator")
    if declarator is None:
        return ""
    words = [t for t in declarator.children[0].tokens() if re.fullmatch(rb"\w+", t)]
    return words[-1].decode(errors="replace") if words else ""


def _declared(declaration: Node) -> str:
    """Return the names that a declaration declares, or what stands for it."""
    names = [one.name for one in declared(declaration)]
    return b", ".join(names).decode(errors="replace") or text_of(declaration)


def _name(function: Node) -> str:
    name = function_name(function)
    return (name.text or b"").decode(errors="replace") if name is not None else ""
