# SPDX-License-Identifier: GPL-2.0-only
"""Identifiers that a rule makes up: `fresh identifier y = x ## "_new";`.

In: the metavariable and what a match has bound. Out: the name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmaconv.cocci.match.attempt.value import Bindings
from vmaconv.cocci.smpl.rule import CodeRule, Metavariable

if TYPE_CHECKING:
    from vmaconv.cocci.engine.script_rules import Scripts


def fresh_name(
    meta: Metavariable,
    rule: CodeRule,
    bindings: Bindings,
    scripts: Scripts | None,
    counts: dict[str, int],
) -> str | None:
    """Return the name that a fresh identifier's seed gives, or None where something is missing.

    A seed that is a mere text gets a number, so that each name is new; `counts` keeps them. Without
    a seed, where spatch asks the user, the name is the metavariable's own.
    """
    owners = {other.name: other.rule or "" for other in rule.metavariables}
    if not meta.seed:
        return meta.name
    if any(kind == "script" for kind, _ in meta.seed):
        return scripts.fresh(meta, bindings) if scripts is not None else None
    if all(kind == "text" for kind, _ in meta.seed):
        stem = "".join(text for _, text in meta.seed)
        number = counts.get(stem, 0)
        counts[stem] = number + 1
        return f"{stem}{number}"
    parts: list[str] = []
    for kind, text in meta.seed:
        if kind == "text":
            parts.append(text)
            continue
        owner, dot, name = text.rpartition(".")
        known = bindings.get((owner if dot else owners.get(name, ""), name))
        if known is None:
            return None
        parts.append(known.key.decode(errors="replace"))
    return "".join(parts)
