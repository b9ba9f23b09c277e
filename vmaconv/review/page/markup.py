# SPDX-License-Identifier: GPL-2.0-only
"""Lines of code as HTML.

In: a passage's hunk.  Out: `Markup` in which every text of the tree is escaped.  The classes are
those of `page/report.css`; everything around the lines is the template's.
"""

from __future__ import annotations

import html
from collections.abc import Mapping

from markupsafe import Markup

from vmaconv.review.look.block import ChangedLines, Line, TextRun, blocks
from vmaconv.review.material.passages import Passage

_UNENDED = "<p>\\ No newline at end of file</p>"


def hunk_markup(passage: Passage, before: bytes, offset: int, anchors: Mapping[int, str]) -> Markup:
    """Write a passage's lines; `anchors` are names for lines of the original.

    `offset` is where the hunk begins in `before`.  Lines that both sides have stand once; the
    page's script copies them where there is room for two sides, `data-d` added to their numbers.
    """
    made = blocks(passage.hunk, before, offset)
    return Markup("".join(_block(block, anchors) for block in made))  # escaped in `run_markup`


def run_markup(run: TextRun) -> str:
    """Write a run: plain text, `<i>` with the class of its sort, `<b>` where the word changed.

    >>> from vmaconv.review.look.syntax import Sort
    >>> run_markup(TextRun("</script>", Sort.PLAIN))
    '&lt;/script&gt;'
    """
    text = html.escape(run.text, quote=False)
    if not run.changed and not run.sort.value:
        return text
    tag = "b" if run.changed else "i"
    look = f" class={run.sort.value}" if run.sort.value else ""
    return f"<{tag}{look}>{text}</{tag}>"


def _line(line: Line, name: str = "") -> str:
    body = "".join(map(run_markup, line.runs)) or "<br>"
    anchor = f" id={name}" if name else ""
    return f"<div data-n={line.number}{anchor}>{body}</div>{_UNENDED if line.unended else ''}"


def _block(block: ChangedLines, anchors: Mapping[int, str]) -> str:
    old = "".join(_line(line, anchors.get(line.number, "")) for line in block.old)
    if block.context:
        moved = block.new[0].number - block.old[0].number
        return f"<div class=b data-d={moved}><div>{old}</div></div>"
    new = "".join(map(_line, block.new))
    gone = f"<del><span class=v>Removed:</span>{old}</del>" if old else "<del class=empty></del>"
    came = f"<ins><span class=v>Added:</span>{new}</ins>" if new else "<ins class=empty></ins>"
    return f"<div class=b>{gone}{came}</div>"
