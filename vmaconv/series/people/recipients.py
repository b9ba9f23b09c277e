# SPDX-License-Identifier: GPL-2.0-only
"""Who a patch goes to: the answer of get_maintainer.pl, by our own reading.

In: MAINTAINERS, the files of a patch and its text.  Out: To (maintainers) and Cc (reviewers and
lists), in the script's order, as with --nogit --nogit-fallback --norolestats.

The patch is read as it stands before it has recipients, as by somebody who asks the script for
them.  Sections that match equally well stand in the order of the file; the script leaves that order
to chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum

from msgspec import Struct, field

from vmaconv.series.mail.address import Address, clean_email, parse_address
from vmaconv.series.people.mailmap import Mailmap, read_mailmap
from vmaconv.series.people.maintainers import Maintainers, MaintainersSection

#: get_maintainer.pl drops him unless asked for its "penguin chiefs".
_CHIEF = Address("Linus Torvalds", "torvalds@linux-foundation.org")


class RecipientRole(Enum):
    """Why somebody gets a patch."""

    MAINTAINER = "maintainer"
    REVIEWER = "reviewer"
    LIST = "list"


class Recipient(Struct, frozen=True):
    """Somebody who gets a patch, and the section that says so."""

    address: Address
    role: RecipientRole
    section: str = ""


class Recipients(Struct, frozen=True):
    """All who get a patch, in the script's order: people first, then lists."""

    everybody: tuple[Recipient, ...] = ()

    @property
    def to(self) -> tuple[Address, ...]:
        """Return the maintainers."""
        return tuple(one.address for one in self.everybody if one.role is RecipientRole.MAINTAINER)

    @property
    def cc(self) -> tuple[Address, ...]:
        """Return reviewers and lists."""
        return tuple(
            one.address for one in self.everybody if one.role is not RecipientRole.MAINTAINER
        )


def union(many: Sequence[Recipients]) -> Recipients:
    """Join the recipients of several patches, each address once, maintainers over reviewers."""
    everybody = [one for some in many for one in some.everybody]
    found: dict[str, Recipient] = {}
    for role in RecipientRole:
        for one in everybody:
            if one.role is role:
                found.setdefault(one.address.email.lower(), one)
    return Recipients(tuple(found.values()))


def recipients_of(
    maintainers: Maintainers, paths: Sequence[str], patch: str, mailmap: Mailmap | None = None
) -> Recipients:
    """Return who gets a patch that changes these files and has this text.

    >>> from pathlib import Path
    >>> from vmaconv.series.people.maintainers import parse_maintainers
    >>> read = parse_maintainers("MM\\nM:\\tA <a@b>\\nL:\\tmm@x\\nF:\\tmm/\\n", Path("."))
    >>> [str(one) for one in recipients_of(read, ["mm/util.c"], "").cc]
    ['mm@x']
    """
    found = _Gathered()
    for path in sorted(set(paths)):
        for section, _ in maintainers.for_file(path):
            found.add(section)
    for section, _ in maintainers.by_keywords(patch):
        found.add(section)
    names = read_mailmap(maintainers.tree) if mailmap is None else mailmap
    return Recipients(tuple(_current(found, names)))


class _Gathered(Struct):
    """People and lists so far, each name and each address once."""

    people: list[Recipient] = field(default_factory=list)
    lists: list[Recipient] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    list_emails: set[str] = field(default_factory=set)

    def add(self, section: MaintainersSection) -> None:
        for entry in section.entries:
            match entry.letter:
                case "M":
                    self._people(entry.value, RecipientRole.MAINTAINER, section)
                case "R":
                    self._people(entry.value, RecipientRole.REVIEWER, section)
                case "L":
                    self._list(entry.value, section)
                case _:
                    pass

    def _people(self, value: str, role: RecipientRole, section: MaintainersSection) -> None:
        for text in _split_people(value):
            person = _person(text)
            name, email = person.name.lower(), person.email.lower()
            if not email or (name and name in self.names) or email in self.emails:
                continue
            self.people.append(Recipient(person, role, section.title))
            self.emails.add(email)
            if name:
                self.names.add(name)

    def _list(self, value: str, section: MaintainersSection) -> None:
        address, remark = [*value.split(None, 1), "", ""][:2]
        address = clean_email(address)
        if not address or "subscribers-only" in remark or address.lower() in self.list_emails:
            return
        self.list_emails.add(address.lower())
        self.lists.append(Recipient(Address("", address), RecipientRole.LIST, section.title))


def _split_people(value: str) -> list[str]:
    """Split a value that lists several people, as RFC 822 lets it."""
    parts = re.findall(r'(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,"<])+', value)
    return parts if len(parts) > 1 and all("@" in part for part in parts) else [value]


def _person(text: str) -> Address:
    """Read an address as get_maintainer.pl does; what has no `@` is none."""
    person = parse_address(text)
    if "@" not in person.email:
        return Address("", "")
    return Address(person.name.strip('"'), person.email)


def _current(found: _Gathered, mailmap: Mailmap) -> Iterator[Recipient]:
    """Return everybody as the mailmap has them, each once."""
    by_name: dict[str, Address] = {}
    by_email: dict[str, Address] = {}
    given: set[Address] = set()
    asked = [one.address for one in (*found.people, *found.lists)]
    told = mailmap.current(asked)
    # The script looks up what it found once more.
    again = dict(zip(told, mailmap.current(told) if told != asked else told, strict=True))
    for one, person in zip((*found.people, *found.lists), told, strict=True):
        known = by_name.get(person.name.lower()) if person.name else None
        known = known or by_email.get(person.email.lower())
        if not known:
            by_name[person.name.lower()] = by_email[person.email.lower()] = person
        person = again[known or person]
        if person not in given and not (person == _CHIEF and one.role is not RecipientRole.LIST):
            given.add(person)
            yield Recipient(person, one.role, one.section)
