# SPDX-License-Identifier: GPL-2.0-only
"""What changed between two texts of a file: functions, signatures, macros, and the rest.

In: a file before and after. Out: names. Only stretches whose text differs are parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import without_comments
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.declared import declared, function_name
from vmaconv.prove.comparing.signature_tie import Signature, signature_of
from vmaconv.prove.headers.header_index import SourceFile

_MMAP = late_regex(rb"\. mmap = (\w+) ")
_PREPARE = late_regex(rb"\. mmap_prepare = (\w+) ")


class ChangedType(Struct, frozen=True):
    """A type that both texts define: its tokens and lines."""

    before: tuple[bytes, ...]
    after: tuple[bytes, ...]
    line_before: int
    line: int


class ChangedVariable(Struct, frozen=True):
    """A variable at file level that both texts have: its declarations and lines."""

    before: bytes
    after: bytes
    line_before: int
    line: int


class FileChanges(Struct):
    """What differs in one file; `paths` are its path before and after, "" where it is missing.

    `changed` are the functions that both texts have, with other code; `added` and `removed` those
    of one; `lines` says where each stands, in the text after where it is there.
    """

    paths: tuple[str, str]
    changed: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    macros: list[str] = field(default_factory=list)
    variables: dict[str, ChangedVariable] = field(default_factory=dict)
    hooks: dict[str, tuple[str, str]] = field(default_factory=dict)
    types: dict[str, ChangedType] = field(default_factory=dict)
    signatures: tuple[list[Signature], list[Signature]] = field(default_factory=lambda: ([], []))
    lines: dict[str, int] = field(default_factory=dict)
    bodies: dict[str, tuple[bytes, ...]] = field(default_factory=dict)


def changes_of(old: SourceFile | None, new: SourceFile | None) -> FileChanges:
    """Return what differs between two texts of a file."""
    found = FileChanges((old.path if old else "", new.path if new else ""))
    texts = [
        {s.text[c.start : c.end] for c in s.unit.chunks} if s is not None else set()
        for s in (old, new)
    ]
    sides = [
        _Contents(side, texts[1 - i]) if side is not None else None
        for i, side in enumerate((old, new))
    ]
    before, after = (_bodies(side) for side in (old, new))
    for name in dict.fromkeys((*before, *after)):
        home = new if name in after else old
        bodies = [tuple(side.get(name, ())) for side in (before, after)]
        if bodies[0] == bodies[1]:
            continue
        assert home is not None
        found.lines[name] = home.unit.line(home.spots[name][0].body)
        kind = found.changed if all(bodies) else found.added if bodies[1] else found.removed
        kind.append(name)
        found.bodies[name] = bodies[1] or bodies[0]
    for i, side in enumerate(sides):
        if side is not None:
            found.signatures[i].extend(side.signatures)
    found.macros = _changed_macros(old, new)
    found.variables = _changed_variables(sides[0], sides[1])
    found.hooks = _changed_hooks(sides[0], sides[1])
    found.variables = {n: v for n, v in found.variables.items() if n not in found.hooks}
    found.types = _changed_types(sides[0], sides[1])
    return found


def _bodies(file: SourceFile | None) -> dict[str, list[bytes]]:
    """Return the code of each function, without comments, with single spaces, and under what it stands."""
    if file is None:
        return {}
    return {
        name: [
            file.compiled.conditions_at(spot.body) + b": " + _code(file.text[spot.start : spot.end])
            for spot in found
        ]
        for name, found in file.spots.items()
    }


def _code(text: bytes) -> bytes:
    return b" ".join(without_comments(text, b" ").split())


class _Contents:
    """What the stretches of a file hold that the other text has not."""

    def __init__(self, file: SourceFile, other: set[bytes]) -> None:
        self.signatures: list[Signature] = []
        self.variables: dict[str, tuple[bytes, int]] = {}
        self.types: dict[str, tuple[tuple[bytes, ...], int]] = {}
        for chunk in file.unit.chunks:
            if file.text[chunk.start : chunk.end] not in other:
                for node in chunk.items():
                    self._add(file, node)

    def _add(self, file: SourceFile, node: Node) -> None:
        line = file.unit.line(node.start)
        if any(c.kind.endswith("_specifier") for c in node.children):
            self._add_members(file, node)
            self._add_types(file, node)
        elif node.kind == "type_definition":
            self._add_types(file, node)
        if node.kind == "function_definition":
            leaf = function_name(node)
            name = (leaf.text or b"").decode(errors="replace") if leaf is not None else ""
            signature = signature_of(node, name, file.path, line) if name else None
            if signature is not None:
                self.signatures.append(signature)
        elif node.kind == "declaration":
            for one in declared(node):
                name = one.name.decode(errors="replace")
                if one.type.shape.startswith("("):
                    signature = signature_of(node, name, file.path, line)
                    if signature is not None:
                        self.signatures.append(signature)
                else:
                    self.variables[name] = (b" ".join(node.tokens()), line)

    def _add_types(self, file: SourceFile, node: Node) -> None:
        """Note the types that a declaration defines: `struct foo`, `enum`, a typedef's name."""
        tokens, line = tuple(node.tokens()), file.unit.line(node.start)
        if node.kind == "type_definition":
            # Words before the name may be taken for names, too.
            names = [one.name.decode(errors="replace") for one in declared(node)]
            if names:
                self.types[names[-1]] = tokens, line
            return
        for specifier in node.children:
            word, _, _ = specifier.kind.partition("_specifier")
            words = specifier.tokens()
            if word in ("struct", "union", "enum") and b"{" in words:
                tag = "" if words[1] == b"{" else " " + words[1].decode(errors="replace")
                name_here = word + tag
                # Enums without a name are told apart by what they begin with.
                name_here += "" if tag else " @" + b"".join(words[2:6]).decode(errors="replace")
                self.types[name_here] = tuple(words), line

    def _add_members(self, file: SourceFile, node: Node) -> None:
        """Note the members that point to functions."""
        for member in node.walk():
            if member.kind != "field_declaration":
                continue
            for one in declared(member):
                if one.type.shape.startswith("*("):
                    name = "*" + one.name.decode(errors="replace")
                    line = file.unit.line(member.start)
                    signature = signature_of(member, name, file.path, line)
                    if signature is not None:
                        self.signatures.append(signature)


