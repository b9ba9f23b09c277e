"""How far plus lines are indented.

In: the plus lines of a rule. Out: for each its column, counted from the first's, in the kernel's tabs of 8.
Rule files indent as they like: `+ if (e)` may be followed by `+ <tab>f(e);` or by `+   f(e);`.
"""

from __future__ import annotations

from collections.abc import Sequence

from vmaconv.rewrite.layout import TAB, width
from vmaconv.smpl.rule import PlusLine

_CONTINUES = (",", "(", "&", "|", "=", "+", "-", "*", "/", "?", ":", "\\")


def columns(lines: Sequence[PlusLine]) -> list[int]:
    """Return the columns of plus lines, counted from the leftmost.

    A line that goes on the one before keeps its distance; any other stands at a whole number of tabs.
    """
    leads = [line.text[: len(line.text) - len(line.text.lstrip())] for line in lines]
    # The mark takes the first column, so that the tab behind it is 7 wide.
    places = [width(lead.encode(), 1) for lead in leads]
    texts = [line.text.strip() for line in lines]
    base = min((p for p, text in zip(places, texts, strict=True) if text), default=0)
    found: list[int] = []
    steps: list[int] = []
    befores = [("", 0), *zip(texts, places, strict=True)]
    for place, text, (before, last) in zip(places, texts, befores, strict=False):
        if before.endswith(_CONTINUES) and not before.endswith(("*/", "++", "--")):
            found.append(max(found[-1] + place - last, 0))
        else:
            while steps and steps[-1] >= place:
                steps.pop()
            if text and place > base:
                steps.append(place)
            found.append(TAB * len(steps))
    return found
