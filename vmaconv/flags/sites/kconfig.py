# SPDX-License-Identifier: GPL-2.0-only
"""What the tree's Kconfig files say of a symbol: what it depends on, and where it can be set.

In: a tree. Out: for `CONFIG_USERFAULTFD`, the condition that holds wherever it is set
(`CONFIG_MMU`). Read the way kconfig reads (Documentation/kbuild/kconfig-language.rst), and only as
far as is certain: `depends on` and `if … endif` around a symbol count, what includes the file does
not, and of expressions only `&&`, `||`, `!` over symbols. A symbol defined twice has either
condition. `select` forces a symbol past what it depends on, so a symbol that is selected anywhere
implies nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.tree_file import TreeReader
from vmaconv.flags.headers.architecture import architecture_of, architectures
from vmaconv.flags.headers.conditions import (
    ALWAYS,
    Condition,
    Defined,
    Either,
    Every,
    Opaque,
    atoms,
    either,
    every,
    parse_condition,
)


class Symbol(Struct, frozen=True):
    """A symbol without `CONFIG_`: whether it is `y` or not set, and what its definition asks for.

    `arch` is the folder below `arch/` whose Kconfig defines it, empty for any other place.
    """

    name: str
    is_bool: bool
    depends: Condition
    arch: str


class Kconfig:
    """The symbols of one tree. Files are read when a symbol is first asked for."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._texts: dict[str, str] | None = None
        self._where: dict[str, list[str]] = {}
        self._symbols: dict[str, tuple[Symbol, ...]] = {}
        self._statements: dict[str, list[tuple[str, str]]] = {}
        self._selected: frozenset[str] = frozenset()

    def read(self) -> None:
        """Read the tree's files, if they were not read before."""
        if self._texts is not None:
            return
        self._texts = _kconfig_texts(self._root)
        for path, text in self._texts.items():
            for found in _DEFINES.finditer(text):
                self._where.setdefault(found[1], []).append(path)
        selects = (_SELECTS.findall(text) for text in self._texts.values())
        self._selected = frozenset(name for names in selects for name in names)

    def symbols(self, name: str) -> tuple[Symbol, ...]:
        """Return the definitions of a symbol (`USERFAULTFD`), none if the tree has none."""
        self.read()
        if name not in self._symbols:
            paths = dict.fromkeys(self._where.get(name, ()))
            self._symbols[name] = tuple(
                symbol for path in paths for symbol in _read(self._of_file(path), path, name)
            )
        return self._symbols[name]

    def _of_file(self, path: str) -> Sequence[tuple[str, str]]:
        if path not in self._statements:
            self._statements[path] = _statements((self._texts or {})[path])
        return self._statements[path]

    def implied(self, condition: Condition) -> Condition:
        """Add to a condition what the symbols that it asks for depend on."""
        parts, queue, seen = [condition], [condition], {""}
        while queue:
            for test in _asked(queue.pop()):
                name = test.name.removeprefix("CONFIG_")
                if name in seen or test.name == name:
                    continue
                seen.add(name)
                depends = self._depends(name)
                parts.append(depends)
                queue.append(depends)
        return every([part for whole in parts for part in _conjuncts(whole)])

    def elsewhere(self, name: str, arch: str) -> bool:
        """Whether only the Kconfig files of other architectures define a symbol."""
        found = self.symbols(name)
        return bool(found) and all(symbol.arch not in ("", arch) for symbol in found)

    def only_arch(self, name: str) -> str:
        """Return the architecture (`arm64`) whose Kconfig file alone defines a symbol, or ""."""
        paths = set(self._where.get(name, ())) if self.symbols(name) else set()
        found = re.fullmatch(r"arch/(\w+)/Kconfig", paths.pop()) if len(paths) == 1 else None
        return found[1] if found is not None else ""

    def is_bool(self, name: str) -> bool:
        """Whether a symbol is set or not, and never a module."""
        found = self.symbols(name)
        return bool(found) and all(symbol.is_bool for symbol in found)

    def is_set_by(self, name: str, arch: str) -> bool:
        """Whether the Kconfig file of an architecture sets a symbol in any case: `def_bool y`."""
        self.symbols(name)
        text = (self._texts or {}).get(f"arch/{arch}/Kconfig", "")
        block = re.search(rf"^config {re.escape(name)}\n((?:[ \t]+.*\n|\n)*)", text, re.MULTILINE)
        if block is None or re.search(r"^[ \t]+depends on", block[1], re.MULTILINE):
            return False
        return re.search(r"^[ \t]+def_bool y[ \t]*$", block[1], re.MULTILINE) is not None

    def _depends(self, name: str) -> Condition:
        found = self.symbols(name)
        if not found or name in self._selected:
            return ALWAYS
        # What is not bool may be a module: then there is no such macro.
        ways = [every([p for p in _conjuncts(s.depends) if self._certain(p)]) for s in found]
        return either(ways) if len(ways) > 1 else ways[0]

    def _certain(self, condition: Condition) -> bool:
        return all(
            isinstance(test, Defined) and self.is_bool(test.name.removeprefix("CONFIG_"))
            for test in atoms(condition)
        )


