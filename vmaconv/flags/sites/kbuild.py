# SPDX-License-Identifier: GPL-2.0-only
"""When a C file is built: what its folders' Makefiles say (Documentation/kbuild/makefiles.rst).

In: a tree and the path of a file. Out: a condition that holds wherever the file is compiled:
`obj-$(CONFIG_ARM64_MTE) += mte.o` in `arch/arm64/kernel/Makefile` makes it `CONFIG_ARM64_MTE` for
`mte.c`. Read only as far as is certain: a file that another C file includes, or whose object stands
in a line that is not understood, is always built.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from vmaconv.cocci.text.census import Census
from vmaconv.cocci.text.files import Search, is_under
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.tree_file import read_if_there
from vmaconv.flags.headers.architecture import architecture_of
from vmaconv.flags.headers.conditions import (
    ALWAYS,
    MOST_TESTS,
    Condition,
    Defined,
    Every,
    atoms,
    configurations,
    either,
    every,
    negate,
)
from vmaconv.flags.sites.kconfig import Kconfig

_LINE = late_regex(
    r"^[ \t]*(?P<name>[\w.-]+?)-(?:(?P<plain>y|objs|m)|\$\(CONFIG_(?P<symbol>\w+)\))"
    r"[ \t]*[:+]?=[ \t]*(?P<what>.*)$"
)
_INCLUDED = late_regex(rb'\n[ \t]*#[ \t]*include[ \t]*["<](?:[^">\n]*/)?([^/">\n]+\.c)[">]')
"""An `#include` of a C file, behind the end of a line, which is found faster than the next one's start."""
INCLUDE_ENDS = ('.c"', ".c>")
"""How such a line ends: the words to search for."""
_TEST = late_regex(r"[ \t]*(ifdef|ifndef|ifeq|ifneq|else|endif)\b(.*)")
_ANYWHERE = frozenset({"lib", "scripts", "tools", "usr"})
"""Whose C files are included from all over the tree: the decompressors of boot loaders."""


