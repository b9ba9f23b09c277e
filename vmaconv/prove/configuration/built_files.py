# SPDX-License-Identifier: GPL-2.0-only
"""Whether a file is compiled at all in a configuration.

In: a tree's Makefiles, and the architecture that a folder is for. Out: a truth; a file that its
folder's Makefile does not name counts as always built, and so does what stands under a condition that
is not understood.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from msgspec import Struct, field

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.prove.configuration.condition_value import Ask
from vmaconv.prove.configuration.kconfig_text import ARCHITECTURES
from vmaconv.prove.trees.tree_text import TreeText

_ASSIGNED = late_regex(r"^\s*([\w-]+)-(y|m|objs|\$\((CONFIG_\w+)\))\s*[:+]?=\s*(.*)$")
_LIST = late_regex(r"\$\(([\w-]+)-y\)")
_IFDEF = late_regex(r"^\s*(ifn?def)\s+(CONFIG_\w+)\s*$")
_IFEQ = late_regex(r"^\s*(ifn?eq)\s*\(\s*\$\((CONFIG_\w+)\)\s*,\s*([ym]?)\s*\)\s*$")
_ARCHITECTURE = late_regex(r"arch/(\w+)/(?!um/)")
_DEPTH = 8
"""How many objects may be parts of one another."""

Needs = tuple[tuple[str, bool], ...]
"""Symbols that have to be set, or not to be."""


class _Makefile(Struct):
    """For each object, what it takes to be built: on its own, or as a part of another object."""

    alone: dict[str, list[Needs]] = field(default_factory=dict)
    parts: dict[str, list[tuple[str, Needs]]] = field(default_factory=dict)
    lists: set[str] = field(default_factory=set)
    """What is no object of its own: another's parts are given as `$(X-y)`."""


class BuiltFiles:
    """Reads each Makefile once."""

    def __init__(self, tree: TreeText) -> None:
        self._tree = tree
        self._makefiles: dict[str, _Makefile] = {}

    def is_built(self, path: str, ask: Ask) -> bool:
        """Return whether a configuration compiles a file; headers, where their architecture is."""
        folder_of = _ARCHITECTURE.match(path)
        symbol = ARCHITECTURES.get(folder_of[1]) if folder_of is not None else None
        if symbol is not None and not ask(f"CONFIG_{symbol}"):
            return False
        if not path.endswith(".c"):
            return True
        pure = PurePosixPath(path)
        folder = "" if str(pure.parent) == "." else f"{pure.parent}/"
        return _is_built(self._of(folder), f"{pure.stem}.o", ask, 0)

    def _of(self, folder: str) -> _Makefile:
        found = self._makefiles.get(folder)
        if found is None:
            text = self._tree.read(f"{folder}Makefile") or b""
            found = self._makefiles[folder] = _read(text.decode(errors="replace"))
        return found


def _is_built(makefile: _Makefile, target: str, ask: Ask, depth: int) -> bool:
    alone, parts = makefile.alone.get(target, []), makefile.parts.get(target, [])
    if (not alone and not parts) or depth > _DEPTH:
        return True
    return any(_holds(needs, ask) for needs in alone) or any(
        _holds(needs, ask)
        and (whole in makefile.lists or _is_built(makefile, f"{whole}.o", ask, depth + 1))
        for whole, needs in parts
    )


def _holds(needs: Needs, ask: Ask) -> bool:
    return all(ask(symbol) is is_set for symbol, is_set in needs)


def _read(text: str) -> _Makefile:
    found = _Makefile(lists=set(_LIST.findall(text)))
    above: list[Needs] = []
    for line in text.replace("\\\n", " ").splitlines():
        word = line.split(None, 1)[0] if line.strip() else ""
        if word.startswith("if"):
            above.append(_condition(line))
        elif word == "else" and above:
            # Where it was understood, it is one symbol.
            above[-1] = tuple((symbol, not is_set) for symbol, is_set in above[-1])
        elif word == "endif" and above:
            above.pop()
        assigned = _ASSIGNED.match(line.split("#", 1)[0])
        if assigned is None:
            continue
        own: Needs = ((assigned[3], True),) if assigned[3] else ()
        needs = (*(need for one in above for need in one), *own)
        for target in assigned[4].split():
            if assigned[1] in ("obj", "lib"):
                found.alone.setdefault(target, []).append(needs)
            else:
                found.parts.setdefault(target, []).append((assigned[1], needs))
    return found


def _condition(line: str) -> Needs:
    """Return what an `ifdef` or `ifeq` asks for; nothing where it is not understood."""
    defined, compared = _IFDEF.match(line), _IFEQ.match(line)
    if defined is not None:
        return ((defined[2], defined[1] == "ifdef"),)
    if compared is not None:
        is_set = (compared[1] == "ifeq") is (compared[3] != "")
        return ((compared[2], is_set),)
    return ()
