# SPDX-License-Identifier: GPL-2.0-only
"""Which operations a hook gives its VMA.

In: the value that a function assigns to `vma->vm_ops`. Out: the members that any of the structs it
may name sets (`open`, `close`, `mapped`), or None where it cannot be told: the value comes out of a
call or a member, the struct has no initialiser in sight, a macro that was not found makes its members,
or it is changed at run time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vmaconv.cocci.text.c_lexer import lex
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import blank_out
from vmaconv.cocci.tree.node import Node
from vmaconv.hooks.hook_bodies import Bodies, FunctionBody
from vmaconv.migrate.facts.local_names import local_declaration, uses_of
from vmaconv.migrate.facts.sources import Sources

_STRUCT = rb"\bstruct\s+vm_operations_struct\s+(?:(?:const|__\w+)\s+)*"
_ITEM = late_regex(rb"(?:\[[^\]]*\]\s*=\s*)?\.\s*(\w+)\s*=")

_DEEPEST = 4
"""Names (of locals, of macros) that are followed one after the other."""


class Operations:
    """Looks up the operations of VMAs."""

    def __init__(self, sources: Sources, bodies: Bodies) -> None:
        self._sources = sources
        self._bodies = bodies

    def of_value(self, body: FunctionBody, value: Node, depth: int = 0) -> frozenset[str] | None:
        """Return the members that the value of an assignment may set; None where that is open."""
        node = _plain(value)
        if depth > _DEEPEST:
            return None
        if node.kind == "conditional_expression":
            arms = [c for c in node.children[1:] if c.text not in (b"?", b":")]
            return _all(self.of_value(body, arm, depth) for arm in arms)
        if node.kind == "unary_expression" and node.children[0].text == b"&":
            node = _plain(node.children[-1])
            if node.kind == "subscript_expression":
                node = _plain(node.children[0])
        if node.kind == "identifier" and local_declaration(node) is not None:
            values = list(_values(body, node))
            return _all(self.of_value(body, v, depth + 1) for v in values) if values else None
        return self._of_name(body.path, node.tokens(), depth)

    def _of_name(self, path: str, tokens: list[bytes], depth: int) -> frozenset[str] | None:
        """Return the members of the struct that an expression at file level names."""
        words = [t for t in tokens if t not in (b"(", b")", b"&")]
        if words in ([b"NULL"], [b"0"]):
            return frozenset()
        if len(words) != 1 or not re.fullmatch(rb"[A-Za-z_]\w*", words[0]) or depth > _DEEPEST:
            return None
        for file in (path, *self._sources.includes(path)):
            found = self._in_file(file, words[0])
            if not isinstance(found, _Absent):
                return found
        _, macros = self._bodies.find(path, words[0])
        if macros:
            texts = [re.findall(rb"\w+|[^\w\s]", macro.text) for macro in macros]
            return _all(self._of_name(path, text, depth + 1) for text in texts)
        for file in self._sources.mentioning(words[0]):
            found = self._in_file(file, words[0])
            if not isinstance(found, _Absent):
                return found
        return None

    def _in_file(self, path: str, name: bytes) -> frozenset[str] | None | _Absent:
        """Return the members of the struct `name` as a file defines it."""
        text = self._sources.unit(path).text
        if name not in text:
            return _ABSENT
        text = blank_out(lex(text).base, strings=True)
        head = re.compile(
            rb"(?P<before>^[\w \t]*)"
            + _STRUCT
            + re.escape(name)
            + rb"\s*(?:\[[^\]]*\])?\s*(?P<by>=\s*\{|;)",
            re.M,
        )
        members: frozenset[str] | None = frozenset()
        found = False
        for match in head.finditer(text):
            if b"extern" in match["before"]:
                continue
            found = True
            if match["by"] != b";":
                members = _all((members, self._of_items(path, _braces(text, match.end()))))
            if b"const" not in match["before"] and not _is_only_given(text, name):
                members = None
        if not found:
            return _ABSENT
        return _all((members, _assigned(text, name)))

    def _of_items(self, path: str, items: bytes) -> frozenset[str] | None:
        members: set[str] = set()
        for item in re.split(rb"[,{}]", items):
            if not item.strip():
                continue
            match = _ITEM.match(item.strip())
            if match is not None:
                members.add(match[1].decode())
                continue
            if re.fullmatch(rb"\s*(?:\[[^\]]*\]\s*=)?\s*", item):
                continue
            _, macros = self._bodies.find(path, item.strip())
            if not macros:
                return None
            members |= {
                m.decode() for macro in macros for m in re.findall(rb"\.\s*(\w+)\s*=", macro.text)
            }
        return frozenset(members)


class _Absent:
    """A file that does not define a struct."""


_ABSENT = _Absent()


def _all(
    parts: Iterator[frozenset[str] | None] | tuple[frozenset[str] | None, ...],
) -> frozenset[str] | None:
    members: set[str] = set()
    for part in parts:
        if part is None:
            return None
        members |= part
    return frozenset(members)


def _plain(node: Node) -> Node:
    while True:
        if node.kind == "parenthesized_expression" and len(node.children) == 3:
            node = node.children[1]
        elif node.kind == "cast_expression":
            node = node.children[-1]
        else:
            return node


def _values(body: FunctionBody, name: Node) -> Iterator[Node]:
    """Yield what a local is set to, anywhere in its function."""
    found = local_declaration(name)
    if found is None:
        return
    for child in found.node.children:
        if child.kind == "init_declarator" and found.leaf in list(child.children[0].leaves()):
            yield child.children[-1]
    for use in uses_of(found, body.node):
        parent = use.parent
        if (
            parent is not None
            and parent.kind == "assignment_expression"
            and parent.children[0] is use
        ):
            yield parent.children[-1]


def _braces(text: bytes, start: int) -> bytes:
    """Return the text from behind an opening brace to its closing one."""
    depth = 1
    for match in re.compile(rb"[{}]").finditer(text, start):
        depth += 1 if match[0] == b"{" else -1
        if not depth:
            return text[start : match.start()]
    return text[start:]


def _assigned(text: bytes, name: bytes) -> frozenset[str]:
    """Return the members that code assigns to."""
    pattern = rb"\b" + re.escape(name) + rb"\s*(?:\[[^\]]*\]\s*)?\.\s*(\w+)\s*=(?!=)"
    return frozenset(m.decode() for m in re.findall(pattern, text))


def _is_only_given(text: bytes, name: bytes) -> bool:
    """Whether nothing but assignments of its address, or to its members, name a struct that is not
    const: what is handed out may be changed there."""
    word = re.escape(name)
    allowed = re.compile(
        _STRUCT
        + word
        + rb"\b|=\s*\(?\s*&\s*"
        + word
        + rb"\b|\b"
        + word
        + rb"\s*(?:\[[^\]]*\]\s*)?\.\s*\w+"
    )
    return len(re.findall(rb"\b" + word + rb"\b", text)) == sum(1 for _ in allowed.finditer(text))
