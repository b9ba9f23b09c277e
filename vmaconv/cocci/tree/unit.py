# SPDX-License-Identifier: GPL-2.0-only
"""A C file, parsed piece by piece as it is looked at.

In: a path and its bytes. Out: `Unit` with its `Chunk`s; a chunk gives its top-level nodes (in every
variant that its conditionals ask for), its directives and its syntax errors. Offsets are bytes in
the whole file; lines count from 1.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

import tree_sitter
from msgspec import Struct

from vmaconv.cocci.shim.macros import defined_names
from vmaconv.cocci.shim.mask import MacroNames, Prepared, ShimMark, prepare
from vmaconv.cocci.text.c_lexer import Directive, lex
from vmaconv.cocci.text.chunks import Change, cut, recut
from vmaconv.cocci.text.declaring_places import (
    enumerator_places,
    next_definition,
    next_word,
    variable_places,
)
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.outside_braces import code_ranges, enum_bodies, outside_braces
from vmaconv.cocci.text.parameters import is_parameter
from vmaconv.cocci.tree.node import Node, leaf
from vmaconv.cocci.tree.node_builder import NodeBuilder, parse

# `#define each(p) for (...)`: what `defined_names` takes for an iterator.
_DEFINE_LOOP = late_regex(
    rb"#[ \t]*define[ \t]+\w+\([^)\n]*\)(?:[ \t]|\\\r?\n)*"
    rb"(?:for|while|\w*(?:for_each|foreach)\w*)[ \t]*\([^\n]*"
)


_FEW = 8
"""Lines that are counted anew for each question."""


class SyntaxError_(Struct, frozen=True):
    """A stretch that did not parse: byte range in the file, and what is missing, if known."""

    start: int
    end: int
    missing: str = ""


class ParsedText(Struct, frozen=True):
    """What was made of the text of a chunk that began at byte `start`, with `names` known."""

    start: int
    names: MacroNames
    prepared: Prepared
    trees: list[tree_sitter.Tree] | None
    variants: list[Node] | None


class Chunk:
    """A top-level stretch [`start`, `end`) of a unit."""

    def __init__(self, unit: Unit, start: int, end: int) -> None:
        self.unit = unit
        self.start = start
        self.end = end
        self._kept_outside: list[tuple[int, int]] | None = None
        self._kept_file_level: list[tuple[int, int]] | None = None
        self._kept_enum_bodies: list[tuple[int, int]] | None = None
        self._kept_prepared: Prepared | None = None
        self._kept_trees: list[tree_sitter.Tree] | None = None
        self._kept_variants: list[Node] | None = None
        self._kept_attributes: list[Node] | None = None
        self._kept_errors: list[SyntaxError_] | None = None

    def __repr__(self) -> str:
        return f"Chunk({self.unit.path}:{self.unit.line(self.start)}-{self.unit.line(self.end)})"

    @property
    def text(self) -> bytes:
        """The chunk's own bytes."""
        return self.unit.text[self.start : self.end]

    def contains(self, word: bytes) -> bool:
        """Whether `word` stands anywhere in the raw text, comments and longer names included."""
        return self.unit.text.find(word, self.start, self.end) >= 0

    @property
    def outside(self) -> list[tuple[int, int]]:
        """The stretches that stand outside of braces, whatever arm of a conditional these are in."""
        if self._kept_outside is None:
            self._kept_outside = outside_braces(self.unit.text, self.start, self.end)
        return self._kept_outside

    def declaring(self, word: bytes) -> Iterator[int]:
        """Yield where `word` may be declared at file level; braces do not always tell what that is."""
        text = self.unit.text
        if not variable_places(word, text, self.start, self.end):
            return
        for a, b in self._file_level:
            yield from variable_places(word, text, a, b)

    @property
    def _file_level(self) -> list[tuple[int, int]]:
        """The code that stands at file level, or all of it where braces do not tell."""
        if self._kept_file_level is None:
            text, start, end = self.unit.text, self.start, self.end
            found = outside_braces(text, start, end, code_only=True)
            if found[-1:] == [] or found[-1][1] != end or _HIDES_BRACES.search(text, start, end):
                found = code_ranges(text, start, end)
            self._kept_file_level = found
        return self._kept_file_level

    @property
    def enum_bodies(self) -> list[tuple[int, int]]:
        """The code that may list the constants of an enum."""
        if self._kept_enum_bodies is None:
            self._kept_enum_bodies = enum_bodies(self.unit.text, self.start, self.end)
        return self._kept_enum_bodies

    @property
    def prepared(self) -> Prepared:
        """The chunk's masked text; its offsets count from the chunk's start."""
        if self._kept_prepared is None:
            text, names = self.text, self.unit.names | self.unit.loops
            before = self.unit.known.get(text)
            if before is not None and before.names == names:
                self._kept_prepared, self._kept_trees = before.prepared, before.trees
                if before.start == self.start:
                    self._kept_variants = before.variants
            else:
                self._kept_prepared = prepare(text, names)
        return self._kept_prepared

    def parsed(self) -> ParsedText | None:
        """Return what was made of the text so far, for a unit that has it, too."""
        if self._kept_prepared is None:
            return None
        names = self.unit.names | self.unit.loops
        return ParsedText(
            self.start, names, self._kept_prepared, self._kept_trees, self._kept_variants
        )

    @property
    def _trees(self) -> list[tree_sitter.Tree]:
        prepared = self.prepared
        if self._kept_trees is None:
            self._kept_trees = [parse(masked) for masked in prepared.masked]
        return self._kept_trees

    @property
    def variants(self) -> list[Node]:
        """A `translation_unit` node for each variant; the first has everything that all share."""
        marks = self.prepared.marks
        if self._kept_variants is None:
            self._kept_variants = self._made_variants(marks)
        return self._kept_variants

    def release(self) -> None:
        """Let go of the trees. Each node knows its parent, so that they would else wait for Python to
        look for what only knows itself."""
        for root in self._kept_variants or ():
            waiting = [root]
            while waiting:
                node = waiting.pop()
                node.parent = None
                waiting += node.children
        self._kept_variants = self._kept_trees = self._kept_prepared = self._kept_attributes = None

    def _made_variants(self, marks: Mapping[int, ShimMark]) -> list[Node]:
        text = self.unit.text
        return [NodeBuilder(text, marks, self.start).build(tree.root_node) for tree in self._trees]

    @property
    def attributes(self) -> list[Node]:
        """The attributes that the shim blanked, as `attribute_specifier` leaves, in order."""
        if self._kept_attributes is None:
            self._kept_attributes = self._made_attributes()
        return self._kept_attributes

    def _made_attributes(self) -> list[Node]:
        base, text = self.start, self.unit.text
        return [
            leaf(
                "attribute_specifier",
                base + m.start,
                base + m.end,
                text[base + m.start : base + m.end],
            )
            for _, m in sorted(self.prepared.marks.items())
            if m.role == "attribute"
        ]

    @property
    def root(self) -> Node:
        """The first variant's `translation_unit`."""
        return self.variants[0]

    def items(self) -> Iterator[Node]:
        """Yield the top-level nodes: all of the first variant, of the others those that differ."""
        ranges = [(a + self.start, b + self.start) for a, b in self.prepared.variant_ranges]
        for index, root in enumerate(self.variants):
            for top in root.children:
                for node in _unwrapped(top):
                    if index == 0 or any(node.start < b and a < node.end for a, b in ranges):
                        yield node

    @property
    def errors(self) -> list[SyntaxError_]:
        """The stretches that did not parse, in any variant."""
        if self._kept_errors is None:
            self._kept_errors = self._made_errors()
        return self._kept_errors

    def _made_errors(self) -> list[SyntaxError_]:
        found: dict[tuple[int, int], SyntaxError_] = {}
        for tree in self._trees:
            if tree.root_node.has_error:
                for error in _errors(tree.root_node, self.start):
                    found.setdefault((error.start, error.end), error)
        return sorted(found.values(), key=lambda e: (e.start, e.end))


