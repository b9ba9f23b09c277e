# SPDX-License-Identifier: GPL-2.0-only
"""Which functions take or return flags otherwise than before.

In: what changed in each file. Out: a `SignatureTie` for each such function.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.types.ctype import CType
from vmaconv.prove.comparing.changed_names import FileChanges
from vmaconv.prove.comparing.signature_tie import Passed, Signature, SignatureTie, tie
from vmaconv.prove.headers.function_spots import Spot
from vmaconv.prove.headers.header_index import TALKS_OF_FLAGS, HeaderIndex, SourceFile
from vmaconv.prove.headers.overlays import Overlays
from vmaconv.prove.meaning.side_facts import bits_by_name

_POINTER = late_regex(rb"(?<![\w.>])(\w+)\Z")


def changed_signatures(
    files: Sequence[FileChanges], renamed: Mapping[str, str]
) -> dict[str, SignatureTie]:
    """Return the functions that take or return flags otherwise than before, by their names before.

    `renamed` gives functions their names before.
    """
    before: dict[str, list[Signature]] = {}
    after: dict[str, list[Signature]] = {}
    for changes in files:
        for side, found in zip((before, after), changes.signatures, strict=True):
            for one in found:
                side.setdefault(one.name, []).append(one)
    ties: dict[str, SignatureTie] = {}
    for name, signatures in after.items():
        old_name = renamed.get(name, name)
        olds = sorted(before.get(old_name, ()), key=lambda s: not s.is_definition)
        news = sorted(signatures, key=lambda s: not s.is_definition)
        for one in news:
            was = _answering(one, olds, news)
            tied = tie(was, one) if was is not None else None
            if tied is not None and (_is_about_flags(tied) or is_in_another_order(tied)):
                ties.setdefault(old_name, tied)
    return ties


def _answering(
    one: Signature, olds: Sequence[Signature], news: Sequence[Signature]
) -> Signature | None:
    """Return what a function was: architectures have their own of one name, each in its files."""
    here = [old for old in olds if old.path == one.path]
    paths = {new.path for new in news}
    # Only a function that moved stands elsewhere now.
    return next(iter(here or [old for old in olds if old.path not in paths]), None)


def _has_other_room(before: CType, after: CType) -> bool:
    """Return whether a parameter may have no room for a flag, or may be a bool, on one side only.

    What an `int` held before it became something that is not known is taken for no flag.
    """
    if before == after or not (_is_scalar(before) and _is_scalar(after)):
        return False
    bits = {bits_by_name(before.base), bits_by_name(after.base)}
    return len(bits) == 2 and (None not in bits or 64 in bits)


def _is_scalar(ctype: CType) -> bool:
    return not ctype.shape and not ctype.base.startswith((b"struct ", b"union "))


def _is_about_flags(found: SignatureTie) -> bool:
    return _takes_or_returns_flags(found) or any(_has_other_room(*t) for t in _paired_types(found))


def _takes_or_returns_flags(found: SignatureTie) -> bool:
    flags = (Passed.SET, Passed.SET_POINTER)
    types = [p for side in (found.before, found.after) for p in side.parameters]
    if any(p.passed in flags or p.ctype.base == b"vm_flags_t" for p in types):
        return True
    return any(
        side.returns is not None and side.returns.base in (b"vm_flags_t", b"vma_flags_t")
        for side in (found.before, found.after)
    )


def _paired_types(found: SignatureTie) -> list[tuple[CType, CType]]:
    return [
        (found.before.parameters[i].ctype, found.after.parameters[j].ctype) for i, j in found.pairs
    ]


def is_in_another_order(found: SignatureTie) -> bool:
    """Return whether the same parameters are taken in another order."""
    return found.is_whole and any(i != j for i, j in found.pairs)


def of_numbers(
    ties: Mapping[str, SignatureTie], before: HeaderIndex, after: HeaderIndex, found: Overlays
) -> frozenset[str]:
    """Return the functions that only take other numbers than before, and do nothing with flags.

    A caller of one has to do with flags where it hands on some: `int tag` became `u16 tag`. `found`
    has the structs with members for flags.
    """
    holders = {
        tag.encode()
        for side in (found.before, found.after)
        for tag, members in side.items()
        if "flags" in members
    }
    names: set[str] = set()
    for name, tied in ties.items():
        sides = (
            (tied.before, before.file(tied.before.path)),
            (tied.after, after.file(tied.after.path)),
        )
        spots = [
            _talks_of_flags(file, spot, holders)
            for one, file in sides
            if file is not None
            for spot in file.spots.get(one.name, ())
        ]
        is_seen = tied.before.is_definition and tied.after.is_definition and bool(spots)
        if is_seen and not any(spots) and _is_of_numbers(tied):
            names.add(name)
    return frozenset(names)


def _talks_of_flags(file: SourceFile, spot: Spot, holders: set[bytes]) -> bool:
    """Return whether a function's text has to do with flags; where in doubt it has.

    `io->flags` has not where `io` points to a struct that is none of `holders`.
    """
    for match in TALKS_OF_FLAGS.finditer(file.text, spot.start, spot.end):
        pointer = _POINTER.search(file.text[spot.start : match.start()])
        if match[0] != b"->flags" or pointer is None:
            return True
        declared = rb"\bstruct\s+(\w+)\s*\*\s*(?:const\s+)?%s\b" % re.escape(pointer[1])
        tags = set(re.findall(declared, file.clean[spot.start : spot.end]))
        if not tags or tags & holders:
            return True
    return False


def _is_of_numbers(found: SignatureTie) -> bool:
    """Return whether only the room of numbers changed that had none for all flags before."""
    return (
        not _takes_or_returns_flags(found)
        and not is_in_another_order(found)
        and all(
            bits_by_name(a.base) != 64 for a, b in _paired_types(found) if _has_other_room(a, b)
        )
    )


def is_told_by_its_body(found: SignatureTie) -> bool:
    """Return whether what a header's function takes now says nothing of what it took before.

    A set that became the pointer to the struct that has one is what the body says it is.
    """
    if not all(s.is_definition and s.path.endswith(".h") for s in (found.before, found.after)):
        return False
    pairs = [(found.before.parameters[i], found.after.parameters[j]) for i, j in found.pairs]
    is_mixed = any(
        a.passed is not b.passed and Passed.OTHER in (a.passed, b.passed) for a, b in pairs
    )
    return is_mixed or not found.is_whole
