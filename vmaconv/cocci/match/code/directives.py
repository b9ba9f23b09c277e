# SPDX-License-Identifier: GPL-2.0-only
"""Preprocessor lines as nodes, and the C code in macros.

In: a unit's `#include`, `#define`, `#undef` and `#pragma` lines, which its trees lack. Out: nodes
of the shapes that patterns have for them: `preproc_include` (leaf, file), `preproc_def` (leaf,
name, `preproc_params`, body), `preproc_undef`, `preproc_pragma` (leaf, words). A macro's body is
read as the first of an expression, statements, a type or an initialiser that it can be; statements
are a `macro_body`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from vmaconv.cocci.shim.mask import prepare
from vmaconv.cocci.text.c_lexer import Directive
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import behind_blanks, pieces
from vmaconv.cocci.tree.node import Node, leaf, make
from vmaconv.cocci.tree.node_builder import NodeBuilder, parse
from vmaconv.cocci.tree.unit import Unit

_NAME = late_regex(rb"[A-Za-z_]\w*")
_FILE = late_regex(rb"<[^>\n]*>|\"[^\"\n]*\"|[A-Za-z_]\w*")
_HEAD = late_regex(rb"\s*#\s*(?:\\\r?\n\s*)?(\w+)")
_PARAMETER = late_regex(rb"\.\.\.|[A-Za-z_]\w*|[(),]")
_JOINED = late_regex(rb"\\(?=\r?\n)")

LINES = frozenset({"preproc_include", "preproc_def", "preproc_undef", "preproc_pragma"})
"""Kinds of node that are preprocessor lines."""

_READINGS: tuple[tuple[bytes, bytes, str], ...] = (
    (b"void f(void){(", b");}", "parenthesized_expression"),
    (b"void f(void){", b"}", "compound_statement"),
    (b"void f(void){", b";}", "compound_statement"),
    (b"int f=(", b")0;", "cast_expression"),
    (b"int f[]=", b";", "init_declarator"),
)
_TYPES = frozenset(
    {
        "enum_specifier",
        "primitive_type",
        "sized_type_specifier",
        "struct_specifier",
        "union_specifier",
    }
)


def line_of(directive: Directive, unit: Unit) -> Node | None:
    """Return a preprocessor line as a node, or None for one that patterns do not have.

    Macros that are defined within braces are left out, as Coccinelle does not see them.
    """
    if directive.kind not in _MAKERS:
        return None
    if directive.kind in ("define", "undef") and _in_braces(directive, unit):
        return None
    return _MAKERS[directive.kind](directive, unit)


def line_at(unit: Unit, offset: int) -> Node | None:
    """Return the preprocessor line that holds byte `offset`, or None where there is none of a pattern's."""
    directive = unit.directive_at(offset)
    return line_of(directive, unit) if directive is not None else None


def lines(unit: Unit, wanted: Callable[[int, int], bool]) -> Iterator[Node]:
    """Yield the preprocessor lines of a unit whose byte range `wanted` accepts, as nodes."""
    for directive in unit.directives:
        if wanted(directive.start, directive.end):
            node = line_of(directive, unit)
            if node is not None:
                yield node


def _in_braces(directive: Directive, unit: Unit) -> bool:
    """Whether a line stands in a function's body, or between other braces."""
    chunk = unit.chunk_at(directive.start)
    if unit.text.find(b"{", chunk.start, directive.start) < 0:
        return False
    return not any(start <= directive.start <= end for start, end in chunk.outside)


def _head(directive: Directive, unit: Unit) -> Node | None:
    match = _HEAD.match(unit.text, directive.start, directive.end)
    if match is None:
        return None
    text = b"#" + match[1]
    start = unit.text.index(b"#", match.start())
    return leaf(text.decode(errors="replace"), start, match.end(), text)


def _include(directive: Directive, unit: Unit) -> Node | None:
    head = _head(directive, unit)
    if head is None:
        return None
    start = behind_blanks(unit.text, head.end, directive.end)
    match = _FILE.match(unit.text, start, directive.end)
    if match is None:
        return None
    kinds = {b"<": "system_lib_string", b'"': "string_literal"}
    kind = kinds.get(match[0][:1], "identifier")
    file = leaf(kind, match.start(), match.end(), match[0])
    return make("preproc_include", head.start, file.end, [head, file])


