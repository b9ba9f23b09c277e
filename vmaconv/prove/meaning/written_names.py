# SPDX-License-Identifier: GPL-2.0-only
"""Names that statements declare and write, as their text says.

In: statements of one side, and where macros count, the facts of that side. Out: sets of names of
locals. What the locals hold is left to `statement_run`.
"""

from __future__ import annotations

from collections.abc import Sequence

from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.declared import declared
from vmaconv.prove.meaning.helper_calls import arguments_of
from vmaconv.prove.meaning.interpreter import Interpreter

_ASSIGNING = frozenset({"assignment_expression", "update_expression"})


def written_by_macros(run: Interpreter, node: Node) -> set[str]:
    """Return the names that a stretch hands to macros which write them: `swap(a, b)`."""
    found: set[str] = set()
    for inner in node.walk():
        if inner.kind == "call_expression" and inner.children[0].kind == "identifier":
            name = (inner.children[0].text or b"").decode(errors="replace")
            given = arguments_of(inner)
            positions = run.facts.written_by(name)
            found |= {
                (given[i].text or b"").decode(errors="replace") for i in positions if i < len(given)
            }
    return found


def declared_in(nodes: Sequence[Node]) -> set[str]:
    """Return the locals that statements declare."""
    return {
        one.name.decode(errors="replace")
        for node in nodes
        for inner in node.walk()
        if inner.kind == "declaration"
        for one in declared(inner)
    }


def constant_locals(run: Interpreter, nodes: Sequence[Node]) -> set[str]:
    """Return the locals that a body declares with what they hold from then on.

    They are `const`, or have one declaration, and nothing else writes them.
    """
    found: set[str] = set()
    given: set[str] = set()
    names: list[str] = []
    for inner in (inner for node in nodes for inner in node.walk() if inner.kind == "declaration"):
        names += (one.name.decode(errors="replace") for one in declared(inner))
        is_const = any(
            c.kind == "type_qualifier" and c.tokens() == [b"const"] for c in inner.children
        )
        for one in inner.children:
            if one.kind == "init_declarator" and one.children[0].kind == "identifier":
                name = (one.children[0].text or b"").decode(errors="replace")
                found |= {name} if is_const else set()
                given.add(name)
    written = {n for node in nodes for n in assigned_in(node) | written_by_macros(run, node)}
    return found | {name for name in given - written if names.count(name) == 1}


def written_locals(node: Node) -> set[str]:
    """Return the names that a stretch declares, assigns to, or takes the address of."""
    return assigned_in(node) | declared_in([node])


def assigned_in(node: Node) -> set[str]:
    """Return the names that a stretch assigns to, or takes the address of."""
    found: set[str] = set()
    for inner in node.walk():
        target: Node | None = None
        if inner.kind in _ASSIGNING:
            target = next((c for c in inner.children if c.kind not in ("++", "--")), None)
        elif inner.kind == "unary_expression" and inner.children[0].kind == "&":
            target = inner.children[1]
        elif inner.kind == "gnu_asm_expression":
            # Which operands it writes, its constraints say: "+r".
            names = [leaf for leaf in inner.leaves() if leaf.kind == "identifier"]
            found.update((leaf.text or b"").decode(errors="replace") for leaf in names)
        elif inner.kind == "iterator_statement":
            # What an iterator steps is among its arguments; which one, only its macro says.
            names = [a for a in inner.children[1].children if a.kind == "identifier"]
            found.update((a.text or b"").decode(errors="replace") for a in names)
        while target is not None and target.kind in (
            "field_expression",
            "parenthesized_expression",
            "subscript_expression",
        ):
            if target.kind == "field_expression" and target.children[1].kind == "->":
                target = None
                break
            index = 1 if target.kind == "parenthesized_expression" else 0
            target = target.children[index]
        if target is not None and target.kind == "identifier":
            found.add((target.text or b"").decode(errors="replace"))
    return found
