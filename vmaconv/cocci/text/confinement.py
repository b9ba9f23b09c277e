# SPDX-License-Identifier: GPL-2.0-only
"""Whether a file lies below some folders, wherever its links lead.

In: paths that a rule file or a source file of a stranger names. Out: yes or no; what is then said
or read is the caller's. The links are followed at the time of the question: whoever can swap them
in between has the folders already.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def is_below(path: Path | str, folders: Iterable[Path | str]) -> bool:
    """Whether a file, all links followed, lies below one of the folders, links followed too.

    `is_below("mm/../../secret.h", ["mm"])` is False.
    """
    return any(_real(path).is_relative_to(_real(folder)) for folder in folders)


class Confinement:
    """The question asked again and again for the same folders; looks at each folder once.

    `holds("drivers/net/../x.h")` is True in a `Confinement` of `drivers`.
    """

    __slots__ = ("_known", "_tops")

    def __init__(self, folders: Iterable[Path | str]) -> None:
        self._tops = tuple(dict.fromkeys(_real(folder) for folder in folders))
        self._known: dict[Path, bool] = {}

    def holds(self, path: Path) -> bool:
        """Whether a file lies below the folders."""
        if path.is_symlink():
            return is_below(path, self._tops)
        inside = self._known.get(path.parent)
        if inside is None:
            inside = self._known[path.parent] = is_below(path.parent, self._tops)
        return inside


def _real(path: Path | str) -> Path:
    return Path(os.path.realpath(path))
