# SPDX-License-Identifier: GPL-2.0-only
"""What a person sees in a terminal: a coloured diff, a list of uses.

In: diffs and accounts.  Out: lines on a terminal, in its own sixteen colours, so that they fit a
light one and a dark one.  Without colour (NO_COLOR, TERM=dumb) the same lines are printed plain.
Nothing of a file drives the terminal: escape sequences are named, as all that is invisible.
"""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TextIO

from vmaconv.cocci.diff.hunk import Hunk
from vmaconv.cocci.text.visible import plain
from vmaconv.convert.tally import Row
from vmaconv.convert.use_account import Account
from vmaconv.review.look.block import Line, TextRun, blocks
from vmaconv.review.look.syntax import Sort
from vmaconv.series.git.file_diff import FileDiff

#: Parameters of "select graphic rendition" (ECMA-48).
_BOLD, _REVERSE = "1", "7"
_MARKS: Mapping[str, str] = {" ": "", "-": "31", "+": "32"}
_SORTS: Mapping[Sort, str] = {
    Sort.COMMENT: "2",
    Sort.STRING: "33",
    Sort.NUMBER: "",
    Sort.KEYWORD: "34",
    Sort.TYPE: "36",
    Sort.CONSTANT: "35",
    Sort.CALL: "",
    Sort.DIRECTIVE: "33",
    Sort.ODD: "1;31;7",
    Sort.PLAIN: "",
}
_OUTCOMES: Mapping[str, str] = {"converted": "32", "left": "33", "unjudged": "35"}


def wants_colour(stream: TextIO) -> bool:
    """Return whether a stream is a terminal that shows colours and a person who wants them.

    Fact: https://no-color.org: NO_COLOR counts when it is set and not empty.
    """
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def show_diffs(diffs: Sequence[FileDiff], force: bool = False) -> None:
    """Print diffs for reading, in colour where that is wanted (or `force`d)."""
    coloured = force or wants_colour(sys.stdout)
    _print(line for diff in diffs for line in diff_lines(diff, coloured))


def show_account(accounts: Sequence[Account]) -> None:
    """Print the account, file by file, to fit the terminal."""
    width = shutil.get_terminal_size().columns
    _print(account_lines(accounts, width, wants_colour(sys.stdout)))


def show_rows(rows: Sequence[Row], what: str) -> None:
    """Print counts in columns under their headings; the last column is `what` was counted by."""
    _print(row_lines(rows, what, wants_colour(sys.stdout)))


def row_lines(rows: Sequence[Row], what: str, coloured: bool) -> Iterator[str]:
    """Return a heading and a line for each row."""
    headings = ("converted", "left", "not judged")
    yield _styled("  ".join((*headings, what)), _BOLD if coloured else "")
    for row in rows:
        counts = (row.converted, row.left, row.unjudged)
        columns = (f"{count:>{len(head)}}" for count, head in zip(counts, headings, strict=True))
        yield "  ".join((*columns, plain(row.name)))


def _print(lines: Iterator[str]) -> None:
    """Print lines; what the terminal's encoding has no character for is named."""
    encoding = sys.stdout.encoding or "ascii"
    for line in lines:
        sys.stdout.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    sys.stdout.flush()


def diff_lines(diff: FileDiff, coloured: bool) -> Iterator[str]:
    """Return a file's lines: its path and counts, then its hunks."""
    path = plain(diff.path)
    yield _styled(path, _BOLD if coloured else "") + f"  +{diff.came} -{diff.gone}"
    for hunk in diff.hunks:
        yield from hunk_lines(hunk, coloured)
    yield ""


def hunk_lines(hunk: Hunk, coloured: bool) -> Iterator[str]:
    """Return a hunk's lines with its header; changed words stand out in reverse."""
    yield _styled(plain(hunk.header().rstrip(b"\n")), "36" if coloured else "")
    for block in blocks(hunk):
        for mark, line in block.unified():
            yield _line(mark, line, coloured)
            if line.unended:
                yield "\\ No newline at end of file"


def _line(mark: str, line: Line, coloured: bool) -> str:
    column = 0
    parts = []
    for run in line.runs:
        text, column = expanded(run.text, column)
        parts.append(_styled(text, _look(mark, run)) if coloured else text)
    return (_styled(mark, _MARKS[mark]) if coloured else mark) + "".join(parts)


def _look(mark: str, run: TextRun) -> str:
    """Return a run's look: syntax on lines that stay, the side's colour on lines that change."""
    if mark == " " or run.sort is Sort.ODD:
        return _SORTS[run.sort]
    emphasis = _REVERSE if run.changed else ""
    return ";".join(part for part in (_MARKS[mark], emphasis) if part)


def expanded(text: str, column: int) -> tuple[str, int]:
    """Expand tabs of 8 in text that begins at a column; give the column behind it, too.

    >>> expanded("\\ta", 1)
    ('       a', 9)
    """
    parts = []
    for number, piece in enumerate(text.split("\t")):
        if number:
            width = 8 - column % 8
            parts.append(" " * width)
            column += width
        parts.append(piece)
        column += len(piece)
    return "".join(parts), column


def _styled(text: str, look: str) -> str:
    return f"\x1b[{look}m{text}\x1b[m" if look and text else text


def account_lines(accounts: Sequence[Account], width: int, coloured: bool) -> Iterator[str]:
    """Return the account: under each file its uses, and under a use that was left the reason.

    A path is never broken: a person copies it.
    """
    kinds = max((len(use.kind) for use in accounts), default=0)
    names = max((len(_function(use)) for use in accounts), default=0)
    names = min(names, max(width - kinds - 22, 16))
    for path, uses in groupby(accounts, key=lambda use: use.file):
        yield _styled(plain(path), _BOLD if coloured else "")
        for use in uses:
            look = _OUTCOMES.get(use.outcome, "") if coloured else ""
            yield (
                f"{use.line:>7}  {_function(use):<{names}}  {use.kind:<{kinds}}  "
                f"{_styled(use.outcome, look)}"
            )
            if use.reason is not None:
                yield from textwrap.wrap(
                    plain(use.reason.text),
                    max(width - 1, 40),
                    initial_indent=" " * 9,
                    subsequent_indent=" " * 9,
                    break_long_words=False,
                    break_on_hyphens=False,
                )


def _function(use: Account) -> str:
    return plain(use.function) + "()" if use.function else "-"
