# SPDX-License-Identifier: GPL-2.0-only
"""Which blanks go with code that is taken away without replacement, as spatch has it.

In: a text and all edits of a rule. Out: the edits, with the blanks, blank lines and comments that
go along. Found by experiment with spatch 1.1.1: a whole line takes the blank lines above it
along where a blank line, a `}` or nothing follows, and below it after a `{`; a comment above it
goes, too, then, for it stood over this line alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from vmaconv.cocci.rewrite.edit import Edit, ordered
from vmaconv.cocci.rewrite.lines.shift import shifted
from vmaconv.cocci.text.blanks import blank_end, blank_start
from vmaconv.cocci.text.byte_before import byte_before
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import blank_out

_BLANK_LINE = late_regex(rb"[ \t\r]*\n")
_CLOSES = late_regex(rb"[ \t]*(?:\}|\Z)")
_BLANKS = late_regex(rb"[ \t]*")
_BRACE = late_regex(rb"[{}]")
_GAP = late_regex(rb"\s*")
_NEWLINES = late_regex(rb"(?:[ \t\r]*\n)+")
_LOOK_BACK = 4000
"""How many bytes before a line its comment may begin."""


def settled(text: bytes, edits: Sequence[Edit], keep_comments: bool = False) -> list[Edit]:
    """Return the edits with the blanks that go along; raise `Overlap` where two overlap.

    `keep_comments` leaves the comments above lines that go.

    Deletions with nothing but blanks between them are one.
    """
    out: list[Edit] = []
    run: Edit | None = None
    for edit in ordered(edits):
        if run is not None and not edit.text and not text[run.end : edit.start].strip():
            run = replace(run, end=edit.end)
            continue
        if run is not None:
            out.append(run)
        run = edit if not edit.text else None
        if edit.text:
            out.append(edit)
    if run is not None:
        out.append(run)
    return shifted(text, [_grown(text, out, index, keep_comments) for index in range(len(out))])


def _grown(text: bytes, edits: Sequence[Edit], index: int, keep_comments: bool) -> Edit:
    """Return an edit with the blanks around it, as far as its neighbours leave them."""
    edit = edits[index]
    if edit.start == edit.end:
        return edit
    start, end = edit.start, edit.end
    line = text.rfind(b"\n", 0, start) + 1
    brace = blank_end(text, end)
    if not edit.text and not text[line:start].strip() and text[brace : brace + 1] == b"}":
        below = edits[index + 1].start if index + 1 < len(edits) else len(text)
        if b"\n" not in text[end:brace] and brace <= below:
            # The brace stays alone on the line.
            return replace(edit, start=line, end=brace, text=_lead_of_block(text, line))
    if not edit.text:
        first, end = removed(text, start, end)
        if keep_comments and text[first:start].strip():
            # The line alone, with its end.
            first, end = text.rfind(b"\n", 0, start) + 1, min(end + 1, len(text))
        start = first
    elif text.endswith(b"(", 0, above := blank_start(text, start)):
        start = above
    if index > 0:
        start = max(start, edits[index - 1].end)
    if index + 1 < len(edits):
        end = min(end, edits[index + 1].start)
    return replace(edit, start=start, end=end)


def _lead_of_block(text: bytes, end: int) -> bytes:
    """Return the blanks before the line with the brace that opens the block at `end`."""
    head = blank_out(text[max(end - _LOOK_BACK, 0) : end], strings=True)
    depth = 0
    for brace in reversed(list(_BRACE.finditer(head))):
        depth += 1 if brace.group() == b"}" else -1
        if depth < 0:
            line = head.rfind(b"\n", 0, brace.start()) + 1
            blanks = _BLANKS.match(head, line)
            return blanks.group() if blanks is not None else b""
    return b""


def removed(text: bytes, start: int, end: int) -> tuple[int, int]:
    r"""Return what goes with bytes [`start`, `end`).

    >>> text = b"{\n\ta();\n\n\tgone();\n}\n"
    >>> start, end = removed(text, 10, 17)
    >>> text[:start] + text[end:]
    b'{\n\ta();\n}\n'
    """
    line = text.rfind(b"\n", 0, start) + 1
    newline = text.find(b"\n", end)
    newline = newline if newline >= 0 else len(text)
    alone = not text[line:start].strip()
    if text[end:newline].strip():
        return _within_line(text, start, end)
    if not alone:
        if text.endswith(b"(", 0, blank_start(text, start, b" \t")):
            return start, _next_token(text, newline)
        while byte_before(text, start) in (b" ", b"\t"):
            start -= 1
        return start, newline - text.endswith(b"\r", 0, newline)
    return _whole_line(text, line, newline)


def _next_token(text: bytes, at: int) -> int:
    """Return where the line below begins, which moves up behind the parenthesis; `at` if it may not."""
    blanks = _GAP.match(text, at)
    end = blanks.end() if blanks is not None else at
    return at if text[end : end + 1] in (b"#", b"/", b"") else end


def _within_line(text: bytes, start: int, end: int) -> tuple[int, int]:
    blanks = _BLANKS.match(text, end)
    assert blanks is not None
    end = blanks.end()
    if byte_before(text, start) == b"(":
        return start, end
    if text[end : end + 1] in (b";", b")", b","):
        while byte_before(text, start) in (b" ", b"\t"):
            start -= 1
    return start, end


def _whole_line(text: bytes, line: int, newline: int) -> tuple[int, int]:
    if not blank_start(text, line):
        return 0, newline
    follows = newline + 1
    if not (_BLANK_LINE.match(text, follows) or _CLOSES.match(text, follows)):
        return line, min(follows, len(text))
    back = max(line - _LOOK_BACK, 0)
    gap = _gap_before(text, back, line)
    first = text.find(b"\n", gap, line)
    start = first if first >= 0 else line - 1
    end = newline
    if byte_before(text, gap) == b"{":
        run = _NEWLINES.match(text, newline)
        if run is not None:
            end = run.end() - 1
    return start, end


def _gap_before(text: bytes, back: int, line: int) -> int:
    """Return where the last code before `line` ends, comments and preprocessor lines apart."""
    at = line
    while at > back:
        previous = text.rfind(b"\n", 0, at - 1) + 1
        content = text[previous : at - 1].strip()
        if content.endswith(b"*/") and not content.startswith(b"/*"):
            opens = text.rfind(b"/*", back, at)
            head = text[text.rfind(b"\n", 0, opens) + 1 : opens] if opens >= 0 else b"x"
            if not head.strip() and text.find(b"*/", opens) >= at - 1 - len(content):
                at = text.rfind(b"\n", 0, opens) + 1
                continue
        if content and not _is_comment(content):
            return previous + len(text[previous : at - 1].rstrip())
        if previous == 0:
            return 0
        at = previous
    return at


def _is_comment(content: bytes) -> bool:
    return content.startswith(b"//") or (
        content.startswith(b"/*") and content.find(b"*/") == len(content) - 2
    )
