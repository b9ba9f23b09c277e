# SPDX-License-Identifier: GPL-2.0-only
"""Code as a reason shows it: on one line, with the blanks that a person would write."""

from __future__ import annotations

import pytest

from vmaconv.cocci.tree.unit import Unit
from vmaconv.uses.reasons import text_of

SHOWN = [
    "a && b->c & (VM_READ | VM_WRITE)",
    "a && &b",
    "f(&a[1], ~b | c->d)",
    "a & -b",
    "!a || *b",
]


@pytest.mark.parametrize("code", SHOWN)
def test_code_is_shown_as_written(code: str) -> None:
    text = "void f(void)\n{\n\tx = " + code.replace(" ", "\n\t") + ";\n}\n"
    chunks = Unit("a.c", text.encode()).chunks
    (node,) = (
        n
        for chunk in chunks
        for item in chunk.items()
        for n in item.walk()
        if n.kind == "assignment_expression"
    )
    assert text_of(node.children[-1]) == code
