# SPDX-License-Identifier: GPL-2.0-only
"""What the headers of one text of a tree say of flags: macros, bit numbers, inline functions.

In: a `TreeText`. Out: for a name and a configuration, its `#define`, its bit number, or its function.
Only headers that mention flags are read; a file's own definitions come before theirs.

This reads the headers on its own, on purpose: what converts a tree has another reading of them, and
a fault in one is to be found by the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from vmaconv.cocci.text.c_lexer import lex
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.symbols import FileSymbols
from vmaconv.prove.configuration.compiled_text import CompiledText
from vmaconv.prove.configuration.condition_value import Ask
from vmaconv.prove.configuration.configurations import Configuration, configurations
from vmaconv.prove.configuration.option_relations import (
    PATTERNS,
    OptionRelations,
    read_relations,
)
from vmaconv.prove.headers.enumerators import (
    enums_with,
    number_in,
    number_of,
    words_in_enums,
)
from vmaconv.prove.headers.function_spots import Spot, spots
from vmaconv.prove.headers.macro_expansion import Macro, read_define
from vmaconv.prove.headers.overlays import Members, flag_members
from vmaconv.prove.trees.tree_text import TreeText, read_many

TALKS_OF_FLAGS = late_regex(
    rb"\b(?:__)?VMA?_[A-Z]|\w*vma?_flags|vma_flag_t|\bdef_flags|VMA?_ *##|INIT_VM_FLAG|->flags\b"
)
"""What a macro's or function's body that has to do with flags holds."""

FLAG_WORDS = ("vm_flags_t", "vma_flags_t", "vma_flag_t", "vm_flags", "vma_flags")
"""A header that has none of these says nothing of flags."""

BITMAP_HEADER = "include/linux/bitmap.h"
_FIRST = ("include/linux/mm.h", "include/linux/mm_types.h")
_BIT = late_regex(rb"\bDECLARE_VMA_BIT\(\s*(\w+)\s*,\s*(\w+)\s*\)")
_ALIAS = late_regex(rb"\bDECLARE_VMA_BIT_ALIAS\(\s*(\w+)\s*,\s*(\w+)\s*\)")
_ENUMERATOR = late_regex(rb"^\s*(VMA_\w+_BIT)\s*=\s*([^,\n}]+)", re.MULTILINE)


class Undeclared(Exception):
    """A flag that the headers know is not declared in this configuration."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not declared")
        self.name = name


class FoundFunction(Struct, frozen=True):
    """A function as it is compiled in a configuration; `node`'s offsets count from `base`."""

    name: str
    path: str
    node: Node
    text: bytes
    base: int
    line: int

    def line_of(self, node: Node) -> int:
        """Return the line (from 1) in the file that a node of the function starts on."""
        return self.line + self.text.count(b"\n", 0, node.start)

    def source(self, node: Node) -> str:
        """Return a node's text on one line."""
        return " ".join(self.text[node.start : node.end].decode(errors="replace").split())


