# SPDX-License-Identifier: GPL-2.0-only
"""The tree's .mailmap, as `git check-mailmap` reads it.

In: the file's bytes.  Out: the names and addresses that people go by now.

Fact: git-check-mailmap(1), gitmailmap(5).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from vmaconv.cocci.text.tree_file import read_file
from vmaconv.series.git.own_store import apart_store
from vmaconv.series.git.repository import run_git
from vmaconv.series.mail.address import Address, clean_email, clean_name


class Mailmap(Struct, frozen=True):
    """The text of a .mailmap; empty for a tree without one."""

    text: bytes = b""

    def current(self, people: Sequence[Address]) -> list[Address]:
        """Return each of the people as the map has them, in order.

        >>> Mailmap(b"A <new@x> <old@x>").current([Address("", "old@x")])
        [Address(name='A', email='new@x')]

        Raises `GitFailed` and `GitMissing`.
        """
        asked = [one for one in people if one.email]
        if not self.text or not asked:
            return list(people)
        rows = "".join(f"{_one_line(one.name)} <{one.email}>\n" for one in asked)
        with apart_store() as variables:
            work = Path(variables["GIT_WORK_TREE"])
            (work / ".mailmap").write_bytes(self.text)
            feed = rows.encode("utf-8", "replace")
            out = run_git(work, "check-mailmap", "--stdin", feed=feed, extra=variables)
        rows_told = out.decode("utf-8", "replace").split("\n")[:-1]
        told = [_told(row, one) for row, one in zip(rows_told, asked, strict=True)]
        known = dict(zip(asked, told, strict=True))
        return [known.get(one, one) for one in people]


def read_mailmap(tree: Path) -> Mailmap:
    """Read a tree's .mailmap; a tree without one has an empty map."""
    try:
        return Mailmap(read_file(tree, ".mailmap"))
    except OSError:
        return Mailmap()


def _one_line(name: str) -> str:
    """Return a name that git cannot take for the end of a line or for an address."""
    return clean_name(name).replace("<", " ").replace(">", " ")


def _told(row: str, asked: Address) -> Address:
    """Read a row such as `A <a@b>`; who is moved to no address at all stays where they are."""
    name, _, email = row.removesuffix(">").rpartition("<")
    return Address(clean_name(name), clean_email(email)) if clean_email(email) else asked
