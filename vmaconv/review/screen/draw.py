# SPDX-License-Identifier: GPL-2.0-only
"""Passages as text with colours, for the full-screen review.

In: blocks, a width, a theme.  Out: rich's `Text`, each row as wide as asked for.  The colours are
the page's; marks and line numbers say the same without any.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import zip_longest

from msgspec import Struct
from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from vmaconv.cocci.text.visible import plain
from vmaconv.review.look.block import ChangedLines, Line
from vmaconv.review.look.palette import COLOURS
from vmaconv.review.look.syntax import Sort
from vmaconv.review.material.decisions import PassageDecision, PassageState
from vmaconv.review.material.passages import FileReview, Passage

#: A row: texts with their styles, in all as wide as asked for.
_Row = list[tuple[str, Style]]

_SORTS = {
    Sort.PLAIN: "text",
    Sort.COMMENT: "comment",
    Sort.STRING: "string",
    Sort.NUMBER: "number",
    Sort.KEYWORD: "keyword",
    Sort.TYPE: "type",
    Sort.CONSTANT: "constant",
    Sort.CALL: "call",
    Sort.DIRECTIVE: "directive",
    Sort.ODD: "odd",
}
_SIDES = {" ": "ground", "-": "gone", "+": "came"}


class Look(Struct, frozen=True):
    """How passages are drawn: width in cells, one side or two, light (0) or dark (1)."""

    width: int
    split: bool = False
    theme: int = 1
    needle: str = ""
    bare: bool = False
    """Without colours: changed words are underlined, too."""


def draw_code(blocks: Sequence[ChangedLines], look: Look) -> Text:
    """Draw a passage's lines.

    Side by side, lines that only one side has stand beside nothing; a line that is too long goes on
    in the next row.
    """
    changes = any(not block.context for block in blocks)
    numbers = [line.number for block in blocks for line in (*block.old, *block.new)]
    pen = _Pen(len(str(max(numbers, default=0))), look.theme, look.bare)
    text = Text(no_wrap=True, end="")
    for block in blocks:
        draw = pen.split if look.split and changes else pen.unified
        for row in draw(block, look.width):
            for part, style in row:
                text.append(part, style)
            text.append("\n")
    text.right_crop(1)
    if look.needle:
        text.highlight_words([look.needle], Style(reverse=True), case_sensitive=False)
    return text


class _Pen(Struct, frozen=True):
    """Writes rows; `digits` is the width of a line number."""

    digits: int
    theme: int
    bare: bool

    def unified(self, block: ChangedLines, width: int) -> Iterator[_Row]:
        """Write a block's lines below each other."""
        for mark, line in block.unified():
            yield from self._line(mark, line, width)

    def split(self, block: ChangedLines, width: int) -> Iterator[_Row]:
        """Write a block's two sides beside each other."""
        left = (width - 1) // 2
        right = width - 1 - left
        marks = (" ", " ") if block.context else ("-", "+")
        bar = ("\N{BOX DRAWINGS LIGHT VERTICAL}", _plain("edge", "ground", self.theme))
        for one, other in zip_longest(block.old, block.new):
            old = list(self._line(marks[0], one, left)) if one else []
            new = list(self._line(marks[1], other, right)) if other else []
            for row, beside in zip_longest(old, new):
                yield [*(row or self._empty(left)), bar, *(beside or self._empty(right))]

    def _empty(self, width: int) -> _Row:
        return [(" " * width, _plain("text", "ground", self.theme))]

    def _line(self, mark: str, line: Line, width: int) -> Iterator[_Row]:
        """Cut a line into rows; all but the first have neither number nor mark."""
        side = _SIDES[mark]
        quiet = _plain("muted", side, self.theme)
        rest = _plain("text", side, self.theme)
        indent = self.digits + 3
        room = max(width - indent, 8)
        row: _Row = [(f"{line.number:>{self.digits}} {mark} ", quiet)]
        used = column = 0
        for run in line.runs:
            style = _style(run.sort, run.changed, side, self.theme, self.bare)
            for character in run.text:
                cells = 8 - column % 8 if character == "\t" else cell_len(character)
                text = " " * cells if character == "\t" else character
                column += cells
                if used + cells > room:
                    row.append((" " * (room - used), rest))
                    yield row
                    row, used = [(" " * indent, quiet)], 0
                if row[-1][1] is style:
                    text = row.pop()[0] + text
                row.append((text, style))
                used += cells
        row.append((" " * max(width - indent - used, 0), rest))
        yield row
        if line.unended:
            words = "\\ No newline at end of file"[:room]
            yield [(" " * indent + words + " " * (room - len(words)), quiet)]


