# SPDX-License-Identifier: GPL-2.0-only
"""A hunk with more of the file around it than a diff shows.

In: a hunk, the lines of the file that it is for.  Out: a hunk to look at.  What lies around is the
file as it was: other hunks' changes are not made there.
"""

from __future__ import annotations

from collections.abc import Sequence

from vmaconv.cocci.diff.hunk import DiffLine, Hunk, LineKind


def widened(hunk: Hunk, lines: Sequence[bytes], more: int) -> Hunk:
    """Return a hunk with up to `more` further lines of context on each side.

    `lines` are the whole file's, before the hunk.

    >>> from vmaconv.cocci.diff.hunk import hunks
    >>> (one,) = hunks(b"a\\nb\\nc\\n", b"a\\nB\\nc\\n", context=0)
    >>> print(widened(one, [b"a\\n", b"b\\n", b"c\\n"], 9).render().decode(), end="")
    @@ -1,3 +1,3 @@
     a
    -b
    +B
     c
    """
    # A hunk that only adds names the line above it.
    old = hunk.old_start if hunk.old_count else hunk.old_start + 1
    new = hunk.new_start if hunk.new_count else hunk.new_start + 1
    end, new_end = old + hunk.old_count, new + hunk.new_count
    first, last = max(old - more, 1), min(end + more, len(lines) + 1)
    above = [_context(lines, n, n - old + new) for n in range(first, old)]
    below = [_context(lines, n, n - end + new_end) for n in range(end, last)]
    made = (*above, *hunk.lines, *below)
    around = len(above) + len(below)
    if not around:
        return hunk
    # What the hunk was headed by may stand in it now.
    is_within = bool(hunk.heading) and any(one.text.startswith(hunk.heading) for one in above)
    return Hunk(
        first,
        hunk.old_count + around,
        first - old + new,
        hunk.new_count + around,
        b"" if is_within else hunk.heading,
        made,
    )


def _context(lines: Sequence[bytes], old: int, new: int) -> DiffLine:
    return DiffLine(LineKind.CONTEXT, lines[old - 1], old, new)