class SourceFile:
    """One file: its text, unit and conditions, each made when it is asked for."""

    def __init__(self, path: str, text: bytes) -> None:
        self.path = path
        self.text = text
        self.unit = Unit(path, text)
        self.compiled = CompiledText(text)
        self._macros: dict[str, list[Macro]] | None = None
        self._bits: dict[str, list[tuple[int, str]]] | None = None
        self._parsed: dict[tuple[int, bytes], list[Node]] = {}

    def release(self) -> None:
        """Forget what was parsed: it is parsed again if it is asked for."""
        self.unit = Unit(self.path, self.text)
        self._parsed.clear()
        self.__dict__.pop("symbols", None)

    def macros(self, name: str) -> list[Macro]:
        """Return the definitions of a macro, in the order of the file."""
        if self._macros is None:
            self._macros = {}
            for directive in self.compiled.directives:
                if directive.kind == "define":
                    line = self.text[directive.start : directive.end]
                    macro = read_define(line, self.path, directive.start)
                    if macro is not None:
                        self._macros.setdefault(macro.name, []).append(macro)
        return self._macros.get(name, [])

    def macro_names(self) -> Iterator[str]:
        """Yield the names of the file's macros."""
        self.macros("")
        yield from self._macros or ()

    def bits(self, name: str) -> list[tuple[int, str]]:
        """Return where a bit is declared, each with its number or the bit it stands for."""
        if self._bits is None:
            found: dict[str, list[tuple[int, str]]] = {}
            for m in _BIT.finditer(self.text):
                found.setdefault(f"VMA_{m[1].decode()}_BIT", []).append((m.start(), m[2].decode()))
            for m in _ALIAS.finditer(self.text):
                other = f"VMA_{m[2].decode()}_BIT"
                found.setdefault(f"VMA_{m[1].decode()}_BIT", []).append((m.start(), other))
            for m in _ENUMERATOR.finditer(self.text):
                found.setdefault(m[1].decode(), []).append((m.start(1), m[2].decode().strip()))
            self._bits = found
        return self._bits.get(name, [])

    def bit_names(self) -> Iterator[str]:
        """Yield the names of the bits that the file declares."""
        self.bits("")
        yield from self._bits or ()

    @cached_property
    def spots(self) -> dict[str, list[Spot]]:
        """Where the functions of the file stand, by name."""
        found: dict[str, list[Spot]] = {}
        for spot in spots(self.clean, [(c.start, c.end) for c in self.unit.chunks]):
            found.setdefault(spot.name, []).append(spot)
        return found

    @cached_property
    def symbols(self) -> FileSymbols:
        """What the file declares at file level."""
        return FileSymbols(self.unit)

    @cached_property
    def flag_members(self) -> Members:
        """The members of the file's structs that hold flags, by tag."""
        has_some = b"vm_flags_t" in self.text or b"vma_flags_t" in self.text
        return flag_members(self.clean) if has_some else {}

    @cached_property
    def clean(self) -> bytes:
        """The text with comments, strings and directives blank."""
        return lex(self.text).clean

    @cached_property
    def enum_words(self) -> frozenset[str]:
        """The words in the file's enums."""
        return words_in_enums(self.clean)

    def functions(self, name: str, ask: Ask) -> Iterator[FoundFunction]:
        """Yield the definitions of a function that are compiled."""
        for spot in self.spots.get(name, ()):
            if not self.compiled.is_compiled(spot.body, ask):
                continue
            text = self.compiled.stretch(spot.start, spot.end, ask)
            for node in self.parsed(spot.start, text):
                if node.kind == "function_definition":
                    line = self.unit.line(spot.start)
                    yield FoundFunction(name, self.path, node, text, spot.start, line)

    def parsed(self, start: int, text: bytes) -> list[Node]:
        """Return the top-level nodes of a stretch; offsets count from its start."""
        key = (start, text)
        found = self._parsed.get(key)
        if found is None:
            unit = Unit(self.path, text, self.unit.loops)
            found = [item for chunk in unit.chunks for item in chunk.root.children]
            self._parsed[key] = found
        return found


class SourceFiles:
    """The files that were read, by path and text: what two texts of a tree share is read once.

    Whoever proves many changes of one tree hands the same one to each.
    """

    def __init__(self) -> None:
        self._files: dict[tuple[str, bytes], SourceFile] = {}

    def of(self, path: str, text: bytes) -> SourceFile:
        """Return a file with a text, made when it is first asked for."""
        found = self._files.get((path, text))
        if found is None:
            found = self._files[path, text] = SourceFile(path, text)
        return found


def read_expression(text: bytes) -> Node | None:
    """Return a text read as an expression; None where it is none."""
    for chunk in Unit("", b"void f(void)\n{\n(" + text + b");\n}\n").chunks:
        for node in chunk.root.walk() if not chunk.errors else ():
            if node.kind == "parenthesized_expression":
                return node.children[1]
    return None


