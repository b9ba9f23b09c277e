# SPDX-License-Identifier: GPL-2.0-only
"""Wrong conversions, made on purpose from right ones.

In: a file before and after a conversion. Out: `Mutant`s: each is the text after with one thing wrong,
so that it does something else for some flags in some configuration, or does not compile.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from vmaconv.prove.headers.header_index import SourceFile

PLAIN = ("READ", "WRITE", "EXEC", "SHARED", "MAYREAD", "MAYWRITE", "MAYEXEC", "IO", "DONTCOPY")
"""Flags that are a bit of their own in every configuration."""

_CALL = re.compile(
    rb"(!?)\b((?:vma_desc|vma_flags|vma|mk_vma_flags)(?:_\w+)?)"
    rb"\(((?:[^()]|\([^()]*\))*?)((?:,?\s*VMA_\w+_BIT)+)\)"
)
_BIT = re.compile(rb"VMA_(\w+)_BIT")
_OVERWRITTEN = re.compile(rb"(?:->|\.)vm_flags\s*=(?!=)(?![^;]*vm_flags)")
_SETTER = re.compile(rb"(?<=\n)\t+(vma_(?:desc|flags)_(?:set|clear)\w*\([^;{}]*\));\n")
_LEAVING = re.compile(
    rb"if \((?=[^{};]*VMA_)((?:[^(){};]|\((?:[^(){};]|\([^(){};]*\))*\))*)\)\s*return [^;]+;"
)
_MASK = re.compile(rb"\bVMA_(?!\w+_BIT\b)\w+\b")
_MASKS = (b"VMA_REMAP_FLAGS", b"EMPTY_VMA_FLAGS")
_HELPER = {
    b"bitmap_subset": b"bitmap_intersects",
    b"bitmap_intersects": b"bitmap_subset",
    b"bitmap_or(": b"bitmap_and(",
    b"bitmap_andnot": b"bitmap_and",
    b"__set_bit": b"__clear_bit",
}
"""What a helper's body does, and what it wrongly could."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A text with one thing wrong: what kind of wrong, in which function; `before` where it, too, is
    another text than it was.
    """

    kind: str
    function: str
    after: bytes
    before: bytes | None = None


def mutants(path: str, before: bytes, after: bytes) -> Iterator[Mutant]:
    """Yield the wrong texts, kind by kind; each is made from a place that the conversion changed."""
    changed = changed_ranges(before, after)
    for start, end, made in (*_all(after, changed), *_statements(after, changed)):
        yield from _placed(path, before, after, start, end, made)
    yield from _left_behind(path, before, after)
    yield from _other_in_a_configuration(path, before, after, changed)


def _placed(
    path: str, before: bytes, after: bytes, start: int, end: int, made: tuple[str, bytes]
) -> Iterator[Mutant]:
    function = function_at(path, after, start)
    if function and b"%s(" % function.encode() in before and not _is_overwritten(before, function):
        yield Mutant(made[0], function, after[:start] + made[1] + after[end:])


def function_at(path: str, text: bytes, offset: int) -> str:
    """Return the name of the function whose body holds a place, or ""."""
    for name, spots in SourceFile(path, text).spots.items():
        if any(spot.body <= offset < spot.end for spot in spots):
            return name
    return ""


def _is_overwritten(before: bytes, function: str) -> bool:
    """Whether a function gives the word a new value: what it did to it before then matters to nobody,
    so that a wrong bit there would do the same as the right one."""
    spots = SourceFile("", before).spots.get(function, [])
    return any(_OVERWRITTEN.search(before, spot.body, spot.end) for spot in spots)


def _statements(
    after: bytes, changed: list[tuple[int, int]]
) -> Iterator[tuple[int, int, tuple[str, bytes]]]:
    """Yield what whole statements could wrongly be: left out, or with another mask."""
    found: list[tuple[int, int, tuple[str, bytes]]] = []
    for match in _SETTER.finditer(after):
        indent = after[match.start() : match.start(1)]
        found.append((match.start(), match.end(), ("a statement dropped", indent + b";\n")))
    for match in _LEAVING.finditer(after):
        whole = match[0][: match[0].rindex(b"return")] + b";"
        found.append((match.start(), match.end(), ("an early return lost", whole)))
    for match in _MASK.finditer(after):
        other = next((m for m in _MASKS if m != match[0]), b"")
        if match[0] in _MASKS:
            found.append((match.start(), match.end(), ("another mask", other)))
    for start, end, made in found:
        if any(a < end and start < b for a, b in changed):
            yield start, end, made


def header_mutants(before: bytes, after: bytes) -> Iterator[Mutant]:
    """Yield wrong texts of a header that declares flags: bits with another number, wrong helpers.

    What differs is said of whoever uses them, so they name no function.
    """
    for number, match in enumerate(re.finditer(rb"DECLARE_VMA_BIT\((\w+), (\d+)\)", after)):
        if number % 6 == 0:
            wrong = b"DECLARE_VMA_BIT(%s, %d)" % (match[1], int(match[2]) ^ 1)
            yield Mutant(
                "a bit's number", "", after[: match.start()] + wrong + after[match.end() :]
            )
    changed, code = changed_ranges(before, after), SourceFile("", after).clean
    for right, wrong in _HELPER.items():
        for match in re.finditer(re.escape(right), code):
            if any(a <= match.start() < b for a, b in changed):
                text = after[: match.start()] + wrong + after[match.end() :]
                yield Mutant("a helper's body", "", text)


def changed_ranges(before: bytes, after: bytes) -> list[tuple[int, int]]:
    """Return the byte ranges of the lines that the text before has not."""
    old, new = before.splitlines(True), after.splitlines(True)
    starts = [0]
    for line in new:
        starts.append(starts[-1] + len(line))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [
        (starts[j1], starts[j2]) for tag, _, _, j1, j2 in matcher.get_opcodes() if tag != "equal"
    ]


def _all(
    after: bytes, changed: list[tuple[int, int]]
) -> Iterator[tuple[int, int, tuple[str, bytes]]]:
    for match in _CALL.finditer(after):
        if any(a <= match.start() < b for a, b in changed):
            for made in _wrong(match):
                yield match.start(), match.end(), made


def _wrong(match: re.Match[bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield what a call with a list of bits could wrongly be."""
    sign, name, first, bits = match.groups()
    whole = match[0]
    flags = _BIT.findall(bits)
    others = [f.encode() for f in PLAIN if f.encode() not in flags]
    for number, flag in enumerate(flags):
        for other in dict.fromkeys((others[number], others[-1 - number], *others[2:5])):
            wrong = bits.replace(b"VMA_%s_BIT" % flag, b"VMA_%s_BIT" % other, 1)
            yield "another bit", b"%s%s(%s%s)" % (sign, name, first, wrong)
    for other in others[:2]:
        more = b"%s, VMA_%s_BIT" % (bits, other)
        yield "a bit added", b"%s%s(%s%s)" % (sign, name, first, more)
    if len(flags) > 1:
        for flag in flags:
            left = b", ".join(b"VMA_%s_BIT" % f for f in flags if f != flag)
            lead = b", " if bits.lstrip().startswith(b",") else b""
            yield "a bit dropped", b"%s%s(%s%s%s)" % (sign, name, first, lead, left)
    if b"test" in name:
        yield (("! dropped", whole[1:]) if sign else ("! added", b"!" + whole))
        swapped = b"VMA_%s_BIT, %s" % (flags[0], first.strip().rstrip(b","))
        yield "arguments swapped", b"%s%s(%s)" % (sign, name, swapped)
    if b"test" in name and len(flags) > 1:
        yield from _any_and_all(sign, name, first, bits)
    for one, other in ((b"_set", b"_clear"), (b"_clear", b"_set")):
        if one in name:
            yield "set and clear", whole.replace(one, other, 1)


