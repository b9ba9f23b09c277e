# SPDX-License-Identifier: GPL-2.0-only
"""What a change left behind in tables of functions: operations, arrays, pointers at file level.

In: the functions and members whose parameters changed, and the files that mention them. Out: a
`Judgement` for each place where a function stands that takes something else than is handed to it.
Functions that are stored while code runs are `meaning.interpreter`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node
from vmaconv.prove.comparing.changed_names import declarations_of
from vmaconv.prove.comparing.left_behind import seen_from
from vmaconv.prove.comparing.signature_tie import Signature, SignatureTie, is_of_before
from vmaconv.prove.headers.header_index import HeaderIndex, SourceFile
from vmaconv.prove.headers.overlays import closing_brace
from vmaconv.prove.verdict import Judgement, Verdict

_STRUCT = late_regex(rb"\b(?:struct|union)\s+(\w+)\s*\{")
_MORE = frozenset({"parenthesized_expression", "conditional_expression", "cast_expression"})
"""What a function's name may stand in and still be the value that is stored."""


class _Stored(Struct, frozen=True):
    """A function that something at file level starts with.

    `member` is what it is the value of, "" where that is a plain variable or an element; `tag` is
    the struct that has the member, "" where that is not said beside it.
    """

    function: str
    member: str
    tag: str
    line: int


def left_initialisers(
    ties: Mapping[str, SignatureTie], mentioning: Sequence[str], after: HeaderIndex
) -> Iterator[Judgement]:
    """Judge the tables in which a function or a member takes something else than the other."""
    for changed in ties.values():
        name = changed.after.name
        for path in seen_from(changed, mentioning):
            file = after.file(path)
            if file is None:
                continue
            if name.startswith("*"):
                yield from _of_member(name[1:], changed, file, ties, after)
            else:
                yield from _of_function(name, changed, file, ties, after)


def _of_function(
    name: str,
    changed: SignatureTie,
    file: SourceFile,
    ties: Mapping[str, SignatureTie],
    after: HeaderIndex,
) -> Iterator[Judgement]:
    """Judge where a function stands whose parameters changed."""
    for one in _stored(file, name.encode()):
        if one.function != name:
            continue
        tied = ties.get("*" + one.member)
        if tied is not None and tied.after.takes() == changed.after.takes():
            continue
        if not one.member:
            reason = f"{name}() is stored here, and takes something else than before; read it"
            yield Judgement(file.path, name, one.line, Verdict.UNDECIDED, reason)
        elif tied is not None or _points_to_functions(one.member, file, after):
            reason = f".{one.member} takes something else than {name}() takes now"
            yield Judgement(file.path, name, one.line, Verdict.DIFFERS, reason)
        else:
            reason = f"what .{one.member} takes, which is {name}() here, is not known"
            yield Judgement(file.path, name, one.line, Verdict.UNDECIDED, reason)


def _of_member(
    member: str,
    changed: SignatureTie,
    file: SourceFile,
    ties: Mapping[str, SignatureTie],
    after: HeaderIndex,
) -> Iterator[Judgement]:
    """Judge the functions that a member has as its value, whose own parameters did not change."""
    owner = _owner(changed.after, after)
    changed_now = {tie.after.name for tie in ties.values()}
    for one in _stored(file, member.encode()):
        if one.member != member or one.function in changed_now:
            continue
        if one.tag and owner and one.tag != owner:
            # A member of another struct that has the same name.
            continue
        takes = next(_declared(one.function, file, after), None)
        if takes is None or not is_of_before(takes, changed):
            continue
        reason = f".{member} takes something else now than {one.function}() does"
        verdict = Verdict.DIFFERS if one.tag and owner else Verdict.UNDECIDED
        yield Judgement(file.path, one.function, one.line, verdict, reason)


def _declared(name: str, file: SourceFile, after: HeaderIndex) -> Iterator[Signature]:
    """Yield what declares a function that a file can see."""
    yield from declarations_of(file, name)
    word = name.encode()
    for path in after.paths:
        header = after.file(path)
        if header is not None and header is not file and word in header.text:
            yield from declarations_of(header, name)


def _owner(member: Signature, after: HeaderIndex) -> str:
    """Return the tag of the struct that has a member, or ""."""
    file = after.file(member.path)
    if file is None:
        return ""
    for match in _STRUCT.finditer(file.clean):
        lines = (
            file.unit.line(at) for at in (match.start(), closing_brace(file.clean, match.end() - 1))
        )
        first, last = lines
        if first <= member.line <= last:
            return match[1].decode()
    return ""


# What is stored.


def _stored(file: SourceFile, word: bytes) -> Iterator[_Stored]:
    """Yield the names that stand as values at file level, in the stretches that hold a word."""
    for chunk in file.unit.chunks_with(word):
        for item in chunk.items():
            if item.kind == "declaration":
                tag = _tag_of(item)
                for child in item.children:
                    if child.kind == "init_declarator":
                        yield from _values(file, child.children[-1], "", tag)


def _tag_of(declaration: Node) -> str:
    for child in declaration.children:
        if child.kind in ("struct_specifier", "union_specifier") and len(child.children) == 2:
            return (child.children[1].text or b"").decode(errors="replace")
    return ""


def _values(file: SourceFile, node: Node, member: str, tag: str) -> Iterator[_Stored]:
    """Yield the names among the values of an initialiser that belongs to a member of a struct."""
    match node.kind:
        case "identifier":
            name = (node.text or b"").decode(errors="replace")
            yield _Stored(name, member, tag, file.unit.line(node.start))
        case "unary_expression" if node.children[0].kind == "&":
            yield from _values(file, node.children[-1], member, tag)
        case "initializer_pair":
            named = _member_of(node)
            value = node.children[-1]
            inner = value.kind == "initializer_list"
            yield from _values(file, value, "" if inner else named, tag if not inner else "")
        case "initializer_list":
            for child in node.children:
                # The elements of an array have the tag of the whole.
                yield from _values(file, child, "", tag)
        case kind if kind in _MORE:
            # A cast or a choice hides what is taken: nobody knows the member.
            for child in node.children:
                yield from _values(file, child, "" if kind == "cast_expression" else member, tag)


def _member_of(pair: Node) -> str:
    names = [c.children[-1].text or b"" for c in pair.children if c.kind == "field_designator"]
    return names[-1].decode(errors="replace") if names else ""


def _points_to_functions(member: str, file: SourceFile, after: HeaderIndex) -> bool:
    """Return whether a file, or a header that it includes, has a function pointer of that name."""
    pattern = re.compile(rb"\(\s*\*\s*(?:const\s+)?" + re.escape(member.encode()) + rb"\s*\)\s*\(")
    included = re.findall(rb'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)', file.text, re.MULTILINE)
    paths = [f"include/{name.decode(errors='replace')}" for name in included]
    paths += ["include/linux/fs.h", "include/linux/mm.h"]
    texts = [file.text, *(f.text for p in paths if (f := after.file(p)) is not None)]
    return any(pattern.search(text) for text in texts)
