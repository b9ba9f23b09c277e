# SPDX-License-Identifier: GPL-2.0-only
"""What a commit message says of a decision: in words of the kernel's, and of nothing else."""

from __future__ import annotations

import pytest

from vmaconv.migrate.decide.trial import Action, Phase, PlanDecision
from vmaconv.migrate.plan_wording import note


@pytest.mark.parametrize(
    ("action", "subject", "name", "why", "wanted"),
    [
        (
            Action.MIGRATE,
            "f(2)",
            "vma_flags",
            "takes x in g()",
            "Argument 2 of f() becomes vma_flags_t, named vma_flags: g() passes x.",
        ),
        (
            Action.MIGRATE,
            "g:flags",
            "",
            "takes made(x) in g()",
            "flags of g() becomes vma_flags_t: it takes made(x).",
        ),
        (Action.MIGRATE, "made()", "", "is a vm_flags_t so far", "made() returns vma_flags_t."),
        (
            Action.BRIDGE,
            "flags",
            "legacy_to_vma_flags",
            "made() returns what has the word (mm/a.c:3)",
            "flags goes through legacy_to_vma_flags(): made() returns what has the old type.",
        ),
    ],
)
def test_a_decision_in_a_message(
    action: Action, subject: str, name: str, why: str, wanted: str
) -> None:
    assert note(PlanDecision(action, subject, Phase.HELPERS, name, why), "vma_flags_t") == wanted