def _any_and_all(
    sign: bytes, name: bytes, first: bytes, bits: bytes
) -> Iterator[tuple[str, bytes]]:
    if b"_all" in name:
        yield "any and all", b"%s%s(%s%s)" % (sign, name.replace(b"_all", b""), first, bits)
    elif name == b"vma_flags_test":
        yield "any and all", b"%svma_flags_test_all(%s%s)" % (sign, first, bits)
    elif name == b"vma_desc_test_flags":
        place = b"&(%s)->vma_flags" % first.strip().rstrip(b",")
        yield "any and all", b"%svma_flags_test_all(%s%s)" % (sign, place, bits)


def _left_behind(path: str, before: bytes, after: bytes) -> Iterator[Mutant]:
    """Yield texts in which one function that hands on or takes another type is as it was."""
    old, new = SourceFile(path, before), SourceFile(path, after)
    for name, spots in new.spots.items():
        olds = old.spots.get(name, [])
        if len(olds) != len(spots):
            continue
        for a, b in zip(olds, spots, strict=True):
            texts = old.text[a.start : a.end], new.text[b.start : b.end]
            heads = old.text[a.start : a.body], new.text[b.start : b.body]
            if texts[0] == texts[1]:
                continue
            if heads[0] != heads[1] and len(spots) > 1:
                kind = "an #ifdef arm left behind"
            elif heads[0] == heads[1] and _hands_on(*texts):
                kind = "a caller left behind"
            else:
                continue
            yield Mutant(kind, name, after[: b.start] + texts[0] + after[b.end :])


def _hands_on(old: bytes, new: bytes) -> bool:
    """Whether a call with other arguments is all that differs."""
    gone = [line for line in old.splitlines() if line not in new.splitlines()]
    words = rb"EMPTY_VMA_FLAGS|mk_vma_flags|& VM_LOCKED|true,"
    return bool(re.search(words, new)) and not any(b"|=" in line for line in gone)


def _other_in_a_configuration(
    path: str, before: bytes, after: bytes, changed: list[tuple[int, int]]
) -> Iterator[Mutant]:
    """Yield conversions of a flag that another configuration lacks, and whose bit is another's."""
    for start, end in changed:
        flags = {*_BIT.findall(after[start:end])}
        name = function_at(path, after, start + after[start:end].find(b"VMA_"))
        old = SourceFile(path, before)
        spot = next(iter(old.spots.get(name, ())), None)
        if len(flags) != 1 or spot is None:
            continue
        (flag,) = flags
        word = b"VM_" + flag
        code = before[spot.start : spot.end]
        lines = after[start:end]
        if len(re.findall(rb"\b%s\b" % word, code)) != 1 or lines.count(b"_BIT") != 1:
            continue
        yield Mutant(
            "another bit in a configuration",
            name,
            after[:start] + lines.replace(b"VMA_%s_BIT" % flag, b"VMA_GROWSUP_BIT") + after[end:],
            before[: spot.start]
            + re.sub(rb"\b%s\b" % word, b"VM_GROWSUP", code)
            + before[spot.end :],
        )
