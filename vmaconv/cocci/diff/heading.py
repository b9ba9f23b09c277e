# SPDX-License-Identifier: GPL-2.0-only
"""The line that git prints after a hunk's second `@@`: the function that the hunk starts in.

In: a file's lines and its path.  Out: the heading's bytes.

The kernel's .gitattributes sets `diff=cpp` for C, whose pattern takes any line that starts with a
letter or underscore and is no label (git's userdiff.c).  Other files get git's default.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from vmaconv.cocci.diff.lines import Lines

#: git keeps this many bytes of the heading.
_LONGEST = 80
_SPACE = b" \t\n\r"
_CPP_LABEL = re.compile(rb"[ \t]*[A-Za-z_][A-Za-z_0-9]*:[ \t\n\v\f\r]*(?:$|/[/*])")
_CPP_TOP = re.compile(rb"(?:::[ \t\n\v\f\r]*)?[A-Za-z_]")
_PLAIN_TOP = re.compile(rb"[A-Za-z_$]")

Finder = Callable[[bytes], bytes | None]


def cpp_heading(line: bytes) -> bytes | None:
    """Give the heading that a line of C makes, or None.

    >>> cpp_heading(b"static int f(void)\\n"), cpp_heading(b"out:\\n")
    (b'static int f(void)', None)
    """
    text = line.removesuffix(b"\n").removesuffix(b"\r")
    if _CPP_LABEL.match(text) or not _CPP_TOP.match(text):
        return None
    return text[:_LONGEST].rstrip(_SPACE)


def plain_heading(line: bytes) -> bytes | None:
    """Give the heading that a line makes in a file without a driver, or None."""
    if not _PLAIN_TOP.match(line):
        return None
    return line[:_LONGEST].rstrip(_SPACE)


def finder_for(path: str) -> Finder:
    """Choose the driver as the kernel's .gitattributes does for C."""
    return cpp_heading if path.endswith((".c", ".h")) else plain_heading


def heading_before(lines: Lines, at: int, stop: int, find: Finder) -> bytes | None:
    """Give the nearest heading above line `at` (0-based) and not above `stop`."""
    for i in range(at - 1, stop - 1, -1):
        heading = find(lines[i])
        if heading is not None:
            return _whole_characters(heading)
    return None


def _whole_characters(heading: bytes) -> bytes:
    """Cut a heading where it stops being UTF-8, as git does whatever the file's encoding."""
    try:
        heading.decode()
    except UnicodeDecodeError as error:
        return heading[: error.start]
    return heading
