# SPDX-License-Identifier: GPL-2.0-only
"""The further runs over files that scripts ask for.

In: `Iterate`s, as `Iteration().register()` leaves them. Out: the same, one at a time, in the order
in which spatch takes them up once a run has ended. `pool` does the runs.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from vmaconv.cocci.script.script_values import Iterate
from vmaconv.cocci.smpl.rule import RuleFile, ScriptRule

_ASKING = ("Iteration", "add_pending_instance")
"""What stands in a script that asks for further runs."""


class Iterations:
    """The runs that are to come.

    Those over files that a script named come first: in the order of registration where they name
    the same files as the run at the front, else the last registered first. Those over the files of
    the command line follow, the last registered first.
    """

    def __init__(self) -> None:
        self._named: list[Iterate] = []
        self._same: list[Iterate] = []

    def add(self, asked: Iterate, values: Mapping[str, str]) -> None:
        """Add a run; `values` are the virtual identifiers of the run in which it was asked for."""
        if asked.extend:
            kept = {**values, **dict(asked.virtual_identifiers)}
            asked = replace(asked, virtual_identifiers=tuple(kept.items()), extend=False)
        if asked.files is None:
            self._same.insert(0, asked)
            return
        index = 0
        while index < len(self._named) and self._named[index].files == asked.files:
            index += 1
        self._named.insert(index, asked)

    def take(self) -> Iterate | None:
        """Take the next run off, or None."""
        for runs in (self._named, self._same):
            if runs:
                return runs.pop(0)
        return None

    def __bool__(self) -> bool:
        return bool(self._named or self._same)


def may_iterate(file: RuleFile) -> bool:
    """Whether a script of a rule file may ask for a further run."""
    return any(
        isinstance(rule, ScriptRule) and any(word in rule.code for word in _ASKING)
        for rule in file.rules
    )
