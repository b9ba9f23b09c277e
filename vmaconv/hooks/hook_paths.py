# SPDX-License-Identifier: GPL-2.0-only
"""What may happen together, and what stands behind what, in a function's statements.

In: a function's nodes. Out: the most mapping calls on any path, the statements that run behind one,
whether a lock may be held at one. Where gotos make it hard to tell, the answer errs on the side of
more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from vmaconv.cocci.tree.node import STATEMENTS, Node

LOOPS = ("for_statement", "while_statement", "do_statement", "iterator_statement")
_ENDS = ("return_statement", "goto_statement")

Count = Callable[[Node], int]
"""How many mappings a call expression makes."""


class _Paths(Struct, frozen=True):
    """The most calls on a path through: `on` to what follows (None: never there), `out` of a
    `break`, and `most` on any."""

    on: int | None
    most: int
    out: int | None = None


def most_on_a_path(function: Node, count: Count) -> int:
    """Return the most mapping calls that one run of a function may make; a loop counts twice."""
    body = function.children[-1]
    gotos = any(n.kind == "goto_statement" for n in body.walk())
    total = _calls(body, count)
    labels = [n for n in body.walk() if n.kind in ("label", "labeled_statement")]
    behind = any(_calls_from(body, label.start, count) for label in labels)
    if gotos and behind:
        return total
    return _of(body, count).most


def _calls(node: Node, count: Count) -> int:
    return sum(count(n) for n in node.walk() if n.kind == "call_expression")


def _calls_from(body: Node, start: int, count: Count) -> int:
    return sum(count(n) for n in body.walk() if n.kind == "call_expression" and n.start >= start)


def _larger(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else max(one, other)


def _of(node: Node, count: Count) -> _Paths:
    match node.kind:
        case "compound_statement":
            return _sequence(node.children, count)
        case "if_statement":
            return _choice(node, count)
        case "switch_statement":
            return _switch(node, count)
        case "break_statement":
            return _Paths(None, 0, 0)
        case "iterator_statement" if _is_guard(node):
            return _of(node.children[-1], count)
        case _ if node.kind in LOOPS:
            inside = 2 * _calls(node, count)
            return _Paths(inside, inside)
        case _ if node.kind in _ENDS:
            return _Paths(None, _calls(node, count))
        case _:
            calls = _calls(node, count)
            return _Paths(calls, calls)


def _sequence(nodes: Sequence[Node], count: Count) -> _Paths:
    on: int | None = 0
    most, so_far = 0, 0
    out: int | None = None
    for node in nodes:
        if node.kind in ("case_label", "label"):
            # Reached from elsewhere: a case with nothing done yet, or what ran into it.
            on = _larger(on, 0)
            continue
        found = _of(node, count)
        before = on if on is not None else 0
        most = max(most, before + found.most)
        so_far = max(so_far, before + found.most)
        if found.out is not None:
            out = _larger(out, before + found.out)
        on = None if on is None or found.on is None else on + found.on
    return _Paths(on, max(most, so_far), out)


def _choice(node: Node, count: Count) -> _Paths:
    head = 0
    branches: list[_Paths] = []
    has_else = False
    for child in node.children:
        if child.kind in STATEMENTS:
            branches.append(_of(child, count))
        elif child.text == b"else":
            has_else = True
        else:
            head += _calls(child, count)
    on: int | None = None if has_else else head
    out: int | None = None
    most = head
    for one in branches:
        most = max(most, head + one.most)
        on = _larger(on, None if one.on is None else head + one.on)
        out = _larger(out, None if one.out is None else head + one.out)
    return _Paths(on, most, out)


def _switch(node: Node, count: Count) -> _Paths:
    found = _of(node.children[-1], count)
    head = sum(_calls(c, count) for c in node.children[:-1])
    on = _larger(_larger(found.on, found.out), 0)
    return _Paths(None if on is None else on + head, found.most + head)


# What runs behind.


def statement_of(node: Node) -> Node:
    """Return the statement (or declaration) that an expression stands in."""
    current = node
    while current.parent is not None and current.kind not in (*STATEMENTS, "declaration"):
        current = current.parent
    return current


def _is_guard(node: Node) -> bool:
    return node.kind == "iterator_statement" and b"guard" in (node.children[0].text or b"")


def behind(node: Node) -> Iterator[Node]:
    """Yield the statements that may run after the one that `node` stands in, outermost last.

    They end at a `return`, a `break` ends those of a `switch`; a `goto` goes on at its label.
    """
    statement = statement_of(node)
    if statement.kind == "return_statement":
        return
    if statement.kind == "if_statement":
        # The call is in the condition: both branches come behind it.
        yield from (c for c in statement.children if c.kind in STATEMENTS)
    current = statement
    while (parent := current.parent) is not None and current.kind != "function_definition":
        if parent.kind == "compound_statement":
            index = next(i for i, c in enumerate(parent.children) if c is current)
            for later in parent.children[index + 1 :]:
                if later.kind == "break_statement":
                    break
                if later.kind in (*STATEMENTS, "declaration"):
                    yield later
                if later.kind == "goto_statement":
                    yield from _from_label(later)
                if later.kind in _ENDS:
                    return
        current = parent


def _from_label(goto: Node) -> Iterator[Node]:
    function = goto.enclosing("function_definition")
    name = next((c.text for c in goto.children if c.kind == "identifier"), None)
    if function is None:
        return
    for node in function.walk():
        if node.kind in ("label", "labeled_statement") and node.children[0].text == name:
            yield node
            parent = node.parent
            if parent is not None:
                index = next(i for i, c in enumerate(parent.children) if c is node)
                yield from parent.children[index + 1 :]


def ends(statement: Node) -> bool:
    """Whether a statement never runs on into the next one."""
    if statement.kind in _ENDS:
        return True
    if statement.kind == "compound_statement":
        last = next((c for c in reversed(statement.children) if c.kind in STATEMENTS), None)
        return last is not None and ends(last)
    return False
