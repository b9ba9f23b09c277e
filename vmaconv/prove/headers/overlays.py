# SPDX-License-Identifier: GPL-2.0-only
"""Which members of structs hold flags, and which of them share memory.

In: the files of two texts of a tree. Out: for a struct's member, the place that it names (members of
one union name one place, and so do a member before and the one that took its place after) and
whether it is a word or a set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from vmaconv.cocci.text.late_regex import late_regex

_STRUCT = late_regex(rb"\b(?:struct|union)\s+(\w+)\s*\{")
_MEMBER = late_regex(rb"(?:^|[;{}])\s*((?:const\s+)?\w+(?:\s+\w+)?)\s+(\w+)\s*(?=;)")
_TOKEN = late_regex(rb"\bunion\b|\bstruct\b|[{};]")
WORDS = frozenset({"vm_flags_t", "unsigned long"})
SET = "vma_flags_t"


class FlagMember(Struct, frozen=True):
    """A member that holds flags: `held` is `word` or `set`; `place` names its memory."""

    name: str
    held: str
    place: str


Members = Mapping[str, Mapping[str, FlagMember]]
"""The members of structs, by tag and name."""


class Overlays(Struct):
    """The members that hold flags, by struct tag: of each side, and of both."""

    before: dict[str, dict[str, FlagMember]] = field(default_factory=dict)
    after: dict[str, dict[str, FlagMember]] = field(default_factory=dict)
    places: dict[tuple[str, str], str] = field(default_factory=dict)

    def place(self, tag: str, member: str) -> str:
        """Return the name of the memory that a member stands for: its own, if nothing shares it."""
        return self.places.get((tag, member), member)


def overlays(before: Iterable[Members], after: Iterable[Members]) -> Overlays:
    """Put the structs of the files of both sides together; see `flag_members`."""
    found = Overlays(_joined(before), _joined(after))
    for tag in {*found.before, *found.after}:
        old, new = found.before.get(tag, {}), found.after.get(tag, {})
        for name, place in _places(old, new).items():
            found.places[tag, name] = place
    return found


def _places(old: dict[str, FlagMember], new: dict[str, FlagMember]) -> dict[str, str]:
    """Join the members of a struct that are one memory, on either side or from one to the other."""
    groups: list[set[str]] = []

    def join(names: set[str]) -> None:
        joined = set(names)
        for group in [g for g in groups if g & names]:
            joined |= group
            groups.remove(group)
        groups.append(joined)

    for side in (old, new):
        for place in {m.place for m in side.values()}:
            join({m.name for m in side.values() if m.place == place})
    gone = [m.name for m in old.values() if m.name not in new]
    came = [m.name for m in new.values() if m.name not in old]
    if old and new and len(gone) == len(came):
        for a, b in zip(gone, came, strict=True):
            join({a, b})
    usual = [group for group in groups if group & {"vm_flags", "vma_flags"}]
    return {
        name: "@flags" if usual == [group] else "@" + min(group)
        for group in groups
        for name in group
    }


def _joined(files: Iterable[Members]) -> dict[str, dict[str, FlagMember]]:
    found: dict[str, dict[str, FlagMember]] = {}
    for file in files:
        for tag, members in file.items():
            found.setdefault(tag, {}).update(members)
    return found


def flag_members(clean: bytes) -> dict[str, dict[str, FlagMember]]:
    """Return the members of a file's structs that hold flags, by tag.

    `clean` is the file with comments, strings and directives blank.
    """
    found: dict[str, dict[str, FlagMember]] = {}
    for match in _STRUCT.finditer(clean):
        end = closing_brace(clean, match.end() - 1)
        members = _members(clean[match.end() : end])
        if members:
            found.setdefault(match[1].decode(), {}).update(members)
    return found


def closing_brace(text: bytes, at: int) -> int:
    """Return where the brace closes that opens at a place of a text without comments and strings."""
    depth = 0
    for match in re.compile(rb"[{}]").finditer(text, at):
        depth += 1 if match[0] == b"{" else -1
        if depth == 0:
            return match.start()
    return len(text)


def _members(body: bytes) -> dict[str, FlagMember]:
    found: dict[str, FlagMember] = {}
    starts: list[tuple[int, bool]] = []
    spans: list[tuple[int, int]] = []
    union_next = False
    for match in _TOKEN.finditer(body):
        if match[0] in (b"union", b"struct"):
            union_next = match[0] == b"union"
        elif match[0] == b"{":
            starts.append((match.end(), union_next))
            union_next = False
        elif match[0] == b"}" and starts:
            start, is_union = starts.pop()
            if is_union:
                spans.append((start, match.start()))
    has_flags_type = b"vm_flags_t" in body or b"vma_flags_t" in body
    for match in _MEMBER.finditer(body):
        specifiers = match[1].decode().split()
        words = " ".join(w for w in specifiers if w != "const" and not w.startswith("__"))
        name = match[2].decode()
        if words == SET:
            held = "set"
        elif words == "vm_flags_t" or (words in WORDS and has_flags_type and "flags" in name):
            held = "word"
        else:
            continue
        union = next((s for s in spans if s[0] <= match.start(2) < s[1]), None)
        found[name] = FlagMember(name, held, f"union{union[0]}" if union else name)
    return found
