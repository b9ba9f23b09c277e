# SPDX-License-Identifier: GPL-2.0-only
"""Blocks are parsed whatever else goes on in the process."""

from __future__ import annotations

import ast
import gc

from vmaconv.cocci.script import block_compiler


def _late(phase: str, _info: dict[str, int]) -> None:
    """Parse something while garbage is collected, as a destructor does whose traceback is written."""

    def deep(levels: int) -> ast.Module:
        return deep(levels - 1) if levels else ast.parse("(((1)))")

    if phase == "start":
        deep(20)


def test_garbage_that_parses_something_itself_does_no_harm() -> None:
    code = "f(g(h(1, 2, [3, 4, {5: 6}])))\n" * 5
    before = gc.get_threshold()
    gc.callbacks.append(_late)
    gc.set_threshold(1)
    try:
        for _ in range(20):
            assert len(block_compiler.parse(code, "a.cocci", 1).body) == 5
    finally:
        gc.set_threshold(*before)
        gc.callbacks.remove(_late)
    assert gc.isenabled()
