# SPDX-License-Identifier: GPL-2.0-only
"""What a file declares at file level, by name.

In: a unit. Out: for a word, the `ChunkSymbols` of the chunks in which it stands; chunks are parsed as
names are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.word_places import lines_matching
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Chunk, Unit
from vmaconv.cocci.types.ctype import CType
from vmaconv.cocci.types.declared import MEMBERED, Declared, declared, tagged_type

_WORDS_OF_MACRO = late_regex(
    rb"[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]+([\w \t*]+?)[ \t]*$", re.MULTILINE
)


class ChunkSymbols:
    """What one chunk declares at file level."""

    __slots__ = ("enumerators", "functions", "names", "tags", "typedefs")

    def __init__(self, chunk: Chunk) -> None:
        self.names: dict[bytes, Declared] = {}
        self.functions: dict[bytes, Node] = {}
        self.tags: dict[bytes, Node] = {}
        self.typedefs: dict[bytes, CType] = {}
        self.enumerators: set[bytes] = set()
        for item in chunk.items():
            self._add(item)

    def _add(self, item: Node) -> None:
        if item.kind not in ("function_definition", "declaration", "type_definition"):
            return
        for name in declared(item):
            if item.kind == "type_definition":
                self.typedefs.setdefault(name.name, name.type)
            else:
                self.names.setdefault(name.name, name)
                if name.type.shape[:1] == "(":
                    self.functions.setdefault(name.name, item)
        for specifier in item.children:
            if specifier.kind == "enum_specifier":
                self.enumerators.update(_enumerators(specifier))
        for node in _specifiers(item):
            if any(c.kind == "field_declaration_list" for c in node.children):
                self.tags.setdefault(tagged_type(node).base, node)


def _enumerators(specifier: Node) -> Iterator[bytes]:
    for part in specifier.children:
        if part.kind == "enumerator_list":
            for one in part.children:
                if one.kind == "enumerator":
                    yield one.children[0].text or b""


def _specifiers(item: Node) -> Iterator[Node]:
    stack = [c for c in item.children if c.kind in MEMBERED]
    while stack:
        node = stack.pop()
        yield node
        for child in node.children:
            if child.kind == "field_declaration_list":
                for member in child.children:
                    stack.extend(c for c in member.children if c.kind in MEMBERED)


class FileSymbols:
    """What one unit declares at file level, looked up by name; chunks are parsed as names are asked
    for.
    """

    __slots__ = (
        "_by_chunk",
        "_by_declared",
        "_by_enumerator",
        "_by_tag",
        "_by_typedef",
        "_by_word",
        "_words_of_macros",
        "unit",
    )

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self._by_chunk: dict[int, ChunkSymbols] = {}
        self._by_declared: dict[bytes, list[ChunkSymbols]] = {}
        self._by_enumerator: dict[bytes, list[ChunkSymbols]] = {}
        self._by_tag: dict[bytes, list[ChunkSymbols]] = {}
        self._by_typedef: dict[bytes, list[ChunkSymbols]] = {}
        self._by_word: dict[bytes, list[ChunkSymbols]] = {}
        self._words_of_macros: dict[bytes, bytes] | None = None

    @property
    def words_of_macros(self) -> dict[bytes, bytes]:
        """What macros without parameters stand for, by name, where that is words and stars."""
        if self._words_of_macros is None:
            self._words_of_macros = {}
            for match in lines_matching(_WORDS_OF_MACRO, b"#", self.unit.text):
                self._words_of_macros.setdefault(match[1], match[2])
        return self._words_of_macros

    def having(self, word: bytes) -> list[ChunkSymbols]:
        """Return the symbols of the chunks in which `word` stands."""
        found = self._by_word.get(word)
        if found is None:
            found = [self._of(chunk) for chunk in self.unit.chunks_with(word)]
            self._by_word[word] = found
        return found

    def declaring(self, name: bytes) -> list[ChunkSymbols]:
        """Return the symbols of the chunks that may declare a variable or function."""
        found = self._by_declared.get(name)
        if found is None:
            found = [self._of(chunk) for chunk in self.unit.chunks_declaring(name)]
            self._by_declared[name] = found
        return found

    def enumerating(self, name: bytes) -> list[ChunkSymbols]:
        """Return the symbols of the chunks that may have an enumerator of `name`."""
        found = self._by_enumerator.get(name)
        if found is None:
            found = [self._of(chunk) for chunk in self.unit.chunks_enumerating(name)]
            self._by_enumerator[name] = found
        return found

    def defining(self, tag: bytes) -> list[ChunkSymbols]:
        """Return the symbols of the chunks that may define a struct, union or enum."""
        found = self._by_tag.get(tag)
        if found is None:
            found = [self._of(chunk) for chunk in self.unit.chunks_defining(tag)]
            self._by_tag[tag] = found
        return found

    def renaming(self, name: bytes) -> list[ChunkSymbols]:
        """Return the symbols of the chunks that may have a typedef of `name`."""
        found = self._by_typedef.get(name)
        if found is None:
            text = self.unit.text
            chunks = (
                c for c in self.unit.chunks_with(name) if text.find(b"typedef", c.start, c.end) >= 0
            )
            found = self._by_typedef[name] = [self._of(chunk) for chunk in chunks]
        return found

    def _of(self, chunk: Chunk) -> ChunkSymbols:
        found = self._by_chunk.get(chunk.start)
        if found is None:
            found = self._by_chunk[chunk.start] = ChunkSymbols(chunk)
        return found
