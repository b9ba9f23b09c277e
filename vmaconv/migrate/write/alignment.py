# SPDX-License-Identifier: GPL-2.0-only
"""Continuation lines, aligned again after a change moved the bracket above them.

In: a text and its edits. Out: edits of the indentation of lines that follow an edited line, where
they were aligned with a bracket of it. Lines indented in any other way are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from vmaconv.cocci.rewrite.edit import Edit, apply
from vmaconv.cocci.rewrite.lines.layout import COLUMNS, break_line, indentation, width
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import code_only, not_code


def realigned(text: bytes, edits: Sequence[Edit]) -> Iterator[Edit]:
    """Yield the edits that keep aligned lines aligned.

        if (is_vm_x_flags(desc->vm_flags,
                          start))

    moves its second line when the function's name gets longer.
    """
    starts = sorted({text.rfind(b"\n", 0, edit.start) + 1 for edit in edits if not _whole(edit)})
    done = -1
    for start in starts:
        if start < done:
            continue
        for found, end in _follow(text, start, edits):
            done = max(done, end)
            if found is not None:
                yield found


def _whole(edit: Edit) -> bool:
    """Whether an edit only adds lines."""
    return edit.start == edit.end and edit.text.endswith(b"\n")


def _follow(text: bytes, start: int, edits: Sequence[Edit]) -> Iterator[tuple[Edit | None, int]]:
    """Walk the lines that continue the one at `start`, with the column of each open bracket."""
    columns: list[tuple[int, int]] = []
    shift = 0
    lead = _indent_end(text, start)
    while True:
        end = text.find(b"\n", start)
        end = len(text) if end < 0 else end
        _brackets(text, start, end, edits, columns, shift)
        if not columns or end == len(text):
            return
        start = end + 1
        lead = _indent_end(text, start)
        old = width(text[start:lead])
        following = next((c for c in reversed(columns) if c[0] == old), None)
        shift = 0
        if following is not None and following[1] != old:
            if any(e.start < lead and start < e.end for e in edits):
                return
            shift = following[1] - old
            yield Edit(start, lead, indentation(following[1]), "align"), lead
        else:
            yield None, lead


def _indent_end(text: bytes, start: int) -> int:
    end = start
    while text[end : end + 1] in (b" ", b"\t"):
        end += 1
    return end


def _brackets(
    text: bytes,
    start: int,
    end: int,
    edits: Sequence[Edit],
    columns: list[tuple[int, int]],
    shift: int,
) -> None:
    """Update the stack of open brackets: for each the column behind it, before and after the edits.

    A bracket inside a replaced stretch has no column that could be followed. One that is put before
    an expression is followed by the lines that stood right below that.
    """
    skipped = not_code(text, start, end)
    put = {e.start: e.text for e in edits if e.start == e.end and start <= e.start < end}
    for at in range(start, end):
        if (added := put.get(at)) is not None:
            if added.endswith(b"("):
                old, new = width(text[start:at]), _new_column(text, start, at, edits, shift)
                columns.append((old, old if new < 0 else new))
            elif added == b")" and columns:
                columns.pop()
        byte = text[at]
        if byte not in b"()[]{}" or any(a <= at < b for a, b in skipped):
            continue
        if byte in b")]}":
            if columns:
                columns.pop()
            continue
        old = width(text[start : at + 1])
        inside = any(e.start <= at < e.end for e in edits)
        new = -1 if inside else _new_column(text, start, at + 1, edits, shift)
        columns.append((old, old if new < 0 else new))


def _new_column(text: bytes, start: int, end: int, edits: Sequence[Edit], shift: int) -> int:
    """Return the column of byte `end` after the edits; -1 where one of them spans lines."""
    own = [e for e in edits if start <= e.start and e.end <= end]
    if any(b"\n" in e.text or b"\n" in text[e.start : e.end] for e in own):
        return -1
    if any(e.start < start < e.end for e in edits):
        return -1
    local = sorted(Edit(e.start - start, e.end - start, e.text, e.rule) for e in own)
    if any(second.start < first.end for first, second in pairwise(local)):
        return -1
    return width(apply(text[start:end], local)) + shift


def adopted(text: bytes, wraps: Sequence[Edit]) -> list[Edit]:
    """Give lines that wrapping added the indentation of the lines that follow in the same bracket.

        file = hugetlb_file_setup(name, 0,
                        mk_vma_flags(VMA_NORESERVE_BIT),
                        HUGETLB_ANONHUGE_INODE,

    where the file's author did not align with the bracket.
    """
    moved = {edit.start for edit in wraps}
    outermost = (_outermost(text, edit) for edit in wraps)
    return [e if e.end + 1 in moved else _adopt(text, e) for e in outermost]


_LEAD = late_regex(rb"[ \t]*(?:return\s+|[^()=!<>\"']*(?:->[^()=!<>\"']*)*[^()=!<>\"' ]\s*=\s+)")
_OUTER = late_regex(rb"(?<= )(?:[-+|^?]|==|!=)(?= )")


def _outermost(text: bytes, edit: Edit) -> Edit:
    """Break a sum or a `?:` that stands outside all calls there, not inside of one of its calls.

    info->flags = vma_flags_test(&flags, VMA_NORESERVE_BIT) ?
                  SHMEM_F_NORESERVE : 0;
    """
    line = text[edit.start : edit.end]
    lead = _LEAD.match(line)
    own = len(line) - len(line.lstrip(b" \t"))
    start = lead.end() if lead is not None else own if _goes_on(text, edit.start) else 0
    if not start or line.rstrip().endswith(b"\\"):
        return edit
    eol = b"\r" if line.endswith(b"\r") else b""
    column = width(line[:start])
    pieces: list[bytes] = []
    rest = line.removesuffix(eol)
    while width(rest) > COLUMNS:
        fitting = [at for at in _operators(rest, start) if width(rest[:at]) <= COLUMNS]
        if not fitting:
            break
        at = next((a for a in fitting if rest[a - 1 : a] == b"?"), fitting[-1])
        pieces.append(rest[:at])
        indent = indentation(column)
        rest = indent + rest[at:].lstrip()
        start = len(indent)
    if not pieces:
        return edit
    pieces += break_line(rest, True)
    return Edit(edit.start, edit.end, (eol + b"\n").join(pieces) + eol, edit.rule)


def _goes_on(text: bytes, start: int) -> bool:
    """Whether the line at `start` goes on a sum or a `?:` that the line before ends within."""
    before = text[max(0, start - 200) : start].rstrip()
    return before[-2:] in (b" +", b" -", b" |", b" ^", b" ?", b" :")


def _operators(line: bytes, start: int) -> list[int]:
    """Return the ends of the operators that stand outside all brackets; none where `&&` does."""
    skipped = not_code(line)
    depth = 0
    found: list[int] = []
    for at in range(start, len(line)):
        if any(a <= at < b for a, b in skipped):
            continue
        byte = line[at : at + 1]
        depth += (byte in (b"(", b"[", b"{")) - (byte in (b")", b"]", b"}"))
        if depth == 0 and line[at : at + 2] in (b"&&", b"||"):
            return []
        operator = _OUTER.match(line, at)
        if depth == 0 and operator is not None:
            found.append(operator.end())
    return found


def _adopt(text: bytes, edit: Edit) -> Edit:
    lines = edit.text.split(b"\n")
    last = lines[-1]
    own = width(last[: len(last) - len(last.lstrip())])
    following = text[edit.end + 1 : _indent_end(text, edit.end + 1)]
    wanted = width(following)
    at = text[edit.end + 1 + len(following) : edit.end + 2 + len(following)]
    if len(lines) < 2 or not last.rstrip().endswith(b",") or _depth(last) != 0:
        return edit
    first = width(lines[0][: len(lines[0]) - len(lines[0].lstrip())])
    if wanted == own or wanted <= first or at in (b"", b"\n", b"\r", b"#", b"/"):
        return edit
    new = [lines[0]]
    for line in lines[1:]:
        bare = line.lstrip()
        if width(line[: len(line) - len(bare)]) == own:
            line = indentation(wanted) + bare
        if width(line) > COLUMNS:
            return edit
        new.append(line)
    return Edit(edit.start, edit.end, b"\n".join(new), edit.rule)


def _depth(line: bytes) -> int:
    """Return how many more brackets a line opens than it closes."""
    clean = code_only(line)
    return sum(map(clean.count, (b"(", b"[", b"{"))) - sum(map(clean.count, (b")", b"]", b"}")))
