# SPDX-License-Identifier: GPL-2.0-only
"""Where the functions and macros that a hook calls are defined.

In: the sources and a name as a file sees it. Out: its definitions (function bodies or macro bodies), or
nothing where the tree has to be searched first: `Sources.missing` collects those names, and the
run searches for them all at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.declared import function_name, is_static
from vmaconv.migrate.facts.sources import Sources

MOST = 8
"""Definitions of one name (architectures have their own) beyond which nothing is said of it."""


@dataclass(frozen=True, slots=True)
class FunctionBody:
    """A function's definition: the file and its node."""

    path: str
    node: Node


@dataclass(frozen=True, slots=True)
class MacroBody:
    """A macro's definition: the file, where it starts, its parameters and its body's text."""

    path: str
    offset: int
    parameters: tuple[str, ...]
    text: bytes


class Bodies:
    """Looks up definitions by name."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._folders: dict[str, tuple[str, ...]] = {}
        self._own: dict[tuple[str, bytes], tuple[list[FunctionBody], list[MacroBody]]] = {}
        self._near: dict[tuple[str, bytes], tuple[list[FunctionBody], list[MacroBody]]] = {}
        self._is_own: dict[tuple[str, bytes], bool] = {}

    def find(self, path: str, name: bytes) -> tuple[list[FunctionBody], list[MacroBody]]:
        """Return the definitions of `name` as `path` sees it: its own, its headers', the tree's."""
        near = self.near(path, name)
        if any(near):
            return near
        bodies: list[FunctionBody] = []
        macros: list[MacroBody] = []
        for other in self._sources.mentioning(name):
            more = self.in_file(other, name)
            if other.endswith(".h"):
                bodies += more[0]
                macros += more[1]
            else:
                bodies += [body for body in more[0] if not is_static(body.node)]
        return bodies, macros

    def near(self, path: str, name: bytes) -> tuple[list[FunctionBody], list[MacroBody]]:
        """Return the definitions that a file has, its headers, or the files beside it."""
        key = (path, name)
        if key not in self._near:
            self._near[key] = self._nearest(path, name)
        return self._near[key]

    def _nearest(self, path: str, name: bytes) -> tuple[list[FunctionBody], list[MacroBody]]:
        own = self.in_file(path, name)
        if any(own):
            return own
        for header in self._sources.includes(path):
            found = self.in_file(header, name)
            if any(found):
                return found
        return self._beside(path, name)

    def _beside(self, path: str, name: bytes) -> tuple[list[FunctionBody], list[MacroBody]]:
        """Return the definitions in the files beside one: no search of the tree is needed then."""
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            place = self._sources.root / folder
            names = sorted(p.name for p in place.iterdir() if p.suffix in (".c", ".h"))
            self._folders[folder] = tuple(f"{folder}/{n}" for n in names) if folder else ()
        bodies: list[FunctionBody] = []
        macros: list[MacroBody] = []
        for other in self._folders[folder]:
            if other == path or name not in self._sources.unit(other).text:
                continue
            found = self.in_file(other, name)
            bodies += [b for b in found[0] if other.endswith(".h") or not is_static(b.node)]
            macros += found[1] if other.endswith(".h") else []
        return bodies, macros

    def is_own(self, path: str, name: bytes) -> bool:
        """Whether the file, or a header beside it, defines `name` itself."""
        key = (path, name)
        if key not in self._is_own:
            self._is_own[key] = self._defines(path, name)
        return self._is_own[key]

    def _defines(self, path: str, name: bytes) -> bool:
        if path.startswith("include/"):
            # What the kernel's headers define is the core API itself.
            return False
        if any(self.in_file(path, name)):
            return True
        folder = path.rpartition("/")[0]
        near = [h for h in self._sources.includes(path) if h.rpartition("/")[0] == folder]
        return any(any(self.in_file(header, name)) for header in near)

    def in_file(self, path: str, name: bytes) -> tuple[list[FunctionBody], list[MacroBody]]:
        """Return the definitions that one file has."""
        key = (path, name)
        if key not in self._own:
            self._own[key] = (self._functions(path, name), self._macros(path, name))
        return self._own[key]

    def _functions(self, path: str, name: bytes) -> list[FunctionBody]:
        unit = self._sources.unit(path)
        if name not in unit.text:
            return []
        # Kernel style has a definition begin in the first column; only such stretches are parsed.
        pattern = _definition(name)
        starts = dict.fromkeys(m.end() - 1 for m in pattern.finditer(unit.text))
        chunks = dict.fromkeys(unit.chunk_at(start) for start in starts)
        found: list[FunctionBody] = []
        for chunk in chunks:
            for item in chunk.items():
                if item.kind == "function_definition":
                    leaf = function_name(item)
                    if leaf is not None and leaf.text == name:
                        found.append(FunctionBody(path, item))
        return found

    def _macros(self, path: str, name: bytes) -> list[MacroBody]:
        text = self._sources.unit(path).text
        if name not in text:
            return []
        pattern = _macro(name)
        return [
            MacroBody(
                path,
                match.start(),
                tuple(p.strip().decode(errors="replace") for p in (match[1] or b"").split(b",")),
                match[2],
            )
            for match in pattern.finditer(text)
        ]


@cache
def _definition(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"^(?:[A-Za-z_][\w \t*]*[ \t*])?" + re.escape(name) + rb"\(", re.MULTILINE)


@cache
def _macro(name: bytes) -> re.Pattern[bytes]:
    return re.compile(
        rb"^[ \t]*#[ \t]*define[ \t]+"
        + re.escape(name)
        + rb"\b(?:\(([^()]*)\))?((?:[^\\\n]|\\(?:.|\n))*)",
        re.MULTILINE,
    )
