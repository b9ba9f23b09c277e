# SPDX-License-Identifier: GPL-2.0-only
"""How far plus lines are indented.

In: the plus lines of a rule, and the text that they go into. Out: for each its column, counted from
the first's, and the blanks that lead there. Rule files indent as they like: `+ if (e)` may be
followed by `+ <tab>f(e);` or by `+   f(e);`. What is written has the text's own indentation: tabs
of 8, as a rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from vmaconv.cocci.rewrite.lines.layout import TAB, indentation, width
from vmaconv.cocci.smpl.rule import PlusLine
from vmaconv.cocci.text.c_lexer import BLOCK_COMMENT
from vmaconv.cocci.text.late_regex import late_regex

_CONTINUES = (",", "(", "&", "|", "=", "+", "-", "*", "/", "?", ":", "\\")


# The line end before them makes the search fast.
_SPACES = late_regex(rb"\n( {2,16})(?=[^ \t*])")
_COMMENT = late_regex(BLOCK_COMMENT)


class Style(Struct, frozen=True):
    """How a text is indented: `step` columns a level, with tabs or with spaces."""

    step: int = TAB
    tabs: bool = True

    def lead(self, column: int) -> bytes:
        """Return the blanks up to `column`.

        >>> Style(4, tabs=False).lead(8)
        b'        '
        """
        return indentation(column) if self.tabs else b" " * column


@lru_cache(maxsize=4)
def style_of(text: bytes) -> Style:
    """Return how most of the indented lines of `text` are indented."""
    if not text.startswith(b"  ") and b"\n  " not in text and b"*/  " not in text:
        # No line begins with spaces, with its comments or without.
        return Style()
    # Lines of comments are indented by their own rules.
    lines = b"\n" + (_COMMENT.sub(b"", text) if b"/*" in text else text)
    spaces = Counter(map(len, _SPACES.findall(lines)))
    if spaces.total() <= lines.count(b"\n\t"):
        return Style()
    return Style(min(spaces), tabs=False)


def _in_parentheses(lines: Sequence[PlusLine]) -> list[bool]:
    """Return for each line whether it begins between parentheses: after `.a = 1,` none does."""
    depth = 0
    found: list[bool] = []
    for line in lines:
        found.append(depth > 0)
        for token in line.tokens:
            depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
    return found


_LABEL = late_regex(r"(?:case\b.*|\w+\s*):\Z")


def columns(lines: Sequence[PlusLine], step: int = TAB) -> list[int]:
    """Return the columns of plus lines, counted from the leftmost.

    A line that goes on the one before keeps its distance; any other stands at a whole number of
    steps, and deeper than the line whose brace it stands behind, also where the rule has it below.
    """
    leads = [line.text[: len(line.text) - len(line.text.lstrip())] for line in lines]
    # The mark takes the first column, so that the tab behind it is 7 wide.
    places = [width(lead.encode(), 1) for lead in leads]
    texts = [line.text.strip() for line in lines]
    # Preprocessor lines stand in the first column, whatever the column of the code.
    code = [p for p, text in zip(places, texts, strict=True) if text and not text.startswith("#")]
    base = min(code or places, default=0)
    found: list[int] = []
    steps: list[int] = []
    befores = [("", 0), *zip(texts, places, strict=True)]
    inside = _in_parentheses(lines)
    for place, text, (before, last), within in zip(places, texts, befores, inside, strict=False):
        goes_on = before.endswith(_CONTINUES) and not before.endswith(("*/", "++", "--"))
        goes_on = goes_on and not _LABEL.match(before)
        if goes_on and (within or not (before.endswith(",") or text.startswith("}"))):
            found.append(max(found[-1] + place - last, 0))
        else:
            while steps and steps[-1] >= place:
                steps.pop()
            if text and place > base:
                steps.append(place)
            found.append(step * len(steps))
    flat = _flat_braces(lines, places)
    return [column + step * more for column, more in zip(found, flat, strict=True)]


def _flat_braces(lines: Sequence[PlusLine], places: Sequence[int]) -> list[int]:
    """Return for each line in how many braces it stands whose line is indented no less."""
    found: list[int] = []
    open_: list[int] = []
    for line, place in zip(lines, places, strict=True):
        tokens = [t.text for t in line.tokens if t.kind != "space"]
        closes = next((i for i, text in enumerate(tokens) if text != "}"), len(tokens))
        around = open_[: len(open_) - closes] if closes else open_
        found.append(sum(brace >= place for brace in around) if tokens else 0)
        for text in tokens:
            if text == "{":
                open_.append(place)
            elif text == "}":
                del open_[-1:]
    return found
