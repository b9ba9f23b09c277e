# SPDX-License-Identifier: GPL-2.0-only
"""The recipe of a hook conversion: rule files, and what the kernel's core API does.

In: a TOML file (`rules/hooks.toml`). Out: `HookRecipe`, checked for unknown keys and wrong types;
every complaint names the file and what is wrong.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from msgspec import Struct, field

from vmaconv.cocci.text.tree_file import read_regular
from vmaconv.migrate.migration_error import MigrationError

DEFAULT = "hooks"

CoreKind: TypeAlias = Literal[
    "vma", "maps", "stacks", "prints", "pure", "sticky", "fills", "locks", "unlocks", "allocates",
    "counts", "bits", "tests", "stores", "changes",
]  # fmt: skip
KINDS: tuple[CoreKind, ...] = get_args(CoreKind)


class Core(Struct, frozen=True):
    """A function or macro of the kernel's core API: what it does, and the header that has it."""

    name: str
    kind: CoreKind
    header: str


class Mapping_(Struct, frozen=True):
    """A function that fills page tables, and the action that replaces it.

    `start`, `size`, `prot`, `pages` (an array that the action reads later), `count` (a pointer to a
    local) and `repeated` (what the rules evaluate twice) are arguments from 1, or 0 for none.
    """

    name: str
    header: str
    action: str
    start: int = 0
    size: int = 0
    prot: int = 0
    pages: int = 0
    count: int = 0
    repeated: int = 0


_ARGUMENTS = ("start", "size", "prot", "pages", "count", "repeated")


class HookRecipe(Struct, frozen=True):
    """What to convert, with what rules, and what the core API does.

    `guards` are those of the core that take a lock and drop it, `iterators` those that only look.
    """

    path: Path
    struct: str
    old: str
    new: str
    rules: tuple[str, ...]
    subject: str = ""
    why: str = ""
    mapping: Mapping[str, Mapping_] = field(default_factory=dict)
    twins: Mapping[str, str] = field(default_factory=dict)
    core: Mapping[str, Core] = field(default_factory=dict)
    guards: frozenset[str] = frozenset()
    iterators: frozenset[str] = frozenset()


def is_hook_recipe(path: Path) -> bool:
    """Whether a recipe file is one of hooks, not of a type's migration."""
    try:
        return "hook" in tomllib.loads(read_regular(path).decode())
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return False


def read_hook_recipe(path: Path) -> HookRecipe:
    """Read a recipe. Raises `MigrationError` where it has an error."""
    try:
        data = tomllib.loads(read_regular(path).decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(path, f"this is no TOML: {error}") from error
    known = {"hook", "message", "mapping", "twins", "core", "guards", "iterators"}
    if extra := set(data) - known:
        raise _wrong(path, f"unknown table [{min(extra)}]; there are {', '.join(sorted(known))}")
    hook = _table(path, data, "hook", {"struct", "old", "new", "rules"})
    message = _table(path, data, "message", {"subject", "why"})
    return HookRecipe(
        path,
        _text(path, hook, "hook", "struct"),
        _text(path, hook, "hook", "old"),
        _text(path, hook, "hook", "new"),
        tuple(_names(path, hook.get("rules", []), "[hook] rules")),
        str(message.get("subject", "")).strip(),
        str(message.get("why", "")).strip(),
        _mappings(path, data),
        _twins(path, data),
        _core(path, data),
        _by_header(path, data, "guards"),
        _by_header(path, data, "iterators"),
    )


def _wrong(path: Path, what: str) -> MigrationError:
    return MigrationError("bad-recipe", str(path), what, "see rules/hooks.toml")


def _table(
    path: Path, data: Mapping[str, object], key: str, known: set[str] | None = None
) -> Mapping[str, object]:
    table = data.get(key, {})
    if not isinstance(table, dict):
        raise _wrong(path, f"{key} must be a table")
    if known is not None and (extra := set(table) - known):
        raise _wrong(
            path, f"unknown key {min(extra)} in [{key}]; known: {', '.join(sorted(known))}"
        )
    return table


def _text(path: Path, table: Mapping[str, object], owner: str, key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str):
        raise _wrong(path, f"[{owner}] must have {key}, a text")
    return value


def _names(path: Path, value: object, what: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _wrong(path, f"{what} must be a list of strings")
    return [str(item) for item in value]


def _mappings(path: Path, data: Mapping[str, object]) -> dict[str, Mapping_]:
    found: dict[str, Mapping_] = {}
    for name, table in _table(path, data, "mapping").items():
        if not isinstance(table, dict):
            raise _wrong(path, f"[mapping.{name}] must be a table")
        if extra := set(table) - {"header", "action", *_ARGUMENTS}:
            raise _wrong(path, f"unknown key {min(extra)} in [mapping.{name}]")
        numbers = [table.get(key, 0) for key in _ARGUMENTS]
        if not all(isinstance(n, int) and n >= 0 for n in numbers):
            raise _wrong(path, f"[mapping.{name}] counts arguments from 1")
        header = _text(path, table, f"mapping.{name}", "header")
        action = _text(path, table, f"mapping.{name}", "action")
        found[name] = Mapping_(name, header, action, *(int(n) for n in numbers))
    return found


def _twins(path: Path, data: Mapping[str, object]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, twin in _table(path, data, "twins").items():
        if not isinstance(twin, str) or not re.fullmatch(r"[A-Za-z_]\w*", twin):
            raise _wrong(path, f"{name} in [twins] must be an identifier of C")
        found[name] = twin
    return found


def _by_header(path: Path, data: Mapping[str, object], key: str) -> frozenset[str]:
    table = _table(path, data, key)
    return frozenset(
        n for header, names in table.items() for n in _names(path, names, f"[{key}] {header}")
    )


def _core(path: Path, data: Mapping[str, object]) -> dict[str, Core]:
    found: dict[str, Core] = {}
    tables = _table(path, data, "core", set(KINDS))
    for kind in KINDS:
        headers = tables.get(kind, {})
        if not isinstance(headers, dict):
            raise _wrong(path, f"[core.{kind}] must be a table of headers")
        for header, names in headers.items():
            for name in _names(path, names, f"[core.{kind}] {header}"):
                found.setdefault(name, Core(name, kind, header))
    return found
