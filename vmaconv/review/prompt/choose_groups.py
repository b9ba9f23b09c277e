# SPDX-License-Identifier: GPL-2.0-only
"""Choosing groups of changes that build on each other in a plain terminal.

In: groups with their diffs, and two functions by which a person is asked and told.  Out: how many
of the first groups are accepted: a group that is left leaves those behind it.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from vmaconv.cocci.text.visible import plain
from vmaconv.counting import counted
from vmaconv.review.prompt.choose import Reader, Writer
from vmaconv.series.git.file_diff import FileDiff

HELP = """\
y - accept this group, see the next
n - accept neither this group nor those behind it, which build on it
q - the same as n
a - accept this group and all behind it
k - go back to the group before, and take it back
? - print this help"""


class GroupDiff(Struct, frozen=True):
    """A group as it is shown: its title, why it is needed, and its diffs."""

    title: str
    reasons: tuple[str, ...]
    diffs: tuple[FileDiff, ...]


def choose_groups(groups: Sequence[GroupDiff], read: Reader, write: Writer) -> int:
    """Ask a person about each group and return how many of the first are accepted.

    The end of the input is `q`.
    """
    at, shown = 0, -1
    while at < len(groups):
        if shown != at:
            _show(groups[at], write)
            shown = at
        keys = "y,n,q,a,k,?" if at else "y,n,q,a,?"
        hunks = sum(len(diff.hunks) for diff in groups[at].diffs)
        what = f"({at + 1}/{len(groups)}) Accept this group, {counted(hunks, 'hunk')} [{keys}]? "
        match (read(what) or "q").strip().lower()[:1]:
            case "y":
                at += 1
            case "n" | "q":
                return at
            case "a":
                return len(groups)
            case "k" if at:
                at -= 1
            case _:
                write.say(HELP)
    return at


def _show(group: GroupDiff, write: Writer) -> None:
    write.say(plain(group.title))
    for reason in group.reasons:
        write.say(f"    {plain(reason)}")
    for diff in group.diffs:
        write.file(diff)
        for hunk in diff.hunks:
            write.hunk(hunk)
