# SPDX-License-Identifier: GPL-2.0-only
"""The checks that `vmaconv series` makes of its patches, before they are written.

In: a `Series`. Out: the same with what was found in its letters; the details on stderr.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from vmaconv.cli.echo import echo
from vmaconv.series.assemble import Series, with_checks
from vmaconv.series.checks.build import Fate, KernelBuild, PatchBuilt, export_tree
from vmaconv.series.checks.checkpatch import ComplaintLevel, check_patches
from vmaconv.series.checks.verdicts import of_builds, of_checkpatch
from vmaconv.series.render import render_series


def checkpatched(series: Series) -> Series:
    """Run the tree's checkpatch.pl on each patch."""
    rows = []
    found = list(check_patches(series.surroundings.tree, render_series(series)))
    for checked in found:
        if checked.failure:
            rows.append((checked.name, checked.failure))
            continue
        counts = ", ".join(
            f"{checked.count(level)} {level.value.lower()}s" for level in ComplaintLevel
        )
        rows.append((checked.name, counts))
        rows += [("", f"{f.path}:{f.line}: {f.kind}: {f.text}") for f in checked.findings]
    _rows("checkpatch --strict", rows)
    verdict = of_checkpatch(found)
    return with_checks(series, verdict.checked, verdict.notes)


def built(series: Series, config: str, jobs: int) -> tuple[Series, bool]:
    """Compile what each patch touches; True if one of them breaks something."""
    around = series.surroundings
    with tempfile.TemporaryDirectory(prefix="vmaconv-build-") as folder:
        source = Path(folder) / "source"
        export_tree(around.tree, around.repository, source)
        builder = KernelBuild(source, Path(folder) / "objects", config, jobs)
        builder.configure()
        how = builder.described()
        found = list(builder.build_each(series.patches))
    _rows(f"build ({how})", [row for one in found for row in _built_rows(one)])
    verdict = of_builds(how, found)
    return with_checks(series, verdict.checked, verdict.notes), any(one.broken for one in found)


def _built_rows(one: PatchBuilt) -> list[tuple[str, str]]:
    verdict = "BROKEN" if one.broken else "builds"
    rows = [(one.subject, f"{verdict}, {len(one.objects)} objects")]
    for made in one.objects:
        why = f": {made.first_error()}" if made.fate is Fate.BROKEN else ""
        rows.append(("", f"{made.path}: {made.fate.value}{why}"))
    return rows


def _rows(title: str, rows: Sequence[tuple[str, str]]) -> None:
    width = max((len(name) for name, _ in rows), default=0)
    echo(f"{title}:", err=True)
    for name, text in rows:
        echo(f"  {name:{width}}  {text}".rstrip(), err=True)
