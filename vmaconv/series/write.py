# SPDX-License-Identifier: GPL-2.0-only
"""Replacing a file of the tree that is still what it was when it was read."""

from __future__ import annotations

import os
from pathlib import Path

from vmaconv.cocci.text.atomic import write_whole
from vmaconv.series.series_error import TreeChanged


def replace_file(path: Path, before: bytes, after: bytes) -> None:
    """Replace the bytes of `path`, which must still be `before`, by `after`, whole or not at all.

    Raises `TreeChanged` if the file has changed since it was read, OSError if it cannot be
    written.
    """
    if path.read_bytes() != before:
        raise TreeChanged("changed since it was read", place=str(path), remedy="run again")
    if not os.access(path, os.W_OK):
        raise PermissionError(13, "is read-only", str(path))
    write_whole(path, after)
