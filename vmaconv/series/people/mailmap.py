# SPDX-License-Identifier: GPL-2.0-only
"""The tree's .mailmap, as get_maintainer.pl reads it.

In: the file's text.  Out: the name and address that a person goes by now.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from vmaconv.cocci.text.tree_file import read_file
from vmaconv.series.mail.mail_header import Address, parse_address

_ONE = re.compile(r"([^<]+)<([^>]+)>")
_TWO = re.compile(r"<([^>]+)>\s*<([^>]+)>")
_NAMED_TWO = re.compile(r"(.+)<([^>]+)>\s*<([^>]+)>")
_BOTH_NAMED = re.compile(r"(.+)<([^>]+)>\s*(.+)\s*<([^>]+)>")


@dataclass(frozen=True, slots=True)
class Mailmap:
    """Names and addresses by the address, or the whole `Name <address>`, that they replace."""

    names: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    def current(self, person: Address) -> Address:
        """Give the person as the map has them."""
        keys = (str(person), person.email)
        key = next((key for key in keys if key in self.names or key in self.addresses), None)
        if key is None:
            return person
        return Address(self.names.get(key, person.name), self.addresses.get(key, person.email))


def read_mailmap(tree: Path) -> Mailmap:
    """Read a tree's .mailmap; a tree without one has an empty map."""
    try:
        return parse_mailmap(read_file(tree, ".mailmap").decode("utf-8", "replace"))
    except OSError:
        return Mailmap()


def parse_mailmap(text: str) -> Mailmap:
    """Read the text of a .mailmap.

    >>> parse_mailmap("A <new@x> <old@x>").current(Address("", "old@x"))
    Address(name='A', email='new@x')
    """
    made = Mailmap()
    for line in text.split("\n"):
        line = line.partition("#")[0].strip()
        if match := _ONE.fullmatch(line):
            person = parse_address(line)
            made.names[person.email] = person.name
        elif match := _TWO.fullmatch(line):
            made.addresses[match[2]] = match[1]
        elif match := _NAMED_TWO.fullmatch(line):
            _add(made, match[3], f"{match[1]}<{match[2]}>")
        elif match := _BOTH_NAMED.fullmatch(line):
            _add(made, str(Address(match[3].strip(), match[4].strip())), f"{match[1]}<{match[2]}>")
    return made


def _add(made: Mailmap, key: str, person: str) -> None:
    found = parse_address(person)
    made.names[key] = found.name
    made.addresses[key] = found.email
