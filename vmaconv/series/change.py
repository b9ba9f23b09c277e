# SPDX-License-Identifier: GPL-2.0-only
"""A changed file, as the series takes it.

In: nothing.  Out: `FileChange`, the value that every other module here starts from.
"""

from __future__ import annotations

from msgspec import Struct

#: The mode that git gives an ordinary file.
REGULAR = 0o100644


class FileChange(Struct, frozen=True):
    """One file before and after, with the reasons for the change.

    `path` is relative to the tree, with `/` between its parts; bytes of a name that are not UTF-8
    are carried as `os.fsdecode` gives them.  `mode` is git's (0o100644 or 0o100755).  `notes` are
    the descriptions of the rules behind the edits, each a summary line, and below it, after an
    empty line, an explanation if there is one.

    >>> FileChange("mm/util.c", b"a\\n", b"b\\n").changed
    True
    """

    path: str
    before: bytes
    after: bytes
    mode: int = REGULAR
    notes: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    """The text of each rule behind the edits, from its header on."""

    @property
    def changed(self) -> bool:
        """Return whether the bytes differ at all."""
        return self.before != self.after
