# SPDX-License-Identifier: GPL-2.0-only
"""The globals that a session's blocks share: Python's builtins, and spatch's names.

In: what `coccilib` made. Out: a dict to run code objects in. Nothing is held back: what a script
reaches, it reaches in a process that can do nothing.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Iterable, Mapping
from types import ModuleType

from vmaconv.cocci.script.inside.coccilib import Coccinelle

Namespace = dict[str, object]
Modules = Mapping[str, ModuleType | Coccinelle]


class Stream:
    """`sys.stdout` or `sys.stderr` as a script sees it: a writer to the session's."""

    def __init__(self, write: Callable[[str], object]) -> None:
        def put(text: str) -> int:
            if not isinstance(text, str):
                raise TypeError(f"write() argument must be str, not {type(text).__name__}")
            write(str.__str__(text))
            return len(text)

        self.write = put

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Do nothing: the session's writer keeps the order."""


def make(library: Modules) -> Namespace:
    """Make the globals of a session, with the names that spatch predefines in them."""
    cocci = vars(library["coccinelle"])["Cocci"]
    return {
        "__name__": "__main__",
        "__builtins__": vars(builtins)
        | {"__import__": _importer(library), "exit": sys.exit, "quit": sys.exit},
        "coccinelle": library["coccinelle"],
        "coccilib": library["coccilib"],
        "Iteration": vars(library["coccilib.iteration"])["Iteration"],
        "Cocci": cocci,
        "cocci": cocci(),
    }


def _importer(library: Modules) -> Callable[..., object]:
    def load(
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: tuple[str, ...] | None = (),
        level: int = 0,
    ) -> object:
        if name in library:
            return library[name] if fromlist else library[name.partition(".")[0]]
        return builtins.__import__(name, globals, locals, fromlist or (), level)

    return load
