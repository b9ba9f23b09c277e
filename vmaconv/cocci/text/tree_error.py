# SPDX-License-Identifier: GPL-2.0-only
"""Errors about the files of a tree."""

from __future__ import annotations


class SourceError(Exception):
    """A tree or file that cannot be read: `code`, the path, what is wrong, and what to do."""

    def __init__(self, code: str, path: str, what: str, remedy: str) -> None:
        super().__init__(f"{path}: {what}")
        self.code = code
        self.path = path
        self.what = what
        self.remedy = remedy


def too_slow(path: str, seconds: float) -> SourceError:
    """Return the error for a file whose rules had not come to an end in time."""
    what = f"the rules had not come to an end after {seconds:g} seconds"
    return SourceError("too-slow", path, what, "leave the file out, or write the rule more simply")