def _changed_macros(old: SourceFile | None, new: SourceFile | None) -> list[str]:
    names = [list(side.macro_names()) if side is not None else [] for side in (old, new)]
    found: list[str] = []
    for name in dict.fromkeys((*names[0], *names[1])):
        bodies = [
            [
                (m.parameters, m.body, side.compiled.conditions_at(m.offset))
                for m in side.macros(name)
            ]
            if side is not None
            else []
            for side in (old, new)
        ]
        if bodies[0] != bodies[1]:
            found.append(name)
    return found


def _changed_variables(old: _Contents | None, new: _Contents | None) -> dict[str, ChangedVariable]:
    before, after = (side.variables if side is not None else {} for side in (old, new))
    return {
        name: ChangedVariable(before[name][0], text, before[name][1], line)
        for name, (text, line) in after.items()
        if name in before and before[name][0] != text
    }


def _changed_hooks(old: _Contents | None, new: _Contents | None) -> dict[str, tuple[str, str]]:
    """Return the hooks, before and after, of the variables in which nothing else changed."""
    before, after = (side.variables if side is not None else {} for side in (old, new))
    found: dict[str, tuple[str, str]] = {}
    for name, (text, _) in after.items():
        was = _MMAP.search(before[name][0]) if name in before else None
        now = _PREPARE.search(text)
        if was is None or now is None:
            continue
        if _MMAP.sub(b"", before[name][0], count=1) == _PREPARE.sub(b"", text, count=1):
            found[name] = (was[1].decode(), now[1].decode())
    return found


def _changed_types(old: _Contents | None, new: _Contents | None) -> dict[str, ChangedType]:
    before, after = (side.types if side is not None else {} for side in (old, new))
    return {
        name: ChangedType(before[name][0], tokens, before[name][1], line)
        for name, (tokens, line) in after.items()
        if name in before and before[name][0] != tokens
    }


def functions_naming(file: SourceFile, names: frozenset[str]) -> Iterator[tuple[str, int]]:
    """Yield the functions of a file, with their lines, whose code holds one of some names."""
    # A struct may be called as a function is.
    pattern = re.compile(
        rb"(?<!\bstruct )(?<!\bunion )(?<!\benum )\b(?:"
        + b"|".join(re.escape(n.lstrip("*").encode()) for n in sorted(names))
        + rb")\b"
    )
    if pattern.search(file.text) is None:
        return
    for name, found in file.spots.items():
        if any(pattern.search(file.clean, spot.body, spot.end) for spot in found):
            yield name, file.unit.line(found[0].body)


def declarations_of(file: SourceFile, name: str) -> Iterator[Signature]:
    """Yield what each definition and prototype of a function says that it takes."""
    for chunk in file.unit.chunks_with(name.encode()):
        for node in chunk.items():
            if node.kind in ("function_definition", "declaration"):
                found = signature_of(node, name, file.path, file.unit.line(node.start))
                if found is not None:
                    yield found