@cache
def _style(sort: Sort, changed: bool, side: str, theme: int, bare: bool) -> Style:
    ground = f"{side}-word" if changed and side != "ground" else side
    made = _plain(_SORTS[sort], ground, theme)
    if changed:
        made += Style(bold=True, underline=bare)
    if sort is Sort.ODD:
        made += Style(reverse=True)
    return made


@cache
def _plain(text: str, ground: str, theme: int) -> Style:
    return Style(color=COLOURS[text][theme], bgcolor=COLOURS[ground][theme])


def draw_why(passage: Passage, file: FileReview, made: PassageDecision, theme: int) -> Text:
    """Say why each edit was made, what was left and why, and what a person has done."""
    text = Text(end="")
    if file.group:
        text.append(f"{plain(file.group)}\n", "bold")
    muted = Style(color=COLOURS["muted"][theme])
    if made.edited is not None:
        text.append("Edited by hand; the reasons below are those of the rules' own hunk.\n")
    for rule in dict.fromkeys(edit.rule for edit in passage.edits):
        text.append(f"{rule.name}: ", "bold")
        text.append(plain(rule.description or "the rule file says nothing of it"))
        text.append(f" ({rule.place})\n", muted)
        for edit in passage.edits:
            if edit.rule == rule:
                bound = ", ".join(f"{name} = {value}" for name, value in edit.bindings)
                text.append(f"  line {edit.line}: {bound}\n")
    flags = dict.fromkeys(note for edit in passage.edits for note in edit.flags)
    for note in flags:
        text.append(f"  {note.word} is {note.becomes}")
        text.append(f" ({note.place})\n", muted)
    for said in passage.proof:
        colour = Style(color=COLOURS["converted" if said.verdict == "proven" else "left"][theme])
        text.append(f"{plain(said.function)} is {said.verdict}", colour)
        text.append(f": {plain(said.why)}\n" if said.why else "\n")
    for use in passage.left:
        colour = Style(color=COLOURS["left" if use.outcome == "left" else "unjudged"][theme])
        text.append(f"line {use.line} {_SAID.get(use.outcome, use.outcome)}: ", colour)
        text.append(f"{plain(use.reason.text) if use.reason is not None else 'no reason'}\n")
    for word in file.notes:
        text.append(f"{plain(word)}\n", muted)
    if not text.plain:
        text.append("No rule says anything of this place.\n", muted)
    text.right_crop(1)
    return text


_SAID = {"left": "left", "unjudged": "not judged"}


def state_words(passage: Passage, made: PassageDecision) -> str:
    """Return what became of a passage."""
    if not passage.changes and made.edited is None:
        return "left to a person"
    if made.state is PassageState.ACCEPTED:
        return "accepted, edited" if made.edited is not None else "accepted"
    return str(made.state.value)


def searchable(passage: Passage, file: FileReview) -> str:
    """Return all that a search looks at, in lower case."""
    parts = [passage.path, passage.function, file.subsystem, *passage.rules]
    parts += [line.text.decode("utf-8", "replace") for line in passage.hunk.lines]
    parts += [use.reason.text for use in passage.uses if use.reason is not None]
    return "\n".join(parts).lower()
