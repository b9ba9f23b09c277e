"""Replacing a file whole or not at all.

In: a path and its new bytes. Out: the file, with its mode kept.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from vmaconv.series.error import TreeChanged


def replace_file(path: Path, before: bytes, after: bytes) -> None:
    """Replace the bytes of `path`, which must still be `before`, by `after`.

    The new file takes the old one's place in one step (rename(2)), so a reader, a kill or a full
    disk finds the old file or the new one, never half of one. Raises `TreeChanged` if the file has
    changed since it was read, OSError if it cannot be written.
    """
    if path.read_bytes() != before:
        raise TreeChanged("changed since it was read", place=str(path), remedy="run again")
    if not os.access(path, os.W_OK):
        raise PermissionError(13, "is read-only", str(path))
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(path.stat().st_mode & 0o7777)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
