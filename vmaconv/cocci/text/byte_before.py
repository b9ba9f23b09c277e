# SPDX-License-Identifier: GPL-2.0-only
"""The byte before a place in a text.

In: a text and an offset. Out: one byte, or none at the text's beginning.
"""

from __future__ import annotations


def byte_before(text: bytes, offset: int) -> bytes:
    """Return the byte before `offset`, empty at the beginning.

    `text[offset - 1 : offset]` says the same, but counts from the end where `offset` is 0: mypyc 2.4 makes
    a SystemError of a slice of bytes that ends before it begins.

    >>> byte_before(b"ab", 1), byte_before(b"ab", 0)
    (b'a', b'')
    """
    return text[offset - 1 : offset] if offset > 0 else b""
