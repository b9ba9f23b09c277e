# SPDX-License-Identifier: GPL-2.0-only
"""Likely mistakes in a rule, for warnings.

In: a rule's text and the pattern. Out: warnings: a mark that is not in column 0 and so is C's minus or
plus; a metavariable of another rule that is not declared here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from vmaconv.cocci.smpl.rule import CodeRule, Metavariable, PNode, SmplError
from vmaconv.cocci.smpl.rule_lexer import Text
from vmaconv.cocci.text.late_regex import late_regex

_INDENTED_MARK = late_regex(r"[ \t]+([-+*])[ \t]")


def check_habits(
    text: Text,
    rule: CodeRule,
    rules: Mapping[str, Mapping[str, Metavariable]],
    body: tuple[int, int, int],
) -> Iterator[SmplError]:
    """Yield warnings about a rule whose body begins at a line and column and ends with a line."""
    yield from _indented_marks(text, rule, *body)
    yield from _inherited_in_code(text, rule, rules)


def _indented_marks(
    text: Text, rule: CodeRule, first: int, column: int, last: int
) -> Iterator[SmplError]:
    if rule.changes or rule.star:
        return
    for line in range(first, min(last, len(text.lines)) + 1):
        match = _INDENTED_MARK.match(text.lines[line - 1], column if line == first else 0)
        if match is not None:
            yield text.error(
                "mark-not-in-column-0",
                line,
                match.start(1),
                f"this `{match[1]}` is C's, since it does not begin the line",
                "begin the line with it to mark the code",
            )


def _inherited_in_code(
    text: Text, rule: CodeRule, rules: Mapping[str, Mapping[str, Metavariable]]
) -> Iterator[SmplError]:
    for node in rule.pattern.walk():
        if node.kind != "field_expression" or len(node.children) != 3:
            continue
        owner, dot, name = node.children
        if dot.text != b"." or not isinstance(owner, PNode) or owner.place is None:
            continue
        if owner.metavariable is not None or owner.text is None or name.text is None:
            continue
        found = rules.get(owner.text.decode(errors="replace"), {})
        inherited = found.get(name.text.decode(errors="replace"))
        if inherited is not None:
            shown = f"{owner.text.decode()}.{inherited.name}"
            yield text.error(
                "inherited-in-code",
                owner.place.line,
                owner.place.column,
                f"{shown} is C's member {inherited.name} here, not the metavariable of that rule",
                f"declare `{inherited.kind} {shown};` and write {inherited.name}",
            )
