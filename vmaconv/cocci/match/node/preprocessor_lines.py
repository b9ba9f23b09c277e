# SPDX-License-Identifier: GPL-2.0-only
"""Matching preprocessor lines.

In: a `preproc_include` or `preproc_pragma` of a pattern. Out: its matcher. `#include <linux/...>`
takes any file there; with plus code before it, only the first such line, with plus code after it,
the last, and none within a conditional, since the code is wanted once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from vmaconv.cocci.match.attempt.chain import in_order, take_all
from vmaconv.cocci.match.attempt.state import Matcher, MatchState, Then
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.match.node.metavariable import constrained
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.text.c_lexer import CONDITIONAL_KINDS
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Unit

Compile = Callable[[PNode], Matcher]


def compile_include(pattern: PNode, compile_pattern: Compile) -> Matcher:
    """Return the matcher of an `#include`."""
    head, file = _pnodes(pattern)
    inner = [compile_pattern(head), compile_pattern(file)]
    text = file.text or b""
    anything = file.kind == "dots" or b"..." in text
    if not anything:
        return _row("preproc_include", inner)
    prefix = text[: text.index(b"...")] if file.kind != "dots" else b""
    first, last = bool(head.plus_before), bool(file.plus_after)

    def match(node: Node, state: MatchState, then: Then) -> bool:
        if node.kind != "preproc_include":
            return False
        leaf = node.children[-1]
        if not (leaf.text or b"").startswith(prefix):
            return False
        if first or last:
            alike = [at for at, name in _files(state.unit) if name.startswith(prefix)]
            chosen = [*(alike[:1] if first else []), *(alike[-1:] if last else [])]
            if node.start not in chosen:
                return False
        pairs = [(head, node.children[0]), (file, leaf)]
        return take_all(pairs, state, then)

    return match


def _files(unit: Unit) -> Iterator[tuple[int, bytes]]:
    """Yield the includes that stand in no conditional: where, and what they name."""
    depth = 0
    for directive in unit.directives:
        if directive.kind in CONDITIONAL_KINDS:
            depth += {"if": 1, "ifdef": 1, "ifndef": 1, "endif": -1}.get(directive.kind, 0)
        elif directive.kind == "include" and depth == 0:
            words = unit.text[directive.start : directive.end].split(b"include", 1)
            yield directive.start, words[-1].strip()


def compile_pragma(pattern: PNode, compile_pattern: Compile) -> Matcher:
    """Return the matcher of a `#pragma`; dots and a `pragmainfo` take the rest of the line."""
    children = _pnodes(pattern)
    last = children[-1]
    meta = last.metavariable
    rest = last.kind == "dots" or (meta is not None and meta.kind == "pragmainfo")
    matchers = [compile_pattern(c) for c in (children[:-1] if rest else children)]
    if not rest:
        return _row("preproc_pragma", matchers)

    def match(node: Node, state: MatchState, then: Then) -> bool:
        if node.kind != "preproc_pragma":
            return False
        count = len(matchers)
        left = node.children[count:]
        start, end = (left[0].start, left[-1].end) if left else (node.end, node.end)

        def follow() -> bool:
            # Also where nothing is left: plus code may stand beside it.
            runs = [(start, end)]
            if meta is None:
                return state.take_runs(last, runs, then)
            text = state.unit.text[start:end]
            value = BoundValue(text, text)
            return constrained(meta, value, state) and state.bind(
                meta, value, lambda: state.take_runs(last, runs, then)
            )

        return in_order(matchers, node.children[:count], state, follow)

    return match


def compile_macro_body(pattern: PNode, compile_pattern: Compile) -> Matcher:
    """Return the matcher of a macro's statements. `do ... while (0)` may end without a `;` there, and
    then stands for one that does."""
    children = _pnodes(pattern)
    matchers = [compile_pattern(child) for child in children]
    last = children[-1]
    is_open = last.kind == "do_statement" and _pnodes(last)[-1].text != b";"
    inner = [compile_pattern(child) for child in _pnodes(last)] if is_open else []

    def match(node: Node, state: MatchState, then: Then) -> bool:
        if node.kind != "macro_body" or len(node.children) != len(matchers):
            return False
        found = node.children[-1]
        # The reader of macros has put a `;` behind the body.
        if is_open != (found.end > node.end):
            return False
        if not is_open:
            return in_order(matchers, node.children, state, then)
        if found.kind != "do_statement":
            return False
        parts = found.children[:-1]
        return in_order(
            matchers[:-1],
            node.children[:-1],
            state,
            lambda: in_order(inner, parts, state, then),
        )

    return match


def _row(kind: str, matchers: Sequence[Matcher]) -> Matcher:
    def match(node: Node, state: MatchState, then: Then) -> bool:
        return node.kind == kind and in_order(matchers, node.children, state, then)

    return match


def _pnodes(pattern: PNode) -> list[PNode]:
    return [c for c in pattern.children if isinstance(c, PNode)]
