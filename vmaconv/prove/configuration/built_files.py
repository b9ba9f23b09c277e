# SPDX-License-Identifier: GPL-2.0-only
"""Whether a file is compiled at all in a configuration.

In: a tree's Makefiles. Out: a truth; a file that no `obj-$(CONFIG_X)` names counts as always built.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from vmaconv.prove.configuration.condition_value import Ask
from vmaconv.prove.trees.tree_text import TreeText

_LINE = re.compile(r"^[\w-]+-\$\((CONFIG_\w+)\)\s*[:+]?=\s*(.*)$")
_PLAIN = re.compile(r"^[\w-]+-(?:y|objs)\s*[:+]?=\s*(.*)$")


class BuiltFiles:
    """Reads each Makefile once."""

    def __init__(self, tree: TreeText) -> None:
        self._tree = tree
        self._conditions: dict[str, dict[str, set[str]]] = {}

    def is_built(self, path: str, ask: Ask) -> bool:
        """Return whether a configuration compiles a file; headers always are."""
        if not path.endswith(".c"):
            return True
        pure = PurePosixPath(path)
        folder = "" if str(pure.parent) == "." else f"{pure.parent}/"
        symbols = self._of(folder).get(f"{pure.stem}.o", set())
        return not symbols or "" in symbols or any(ask(symbol) for symbol in sorted(symbols))

    def _of(self, folder: str) -> dict[str, set[str]]:
        found = self._conditions.get(folder)
        if found is None:
            found = self._conditions[folder] = {}
            text = self._tree.read(f"{folder}Makefile") or b""
            for line in text.decode(errors="replace").replace("\\\n", " ").splitlines():
                conditional, plain = _LINE.match(line), _PLAIN.match(line)
                if conditional is not None:
                    for word in conditional[2].split():
                        found.setdefault(word, set()).add(conditional[1])
                elif plain is not None:
                    for word in plain[1].split():
                        found.setdefault(word, set()).add("")
        return found
