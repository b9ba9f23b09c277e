# SPDX-License-Identifier: GPL-2.0-only
"""Rules about declarations that add statements, which only a function may have.

In: a rule. Out: whether declarations at file level are none of its business: `T x = E; + use(x);` would
put a call there. A macro's name in capitals may be a declarer that the rule did not declare.
"""

from __future__ import annotations

from collections.abc import Sequence

from vmaconv.cocci.smpl.kinds import TYPE_WORDS
from vmaconv.cocci.smpl.rule import CodeRule, PlusToken, PNode

_STATEMENT_WORDS = frozenset(
    {"break", "continue", "do", "for", "goto", "if", "return", "switch", "while"}
)
_GOES_ON = frozenset(
    [
        "(",
        "=",
        "->",
        ".",
        "[",
        "++",
        "--",
        "+=",
        "-=",
        "*=",
        "/=",
        "%=",
        "&=",
        "|=",
        "^=",
        "<<=",
        ">>=",
    ]
)
_DECLARERS = frozenset({"declarer", "declarer name"})
_DECLARATION_WORDS = frozenset(
    [
        "__attribute__",
        "__typeof__",
        "_Alignas",
        "_Static_assert",
        "asm",
        "__asm__",
        "static_assert",
        "typeof",
    ]
)
_NO_STATEMENT = frozenset(
    {"declaration", "declarer", "declarer name", "field", "field list", "type", "typedef"}
)


def adds_statements(rule: CodeRule) -> bool:
    """Return whether a rule is about whole declarations alone, and adds statements to them."""
    parts = [c for c in rule.pattern.children if isinstance(c, PNode)]
    if rule.pattern.kind != "sequence" or not parts or any(p.kind != "declaration" for p in parts):
        return False
    declarers = frozenset(m.name for m in rule.metavariables if m.kind in _DECLARERS)
    return any(
        _is_statement(tokens) and tokens[0].text not in declarers | _DECLARATION_WORDS
        for block in rule.plus
        if not block.has_directive
        for tokens in _statements(block.code)
    )


def _statements(tokens: Sequence[PlusToken]) -> list[list[PlusToken]]:
    """Cut plus code behind each `;` and block outside of brackets."""
    found: list[list[PlusToken]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
        found[-1].append(token)
        if depth == 0 and token.text == ";":
            found.append([])
    return [row for row in found if row and row[-1].text == ";"]


def _is_statement(tokens: Sequence[PlusToken]) -> bool:
    first = tokens[0]
    kind = first.metavariable.kind if first.metavariable is not None else ""
    if kind in _NO_STATEMENT or first.text.isupper():
        return False
    if first.text in _STATEMENT_WORDS or kind in ("statement", "statement list"):
        return True
    if first.text in TYPE_WORDS or _is_pointer_to_function(tokens[1:]):
        return False
    return len(tokens) > 1 and tokens[1].text in _GOES_ON and first.kind in ("name", "meta")


def _is_pointer_to_function(tokens: Sequence[PlusToken]) -> bool:
    """Whether code goes on as `(*name)(` behind what would then be a type."""
    texts = [token.text for token in tokens[:5]]
    return texts[:2] == ["(", "*"] and texts[3:] == [")", "("]
