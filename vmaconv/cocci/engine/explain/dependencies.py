# SPDX-License-Identifier: GPL-2.0-only
"""Why what a rule depends on does not hold.

In: a dependency and the rules that matched. Out: a sentence.
"""

from __future__ import annotations

from collections.abc import Collection

from vmaconv.cocci.engine.environment import holds
from vmaconv.cocci.smpl.depends import (
    Dependency,
    DependsAll,
    DependsAny,
    DependsNot,
    DependsOn,
    DependsOnFile,
)


def unmet(dependency: Dependency | None, matched: Collection[str], virtual: Collection[str]) -> str:
    """Say in words why a dependency does not hold."""
    match dependency:
        case DependsOn(rule=rule, mode="never"):
            return f"rule {rule} matched"
        case DependsOn(rule=rule) if rule in virtual:
            return f"the virtual rule {rule} is off: give -D {rule}"
        case DependsOn(rule=rule):
            return f"rule {rule} did not match"
        case DependsOnFile(directory=directory):
            return f"the file is not in {directory}"
        case DependsNot(part=DependsOn(rule=rule)) if rule in virtual:
            return f"the virtual rule {rule} is on"
        case DependsNot(part=DependsOn(rule=rule)):
            return f"rule {rule} matched"
        case DependsAll(parts=parts) | DependsAny(parts=parts):
            failing = [p for p in parts if not holds(p, matched, matched)]
            word = " and " if isinstance(dependency, DependsAny) else "; "
            return word.join(unmet(part, matched, virtual) for part in failing or parts)
        case DependsNot():
            return "what must not hold does"
    return "what it depends on does not hold"
