# SPDX-License-Identifier: GPL-2.0-only
"""The names that a migration is likely to ask for, before it knows that it does.

In: a recipe's first search, which is done. Out: the functions that take the old type in the headers that it
found and that a C file names which names a seed's struct, and the macros that initialise a seed's member. A
search for these can run while seeds are looked at; what else turns up is searched for when it does.
"""

from __future__ import annotations

from collections.abc import Iterator

from vmaconv.cocci.text.files import is_under
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.tree_file import read_if_there
from vmaconv.cocci.text.trivia import line_start
from vmaconv.cocci.text.word_places import places_of
from vmaconv.migrate.facts.first_search import FirstSearch
from vmaconv.migrate.facts.sources import Sources

_DECLARED = late_regex(rb"[\w*]\s*(?<!\w)(\w+)\s*\Z")
"""A name behind the last word of a type, or its asterisk."""
_MACRO = late_regex(rb"[ \t]*#[ \t]*define[ \t]+(\w+)")
_LONGEST = 100
"""Bytes before a bracket in which the name of what takes parameters is looked for."""


def likely_names(begun: FirstSearch, sources: Sources, old: bytes) -> set[bytes]:
    """Return names that values of the seeds' members may be passed on to; waits for the search.

    A file that cannot be read has none.
    """
    functions, macros = set[bytes](), set[bytes]()
    for path, lines in begun.search.lines().items():
        if is_under(path, sources.exclude, False):
            continue
        members = [member.name for member in begun.members if member.name in lines]
        is_header = path.endswith(".h")
        if is_header or (members and (b"\\\n" in lines or b"#" in lines)):
            text = read_if_there(sources.root, path)
            for name in members:
                macros.update(_macros_filling(text, name))
            if is_header:
                functions.update(_taking(text, old))
    users = {path for member in begun.members for path in sources.mentioning(member.tag)}
    texts = [read_if_there(sources.root, path) for path in sorted(users) if not path.endswith(".h")]
    return macros | {name for name in functions if any(name in text for text in texts)}


def _taking(text: bytes, old: bytes) -> Iterator[bytes]:
    """Yield the functions that are declared with a parameter of a type.

    >>> list(_taking(b"int f(int a, flags_t flags); PROTO(flags_t flags)", b"flags_t"))
    [b'f']
    """
    for at in places_of(old, text):
        opening = max(text.rfind(mark, 0, at) for mark in (b"(", b")", b"{", b"}", b";"))
        if text[opening : opening + 1] == b"(":
            name = _DECLARED.search(text, max(opening - _LONGEST, 0), opening)
            if name is not None:
                yield name[1]


def _macros_filling(text: bytes, name: bytes) -> Iterator[bytes]:
    """Yield the macros that initialise a member.

    >>> list(_macros_filling(b"#define INIT(f) { .flags = (f) }", b"flags"))
    [b'INIT']
    """
    for at in places_of(b"." + name, text):
        macro = _MACRO.match(text, line_start(text, at))
        if macro is not None:
            yield macro[1]
