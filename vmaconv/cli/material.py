# SPDX-License-Identifier: GPL-2.0-only
"""A run as the material of a review, for the commands that show one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from msgspec.structs import replace

from vmaconv.convert.conversion import ConversionRun
from vmaconv.flags.table.flag_table import read_flag_table
from vmaconv.review.material.passages import Material, gather
from vmaconv.series.people.maintainers import read_maintainers, subsystem
from vmaconv.series.series_error import MaintainersUnreadable


def material_of(
    result: ConversionRun,
    groups: Sequence[Sequence[str]] = (),
    notes: Mapping[str, Sequence[str]] | None = None,
) -> Material:
    """Put together what a report or a review shows.

    `groups` are paths that must land together, `notes` what a person should know of a file. A tree
    without MAINTAINERS has no subsystems.
    """
    try:
        maintainers = read_maintainers(result.tree)
    except MaintainersUnreadable:
        maintainers = None
    warnings = [*result.warnings, *([result.nothing] if result.nothing else [])]

    @cache
    def subsystem_of(path: str) -> str:
        return "" if maintainers is None else subsystem(maintainers, path)

    material = gather(
        result.tree,
        result.outcomes,
        read_flag_table(result.tree),
        generation=result.generation,
        warnings=warnings,
        subsystem_of=subsystem_of,
        groups=groups,
    )
    if not notes:
        return material
    files = (
        replace(file, notes=(*notes.get(file.change.path, ()), *file.notes))
        for file in material.files
    )
    return replace(material, files=tuple(files))
