# SPDX-License-Identifier: GPL-2.0-only
"""Members and variables that got another type, and where flags are put into them.

In: a declaration on both sides, and the files that mention the name. Out: the first such place, by the
text: the functions themselves did not change, so that nobody judges them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.prove.headers.header_index import TALKS_OF_FLAGS, SourceFile
from vmaconv.prove.meaning.side_facts import bits_by_name

_MEMBER = late_regex(rb"(?<=[{;] )((?:\w+ )+)(\w+)((?: : \w+)?) ;")
_NO_TYPE = frozenset(
    {b"static", b"const", b"volatile", b"extern", b"__read_mostly", b"__ro_after_init"}
)


def narrowed_members(before: bytes, after: bytes) -> Iterator[str]:
    """Yield the members of a struct, by its tokens, that may keep less than before."""
    olds = {name: (words, bits) for words, name, bits in _MEMBER.findall(before)}
    for words, name, bits in _MEMBER.findall(after):
        if name in olds and (bits != olds[name][1] or is_narrowed(olds[name][0], words)):
            yield name.decode(errors="replace")


def is_narrowed(before: bytes, after: bytes) -> bool:
    """Return whether a type, by its words, may keep less than another did."""
    old, new = (b" ".join(w for w in t.split() if w not in _NO_TYPE) for t in (before, after))
    if old == new:
        return False
    was, now = bits_by_name(old), bits_by_name(new)
    return was is None or now is None or now < was


def flags_put_in(name: str, files: Iterable[SourceFile]) -> str | None:
    """Return `PATH:LINE` of the first assignment of flags to a name, or None."""
    pattern = re.compile(rb"\b%s\s*[|&^]?=(?!=)([^;{}]*);" % re.escape(name.encode()))
    for file in files:
        for found in pattern.finditer(file.clean):
            if TALKS_OF_FLAGS.search(found[1]):
                return f"{file.path}:{file.unit.line(found.start())}"
    return None
