# SPDX-License-Identifier: GPL-2.0-only
"""The operators of the logic: a row each, which says how formulas are decided that have it.

In: nothing. Out: `OPERATORS`. What the formulas mean is said in `graph.formula`.
"""

from __future__ import annotations

from vmaconv.cocci.match.ctl.connectives import (
    AndOperator,
    FirstOperator,
    NeedsOperator,
    NotOperator,
    OrOperator,
    QuietOperator,
    SomeOperator,
    SwitchedOperator,
)
from vmaconv.cocci.match.ctl.operator import (
    Operator,
)
from vmaconv.cocci.match.ctl.path_operators import (
    BeforeAllOperator,
    BeforeSomeOperator,
    EverywhereOperator,
    HenceforthOperator,
    HithertoOperator,
    NextAllOperator,
    NextSomeOperator,
    UntilAllOperator,
    UntilSomeOperator,
)
from vmaconv.cocci.match.ctl.point_operators import (
    AlwaysOperator,
    AtomOperator,
    BraceOperator,
    CopiedOperator,
    EscapingOperator,
    JumpOperator,
    KindOperator,
    LabelOperator,
    MarkedOperator,
    NeverOperator,
    WithinOperator,
)
from vmaconv.cocci.match.graph.formula import (
    Always,
    And,
    Atom,
    BeforeAll,
    BeforeSome,
    Brace,
    Copied,
    Escaping,
    Everywhere,
    First,
    Formula,
    Henceforth,
    Hitherto,
    JumpFrom,
    LabelIs,
    Marked,
    Needs,
    Never,
    NextAll,
    NextSome,
    Not,
    Or,
    Points,
    Quiet,
    Some,
    Switched,
    UntilAll,
    UntilSome,
    Within,
)

OPERATORS: dict[type[Formula], Operator] = {
    Always: AlwaysOperator(),
    And: AndOperator(),
    Atom: AtomOperator(),
    BeforeAll: BeforeAllOperator(),
    BeforeSome: BeforeSomeOperator(),
    Brace: BraceOperator(),
    Copied: CopiedOperator(),
    Escaping: EscapingOperator(),
    Everywhere: EverywhereOperator(),
    First: FirstOperator(),
    Henceforth: HenceforthOperator(),
    Hitherto: HithertoOperator(),
    JumpFrom: JumpOperator(),
    LabelIs: LabelOperator(),
    Marked: MarkedOperator(),
    Needs: NeedsOperator(),
    Never: NeverOperator(),
    NextAll: NextAllOperator(),
    NextSome: NextSomeOperator(),
    Not: NotOperator(),
    Or: OrOperator(),
    Points: KindOperator(),
    Quiet: QuietOperator(),
    Some: SomeOperator(),
    Switched: SwitchedOperator(),
    UntilAll: UntilAllOperator(),
    UntilSome: UntilSomeOperator(),
    Within: WithinOperator(),
}

BARE: frozenset[type[Formula]] = frozenset(
    {Always, Brace, Copied, Escaping, JumpFrom, LabelIs, Marked, Never, Points, Within}
)
"""Formulas that are decided by looking at the point alone."""