# The line's end before it, not `^`, is what a line is found by: that is several times as fast.
_DEFINES = late_regex(r"\n[ \t]*(?:menu)?config[ \t]+(\w+)[ \t]*(?=\n|\Z)")
_SELECTS = late_regex(r"\n[ \t]+(?:select|imply)[ \t]+(\w+)")
_SOURCES = late_regex(r'\n[ \t]*o?(r?)source[ \t]+"([^"\n]+)"')
_SRCARCH = late_regex(r"\$\(SRCARCH\)|\$SRCARCH")
_WORD = late_regex(r"[ \t]*(\w+)[ \t]*(.*?)[ \t]*(?:#.*)?$")


def _kconfig_texts(root: Path) -> dict[str, str]:
    """Read the tree's Kconfig file and all that it includes, for every architecture.

    Before each text stands the end of a line.
    """
    archs = architectures(root)
    found: dict[str, str] = {}
    queue = ["Kconfig"]
    with TreeReader(root) as reader:
        while queue:
            path = queue.pop()
            if path in found:
                continue
            try:
                text = reader.read(path).decode("utf-8", "replace")
            except OSError:
                text = ""
            found[path] = text = "\n" + text.replace("\\\n", " ")
            for relative, name in _SOURCES.findall(text):
                name = name.removeprefix("$(srctree)/")
                whole = f"{path.rpartition('/')[0]}/{name}" if relative else name
                ways = (_SRCARCH.sub(arch, whole) for arch in archs)
                queue += ways if _SRCARCH.search(whole) else [whole]
    return found


def _statements(text: str) -> list[tuple[str, str]]:
    """Return the lines of a file that say what its symbols depend on: their first word, the rest."""
    found: list[tuple[str, str]] = []
    help_indent = -1
    for line in text.splitlines():
        stripped = line.strip()
        if help_indent >= 0:
            if not stripped or _indent(line) > help_indent:
                continue
            help_indent = -1
        if not stripped.startswith(_STARTS):
            continue
        match = _WORD.match(line)
        if match is None:
            continue
        if match[1] == "help":
            help_indent = _indent(line)
        elif match[1] in _STARTS:
            found.append((match[1], match[2]))
    return found


def _indent(line: str) -> int:
    wide = line.expandtabs()
    return len(wide) - len(wide.lstrip())


def _read(statements: Sequence[tuple[str, str]], path: str, wanted: str) -> list[Symbol]:
    """Return the definitions of a symbol in one file."""
    arch = architecture_of(path)
    found: list[Symbol] = []
    around: list[tuple[str, tuple[str, ...]]] = []
    own: list[str] = []
    inside, is_bool = False, True
    held = False
    # Whether what is open is no menu: then a `depends on` says nothing of what follows.

    def finish() -> None:
        if inside:
            conditions = [*(_of_block(asked) for _, asked in around), *map(_condition, own)]
            found.append(Symbol(wanted, is_bool, every(conditions), arch))

    for word, rest in statements:
        if word in _BLOCKS:
            finish()
            inside, own, is_bool = False, [], True
            held = word not in ("menu", "choice")
        match word:
            case "config" | "menuconfig":
                inside = rest == wanted
            case "if":
                around.append(("if", (rest,)))
            case "menu" | "choice":
                around.append((word, ()))
            case "endif" | "endmenu" | "endchoice":
                if around:
                    around.pop()
            case "depends" if rest.startswith("on "):
                if inside:
                    own.append(rest.removeprefix("on "))
                elif not held and around and around[-1][0] != "if":
                    kind, before = around.pop()
                    around.append((kind, (*before, rest.removeprefix("on "))))
            case "tristate" | "int" | "hex" | "string" | "def_tristate":
                is_bool = False
    finish()
    return found


def _of_block(asked: Sequence[str]) -> Condition:
    """Return what an `if`, or a menu, asks of all that it holds."""
    whole: Condition = ALWAYS
    for text in asked:
        whole = every([whole, _condition(text)])
    return whole


_BLOCKS = frozenset(
    {"config", "menuconfig", "if", "menu", "choice", "endif", "endmenu", "endchoice"}
    | {"source", "comment", "mainmenu"}
)


_STARTS = (*sorted(_BLOCKS), "depends", "tristate", "int", "hex", "string", "def_tristate", "help")


def _condition(text: str) -> Condition:
    """Read an expression of Kconfig; what is more than symbols and their logic stays opaque."""
    text = re.sub(r'\b(\w+)[ \t]*=[ \t]*"?y"?(?!\w)', r"\1", text)
    if re.search(r"[=<>\"$]", text):
        return Opaque(text)
    return parse_condition(re.sub(r"\b(\w+)\b", r"defined(CONFIG_\1)", text))


def _asked(condition: Condition) -> list[Defined]:
    """Return the symbols that are set wherever the condition holds."""
    return [part for part in _conjuncts(condition) if isinstance(part, Defined)] + [
        test for part in _conjuncts(condition) if (test := _either_y_or_m(part)) is not None
    ]


def _either_y_or_m(condition: Condition) -> Defined | None:
    """Return the symbol of `CONFIG_X || CONFIG_X_MODULE`: it is set one way or the other."""
    match condition:
        case Either((Defined(name), Defined(module))) if module == f"{name}_MODULE":
            return Defined(name)
    return None


def _conjuncts(condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, Every) else (condition,)
