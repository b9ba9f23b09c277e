# SPDX-License-Identifier: GPL-2.0-only
"""Whether a file is built for machines with an MMU, as Kconfig and the Makefiles say.

In: a tree and a C file. Out: `always`, `never`, or `maybe` where nothing says. A symbol needs an MMU if
one of the conjuncts that it depends on does: `MMU` itself, or a symbol that needs one, an
architecture's among them (`config MMU` in its Kconfig, without a prompt).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeAlias

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.tree_file import read_if_there
from vmaconv.flags.headers.architecture import architectures

Mmu: TypeAlias = Literal["always", "never", "maybe"]

_DEEPEST = 5
"""Symbols that are followed from one to the next."""

_OBJECTS = late_regex(rb"^\s*([\w-]+)-(y|objs|m|\$\(CONFIG_(\w+)\))\s*[:+]?=(.*)$", re.MULTILINE)
_ENTRY = late_regex(rb"^(config|menuconfig|menu|endmenu|if|endif|choice|endchoice)\b[ \t]*(.*)$")
_DEPENDS = late_regex(rb"^\s+depends on\s+(.*)$")
_VALUE = late_regex(rb"^\s+(?:def_bool|default)\s+y\s*$")
_PROMPT = late_regex(rb"^\s+(?:bool|prompt)\s+\"")


class HookKconfig:
    """Reads what one tree says, each file once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._texts: dict[str, bytes] = {}
        self._blocks: dict[str, dict[bytes, list[bytes]]] = {}
        self._always: dict[bytes, bool] = {}

    def mmu(self, path: str) -> Mmu:
        """Return whether a C file is built with an MMU only, without one only, or either way."""
        folders = _folders(path)
        if path.startswith("arch/"):
            return "always" if self._architecture("/".join(path.split("/")[:2])) else "maybe"
        found: list[Mmu] = []
        for symbol in self._symbols(path):
            found.append(self._of_symbol(symbol, folders, 0))
        if "never" in found:
            return "never"
        return "always" if "always" in found else "maybe"

    # Makefiles.

    def _symbols(self, path: str) -> Iterator[bytes]:
        """Yield the symbols that have to be set for a file to be built."""
        folder, _, name = path.rpartition("/")
        yield from self._building(folder, Path(name).stem.encode() + b".o", 0)
        while "/" in folder:
            folder, _, child = folder.rpartition("/")
            yield from self._building(folder, child.encode() + b"/", 0)

    def _building(self, folder: str, target: bytes, depth: int) -> Iterator[bytes]:
        text = self._read(f"{folder}/Makefile") + b"\n" + self._read(f"{folder}/Kbuild")
        for match in _OBJECTS.finditer(text.replace(b"\\\n", b" ")):
            # `foo-$(CONFIG_MMU) := foo.o` beside `foo-y := bar.o`: a variable, no object made of parts.
            if target not in match[4].split() or match[1] + b".o" == target:
                continue
            if match[3]:
                yield match[3]
            if match[1] != b"obj" and depth < _DEEPEST:
                yield from self._building(folder, match[1] + b".o", depth + 1)

    # Kconfig.

    def _of_symbol(self, symbol: bytes, folders: list[str], depth: int) -> Mmu:
        if symbol == b"MMU":
            return "always"
        if depth > _DEEPEST:
            return "maybe"
        for conditions in self._conditions(symbol, folders):
            found = [self._of_conjunct(c, folders, depth) for c in _conjuncts(conditions)]
            if "never" in found:
                return "never"
            if "always" in found:
                return "always"
        return "always" if self._is_architecture(symbol) else "maybe"

    def _of_conjunct(self, conjunct: bytes, folders: list[str], depth: int) -> Mmu:
        if conjunct == b"!MMU":
            return "never"
        if re.fullmatch(rb"\w+", conjunct):
            return self._of_symbol(conjunct, folders, depth + 1)
        if b"||" in conjunct:
            arms = [a.strip(b" ()\t") for a in conjunct.split(b"||")]
            plain = all(re.fullmatch(rb"\w+", arm) for arm in arms) and b"COMPILE_TEST" not in arms
            if plain and all(self._of_symbol(a, folders, depth + 1) == "always" for a in arms):
                return "always"
        return "maybe"

    def _conditions(self, symbol: bytes, folders: list[str]) -> Iterator[bytes]:
        for folder in folders:
            yield from self._in_file(f"{folder}/Kconfig" if folder else "Kconfig").get(symbol, [])

    def _in_file(self, path: str) -> dict[bytes, list[bytes]]:
        """Return what each symbol of a Kconfig file depends on: its own lines, and those around."""
        if path in self._blocks:
            return self._blocks[path]
        found: dict[bytes, list[bytes]] = {}
        around: list[list[bytes]] = []
        symbol = b""
        in_menu = False
        for line in self._read(path).replace(b"\\\n", b" ").splitlines():
            entry = _ENTRY.match(line)
            depends = _DEPENDS.match(line)
            if entry is not None:
                word, rest = entry[1], entry[2].strip()
                in_menu, symbol = word in (b"menu", b"choice"), b""
                if word in (b"config", b"menuconfig"):
                    symbol = rest
                    found.setdefault(symbol, []).extend(c for one in around for c in one)
                elif word in (b"if", b"menu", b"choice"):
                    around.append([rest] if word == b"if" else [])
                elif around:
                    around.pop()
            elif depends is not None and symbol:
                found[symbol].append(depends[1])
            elif depends is not None and in_menu and around:
                around[-1].append(depends[1])
        self._blocks[path] = found
        return found

    def _is_architecture(self, symbol: bytes) -> bool:
        """Whether a symbol stands for machines that all have an MMU."""
        if symbol not in self._always:
            config = re.compile(rb"^config " + re.escape(symbol) + rb"\s*$", re.M)
            folders = [f"arch/{name}" for name in architectures(self._root)]
            own = [one for one in folders if config.search(self._read(f"{one}/Kconfig"))]
            self._always[symbol] = bool(own) and all(self._architecture(one) for one in own)
        return self._always[symbol]

    def _architecture(self, folder: str) -> bool:
        """Whether an architecture always has an MMU: its symbol is set and has no prompt."""
        lines = self._read(f"{folder}/Kconfig").splitlines()
        if b"config MMU" not in lines:
            return False
        block: list[bytes] = []
        for line in lines[lines.index(b"config MMU") + 1 :]:
            if not line.startswith((b"\t", b" ")):
                break
            block.append(line)
        return any(map(_VALUE.match, block)) and not any(map(_PROMPT.match, block))

    def _read(self, path: str) -> bytes:
        if path not in self._texts:
            self._texts[path] = read_if_there(self._root, path)
        return self._texts[path]


def _folders(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[:n]) for n in range(len(parts), -1, -1)]


def _conjuncts(condition: bytes) -> Iterator[bytes]:
    """Yield the operands of a condition's outer `&&`s.

    >>> [c.decode() for c in _conjuncts(b"PCI && (A || B) && !MMU")]
    ['PCI', '(A || B)', '!MMU']
    """
    depth, start = 0, 0
    for match in re.finditer(rb"[()]|&&|\|\|", condition):
        if match[0] in b"()":
            depth += 1 if match[0] == b"(" else -1
        elif not depth and match[0] == b"||":
            yield condition.strip()
            return
    for match in re.finditer(rb"[()]|&&", condition + b"&&"):
        if match[0] in b"()":
            depth += 1 if match[0] == b"(" else -1
        elif not depth:
            yield condition[start : match.start()].strip()
            start = match.end()
