# SPDX-License-Identifier: GPL-2.0-only
"""Decisions as sentences.

In: a decision of a plan. Out: a line for a person: what becomes of what, and the flow that forces it.
"""

from __future__ import annotations

import re

from vmaconv.migrate.decide.trial import Decision

_VERBS = {
    "migrate": "becomes",
    "narrow": "becomes a bool",
    "add twin": "gets a twin",
    "use twin": "has a twin",
    "add union": "gets a twin",
    "convert": "is converted back",
    "rename": "is renamed",
}


def decision_line(decision: Decision, new: str) -> str:
    """Return a line such as `f(2) becomes vma_flags_t: takes x in g() (mm/a.c:3)`."""
    place = f" ({decision.place})" if decision.place is not None else ""
    return _sentence(decision, new) + place


def note(decision: Decision, new: str) -> str:
    """Return the same for a commit message: in words, and without a place, which does not last.

    `f(2) becomes vma_flags_t` is `argument 2 of f() becomes vma_flags_t` there.
    """
    text = _sentence(decision, new)
    text = re.sub(r"\b([\w.]+)\((\d+)\)", r"argument \2 of \1()", text)
    text = re.sub(r"\b(\w+):(\w+)\b", r"\2 of \1()", text)
    return re.sub(r"^argument", "Argument", text)


def _sentence(decision: Decision, new: str) -> str:
    where = f" in {decision.file}" if decision.file else ""
    verb = _VERBS.get(decision.action, decision.action)
    what = f" {new}" if decision.action == "migrate" else ""
    name = f" {decision.name}" if decision.name else ""
    return f"{decision.subject}{where} {verb}{what}{name}: {decision.why}"
