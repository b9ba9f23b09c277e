# SPDX-License-Identifier: GPL-2.0-only
"""Continuation lines of a rewritten function, aligned as before; braces that it needs no longer.

In: a function's text before and after. Out: the text after, with the lines that the rules did not
touch moved where a changed line above them moved its bracket.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from vmaconv.cocci.rewrite.edit import Edit, Overlap, apply
from vmaconv.cocci.rewrite.lines.layout import wrap
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.migrate.write.alignment import adopted, realigned

RULE = "alignment"


def aligned(before: bytes, after: bytes) -> bytes:
    """Return `after` with its continuation lines aligned as those of `before` were."""
    edits = list(_edits(before, after))
    moved = [edit for edit in realigned(before, edits) if not _touched(edit, edits)]
    try:
        return apply(before, [*edits, *moved])
    except Overlap:
        return after


def within_columns(before: bytes, after: bytes) -> bytes:
    """Return a file's text with the lines broken that are new and too long: names get longer."""
    known = set(before.splitlines())
    spans: list[tuple[int, int]] = []
    start = 0
    for line in after.splitlines(keepends=True):
        if line.rstrip(b"\r\n") not in known:
            spans.append((start, start + len(line.rstrip(b"\r\n"))))
        start += len(line)
    return apply(after, adopted(after, wrap(after, spans)))


def _touched(moved: Edit, edits: list[Edit]) -> bool:
    return any(e.start <= moved.end and moved.start <= e.end for e in edits)


def _edits(before: bytes, after: bytes) -> list[Edit]:
    """Return the differences as edits: within a line where one line became one line."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    edits: list[Edit] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        if tag == "replace" and b - a == d - c:
            for index in range(b - a):
                edits += _within(starts[a + index], old[a + index], new[c + index])
        else:
            edits.append(Edit(starts[a], starts[b], b"".join(new[c:d]), RULE))
    return edits


def _within(start: int, old: bytes, new: bytes) -> list[Edit]:
    """Return one edit from the first token that differs to the last: brackets outside are kept."""
    was, now = _tokens(old), _tokens(new)
    head = 0
    while head < min(len(was), len(now)) and was[head] == now[head]:
        head += 1
    tail = 0
    while tail < min(len(was), len(now)) - head and was[-1 - tail] == now[-1 - tail]:
        tail += 1
    first = start + sum(map(len, was[:head]))
    last = start + len(old) - sum(map(len, was[len(was) - tail :]))
    if first == last and head + tail == len(now):
        return []
    return [Edit(first, last, b"".join(now[head : len(now) - tail]), RULE)]


def _tokens(line: bytes) -> list[bytes]:
    tokens: list[bytes] = []
    word = b""
    for byte in (line[i : i + 1] for i in range(len(line))):
        if byte.isalnum() or byte == b"_":
            word += byte
            continue
        if word:
            tokens.append(word)
            word = b""
        tokens.append(byte)
    return [*tokens, word] if word else tokens


_BRACED = late_regex(rb"^(\t+)(if \([^\n]*\)) \{\n(\1\t[^\n;{}]*;)\n\1\}\n", re.MULTILINE)


def unbraced(before: bytes, after: bytes) -> bytes:
    """Return a function without the braces that only a condition of several lines wanted.

    Where the condition fits in one line now, and so does what hangs on it, kernel style has none
    (Documentation/process/coding-style.rst, 3; scripts/checkpatch.pl, BRACES).
    """

    def bare(match: re.Match[bytes]) -> bytes:
        tabs, head, statement = match.groups()
        wide = rb"^%b\w[^{};]*\n[^{};\n]*\) \{\n%b\n%b\}\n" % (tabs, re.escape(statement), tabs)
        if not re.search(wide, before, re.MULTILINE):
            return match[0]
        return tabs + head + b"\n" + statement + b"\n"

    return _BRACED.sub(bare, after)
