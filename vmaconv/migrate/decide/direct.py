# SPDX-License-Identifier: GPL-2.0-only
"""The direct uses of a seed's member: those that the rules convert, and those that they leave.

In: the files that may use the member, and a program of rules. Out: for each file the rules'
edits, in the original text's offsets, and the uses that remain for the planner.
"""

from __future__ import annotations

from msgspec import Struct, field

from vmaconv.cocci.engine.file_result import FileResult
from vmaconv.cocci.engine.program import Program, compile_file
from vmaconv.cocci.engine.run import Runner
from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.cocci.rewrite.edit import Edit, Moves
from vmaconv.cocci.text.clock import FILE_LIMIT, Limit, TimedOut
from vmaconv.cocci.text.tree_error import too_slow
from vmaconv.migrate.facts.sources import Sources
from vmaconv.uses.member_uses import FileUses, Member, MemberUse, Unseen, find


class Direct(Struct):
    """One file's direct uses: `converted` by the rules' `edits`, and `rest`."""

    path: str
    edits: list[Edit] = field(default_factory=list)
    converted: list[MemberUse] = field(default_factory=list)
    rest: list[MemberUse] = field(default_factory=list)
    unseen: list[Unseen] = field(default_factory=list)
    unparsed: dict[str, int] = field(default_factory=dict)


def convert(
    sources: Sources, path: str, member: Member, program: Program | None, options: MatchOptions
) -> Direct:
    """Run the rules over one file and sort its uses of `member`.

    Raises `SourceError` for a file that takes the rules too long.
    """
    unit = sources.unit(path)
    types = sources.types(path)
    found: FileUses = find(unit, types, member)
    direct = Direct(path, unseen=list(found.unseen))
    if program is None:
        direct.rest = list(found.uses)
        return direct
    try:
        with Limit(FILE_LIMIT):
            result = Runner(program, unit, list(types.headers), options).run()
    except TimedOut:
        raise too_slow(path, FILE_LIMIT) from None
    direct.unparsed = dict(result.unparsed)
    edits: set[Edit] = set()
    for use in found.uses:
        edit = _edit_at(result, use.offset)
        if edit is None:
            direct.rest.append(use)
        else:
            edits.add(edit)
            direct.converted.append(use)
    direct.edits = sorted(edits)
    return direct


def _edit_at(result: FileResult, offset: int) -> Edit | None:
    """Return the edit that replaced the byte at `offset`, with its range in the original text.

    None where no rule replaced it, or where an earlier rule changed something within the range:
    that use is left to the planner.
    """
    at = offset
    for index, moves in enumerate(result.moves):
        edit = moves.edit_at(at)
        if edit is not None:
            start, end = edit.start + offset - at, edit.end + offset - at
            if _unmoved(result.moves[:index], start, end, edit):
                return Edit(start, end, edit.text, edit.rule)
            return None
        following = moves.forward(at)
        if following is None:
            return None
        at = following
    return None


def _unmoved(earlier: list[Moves], start: int, end: int, edit: Edit) -> bool:
    """Whether the range has moved as a whole through the earlier rules' edits."""
    first, last = start, end - 1
    for moves in earlier:
        a, b = moves.forward(first), moves.forward(last)
        if a is None or b is None or b - a != last - first:
            return False
        first, last = a, b
    return (first, last + 1) == (edit.start, edit.end)


def no_program() -> Program:
    """Return a program that changes nothing."""
    from vmaconv.cocci.smpl.parse import parse_text

    return compile_file(parse_text("", "none"), (), frozenset(), {})
