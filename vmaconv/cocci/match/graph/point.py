# SPDX-License-Identifier: GPL-2.0-only
"""The points of a control-flow graph.

In: nothing; these are plain values. Out: `Point` and `PointKind`. What leads to what is in `cfg`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from vmaconv.cocci.tree.node import Node

Label = tuple[int, ...]
"""Where a point stands: the numbers of the statements around it, outermost first, its own last."""


class PointKind(StrEnum):
    """What a point of the graph is."""

    TOP = "top"
    FUNCTION = "function"
    """The head of the function."""
    OPEN = "{"
    CLOSE = "}"
    STATEMENT = "statement"
    """An expression statement, a declaration, or anything else without a body of its own."""
    IF = "if"
    ELSE = "else"
    WHILE = "while"
    FOR = "for"
    ITERATOR = "iterator"
    DO = "do"
    DO_TAIL = "do while"
    """`while (...);` at the end of a `do`."""
    SWITCH = "switch"
    CASE = "case"
    DEFAULT = "default"
    LABEL = "label"
    GOTO = "goto"
    BREAK = "break"
    CONTINUE = "continue"
    RETURN = "return"
    TRUE = "[then]"
    FALSE = "[else]"
    FALL = "[fall through]"
    """The way past an `if` without else, a switch without default, or out of a do loop."""
    IN_LOOP = "[in loop]"
    LOOP_END = "[loop end]"
    """The way out of a loop whose condition is false."""
    AFTER = "[after]"
    GOTO_AFTER = "[after goto]"
    """An `after` whose block always leaves by a goto."""
    END = "[end]"
    """The end of a compound statement other than braces."""
    CONDITIONAL = "[#if]"
    CONDITIONAL_ELSE = "[#else]"
    CONDITIONAL_END = "[#endif]"
    EXIT = "[exit]"
    ERROR_EXIT = "[error exit]"
    """Where a return below an `if` without else leads."""
    DEAD = "[dead]"
    """The predecessor of code that nothing leads to."""


STATEMENT_OF: Mapping[PointKind, str] = {
    PointKind.BREAK: "break_statement",
    PointKind.CASE: "case_label",
    PointKind.CONTINUE: "continue_statement",
    PointKind.DEFAULT: "case_label",
    PointKind.DO: "do_statement",
    PointKind.DO_TAIL: "do_statement",
    PointKind.ELSE: "if_statement",
    PointKind.FOR: "for_statement",
    PointKind.GOTO: "goto_statement",
    PointKind.IF: "if_statement",
    PointKind.ITERATOR: "iterator_statement",
    PointKind.RETURN: "return_statement",
    PointKind.SWITCH: "switch_statement",
    PointKind.WHILE: "while_statement",
}
"""The kind of node that each point of a kind belongs to, where there is only one such kind."""


class Point(Struct):
    """One point of the graph.

    `node` is the statement that the point belongs to, `parts` are those of its tokens that it owns
    (`if ( cond )` of an if statement; the brace of a block).
    """

    kind: PointKind
    label: Label
    node: Node | None = None
    parts: tuple[Node, ...] = ()
    brace: int = 0
    """For braces: which pair."""
    target: Label = ()
    """For break and continue: the label of the loop or switch that it belongs to."""
    copied: bool = False
    """Whether this is a brace or `#endif` that a jump passes on its way out."""
    escapes: bool = False
    """For the beginning of a then branch: whether control never reaches the branch's end."""
