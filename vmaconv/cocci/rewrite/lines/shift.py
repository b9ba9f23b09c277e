# SPDX-License-Identifier: GPL-2.0-only
"""Lines that a change puts in a block, or takes out of one, moved a step.

In: a text and the edits of a rule. Out: the edits, and those that move what stands between them:
`if (x) {` and its `}` deleted, what was in between goes a step to the left, as spatch has it. A
brace that a head keeps does not count: its body is a step deeper with braces and without.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from vmaconv.cocci.rewrite.edit import Edit, ordered
from vmaconv.cocci.rewrite.lines.indent import Style, style_of
from vmaconv.cocci.rewrite.lines.layout import width
from vmaconv.cocci.text.blanks import blank_end, blank_start
from vmaconv.cocci.text.byte_before import byte_before
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import code_only

_HEAD_LAST = late_regex(
    rb"(?:\A|[\n;{}])\s*(?:if|for|while)\b[^;{}]*\)[ \t]*(?:\r?\n#[^\n]*)*\r?\n[ \t]*\Z"
)
_LEAD = late_regex(rb"^([ \t]*)(?=[^\s#])", re.MULTILINE)
_ELSE_IF = late_regex(rb"[ \t]*if\b")
_HEAD_END = late_regex(rb"(?:\)|\belse|\bdo)\Z")
_LABEL = late_regex(rb"[ \t]*\w+[ \t]*:(?!:)")


def shifted(text: bytes, edits: Sequence[Edit]) -> list[Edit]:
    """Return the edits with those that move lines; raise `Overlap` where two overlap."""
    mover = _Mover(text, style_of(text))
    last = 0
    row = ordered(edits)
    for index, edit in enumerate(row):
        mover.context(last, edit.start)
        # Where more is put in behind it, that says where it goes.
        alone = index + 1 == len(row) or row[index + 1].start > edit.end
        mover.edit(edit, alone)
        last = max(last, edit.end)
    # Braces that do not match up again say that this was not understood.
    return mover.out if not mover.open else ordered(edits)


class _Mover(Struct):
    """Goes over a text and its edits, and keeps how many steps the lines have to move."""

    text: bytes
    style: Style
    out: list[Edit] = field(default_factory=list)
    open: list[int] = field(default_factory=list)
    """For each changed block that is open: by how many steps its lines move."""

    def context(self, start: int, end: int) -> None:
        """Move the lines that begin in bytes [`start`, `end`) of the old text."""
        steps = sum(self.open)
        if not steps:
            return
        for match in _LEAD.finditer(self.text, start, end):
            begins = match.start() == 0 or byte_before(self.text, match.start()) == b"\n"
            if match.start() == match.end() == start:
                # What was written right before moved it.
                continue
            if begins and not _LABEL.match(self.text, match.start()):
                new = self._moved(match.group(1), steps)
                self.out.append(Edit(match.start(), match.end(), new, "layout"))

    def edit(self, edit: Edit, alone: bool) -> None:
        """Take an edit along, and note the blocks that it opens and closes; `alone` says that no
        other follows at its end.
        """
        before = sum(self.open)
        for sign, brace in self._braces(edit):
            if brace == b"{":
                self.open.append(sign * self._counts(edit, sign))
            elif self.open:
                self.open.pop()
        after = sum(self.open)
        new = self._placed(edit, before, after)
        line, newline, lead = new.rpartition(b"\n")
        if not lead.strip() and self._goes_on(edit.end):
            if alone and after and after != before and newline:
                # What follows goes into the block; an `if` is set there already.
                steps = before if _ELSE_IF.match(self.text, edit.end) else after
                new = line + newline + self._moved(lead, steps)
            elif before == after == 0 and _HEAD_LAST.search(new):
                new += self.style.lead(self.style.step)
        self.out.append(replace(edit, text=new))

    def _placed(self, edit: Edit, before: int, after: int) -> bytes:
        """Return what an edit writes, moved as far as the blocks around it are."""
        new, steps = edit.text, min(before, after)
        if not steps or b"\n" not in new:
            return new
        if new[:1] == b"\n":
            return self._all_moved(new, steps)
        if before == after and not self._braces(edit):
            begins = byte_before(self.text, edit.start) == b"\n" and self._goes_on(edit.end)
            # What goes on behind it moves, too.
            return self._all_moved(new + b"x", steps)[:-1] if begins else new
        first, newline, rest = new.partition(b"\n")
        return first + newline + self._all_moved(rest, steps)

    def _all_moved(self, code: bytes, steps: int) -> bytes:
        return _LEAD.sub(lambda m: self._moved(m.group(1), steps), code)

    def _goes_on(self, at: int) -> bool:
        return bool(self.text[at : at + 1].strip())

    def _moved(self, lead: bytes, steps: int) -> bytes:
        return self.style.lead(max(width(lead) + steps * self.style.step, 0))

    def _braces(self, edit: Edit) -> list[tuple[int, bytes]]:
        """Return the braces that an edit takes away (-1) or adds (1) without their partners."""
        old = _unmatched(self.text[edit.start : edit.end])
        new = _unmatched(edit.text)
        while old and new and old[0] == new[0]:
            old, new = old[1:], new[1:]
        return [(-1, brace) for brace in old] + [(1, brace) for brace in new]

    def _above(self, line: int) -> bytes:
        """Return the end of the code above a line."""
        end = blank_start(self.text, line)
        return self.text[max(end - len(b" else"), 0) : end]

    def _counts(self, edit: Edit, sign: int) -> bool:
        """Whether the block that an edit opens moves what is in it."""
        line = self.text.rfind(b"\n", 0, edit.start) + 1
        head = code_only(self.text[line : edit.start]).rstrip()
        head = head or self._above(line)
        written = edit.text.lstrip() if sign > 0 else self.text[edit.start : edit.end].lstrip()
        bare = written.startswith(b"{") and _HEAD_END.search(head) is not None
        if not bare or self.text.startswith(b"{", blank_end(self.text, edit.end)):
            return True
        # `else if (x)`: what is in the `if` stands no deeper than in the one before.
        return sign > 0 and _ELSE_IF.match(self.text, edit.end) is not None


def _unmatched(code: bytes) -> list[bytes]:
    """Return the braces of a piece of code whose partners are not in it."""
    found: list[bytes] = []
    for brace in re.findall(rb"[{}]", code_only(code)):
        if brace == b"}" and found[-1:] == [b"{"]:
            found.pop()
        else:
            found.append(brace)
    return found