def _undef(directive: Directive, unit: Unit) -> Node | None:
    head = _head(directive, unit)
    name = _name(head.end, directive.end, unit) if head is not None else None
    if head is None or name is None:
        return None
    return make("preproc_undef", head.start, name.end, [head, name])


def _name(start: int, end: int, unit: Unit) -> Node | None:
    match = _NAME.match(unit.text, behind_blanks(unit.text, start, end), end)
    return leaf("identifier", match.start(), match.end(), match[0]) if match else None


def _pragma(directive: Directive, unit: Unit) -> Node | None:
    head = _head(directive, unit)
    if head is None:
        return None
    words = [
        leaf(_kind(m.group()), m.start(), m.end(), m.group())
        for m in pieces(unit.text, head.end, directive.end)
    ]
    last = words[-1] if words else head
    return make("preproc_pragma", head.start, last.end, [head, *words])


def _kind(text: bytes) -> str:
    if text[:1].isdigit():
        return "number_literal"
    return "identifier" if text[:1].isalpha() or text[:1] == b"_" else text.decode(errors="replace")


def _define(directive: Directive, unit: Unit) -> Node | None:
    head = _head(directive, unit)
    name = _name(head.end, directive.end, unit) if head is not None else None
    if head is None or name is None:
        return None
    children = [head, name]
    at = name.end
    if unit.text[at : at + 1] == b"(":
        parameters = _parameters(at, directive.end, unit)
        if parameters is None:
            return None
        children.append(parameters)
        at = parameters.end
    start = behind_blanks(unit.text, at, directive.end)
    end = _end_of_code(unit.text, start, directive.end)
    if start < end:
        children.append(_body(start, end, unit))
    return make("preproc_def", head.start, max(end, children[-1].end), children)


def _end_of_code(text: bytes, start: int, end: int) -> int:
    """Return where the code between two offsets ends, trailing comments left out."""
    found = start
    for match in pieces(text, start, end):
        found = match.end()
    return found


def _parameters(start: int, end: int, unit: Unit) -> Node | None:
    children: list[Node] = []
    for match in _PARAMETER.finditer(unit.text, start, end):
        text = match.group()
        name = text[:1].isalpha() or text[:1] == b"_"
        children.append(
            leaf("identifier" if name else text.decode(), match.start(), match.end(), text)
        )
        if text == b")":
            return make("preproc_params", start, match.end(), children)
    return None


def _body(start: int, end: int, unit: Unit) -> Node:
    """Read the code of a macro; what cannot be read is one leaf of kind `preproc_arg`."""
    code = _JOINED.sub(b" ", unit.text[start:end])
    for before, after, kind in _READINGS:
        prepared = prepare(before + code + after, unit.names)
        tree = parse(prepared.masked[0])
        if tree.root_node.has_error:
            continue
        root = NodeBuilder(unit.text, prepared.marks, start - len(before)).build(tree.root_node)
        holder = next((n for n in root.walk() if n.kind == kind), None)
        found = _inside(holder, start, end) if holder is not None else None
        if found is not None:
            return found
    return leaf("preproc_arg", start, end, unit.text[start:end])


def _inside(holder: Node, start: int, end: int) -> Node | None:
    """Return what a reading has between the code that was put around the macro's body."""
    children = [c for c in holder.children if start <= c.start and c.end <= end]
    if holder.kind == "compound_statement":
        children = [
            c for c in holder.children if start <= c.start < end and c.kind != "empty_statement"
        ]
        if not children or (len(children) == 1 and children[0].kind in _TYPES):
            # `#define handle struct foo` is no declaration of nothing, but a type.
            return None
        return make("macro_body", start, end, children)
    if len(children) != 1:
        return None
    return children[0]


_MAKERS: dict[str, Callable[[Directive, Unit], Node | None]] = {
    "include": _include,
    "define": _define,
    "undef": _undef,
    "pragma": _pragma,
}
