# SPDX-License-Identifier: GPL-2.0-only
"""The names of converted functions.

In: a function's name, and whether it is a hook. Out: its new name, as upstream gives them:
`mmap_mem` becomes `mmap_mem_prepare`, the helper `relay_mmap_buf` `relay_mmap_prepare_buf`.
"""

from __future__ import annotations

import re

from vmaconv.cocci.text.late_regex import late_regex

_WORD = late_regex(rb"(?:(?<=_)|^)mmap(?=_|$)")


def hook_name(name: bytes) -> bytes:
    """Return a hook's new name.

    >>> hook_name(b"foo_mmap")
    b'foo_mmap_prepare'
    """
    return name + b"_prepare"


def helper_name(name: bytes) -> bytes:
    """Return a helper's new name: one that does not speak of mmap keeps its own.

    >>> helper_name(b"relay_mmap_buf"), helper_name(b"check_vma")
    (b'relay_mmap_prepare_buf', b'check_vma')
    """
    return _WORD.sub(b"mmap_prepare", name, count=1)


def twin_name(name: bytes) -> bytes:
    """Return the name of a helper's twin, which takes a descriptor where the helper takes a VMA.

    >>> twin_name(b"relay_mmap_buf"), twin_name(b"check_vma"), twin_name(b"fits")
    (b'relay_mmap_prepare_buf', b'check_desc', b'fits_desc')
    """
    new = helper_name(name)
    if new != name:
        return new
    new = re.sub(rb"(?:(?<=_)|^)vma(?=_|$)", b"desc", name, count=1)
    return new if new != name else name + b"_desc"
