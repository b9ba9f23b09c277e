# SPDX-License-Identifier: GPL-2.0-only
"""How the tests of the SmPL parser write trees.

`(kind child ...)` is an inner node, a leaf is its text. Before it stands its mark (`-` or `*`), `$`
for a metavariable, `~` for dots; after it `@p` for what is attached and `{...}` for each `when`.
"""

from __future__ import annotations

from vmaconv.cocci.smpl.parse import parse_text
from vmaconv.cocci.smpl.rule import CodeRule, PlusBlock, PNode, SmplError, TokenMark, When
from vmaconv.cocci.tree.node import Node

_MARKS = {TokenMark.CONTEXT: "", TokenMark.MINUS: "-", TokenMark.STAR: "*"}


def written(node: Node) -> str:
    """Return a pattern in the tests' notation."""
    assert isinstance(node, PNode)
    after = "".join(f"@{variable.name}" for variable in node.attached)
    after += "".join(_when(when) for when in node.whens)
    if node.text is not None:
        prefix = "$" if node.metavariable is not None else "~" if node.kind == "dots" else ""
        return _MARKS[node.mark] + prefix + node.text.decode() + after
    strict = "+" if node.strict else ""
    children = "".join(" " + written(child) for child in node.children)
    return f"({node.kind}{strict}{after}{children})"


def _when(when: When) -> str:
    return "{" + when.kind + (f" {written(when.pattern)}" if when.pattern is not None else "") + "}"


def rule(text: str) -> CodeRule:
    """Parse a rule file and return its last rule, which has code."""
    last = parse_text(text, "t.cocci").rules[-1]
    assert isinstance(last, CodeRule)
    return last


def pattern(declarations: str, body: str) -> str:
    """Return the pattern of a rule with these declarations and this body."""
    return written(rule(f"@@\n{declarations}\n@@\n{body}\n").pattern)


def error(text: str) -> SmplError:
    """Return the error of a rule file that has one."""
    try:
        parse_text(text, "t.cocci")
    except SmplError as found:
        return found
    raise AssertionError("no error")


def plus(block: PlusBlock) -> tuple[list[str], str | None, str | None]:
    """Return a plus block's lines and neighbours."""
    before = written(block.before) if block.before is not None else None
    after = written(block.after) if block.after is not None else None
    return [line.text.strip() for line in block.lines], before, after
