# SPDX-License-Identifier: GPL-2.0-only
"""Identifiers that a rule makes up: `fresh identifier y = x ## "_new";`.

In: a rule and a match of it. Out: the match with the names bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from vmaconv.cocci.match.attempt.value import Bindings, BoundValue, text_value
from vmaconv.cocci.match.search import Match
from vmaconv.cocci.smpl.mentions import Name, in_seed
from vmaconv.cocci.smpl.rule import CodeRule, Metavariable

if TYPE_CHECKING:
    from vmaconv.cocci.engine.script_rules import Scripts


class FreshNames(Struct):
    """Makes names up over one file: those of a mere text get numbers, which go on from rule to rule."""

    scripts: Scripts | None
    _counts: dict[str, int] = field(default_factory=dict)

    def named(self, rule: CodeRule, match: Match) -> Match:
        """Return a match with the identifiers that the rule makes up.

        Where a nest binds anew what one is made of, so is the name.
        """
        made = [meta for meta in rule.metavariables if meta.kind == "fresh identifier"]
        if not made:
            return match
        bindings, trail = self._bound(rule, made, match.bindings), match.trail
        if any(taken.own for taken in trail):
            trail = tuple(
                replace(t, own={**t.own, **self._again(rule, made, bindings, t.own)})
                if t.own
                else t
                for t in trail
            )
        return replace(match, bindings=bindings, trail=trail)

    def _bound(
        self, rule: CodeRule, made: Sequence[Metavariable], bindings: Mapping[Name, BoundValue]
    ) -> dict[Name, BoundValue]:
        found = dict(bindings)
        for meta in made:
            name = fresh_name(meta, rule, found, self.scripts, self._counts)
            if name is not None:
                found[("", meta.name)] = text_value(name.encode())
        return found

    def _again(
        self,
        rule: CodeRule,
        made: Sequence[Metavariable],
        bindings: Mapping[Name, BoundValue],
        own: Mapping[Name, BoundValue],
    ) -> dict[Name, BoundValue]:
        """Return the names that have to be made anew for what `own` says."""
        again = [meta for meta in made if any(name in own for name in in_seed(meta))]
        named = self._bound(rule, again, {**bindings, **own})
        return {
            ("", meta.name): named[("", meta.name)] for meta in again if ("", meta.name) in named
        }


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
