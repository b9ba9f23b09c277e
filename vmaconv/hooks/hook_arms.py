# SPDX-License-Identifier: GPL-2.0-only
"""In which arms of which conditionals a place stands.

In: a file and offsets. Out: whether two places can be compiled together, and whether one is
for machines without an MMU.
"""

from __future__ import annotations

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.unit import Unit

_WITHOUT = late_regex(
    rb"#\s*ifndef\s+CONFIG_MMU\b|#\s*if\s+!\s*(?:defined\s*\(?\s*|IS_ENABLED\(\s*)CONFIG_MMU\b"
)
_WITH = late_regex(
    rb"#\s*ifdef\s+CONFIG_MMU\b|#\s*if\s+(?:defined\s*\(?\s*|IS_ENABLED\(\s*)CONFIG_MMU\b"
)


def arms_at(unit: Unit, offset: int) -> list[tuple[int, int, bytes]]:
    """Return the conditionals around a byte, outermost first: where each starts, the number of its
    arm, and its first line.
    """
    stack: list[tuple[int, int, bytes]] = []
    for directive in unit.directives:
        if directive.start > offset:
            break
        if directive.kind in ("if", "ifdef", "ifndef"):
            stack.append((directive.start, 0, unit.text[directive.start : directive.end]))
        elif directive.kind in ("else", "elif") and stack:
            start, arm, line = stack.pop()
            stack.append((start, arm + 1, line))
        elif directive.kind == "endif" and stack:
            stack.pop()
    return stack


def are_exclusive(unit: Unit, one: int, other: int) -> bool:
    """Whether two places stand in different arms of one conditional."""
    first = {start: arm for start, arm, _ in arms_at(unit, one)}
    return any(first.get(start, arm) != arm for start, arm, _ in arms_at(unit, other))


def is_without_mmu(unit: Unit, offset: int) -> bool:
    """Whether a place is compiled only without an MMU."""
    return any(
        _WITHOUT.match(line) and arm == 0 or _WITH.match(line) and arm > 0
        for _, arm, line in arms_at(unit, offset)
    )


def is_with_mmu(unit: Unit, offset: int) -> bool:
    """Whether a place is compiled only with an MMU."""
    return any(
        _WITH.match(line) and arm == 0 or _WITHOUT.match(line) and arm > 0
        for _, arm, line in arms_at(unit, offset)
    )
