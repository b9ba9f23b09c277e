# SPDX-License-Identifier: GPL-2.0-only
"""A file in the middle of a merge.

In: a file's text. Out: where git has left both sides of it. What only one side says must not be
converted, and neither side can be told.
"""

from __future__ import annotations

import re

from vmaconv.cocci.text.late_regex import late_regex

_BEGIN = b"<<<<<<< "
_CONFLICT = late_regex(rb"^<{7} [^\n]*\n(?:[^\n]*\n)*?={7}\r?\n(?:[^\n]*\n)*?>{7} ", re.MULTILINE)


def conflict(text: bytes) -> int | None:
    """Return the line, from 1, of the first conflict that a merge has left in `text`, or None.

    Source: git-merge(1), "How conflicts are presented".

    >>> conflict(b"int a;\\n<<<<<<< HEAD\\nint b;\\n=======\\nint c;\\n>>>>>>> topic\\n")
    2
    """
    if _BEGIN not in text:
        return None
    found = _CONFLICT.search(text)
    return text.count(b"\n", 0, found.start()) + 1 if found is not None else None
