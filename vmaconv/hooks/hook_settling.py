# SPDX-License-Identifier: GPL-2.0-only
"""All candidates together: what one changes may be what somebody else needs as it is.

In: candidates that can change by themselves. Out: their reasons, where others need a handler or a helper
as it is; a driver's own helper that others call, too, gets a twin for a descriptor instead, or takes the
bounds of a VMA, where that is the smaller change.
"""

from __future__ import annotations

import re

from vmaconv.hooks.hook import HookReason
from vmaconv.hooks.hook_judging import Candidate, Judged
from vmaconv.hooks.hook_mentions import Mentions, NamedFunction
from vmaconv.hooks.hook_names import twin_name
from vmaconv.hooks.hook_reasons import first
from vmaconv.hooks.hook_scalars import Scalars, scalars_of
from vmaconv.migrate.facts.sources import Sources

_SHARED = frozenset({"helper-shared", "other-struct", "called-by-name"})
"""Reasons that say that others need a helper."""


class Settling:
    """Settles who changes."""

    def __init__(self, sources: Sources, mentions: Mentions) -> None:
        self._sources = sources
        self._mentions = mentions

    def settle(self, candidates: list[Candidate]) -> None:
        """Drop the candidates whose functions somebody else needs as they are, until none is."""
        while True:
            good = [c for c in candidates if c.reason is None]
            # One that stays in an arm still calls what it called.
            callers = {name for c in good if not c.is_kept for name in c.changing()}
            changed = False
            for candidate in good:
                reasons = []
                for judged in candidate.functions:
                    found = self._needed(candidate, judged, callers)
                    if candidate.is_kept:
                        reasons += [found] if found is not None else []
                    elif found is not None and self._can_be_shared(candidate, judged, found):
                        changed = True
                    elif found is not None:
                        reasons.append(found)
                candidate.reason = first(reasons)
                changed = changed or candidate.reason is not None
            if not changed:
                return

    def _needed(
        self, candidate: Candidate, judged: Judged, callers: set[NamedFunction]
    ) -> HookReason | None:
        """Return why a function cannot change: who else needs it as it is."""
        if candidate.is_kept:
            callers = candidate.names()
        elif judged.is_shared():
            return None
        is_hook = judged.function == candidate.handler
        found = self._mentions.against(judged.function, callers, is_hook)
        return first([self._sharper(reason, judged.function) for reason in found])

    def _can_be_shared(self, candidate: Candidate, judged: Judged, reason: HookReason) -> bool:
        """Give a helper that others need what lets it stay: scalars, or a twin; whether one will do."""
        judged.scalars = self._scalars(candidate, judged, reason)
        if judged.scalars is None:
            judged.has_twin = self._can_have_twin(candidate, judged, reason)
        return judged.is_shared()

    def _scalars(self, candidate: Candidate, judged: Judged, reason: HookReason) -> Scalars | None:
        """Return the scalars that a helper of one file may be given by all who call it."""
        function = judged.function
        if reason.code != "helper-shared" or not function.file or len(judged.verdicts) != 1:
            return None
        bodies = [
            verdict.body.node
            for one in candidate.functions
            for verdict in one.verdicts
            if one is not judged and verdict.body.path == function.file
        ]
        mentions = list(self._mentions.all(function))
        unit = self._sources.unit(function.file)
        return scalars_of(unit, judged.verdicts[0], mentions, bodies)

    def _can_have_twin(self, candidate: Candidate, judged: Judged, reason: HookReason) -> bool:
        """Whether a helper that others need may get a twin: one of the driver's own, defined once,
        that is no operation of the VMA."""
        if judged.function == candidate.handler or reason.code not in _SHARED:
            return False
        folders = {site.path.rpartition("/")[0] for site in candidate.sites}
        paths = {verdict.body.path for verdict in judged.verdicts}
        twin = re.compile(rb"\b" + twin_name(judged.function.name) + rb"\b")
        taken = any(twin.search(self._sources.unit(path).text) for path in paths)
        is_own = {path.rpartition("/")[0] for path in paths} <= folders
        return len(judged.verdicts) == 1 and is_own and not taken

    def _sharper(self, reason: HookReason, function: NamedFunction) -> HookReason:
        """Say that a helper is an operation of the VMA, where it is."""
        unit = self._sources.unit(reason.place.path)
        start, end = unit.line_range(reason.place.line)
        line = unit.text[start:end]
        if re.search(rb"\.\s*(?:open|close|mapped)\s*=\s*" + re.escape(function.name), line):
            name = function.name.decode()
            text = (
                f"{name}() is the VMA's own operation: what it does for a new mapping is mapped()'s"
            )
            return HookReason("vm-ops", name, text, reason.place)
        return reason
