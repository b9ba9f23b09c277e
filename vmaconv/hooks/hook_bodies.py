# SPDX-License-Identifier: GPL-2.0-only
"""Where the functions and macros that a hook calls are defined.

In: the sources and a name as a file sees it. Out: its definitions (function bodies or macro bodies), or
nothing where the tree has to be searched first: `Sources.missing` collects those names, and the
run searches for them all at once.
"""

from __future__ import annotations

import re

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.declared import function_name, is_static
from vmaconv.migrate.facts.sources import Sources

MOST = 8
"""Definitions of one name (architectures have their own) beyond which nothing is said of it."""


class FunctionBody(Struct, frozen=True):
    """A function's definition: the file and its node."""

    path: str
    node: Node


class MacroBody(Struct, frozen=True):
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
        self._joined: dict[str, bytes] = {}
        """All texts of a folder: most names stand in none of them, which one search says."""
        self._own: dict[tuple[str, bytes], tuple[list[FunctionBody], list[MacroBody]]] = {}
        self._near: dict[tuple[str, bytes], tuple[list[FunctionBody], list[MacroBody]]] = {}
        self._defined: dict[str, frozenset[bytes]] = {}
        self._is_own: dict[tuple[str, bytes], bool] = {}
        self._declared: set[tuple[str, bytes]] = set()
        self._indexes: dict[
            str, tuple[dict[bytes, list[int]], dict[bytes, list[re.Match[bytes]]]]
        ] = {}

    def find(self, path: str, name: bytes) -> tuple[list[FunctionBody], list[MacroBody]]:
        """Return the definitions of `name` as `path` sees it: its own, its headers', the tree's."""
        near = self.near(path, name)
        if any(near) and not self._is_one_arm(near, name):
            return near
        if not self._sources.is_known(name):
            # What stands in one arm of a header says nothing of the others.
            return [], []
        bodies, macros = list(near[0]), list(near[1])
        known = {one.path for one in bodies} | {one.path for one in macros}
        for other in self._sources.mentioning(name):
            if other in known or not self._sources.may_define(other, name):
                continue
            more = self.in_file(other, name)
            if other.endswith(".h"):
                bodies += more[0]
                macros += more[1]
            else:
                bodies += [body for body in more[0] if not is_static(body.node)]
        if any(near) and len(bodies) + len(macros) == len(near[0]) + len(near[1]):
            # The prototype's own definition is made by a macro, say.
            return [], []
        return bodies, macros

    def _is_one_arm(self, near: tuple[list[FunctionBody], list[MacroBody]], name: bytes) -> bool:
        """Whether a file has a name's definition in one arm and its prototype in another.

        `#ifdef CONFIG_A` / `int f(void);` / `#else` / `static inline int f(void) { return 0; }`: what
        the function does is said by the file that defines it in earnest.
        """
        functions, macros = near
        if any(not is_static(one.node) for one in functions):
            return False
        paths = {one.path for one in functions} | {one.path for one in macros}
        return any((path, name) in self._declared for path in paths)

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
        if folder not in self._joined:
            texts = (self._sources.unit(file).text for file in self._files(folder))
            self._joined[folder] = b"\0".join(texts)
        if name not in self._joined[folder]:
            return [], []
        bodies: list[FunctionBody] = []
        macros: list[MacroBody] = []
        for other in self._folders[folder]:
            if other == path or name not in self._sources.unit(other).text:
                continue
            found = self.in_file(other, name)
            bodies += [b for b in found[0] if other.endswith(".h") or not is_static(b.node)]
            macros += found[1] if other.endswith(".h") else []
        return bodies, macros

    def _files(self, folder: str) -> tuple[str, ...]:
        if folder not in self._folders:
            place = self._sources.root / folder
            names = sorted(p.name for p in place.iterdir() if p.suffix in (".c", ".h"))
            self._folders[folder] = tuple(f"{folder}/{n}" for n in names) if folder else ()
        return self._folders[folder]

    def defined_in(self, folder: str) -> frozenset[bytes]:
        """Return the names that files of a folder may define: `near` finds no others there.

        Worth it for who asks for every word of many functions.
        """
        if folder not in self._defined:
            indexes = (self._index(file) for file in self._files(folder))
            self._defined[folder] = frozenset(n for one in indexes for names in one for n in names)
        return self._defined[folder]

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

    def _index(
        self, path: str
    ) -> tuple[dict[bytes, list[int]], dict[bytes, list[re.Match[bytes]]]]:
        """Return where a file may define functions, and its macros, by name; each file is read once."""
        found = self._indexes.get(path)
        if found is None:
            text = self._sources.unit(path).text
            functions: dict[bytes, list[int]] = {}
            macros: dict[bytes, list[re.Match[bytes]]] = {}
            for match in _HEAD.finditer(text):
                functions.setdefault(match[1], []).append(match.end() - 1)
            for match in _DEFINE.finditer(text):
                macros.setdefault(match[1], []).append(match)
            found = self._indexes[path] = functions, macros
        return found

    def _functions(self, path: str, name: bytes) -> list[FunctionBody]:
        unit = self._sources.unit(path)
        starts = self._index(path)[0].get(name, []) if name in unit.text else []
        chunks = dict.fromkeys(unit.chunk_at(start) for start in starts)
        found: list[FunctionBody] = []
        for chunk in chunks:
            for item in chunk.items():
                if item.kind == "function_definition":
                    leaf = function_name(item)
                    if leaf is not None and leaf.text == name:
                        found.append(FunctionBody(path, item))
                elif item.kind == "declaration" and not is_static(item):
                    named = any(item.start <= start <= item.end for start in starts)
                    self._declared |= {(path, name)} if named else set()
        return found

    def _macros(self, path: str, name: bytes) -> list[MacroBody]:
        text = self._sources.unit(path).text
        if name not in text:
            return []
        found: list[MacroBody] = []
        for head in self._index(path)[1].get(name, []):
            rest = _REST.match(text, head.end())
            parameters = (rest[1] or b"").split(b",") if rest is not None else []
            names = tuple(p.strip().decode(errors="replace") for p in parameters)
            if rest is not None:
                found.append(MacroBody(path, head.start(), names, rest[2]))
        return found


_HEAD = late_regex(rb"^(?:[A-Za-z_][\w \t*]*[ \t*])?(\w+)\(", re.MULTILINE)
"""Kernel style has a definition begin in the first column; only such stretches are parsed. What a search
brings is sieved by the same forms (`Sources.may_define`)."""

_DEFINE = late_regex(rb"^[ \t]*#[ \t]*define[ \t]+(\w+)", re.MULTILINE)
_REST = late_regex(rb"(?:\(([^()]*)\))?((?:[^\\\n]|\\(?:.|\n))*)")
