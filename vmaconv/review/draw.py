"""Passages as text with colours, for the full-screen review.

In: blocks, a width, a theme.  Out: rich's `Text`, each row as wide as asked for.  The colours are
the page's; marks and line numbers say the same without any.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from vmaconv.review.block import Block, Line
from vmaconv.review.decisions import Decision, State
from vmaconv.review.material import FileReview, Passage
from vmaconv.review.palette import COLOURS
from vmaconv.review.syntax import Sort
from vmaconv.review.visible import plain

#: A row: texts with their styles, in all as wide as asked for.
_Row = list[tuple[str, Style]]

_NUMBER = 5
_PREFIX = _NUMBER + 3
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


@dataclass(frozen=True, slots=True)
class Look:
    """How passages are drawn: width in cells, one side or two, light (0) or dark (1)."""

    width: int
    split: bool = False
    theme: int = 1
    needle: str = ""


def draw_code(blocks: Sequence[Block], look: Look) -> Text:
    """Draw a passage's lines.

    Side by side, lines that only one side has stand beside nothing; a line that is too long goes on
    in the next row.
    """
    changes = any(not block.context for block in blocks)
    text = Text(no_wrap=True, end="")
    for block in blocks:
        rows = _split_rows(block, look) if look.split and changes else _unified_rows(block, look)
        for row in rows:
            for part, style in row:
                text.append(part, style)
            text.append("\n")
    text.right_crop(1)
    if look.needle:
        mark = Style(color=COLOURS["text"][look.theme], bgcolor=COLOURS["mark"][look.theme])
        mark += Style(bold=True, underline=True)
        text.highlight_words([look.needle], mark, case_sensitive=False)
    return text


def _unified_rows(block: Block, look: Look) -> Iterator[_Row]:
    for mark, line in block.unified():
        yield from _line_rows(mark, line, look.width, look.theme)


def _split_rows(block: Block, look: Look) -> Iterator[_Row]:
    left = (look.width - 1) // 2
    right = look.width - 1 - left
    marks = (" ", " ") if block.context else ("-", "+")
    bar = ("\N{BOX DRAWINGS LIGHT VERTICAL}", _plain("line", "ground", look.theme))
    for number in range(max(len(block.old), len(block.new))):
        old = _side_rows(marks[0], block.old, number, left, look.theme)
        new = _side_rows(marks[1], block.new, number, right, look.theme)
        for at in range(max(len(old), len(new))):
            one = old[at] if at < len(old) else _empty(left, look.theme)
            other = new[at] if at < len(new) else _empty(right, look.theme)
            yield [*one, bar, *other]


def _side_rows(mark: str, lines: Sequence[Line], number: int, width: int, theme: int) -> list[_Row]:
    if number >= len(lines):
        return []
    return list(_line_rows(mark, lines[number], width, theme))


def _empty(width: int, theme: int) -> _Row:
    return [(" " * width, _plain("text", "ground", theme))]


def _line_rows(mark: str, line: Line, width: int, theme: int) -> Iterator[_Row]:
    """Cut a line into rows; all but the first have neither number nor mark."""
    side = _SIDES[mark]
    quiet = _plain("muted", side, theme)
    room = max(width - _PREFIX, 8)
    prefix = f"{line.number:>{_NUMBER}} {mark} "
    row: _Row = [(prefix, quiet)]
    used = 0
    column = 0
    for run in line.runs:
        style = _style(run.sort, run.changed, side, theme)
        for character in run.text:
            if character == "\t":
                cells = 8 - column % 8
                character = " " * cells
            else:
                cells = cell_len(character)
            column += cells
            if used + cells > room:
                row.append((" " * (room - used), style))
                yield row
                # A tab that does not fit ends the row as a line's end would.
                row, used = [(" " * _PREFIX, quiet)], 0
                character, cells = character[:room], min(cells, room)
            row.append((character, style))
            used += cells
    row.append((" " * max(width - _PREFIX - used, 0), _plain("text", side, theme)))
    yield row
    if line.unended:
        words = "\\ No newline at end of file"[: width - _PREFIX]
        yield [(" " * _PREFIX + words + " " * max(width - _PREFIX - len(words), 0), quiet)]


@cache
def _style(sort: Sort, changed: bool, side: str, theme: int) -> Style:
    ground = f"{side}-word" if changed and side != "ground" else side
    made = _plain(_SORTS[sort], ground, theme)
    if changed:
        made += Style(bold=True, underline=True)
    if sort is Sort.ODD:
        made += Style(reverse=True)
    return made


@cache
def _plain(text: str, ground: str, theme: int) -> Style:
    return Style(color=COLOURS[text][theme], bgcolor=COLOURS[ground][theme])


def draw_why(passage: Passage, file: FileReview, made: Decision, theme: int) -> Text:
    """Say why each edit was made, what was left and why, and what a person has done."""
    text = Text(end="")
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


def state_words(passage: Passage, made: Decision) -> str:
    """Say what became of a passage."""
    if not passage.changes and made.edited is None:
        return "left to a person"
    if made.state is State.ACCEPTED:
        return "accepted, edited" if made.edited is not None else "accepted"
    return str(made.state.value)


def searchable(passage: Passage, file: FileReview) -> str:
    """Give all that a search looks at, in lower case."""
    parts = [passage.path, passage.function, file.subsystem, *passage.rules]
    parts += [line.text.decode("utf-8", "replace") for line in passage.hunk.lines]
    parts += [use.reason.text for use in passage.uses if use.reason is not None]
    return "\n".join(parts).lower()
