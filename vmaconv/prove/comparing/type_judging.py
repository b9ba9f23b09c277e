# SPDX-License-Identifier: GPL-2.0-only
"""The verdict on types that a change defines anew.

In: the changed files, and which members hold flags. Out: a `Judgement` for each struct, union and
typedef that both sides define, and not by the same text. Bit numbers are `bit_judging`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.prove.comparing.changed_names import ChangedType, FileChanges
from vmaconv.prove.comparing.narrowed_places import flags_put_in, narrowed_members
from vmaconv.prove.headers.header_index import TALKS_OF_FLAGS, SourceFile
from vmaconv.prove.headers.overlays import FlagMember, Overlays
from vmaconv.prove.verdict import Example, Judgement, Side, Verdict

_OF_FLAGS = late_regex(
    rb"(?:vm_flags_t|vma_flags_t|const|__private|unsigned|long|union|struct|[{};*])\Z"
)
"""The words of a member that holds flags, and of the union that it may stand in."""

_MENTIONS = late_regex(TALKS_OF_FLAGS.pattern + rb"|vma_flag|VMA_BIT")


Mentioning = Callable[[str], Iterable[SourceFile]]
"""Returns the files of the tree after the change that mention a name."""


def judge_types(
    files: Sequence[FileChanges], overlays: Overlays, mentioning: Mentioning
) -> Iterator[Judgement]:
    """Yield the verdicts on the types of the changed files."""
    for changes in files:
        for name, changed in changes.types.items():
            verdict, reason, example = _verdict(name, changed, overlays)
            if verdict is Verdict.NOT_JUDGED and name.startswith(("struct ", "union ")):
                verdict, reason = _by_members(changed, mentioning) or (verdict, reason)
            yield Judgement(
                changes.paths[1], name.split("@")[0].strip(), changed.line, verdict, reason, example
            )


def _by_members(changed: ChangedType, mentioning: Mentioning) -> tuple[Verdict, str] | None:
    """Judge a struct that holds no flags by its name: some may be put into a member of it."""
    texts = [b" ".join(tokens) for tokens in (changed.before, changed.after)]
    for member in narrowed_members(texts[0], texts[1]):
        place = flags_put_in(member, mentioning(member))
        if place is not None:
            what = f"its member {member} has another type, and flags are put there at {place}"
            return Verdict.UNDECIDED, f"{what}; read it"
    return None


def _verdict(
    name: str, changed: ChangedType, overlays: Overlays
) -> tuple[Verdict, str, Example | None]:
    tag = name.split()[-1]
    sides = overlays.before.get(tag, {}), overlays.after.get(tag, {})
    texts = tuple(b" ".join(tokens) for tokens in (changed.before, changed.after))
    if not any(sides) and not any(_MENTIONS.search(text) for text in texts):
        return Verdict.NOT_JUDGED, "a type that has nothing to do with flags", None
    if name.startswith("enum"):
        if _without_bits(texts[0]) == _without_bits(texts[1]):
            return Verdict.PROVEN, "", None
        return Verdict.UNDECIDED, "other names than those of bits changed in it; read it", None
    if not name.startswith(("struct ", "union ")):
        return Verdict.UNDECIDED, f"what {tag} stands for changed; read it", None
    parted = _parted(sides[0], sides[1])
    if parted:
        example = Example(
            (),
            (),
            Side(changed.line_before, name, _words(parted, sides[0])),
            Side(changed.line, name, _words(parted, sides[1])),
        )
        reason = f"{parted[0]} and {parted[1]} are one memory on one side only"
        return Verdict.DIFFERS, reason, example
    names = {m.encode() for side in sides for m in side}
    rest = [
        Counter(t for t in tokens if not _OF_FLAGS.match(t) and t not in names)
        for tokens in (changed.before, changed.after)
    ]
    if rest[0] != rest[1]:
        return Verdict.UNDECIDED, "members changed that hold no flags; read it", None
    gone = [m for m in sides[0] if m not in sides[1]]
    if gone and not sides[1]:
        return Verdict.UNDECIDED, f"nothing took the place of its member {gone[0]}", None
    return Verdict.PROVEN, "", None


def _parted(old: Mapping[str, FlagMember], new: Mapping[str, FlagMember]) -> tuple[str, str] | None:
    """Return two members that share memory on one side, and do not on the other."""
    both = [name for name in old if name in new]
    for number, one in enumerate(both):
        for other in both[number + 1 :]:
            if _share(old, one, other) != _share(new, one, other):
                return one, other
    return None


def _share(members: Mapping[str, FlagMember], one: str, other: str) -> bool:
    return members[one].place == members[other].place


def _words(pair: tuple[str, str], members: Mapping[str, FlagMember]) -> str:
    return "one memory" if _share(members, *pair) else "two members"


def _without_bits(text: bytes) -> bytes:
    """Return the text of an enum without the bits of flags: they are judged by their numbers."""
    # A macro among enumerators is one token with its arguments, which follow by themselves.
    text = re.sub(rb"DECLARE_VMA_BIT(?:_ALIAS)?\s*\([^)]*\) \( \w+ , \w+", b"", text)
    return re.sub(rb"[\s,]+", b" ", re.sub(rb"\bVMA_\w+_BIT\b(?: = [^,}]+)?", b"", text))
