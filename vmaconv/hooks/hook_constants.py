# SPDX-License-Identifier: GPL-2.0-only
"""Constants that a function is called with, and what they leave of it.

In: a call, a definition and the constants that its parameters stand for. Out: the constants that the
call passes on, and the arms of `switch` that none of them reaches. `set_flag(inode, FLAG)` does what it
does for FLAG, not what it would do for another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node
from vmaconv.hooks.hook_paths import ends
from vmaconv.migrate.facts.local_names import argument_nodes, local_declaration

Constants: TypeAlias = tuple[tuple[int, str], ...]
"""Parameters (from 0), each with the constant that it stands for."""

_NAME = late_regex(r"[A-Z][A-Z0-9_]*")


def constant_of(node: Node, bound: Mapping[bytes, str]) -> str:
    """Return the constant that an expression is, itself or as a parameter; empty for another."""
    if node.kind == "number_literal":
        return (node.text or b"").decode(errors="replace")
    if node.kind != "identifier" or node.text is None:
        return ""
    text = node.text.decode(errors="replace")
    if local_declaration(node) is not None:
        return bound.get(node.text, "")
    return text if _NAME.fullmatch(text) else ""


def passed(call: Node, bound: Mapping[bytes, str]) -> Constants:
    """Return the named constants among a call's arguments."""
    found = ((i, constant_of(a, bound)) for i, a in enumerate(argument_nodes(call)))
    return tuple((i, text) for i, text in found if _NAME.fullmatch(text))


def is_sensitive(text: bytes) -> bool:
    """Whether what a function does may depend on a constant: it chooses, or is short enough to do
    nothing but hand it on."""
    return b"switch" in text or len(text) < 400


def unreached(function: Node, bound: Mapping[bytes, str]) -> Iterator[tuple[int, int]]:
    """Yield the ranges of statements in a `switch` that no constant reaches."""
    for node in function.walk() if bound else ():
        if node.kind != "switch_statement":
            continue
        name = next((c for c in node.children[1:] if c.kind == "identifier"), None)
        value = bound.get(name.text or b"", "") if name is not None else ""
        body = node.children[-1]
        labels = [_label(c) for c in body.children if c.kind == "case_label"]
        if not value or not all(one == "default" or _NAME.fullmatch(one) for one in labels):
            continue
        chosen = value if value in labels else "default"
        runs = False
        for child in body.children:
            if child.kind == "case_label":
                runs = runs or _label(child) == chosen
            elif child.text is None:
                if not runs:
                    yield child.start, child.end
                elif ends(child) or child.kind == "break_statement":
                    runs = False


def _label(label: Node) -> str:
    words = [(c.text or b"?").decode(errors="replace") for c in label.children]
    if words[0] == "default":
        return "default"
    return words[1] if len(words) == 3 else "?"