class HeaderIndex:
    """The headers of one text of a tree."""

    def __init__(
        self, tree: TreeText, folders: tuple[str, ...], sources: SourceFiles | None = None
    ) -> None:
        """`folders` are the patterns of the headers that count."""
        self.tree = tree
        self._sources = sources or SourceFiles()
        found = list(tree.files_with(FLAG_WORDS, folders))
        first = [path for path in _FIRST if path in found]
        if found and BITMAP_HEADER not in found and tree.read(BITMAP_HEADER) is not None:
            found.append(BITMAP_HEADER)
        self.paths = [*first, *(path for path in found if path not in first)]
        self._constants: dict[tuple[str, str], bytes | None] = {}
        self._expressions: dict[bytes, Node | None] = {}
        self._files: dict[str, SourceFile | None] = {}
        self._bodies: dict[str, list[SourceFile]] = {}

    @cached_property
    def _options(self) -> OptionRelations:
        paths = self.tree.files_with(("config", "menuconfig"), PATTERNS)
        return read_relations(read_many(self.tree, paths))

    def configurations(self) -> Iterator[Configuration]:
        """Yield the configurations that the tree's Kconfig files allow; see `configurations`."""
        return configurations(self._options.needs, self._options.raised)

    def file(self, path: str) -> SourceFile | None:
        """Return a file of the tree."""
        if path not in self._files:
            text = self.tree.read(path)
            self._files[path] = None if text is None else self._sources.of(path, text)
        return self._files[path]

    def _with(self, name: str, first: SourceFile | None) -> Iterator[SourceFile]:
        """Yield the files that mention a name: `first`, then the headers."""
        if first is not None:
            yield first
        if name not in self._bodies:
            word = name.encode()
            files = (self.file(path) for path in self.paths)
            self._bodies[name] = [f for f in files if f is not None and word in f.text]
        for file in self._bodies[name]:
            if first is None or file.path != first.path:
                yield file

    def expression(self, text: bytes) -> Node | None:
        """Return a text, what a macro stands for, read as an expression; None where it is none."""
        if text not in self._expressions:
            self._expressions[text] = read_expression(text)
        return self._expressions[text]

    def macro(self, name: str, ask: Ask, first: SourceFile | None) -> Macro | None:
        """Return a macro's definition in a configuration, or None.

        None, too, where several files define it differently: architectures, say.
        """
        found: list[Macro] = []
        for file in self._with(name, first):
            compiled = [m for m in file.macros(name) if file.compiled.is_compiled(m.offset, ask)]
            if compiled:
                found.append(compiled[-1])
                if file is first:
                    break
        if any(m.body != found[0].body for m in found):
            return None
        return found[0] if found else None

    def enumerator(self, name: str, ask: Ask, first: SourceFile | None) -> tuple[bytes, int] | None:
        """Return what a constant of an enum stands for: a number's text, and how far behind it.

        None where no enum of `first` or of a header for all has it, or several differ.
        """
        found: set[tuple[bytes, int] | None] = set()
        is_loud = name.isupper()
        for file in self._with(name, first) if is_loud or first is None else (first,):
            if file is not first and not file.path.startswith(("include/", "mm/")):
                continue
            for start, end in enums_with(name, file.clean) if name in file.enum_words else ():
                if file.compiled.is_compiled(start, ask):
                    found.add(number_of(name, file.compiled.stretch(start, end, ask)))
            if found and file is first:
                break
        return found.pop() if len(found) == 1 else None

    def learn_constant(self, name: str, file: SourceFile) -> bool:
        """Look in all headers of a file for the number that a constant stands for in it.

        `constant` says it from then on, where all that define it say the same. Returns whether it
        did not before.
        """
        key = (name, file.path)
        if key in self._constants:
            return False
        folder = file.path.rpartition("/")[0]
        paths = self.tree.files_with((name,), ("include/*.h", "arch/*.h", f"{folder}/*.h"))
        number = number_in(name, (file.text, *(text for _, text in read_many(self.tree, paths))))
        self._constants[key] = number
        return number is not None

    def constant(self, name: str, first: SourceFile | None) -> bytes | None:
        """Return what `learn_constant` found that a constant stands for in a file, or None.

        Another driver may have its own of the name.
        """
        return self._constants.get((name, first.path)) if first is not None else None

    def definitions(self, name: str, first: SourceFile | None) -> list[tuple[SourceFile, int]]:
        """Return where a macro is defined in any configuration."""
        return [(f, m.offset) for f in self._with(name, first) for m in f.macros(name)]

    def bit(self, name: str, ask: Ask) -> int | str | None:
        """Return a bit's number, or another's name; None where no header has it.

        Raises `Undeclared` where only other configurations have it.
        """
        seen = False
        for file in self._with("VMA_" if name.startswith("VMA_") else name, None):
            for offset, value in file.bits(name):
                seen = True
                if file.compiled.is_compiled(offset, ask):
                    try:
                        return int(value.rstrip("uUlL"), 0)
                    except ValueError:
                        return value
        if seen:
            raise Undeclared(name)
        return None

    def bit_names(self, ask: Ask) -> dict[int, str]:
        """Return the name of each bit in a configuration, the first that the headers give it."""
        found: dict[int, str] = {}
        for file in self._with("VMA_", None):
            for name in file.bit_names():
                for offset, value in file.bits(name):
                    if value.isdigit() and file.compiled.is_compiled(offset, ask):
                        found.setdefault(int(value), name)
        return found

    def function(self, name: str, ask: Ask) -> FoundFunction | None:
        """Return a function that a header defines, or None.

        Raises `Undeclared` where only other configurations have one, or a macro in its place.
        """
        files = [file for file in self._with(name, None) if name in file.spots]
        for file in files:
            for found in file.functions(name, ask):
                return found
        if files and not self.definitions(name, None) and not self._has_prototype(name, ask):
            raise Undeclared(name)
        return None

    def talks_of_flags(self, name: str) -> bool:
        """Return whether a function that headers define has to do with flags in any configuration."""
        return any(
            TALKS_OF_FLAGS.search(file.text, spot.start, spot.end)
            for file in self._with(name, None)
            for spot in file.spots.get(name, ())
        )

    def _has_prototype(self, name: str, ask: Ask) -> bool:
        """Return whether a header declares a function that it does not define in a configuration.

        A stub for some configurations mostly stands beside the prototype for the others.
        """
        pattern = re.compile(rb"\b" + re.escape(name.encode()) + rb"\s*\(")
        for file in self._with(name, None):
            for match in pattern.finditer(file.clean):
                inside = any(
                    spot.start <= match.start() < spot.end
                    for found in file.spots.values()
                    for spot in found
                    if spot.body <= match.start() or spot.name == name
                )
                if not inside and file.compiled.is_compiled(match.start(), ask):
                    return True
        return False
