# SPDX-License-Identifier: GPL-2.0-only
"""The builtins, modules and names of `cocci` that a script can use.

In: nothing. Out: tables, and the questions that `script_check` and `subset` ask of them, so that a
script that wants what is not there is told so with its place, before anything runs. Nothing here
keeps a script in: the kernel does (`inside/kernel_boundary.py`).
"""

from __future__ import annotations

import builtins
import importlib
from collections.abc import Collection, Mapping

VERSION = 3
"""Part of the key under which `cache` remembers a clean block: raise it with any change of a
table.
"""

REFUSED_BUILTINS: Mapping[str, str] = {
    "open": "scripts open no files",
    "input": "scripts read nothing from the terminal",
    "breakpoint": "scripts read nothing from the terminal",
    "help": "scripts read nothing from the terminal",
}
"""Builtins that cannot work in a script, with the reason to give."""

BUILTINS = frozenset(vars(builtins)) - frozenset(REFUSED_BUILTINS)

BINDING_BUILTINS = frozenset({"exec", "globals", "locals", "vars"})
"""Builtins that can bind names which nobody sees in the text."""

WHOLE_MODULES: tuple[str, ...] = (
    *("re", "math", "string", "collections", "collections.abc", "itertools", "functools"),
    *("operator", "copy", "json"),
)
"""Modules that need nothing of the system: a script finds all of them."""

SYSTEM_MODULES = ("os", "os.path", "sys")
"""Modules of which a script finds a part only: what needs nothing of the system."""

MODULES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(WHOLE_MODULES, ("*",)),
    "os": ("path",),
    "os.path": (
        "basename",
        "commonprefix",
        "dirname",
        "isabs",
        "join",
        "normpath",
        "split",
        "splitext",
    ),
    "sys": ("argv", "exit", "maxsize", "stderr", "stdout", "version", "version_info"),
    "coccinelle": ("*",),
    "coccilib": ("elems", "iteration", "org", "output", "report"),
    "coccilib.elems": ("Comment", "ElemBase", "Location", "TermList"),
    "coccilib.iteration": ("Iteration",),
    "coccilib.org": (
        *("build_link", "print_link", "print_main", "print_safe_link", "print_safe_todo"),
        *("print_sec", "print_secs", "print_todo"),
    ),
    "coccilib.output": ("Console", "Output"),
    "coccilib.report": ("build_report", "print_report"),
}
"""Modules that a script may import, and what of them works there (`*`: anything)."""

COCCI_METHODS: tuple[str, ...] = (
    *("add_pending_instance", "cocci_file", "combine", "exit", "files", "finalise"),
    *("has_env_binding", "include_match", "make_expr", "make_ident", "make_listlen"),
    *("make_position", "make_pragmainfo", "make_stmt", "make_stmt_with_env", "make_type"),
    *("print_main", "print_sec", "print_secs", "register_match"),
)
"""Attributes of the object `cocci`, as spatch 1.1.1 has them, and `make_pragmainfo` of later
ones.
"""

PREDEFINED = frozenset({"Cocci", "Iteration", "cocci", "coccilib", "coccinelle", "__name__"})
"""Names that are bound before any block runs."""

PYTHON2_NAMES: Mapping[str, str] = {
    "basestring": "str",
    "cmp": "(a > b) - (a < b)",
    "long": "int",
    "raw_input": "",
    "reduce": "functools.reduce",
    "unichr": "chr",
    "unicode": "str",
    "xrange": "range",
}
"""Builtins of Python 2, with what Python 3 calls them."""


def is_special(name: str) -> bool:
    """Whether a name is spelt `__like_this__`."""
    return len(name) > 4 and name.startswith("__") and name.endswith("__")


def refused_variable(name: str) -> str | None:
    """Say why a metavariable of a block may not have a name, or None.

    The blocks' builtins are a global variable, too: `__builtins__ << r.x;` is refused.
    """
    if is_special(name):
        return f"the script is refused: a variable called '{name}' would hide one of Python's own"
    return None


def refused_import(module: str, name: str | None = None) -> str | None:
    """Say why `import module` (or `from module import name`) may not be used, or None."""
    names = MODULES.get(module)
    if names is None:
        return f"the module '{module}' is not among those that a script may import"
    if name is None or name == "*" or "*" in names or name in names:
        return None
    if f"{module}.{name}" in MODULES:
        return None
    return f"'{name}' of the module '{module}' is not open to scripts"


def names_of(module: str) -> Collection[str]:
    """Return what a script finds in a module of `MODULES`; none for the open-ended `coccinelle`."""
    if module in WHOLE_MODULES:
        return vars(importlib.import_module(module)).keys()
    return [name for name in MODULES[module] if name != "*"]
