# SPDX-License-Identifier: GPL-2.0-only
"""What the checks of a series came to, as sentences for its cover letter.

In: results of builds and of checkpatch. Out: sentences, of which those that speak of a fault are
for reviewers to know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from vmaconv.counting import counted
from vmaconv.series.checks.build import Fate, PatchBuilt
from vmaconv.series.checks.checkpatch import Checked, ComplaintLevel

_NAMED = 5
"""Most objects, or kinds of complaint, that a sentence names."""


class CheckResult(Struct, frozen=True):
    """`checked` says what was done and found, `notes` what is wrong."""

    checked: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def of_builds(how: str, built: Sequence[PatchBuilt]) -> CheckResult:
    """Return which objects were compiled after each patch; `how` names configuration and compiler."""
    fates = Counter(one.fate for patch in built for one in patch.objects)
    never = sorted(
        {o.path for patch in built for o in patch.objects if o.fate is Fate.NEVER_COMPILED}
    )
    objects = {o.path for patch in built for o in patch.objects} - set(never)
    broken = sum(patch.broken for patch in built)
    verdict = (
        f"{counted(broken, 'patch', 'patches')} broke some" if broken else "no patch broke one"
    )
    what = (
        f"After each patch, on top of those before it, what it touches was compiled ({how}): "
        f"{counted(len(objects), 'object')}, {counted(fates[Fate.COMPILED], 'time')} in all; "
        f"{verdict}."
    )
    checked = [what]
    if never:
        checked.append(f"Not compiled, since that configuration does not: {_some(never)}.")
    notes = [
        f'"{patch.subject}" does not build: {one.path}: {one.first_error()}'
        for patch in built
        for one in patch.objects
        if one.fate is Fate.BROKEN
    ]
    return CheckResult(tuple(checked), tuple(notes))


def of_checkpatch(found: Sequence[Checked]) -> CheckResult:
    """Return what checkpatch.pl found in all patches, and the kinds of its complaints."""
    failures = [one for one in found if one.failure]
    if failures:
        return CheckResult((), (f"Not checked by checkpatch.pl: {failures[0].failure}",))
    counts = ", ".join(
        counted(sum(one.count(level) for one in found), level.value.lower())
        for level in ComplaintLevel
    )
    kinds = Counter(finding.kind for one in found for finding in one.findings)
    named = _some([f"{kind} ({number})" for kind, number in kinds.most_common()])
    patches = counted(len(found), "patch", "patches")
    end = f": {named}" if named else ""
    return CheckResult((f"checkpatch.pl --strict on {patches}: {counts}{end}.",))


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
