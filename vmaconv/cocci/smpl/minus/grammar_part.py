# SPDX-License-Identifier: GPL-2.0-only
"""What the parts of the minus slice's parser have in common: the grammar and its cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vmaconv.cocci.smpl.minus.grammar import Grammar


class GrammarPart:
    """Reads one kind of construct; asks `grammar` for the others."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self.cursor = grammar.cursor