class Kbuild:
    """The conditions of one tree's files; Makefiles are read when they are needed."""

    def __init__(self, root: Path, kconfig: Kconfig) -> None:
        self._root = root
        self._kconfig = kconfig
        self._lines: dict[str, tuple[tuple[Condition, str], ...]] = {}
        self._included: dict[str, frozenset[str]] = {}
        self._census: Census | None = None
        self._including: Mapping[str, bytes] | None = None

    def know(self, census: Census, including: Mapping[str, bytes] | None = None) -> None:
        """Take over what a search that is done has seen of the tree's folders.

        `including` are the lines of all files that hold one of `INCLUDE_ENDS`, or more of their texts.
        """
        self._census = census
        self._including = including

    def built(self, path: str, symbols: frozenset[str]) -> Condition:
        """Return what holds wherever `path` is compiled.

        `symbols` (`CONFIG_PPC64`) are those that the answer is wanted about.
        """
        arch = architecture_of(path)
        parts = [self._of_arch(symbol, arch) for symbol in sorted(symbols)] if arch else []
        if path.endswith(".c") and not self.is_included(path):
            folder, _, name = path.rpartition("/")
            parts.append(self._object(folder, name.removesuffix(".c") + ".o", ()))
            while folder:
                above, _, last = folder.rpartition("/")
                parts.append(self._object(above, f"{last}/", ()))
                folder = above
        condition = self.implied(every(parts))
        return condition if arch else every([condition, *self._of_archs(condition, symbols)])

    def implied(self, condition: Condition) -> Condition:
        """Add to a condition what the symbols that it asks for depend on."""
        return self._kconfig.implied(condition)

    def _of_archs(self, condition: Condition, symbols: frozenset[str]) -> Iterator[Condition]:
        """Yield the symbols that a condition comes to with what architectures have in any case.

        `CONFIG_ARM64 || (CONFIG_COMPILE_TEST && CONFIG_64BIT)` is never without `CONFIG_64BIT`.
        """
        facts: list[Condition] = []
        for name in dict.fromkeys(a.name for a in atoms(condition) if isinstance(a, Defined)):
            arch = self._kconfig.only_arch(name.removeprefix("CONFIG_"))
            for symbol in sorted(symbols - {name}) if arch else ():
                if self._kconfig.is_set_by(symbol.removeprefix("CONFIG_"), arch):
                    facts.append(either([negate(Defined(name)), Defined(symbol)]))
        if facts:
            whole = every([condition, *facts])
            yield from (s for s in map(Defined, sorted(symbols)) if _comes_to(whole, s))

    def _of_arch(self, symbol: str, arch: str) -> Condition:
        """Say of a symbol what every configuration of an architecture has."""
        name = symbol.removeprefix("CONFIG_")
        if self._kconfig.elsewhere(name, arch):
            return negate(Defined(symbol))
        return Defined(symbol) if self._kconfig.is_set_by(name, arch) else ALWAYS

    def is_included(self, path: str) -> bool:
        """Whether a C file of its part of the tree includes this one: then it is built with that."""
        parts = path.split("/")
        if parts[0] in _ANYWHERE:
            return True
        depth = 2 if parts[0] in ("arch", "drivers") else 1
        part, name = "/".join(parts[:-1][:depth]), parts[-1]
        if part not in self._included:
            self._included[part] = frozenset(
                found.decode(errors="replace")
                for text in self._texts_of(part)
                for found in _INCLUDED.findall(b"\n" + text)
            )
        return name in self._included[part]

    def _texts_of(self, part: str) -> list[bytes]:
        """Return what of the files in a part of the tree says which C files they include."""
        within = [part] if part else []
        if self._including is not None:
            return [text for path, text in self._including.items() if is_under(path, within)]
        search = Search(self._root, INCLUDE_ENDS, within, census=self._census)
        self._census = search.census()
        return [read_if_there(self._root, holder) for holder in search.result()]

    def _object(self, folder: str, target: str, above: tuple[str, ...]) -> Condition:
        """Return the condition under which a folder's Makefile builds an object, or a folder."""
        lines = self._makefile(folder)
        word = re.compile(rf"(?<![\w./-]){re.escape(target)}(?![\w.-])")
        ways: list[Condition] = []
        for around, line in lines:
            if not word.search(line):
                continue
            match = _LINE.match(line)
            if match is None or target in above:
                return ALWAYS
            ways.append(every([around, self._of_line(folder, match, (*above, target))]))
        return either(ways) if ways else ALWAYS

    def _of_line(self, folder: str, line: re.Match[str], above: tuple[str, ...]) -> Condition:
        own = self._of_symbol(line["symbol"]) if line["symbol"] else ALWAYS
        if line["name"] in ("obj", "lib", "core", "drivers", "libs", "net", "virt", "subdir"):
            return own
        return every([own, self._object(folder, f"{line['name']}.o", above)])

    def _of_symbol(self, name: str) -> Condition:
        symbol = Defined(f"CONFIG_{name}")
        if self._kconfig.is_bool(name):
            return symbol
        return either([symbol, Defined(f"CONFIG_{name}_MODULE")])

    def _makefile(self, folder: str) -> tuple[tuple[Condition, str], ...]:
        """Return the lines of a folder's Makefile, each with the `ifdef`s around it."""
        if folder not in self._lines:
            text = b""
            for name in ("Kbuild", "Makefile"):
                text = text or read_if_there(self._root, f"{folder}/{name}")
            joined = re.sub(r"\\\n", " ", text.decode("utf-8", "replace"))
            self._lines[folder] = tuple(self._conditional(joined.splitlines()))
        return self._lines[folder]

    def _conditional(self, lines: list[str]) -> Iterator[tuple[Condition, str]]:
        around: list[Condition] = []
        for line in lines:
            line = re.sub(r"(?<!\\)#.*", "", line)
            test = _TEST.match(line)
            if test is None:
                yield every(around), line
            elif test[1] == "endif":
                del around[-1:]
            elif test[1] == "else":
                # An `else` with a test of its own holds in fewer cases than its `if` does not.
                around[-1:] = [negate(c) if isinstance(c, Defined) else ALWAYS for c in around[-1:]]
            else:
                name = re.fullmatch(r"CONFIG_(\w+)", test[2].strip())
                known = name is not None and self._kconfig.is_bool(name[1])
                symbol: Condition = Defined(test[2].strip()) if known else ALWAYS
                around.append(negate(symbol) if known and test[1] == "ifndef" else symbol)


def _comes_to(condition: Condition, symbol: Defined) -> bool:
    """Whether a symbol is set wherever a condition holds, by those parts that name it."""
    parts = condition.parts if isinstance(condition, Every) else (condition,)
    tests = {test for part in parts if symbol in set(atoms(part)) for test in atoms(part)}
    if len(tests) > MOST_TESTS:
        return False
    return bool(tests) and all(truth(symbol) for truth in configurations(tests, condition))
