# SPDX-License-Identifier: GPL-2.0-only
"""The C text of the flag helpers, and where in a header such text goes.

In: nothing. Out: the files of this folder, each named after the kernel file that its text goes
into. They are in kernel style and end their lines in LF; `anchors` finds the places and
`helper_patch` puts the two together.
"""

from __future__ import annotations

from importlib.resources import files


def read_text(name: str) -> bytes:
    """Return one of the texts: `mm.h`, `mm_types.h`, `bitmap.h`, `bitmap.c`, `vma.c`, …"""
    return (files(__name__) / name).read_bytes()
