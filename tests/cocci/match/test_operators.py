# SPDX-License-Identifier: GPL-2.0-only
"""The table of the logic's operators."""

from __future__ import annotations

from vmaconv.cocci.match.ctl.operator_table import BARE, OPERATORS
from vmaconv.cocci.match.graph import formula
from vmaconv.cocci.match.graph.formula import Formula


def test_each_formula_has_an_operator_of_its_own() -> None:
    kinds = {one for one in vars(formula).values() if isinstance(one, type)}
    assert set(OPERATORS) == {k for k in kinds if issubclass(k, Formula)} - {Formula}
    assert len({type(operator) for operator in OPERATORS.values()}) == len(OPERATORS)
    assert set(OPERATORS) > BARE
