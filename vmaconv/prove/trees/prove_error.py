# SPDX-License-Identifier: GPL-2.0-only
"""What can be wrong with what is to be proved.

In: nothing. Out: an exception with a place, what is wrong and a remedy; the command line maps it to
an exit code.
"""

from __future__ import annotations


class ProveError(Exception):
    """A revision, tree or patch that cannot be used."""

    def __init__(self, place: str, what: str, remedy: str = "") -> None:
        super().__init__(f"{place}: {what}" if place else what)
        self.place = place
        self.what = what
        self.remedy = remedy