def _unwrapped(node: Node) -> Iterator[Node]:
    """Yield what stands at file level in `extern "C" { ... }`; any other node is that itself."""
    if node.kind != "linkage_specification":
        yield node
        return
    held = node.children[-1]
    for inner in held.children if held.kind == "declaration_list" else [held]:
        if inner.text is None:
            yield from _unwrapped(inner)


_HIDES_BRACES = late_regex(rb'^[ \t]*#[ \t]*(?:if|el|endif)|"C"', re.MULTILINE)
"""What makes braces say nothing of what stands at file level: conditionals, and `extern "C" {`."""


def _errors(root: tree_sitter.Node, base: int) -> Iterator[SyntaxError_]:
    stack = [root]
    while stack:
        node = stack.pop()
        if node.is_missing:
            yield SyntaxError_(node.start_byte + base, node.end_byte + base, node.type)
        elif node.is_error:
            yield SyntaxError_(node.start_byte + base, node.end_byte + base)
        elif node.has_error:
            stack.extend(reversed(node.children))


class Unit:
    """One C file. `path` is for messages; `text` is its bytes."""

    def __init__(
        self,
        path: str,
        text: bytes,
        names: MacroNames | None = None,
        known: Mapping[bytes, ParsedText] | None = None,
    ) -> None:
        """`known` is what was made of chunks already, by their text: see `parsed`."""
        self.path = path
        self.text = text
        self.names = names if names is not None else MacroNames()
        self.known = known if known is not None else {}
        self._kept_chunks: list[Chunk] | None = None
        self._kept_loops: MacroNames | None = None
        self._kept_directives: tuple[Directive, ...] | None = None
        self._kept_line_starts: list[int] | None = None
        self._lines_asked = 0
        self._kept_chunk_starts: list[int] | None = None
        self._kept_chunks_with: dict[bytes, list[Chunk]] = {}
        self._kept_directive_starts: list[int] | None = None

    @property
    def chunks(self) -> list[Chunk]:
        """The top-level stretches, in order."""
        if self._kept_chunks is None:
            self._kept_chunks = [Chunk(self, start, end) for start, end in cut(self.text)]
        return self._kept_chunks

    def release(self) -> None:
        """Let go of all chunks and their trees, at which nobody looks any more."""
        for chunk in self._kept_chunks or ():
            chunk.release()
        self._kept_chunks = None

    def changed(
        self,
        text: bytes,
        changes: Sequence[Change],
        known: Mapping[bytes, ParsedText] | None = None,
    ) -> Unit:
        """Return the unit that has another text, of which `changes` say where it is another.

        They are in order, and do not overlap. `known` is what was made of its chunks already.
        """
        made = Unit(self.path, text, self.names, known)
        if self._kept_chunks is not None:
            ranges = [(chunk.start, chunk.end) for chunk in self._kept_chunks]
            new = recut(ranges, self.text, text, changes)
            if new is not None:
                made._kept_chunks = [Chunk(made, start, end) for start, end in new]
                # The directives, and so what they define, are the same then.
                made._kept_loops = self._kept_loops
        return made

    def parsed(self) -> dict[bytes, ParsedText]:
        """Return what was made of the chunks so far, or is known of them."""
        found: dict[bytes, ParsedText] = {}
        # Most chunks nobody has looked at: their texts are not looked up one by one.
        lengths = {len(text) for text in self.known}
        for chunk in self.chunks:
            made = chunk.parsed()
            if made is None and chunk.end - chunk.start in lengths:
                made = self.known.get(chunk.text)
            if made is not None:
                found[chunk.text] = made
        return found

    @property
    def loops(self) -> MacroNames:
        """The iterators that the file defines itself, wherever it uses them."""
        if self._kept_loops is None:
            self._kept_loops = self._made_loops()
        return self._kept_loops

    def _made_loops(self) -> MacroNames:
        text = self.text
        found = tuple(
            Directive("define", *match.span())
            for match in _DEFINE_LOOP.finditer(text)
            if not text[text.rfind(b"\n", 0, match.start()) + 1 : match.start()].strip(b" \t")
        )
        return MacroNames(iterators=defined_names(text, found).iterators)

    @property
    def directives(self) -> tuple[Directive, ...]:
        """The preprocessor lines of the whole file, in order."""
        if self._kept_directives is None:
            self._kept_directives = lex(self.text).directives
        return self._kept_directives

    def chunks_defining(self, tag: bytes) -> list[Chunk]:
        """Return the chunks in which a brace may open the struct, union or enum with this tag."""
        if tag not in self.text:
            return []
        if b"struct_group" in self.text:
            # The macro makes a struct of its name, without a brace behind it.
            return self.chunks_with(tag)
        found: list[Chunk] = []
        at = next_definition(tag, self.text, 0)
        while at >= 0:
            found.append(self.chunk_at(at))
            at = next_definition(tag, self.text, found[-1].end)
        return found

    def chunks_with(self, word: bytes) -> list[Chunk]:
        """Return the chunks in which `word` stands as a whole word."""
        found = self._kept_chunks_with.get(word)
        if found is None:
            found = self._kept_chunks_with[word] = self._made_chunks_with(word)
        return found

    def _made_chunks_with(self, word: bytes) -> list[Chunk]:
        found: list[Chunk] = []
        if word not in self.text:
            return found
        at = next_word(word, self.text, 0, len(self.text))
        while at >= 0:
            chunk = self.chunk_at(at)
            found.append(chunk)
            at = next_word(word, self.text, chunk.end, len(self.text))
        return found

    def chunks_declaring(self, word: bytes) -> list[Chunk]:
        """Return the chunks in which `word` stands as a whole word where it may be declared.

        What is in the body of a function is passed over, and what is among braces of any kind; and
        the names of parameters, and what operators stand beside.
        """
        text = self.text
        return [
            chunk
            for chunk in self.chunks_with(word)
            if any(not is_parameter(text, at, chunk.end) for at in chunk.declaring(word))
        ]

    def chunks_enumerating(self, word: bytes) -> list[Chunk]:
        """Return the chunks in which `word` stands as a whole word and may be an enumerator.

        Neither an operator nor the end of a statement or of brackets stands next to one of these.
        """
        text = self.text
        return [
            chunk
            for chunk in self.chunks_with(word)
            if enumerator_places(word, text, chunk.start, chunk.end)
            and any(enumerator_places(word, text, a, b) for a, b in chunk.enum_bodies)
        ]

    @property
    def chunk_starts(self) -> list[int]:
        """Where the chunks begin."""
        if self._kept_chunk_starts is None:
            self._kept_chunk_starts = [chunk.start for chunk in self.chunks]
        return self._kept_chunk_starts

    @property
    def directive_starts(self) -> list[int]:
        """Where the preprocessor lines begin."""
        if self._kept_directive_starts is None:
            self._kept_directive_starts = [directive.start for directive in self.directives]
        return self._kept_directive_starts

    def directive_at(self, offset: int) -> Directive | None:
        """Return the preprocessor line that holds byte `offset`, or None."""
        number = bisect_right(self.directive_starts, offset) - 1
        found = self.directives[number] if number >= 0 else None
        return found if found is not None and offset < found.end else None

    def chunk_at(self, offset: int) -> Chunk:
        """Return the chunk that holds byte `offset`."""
        return self.chunks[max(bisect_right(self.chunk_starts, offset) - 1, 0)]

    @property
    def _line_starts(self) -> list[int]:
        if self._kept_line_starts is None:
            self._kept_line_starts = [0, *(match.end() for match in re.finditer(rb"\n", self.text))]
        return self._kept_line_starts

    def line(self, offset: int) -> int:
        """Return the line (from 1) of byte `offset`."""
        if self._kept_line_starts is None and self._lines_asked < _FEW:
            # A file that is asked for a line or two is not worth cutting into all of them.
            self._lines_asked += 1
            return self.text.count(b"\n", 0, offset) + 1
        return bisect_right(self._line_starts, offset)

    def place(self, offset: int) -> tuple[int, int]:
        """Return the line (from 1) and the column (from 0, in bytes; a tab is 1) of byte `offset`."""
        starts = self._line_starts
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1]

    def column(self, offset: int) -> int:
        """Return the column (from 0, in bytes; a tab is 1) of byte `offset`."""
        return self.place(offset)[1]

    def line_range(self, line: int) -> tuple[int, int]:
        """Return the byte range of `line` (from 1), its line end included."""
        starts = self._line_starts
        return starts[line - 1], starts[line] if line < len(starts) else len(self.text)

    def slice(self, node: Node) -> bytes:
        """Return the original text of `node`."""
        return self.text[node.start : node.end]
