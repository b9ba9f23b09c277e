# SPDX-License-Identifier: GPL-2.0-only
"""Wrong conversions of kinds that `wrong_edits` does not make.

In: a file before and after a conversion. Out: `Mutant`s, each the text after with one thing wrong: it
does something else for some flags, or does not compile. Made by looking at what people get wrong:
the neighbour of a bit, a mask for a bit, a copy turned round, a write to a copy, another object, an
assignment for a set, a lock too late, one line or prototype left behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from wrong_edits import Mutant, changed_ranges, function_at

from vmaconv.prove.headers.header_index import SourceFile

_ROW = (
    ("READ", "WRITE", "EXEC", "SHARED", "MAYREAD", "MAYWRITE", "MAYEXEC", "MAYSHARE", "GROWSDOWN"),
    ("LOCKED", "IO", "SEQ_READ", "RAND_READ", "DONTCOPY", "DONTEXPAND", "LOCKONFAULT"),
    ("ACCOUNT", "NORESERVE", "HUGETLB", "SYNC", "ARCH_1", "WIPEONFORK", "DONTDUMP"),
    ("MIXEDMAP", "HUGEPAGE", "NOHUGEPAGE"),
)
"""Bits in the order of their numbers, where they follow each other."""

_NEXT = {a.encode(): b.encode() for row in _ROW for a, b in pairwise(row)}
_BIT = re.compile(rb"\bVMA_(\w+)_BIT\b")
_CALL = rb"\b%s\(((?:[^(),]|\([^()]*\))+),\s*((?:[^(),]|\([^()]*\))+(?:,[^(),]+)*)\)"
_TEST = re.compile(rb"\b(?:vma_desc|vma_flags|vma)_test\w*\((?:[^()]|\([^()]*\))*\)")
_SETTER = re.compile(
    rb"(?<=\n)(\t+)(vma_desc_set_flags|vma_flags_set|vma_set_flags)"
    rb"\(((?:[^(),;]|\([^()]*\))+),\s*(VMA_\w+_BIT(?:,\s*VMA_\w+_BIT)*)\);\n"
)
_COPY = re.compile(rb"(?<=\n)(\t+)([\w.>-]+) = ([\w.>-]+(?:->|\.)(?:vma_flags|flags));")
_OBJECT = re.compile(rb"\bstruct (vm_area_struct|vm_area_desc) \*(\w+)")
_TERNARY = re.compile(rb"\? ((?:[^?:;(),]|\([^()]*\))+) : ((?:[^?:;(),]|\([^()]*\))+)")
_LOCKED = re.compile(rb"(?<=\n)(\t+)(vma_start_write\(\w+\);\n)(\t+vma_\w+\([^;]*\);\n)")
_PLAIN = (
    (rb"_test_any_mask\(", b"_test_all_mask(", "any and all of a mask"),
    (rb"\bvma_test_any\((?=[^;]*,[^;]*,)", b"vma_test_all(", "any and all of bits"),
    (rb"\bvma_test_all\((?=[^;]*,[^;]*,)", b"vma_test_any(", "any and all of bits"),
    (rb" && ", b" || ", "and for or"),
    (rb" \|\| ", b" && ", "or for and"),
    (rb" == ", b" != ", "equal and not"),
    (rb" < ", b" <= ", "less, or as much"),
    (rb"\bis_vma_locked\b(?=[^,;]*\|\|)", b"!is_vma_locked", "a bool turned"),
    (rb"(?<=, )true(?=,)", b"false", "a bool turned"),
    (rb"\bEMPTY_VMA_FLAGS\b", b"mk_vma_flags(VMA_NORESERVE_BIT)", "a flag where none was"),
    (rb"\bmk_vma_flags\(VMA_\w+_BIT\)", b"EMPTY_VMA_FLAGS", "no flag where one was"),
    (rb"\bvma_flags_to_legacy\((\w[\w>.-]*)\)", rb"\1", "a conversion lost"),
    (rb"\blegacy_to_vma_flags\((\w[\w>.-]*)\)", rb"\1", "a conversion lost"),
    (rb"(?<=[ (])(\w+)->flags(?=[,;)])", rb"\1->vm_flags", "the word for the set"),
    (rb"&(\w+->(?:vma_)?flags)\b", rb"\1", "a value for a pointer"),
    (rb"\bvma_flags_empty\(", b"!vma_flags_empty(", "empty and not"),
)
"""What is found in a changed line, what stands there instead, and the kind."""


def mutants(path: str, before: bytes, after: bytes) -> Iterator[Mutant]:
    """Yield the wrong texts."""
    changed = changed_ranges(before, after)
    for kind, start, end, text in (*_everywhere(after), *_in_functions(path, after)):
        if not any(a < end and start < b for a, b in changed):
            continue
        function = function_at(path, after, start)
        if function and b"%s(" % function.encode() in before:
            yield Mutant(kind, function, after[:start] + text + after[end:])
    yield from _prototypes(path, before, after)


Made = tuple[str, int, int, bytes]
"""A kind, the bytes [start, end) that are wrong, and what stands there."""


def _everywhere(after: bytes) -> Iterator[Made]:
    for pattern, wrong, kind in _PLAIN:
        for m in re.finditer(pattern, after):
            line = after[after.rfind(b"\n", 0, m.start()) : after.find(b"\n", m.end())]
            if not line.lstrip().startswith((b"*", b"/*", b"#")):
                yield kind, m.start(), m.end(), m.expand(wrong)
    for m in _BIT.finditer(after):
        if m[1] in _NEXT:
            yield "the next bit", m.start(), m.end(), b"VMA_%s_BIT" % _NEXT[m[1]]
        yield "a mask for a bit", m.start(), m.end(), b"VM_" + m[1]
    for m in _TEST.finditer(after):
        yield "always true", m.start(), m.end(), b"true"
        yield "always false", m.start(), m.end(), b"false"
    for m in _TERNARY.finditer(after):
        yield "arms swapped", m.start(), m.end(), b"? %s : %s" % (m[2].strip(), m[1])
    for m in _COPY.finditer(after):
        yield "a copy turned round", m.start(), m.end(), b"%s%s = %s;" % (m[1], m[3], m[2])
    for m in _LOCKED.finditer(after):
        yield "a lock too late", m.start(), m.end(), m[3] + m[1] + m[2]
        yield "a lock lost", m.start(), m.end(), m[3]
    yield from _setters(after)


def _setters(after: bytes) -> Iterator[Made]:
    for m in _SETTER.finditer(after):
        indent, name, first, bits = m.groups()
        field = {b"vma_desc_set_flags": b"->vma_flags", b"vma_set_flags": b"->flags"}
        whole = first.removeprefix(b"&") if name == b"vma_flags_set" else first + field[name]
        assigned = b"%s%s = mk_vma_flags(%s);\n" % (indent, whole, bits)
        yield "assigned for set", m.start(), m.end(), assigned
        copied = b"%s{\n%s\tvma_flags_t copy = %s;\n\n%s\tvma_flags_set(&copy, %s);\n%s}\n" % (
            indent,
            indent,
            whole,
            indent,
            bits,
            indent,
        )
        yield "set on a copy", m.start(), m.end(), copied
        end = after.find(b"\n", m.end()) + 1
        follows = after[m.end() : end]
        if follows.startswith(indent + b"return"):
            yield "set after the return", m.start(), end, follows + m[0]


def _in_functions(path: str, after: bytes) -> Iterator[Made]:
    """Yield what takes two places of a function: flags swapped, another object."""
    for spots in SourceFile(path, after).spots.values():
        for spot in spots:
            code = after[spot.start : spot.end]
            yield from _swapped(code, spot.start)
            objects = {m[2]: m[1] for m in _OBJECT.finditer(code)}
            for one, what in objects.items():
                for m in re.finditer(rb"(\bvma_\w+\()%s(?=[,)])" % re.escape(one), code):
                    for other in (o for o, w in objects.items() if w == what and o != one):
                        at = spot.start + m.start()
                        yield "another object", at, spot.start + m.end(), m[1] + other


def _swapped(code: bytes, base: int) -> Iterator[Made]:
    """Yield the code between two tests or setters of one flag each, with the flags swapped."""
    calls = list(re.finditer(rb"\b(vma_\w+)\(([^(),]+), VMA_(\w+)_BIT\)", code))
    for a, b in pairwise(calls):
        if a[3] != b[3] and (a[1] != b[1] or b"test" in a[1]):
            first = code[a.start() : a.end()].replace(a[3], b[3])
            second = code[b.start() : b.end()].replace(b[3], a[3])
            between = code[a.end() : b.start()]
            if between.strip() != b"&&":
                text = first + between + second
                yield "flags swapped", base + a.start(), base + b.end(), text


def _prototypes(path: str, before: bytes, after: bytes) -> Iterator[Mutant]:
    """Yield texts in which a prototype, or a definition's head, is as it was."""
    old, new = SourceFile(path, before), SourceFile(path, after)
    heads = {}
    for m in re.finditer(rb"(?<=\n)[a-z][\w\s*]*?\b(\w+)\([^(){};]*\);", old.clean):
        heads[m[1]] = before[m.start() : m.end()]
    for m in re.finditer(rb"(?<=\n)[a-z][\w\s*]*?\b([a-z_]\w+)\([^(){};]*\);", new.clean):
        was, now = heads.get(m[1]), after[m.start() : m.end()]
        if was and was.split() != now.split():
            text = after[: m.start()] + was + after[m.end() :]
            yield Mutant("a prototype left", m[1].decode(), text)
    for name, spots in new.spots.items():
        olds = old.spots.get(name, [])
        if len(olds) == len(spots) == 1:
            was, now = before[olds[0].start : olds[0].body], after[spots[0].start : spots[0].body]
            if was.split() != now.split():
                text = after[: spots[0].start] + was + after[spots[0].body :]
                yield Mutant("a head left", name, text)
