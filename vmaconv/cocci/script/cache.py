# SPDX-License-Identifier: GPL-2.0-only
"""A memory of rule files whose scripts were read and found clean.

In: the hash of all that a verdict depends on. Out: whether it was seen before. It spares LibCST's
import, and holds no verdict that safety rests on: whoever writes here can only hide an error message.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

MAX_ENTRIES = 2000


class Cache:
    """A folder of empty files, one a clean rule file, named by its hash."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @classmethod
    def of_user(cls) -> Cache:
        """Give the one in `$XDG_CACHE_HOME/vmaconv/scripts`, or under `~/.cache`."""
        base = os.environ.get("XDG_CACHE_HOME", "")
        home = Path(base) if base.startswith("/") else Path.home() / ".cache"
        return cls(home / "vmaconv" / "scripts")

    def __contains__(self, key: str) -> bool:
        """Say whether a hash was added before."""
        return (self._directory / key).is_file()

    def add(self, key: str) -> None:
        """Remember a hash; a folder that cannot be written to is no error."""
        with contextlib.suppress(OSError):
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            entries = list(self._directory.iterdir())
            for entry in entries if len(entries) >= MAX_ENTRIES else ():
                entry.unlink(missing_ok=True)
            (self._directory / key).touch()
