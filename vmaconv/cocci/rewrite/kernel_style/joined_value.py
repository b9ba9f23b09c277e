# SPDX-License-Identifier: GPL-2.0-only
"""Values of several lines that go to another place.

In: what a metavariable stands for, and where that goes. Out: the same on one line, which `layout`
breaks where the new place asks for it.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import EXPRESSIONS

_NOT_JOINED = late_regex(rb"/[*/]|\\\n|^[ \t]*#", re.MULTILINE)
_BEHIND_OPENING = late_regex(rb"(?<=[(\[])\s*\n\s*")
_LINE_END = late_regex(rb"\s*\n\s*")


def joined(value: BoundValue, start: int, end: int) -> BoundValue:
    """Return a value on one line where bytes [`start`, `end`), which it goes to, do not hold it.

    What is no expression, or has a comment or a preprocessor line in it, stays as it is.
    """
    nodes = value.nodes if value.nodes is not None else (value.node,)
    first, last = nodes[:1], nodes[-1:]
    if b"\n" not in value.text or value.data is not None or _NOT_JOINED.search(value.text):
        return value
    if not all(n is not None and (n.kind in EXPRESSIONS or n.text == b",") for n in nodes):
        return value
    if (
        first[0] is not None
        and last[0] is not None
        and start <= first[0].start
        and last[0].end <= end
    ):
        return value
    text = _LINE_END.sub(b" ", _BEHIND_OPENING.sub(b"", value.text))
    return replace(value, text=text)
