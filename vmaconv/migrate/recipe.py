# SPDX-License-Identifier: GPL-2.0-only
"""A migration's recipe: types, seeds and preferences.

In: a TOML file, or the words of the command line. Out: `Recipe`, checked for unknown keys and
wrong types; every complaint names the file and what is wrong.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.tree_file import read_regular
from vmaconv.library import rules_folder
from vmaconv.migrate.migration_error import MigrationError

DEFAULT = "vma-flags"


class Conversion(Struct, frozen=True):
    """A function from one type to the other; `text` defines it in a tree that lacks it."""

    name: str
    text: str = ""


class PatchPlan(Struct, frozen=True):
    """A patch of the series as a person would send it.

    `takes` names changes: one of `TAKEN`, a function as `f()`, files as `fs/` or `mm/a.c`, or `*`
    for all functions and uses that no other patch takes. `line` (from 1) is where the recipe has it.
    """

    subject: str
    takes: tuple[str, ...]
    why: str = ""
    line: int = 0


TAKEN = (
    "sparse",
    "helpers",
    "tests",
    "renames",
    "conversions",
    "masks",
    "twins",
    "union",
    "uses",
    "removal",
)
"""Kinds of changes that a patch may take by a word."""


class Recipe(Struct, frozen=True):
    """What to migrate, and what to prefer. `seeds` are optional, `demanded` must be in the tree.

    `subject` and `why` are for a cover letter: a summary, and paragraphs.
    """

    name: str
    old: str
    new: str
    seeds: tuple[str, ...] = ()
    demanded: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    narrow: Mapping[str, str] = field(default_factory=dict)
    twins: Mapping[str, str] = field(default_factory=dict)
    renames: Mapping[str, str] = field(default_factory=dict)
    conversions: Mapping[str, Conversion] = field(default_factory=dict)
    subject: str = ""
    why: str = ""
    origin: str = ""
    """The commit that brought the new type, as a message cites it."""
    patches: tuple[PatchPlan, ...] = ()
    is_open: bool = False
    """Whether all that the tree declares with the old type by its name is a seed as well."""
    kept: tuple[str, ...] = ()
    """Functions that keep the old type, with all that is declared in them."""
    beside: tuple[str, ...] = ()
    """Members beside which variables are seeds, too: their copies, and masks that they are tested for."""
    masks: tuple[str, ...] = ()
    """Words of flags that some configurations lack, and compounds, which get a mask where the headers have
    none."""
    more_twins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Further names that a function's twin may have in a tree."""
    statements: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What stands for a call whose argument has the new type: statements with `{0}`, `{1}`, ..."""
    called: Mapping[str, str] = field(default_factory=dict)
    """Functions whose name says which type they take, and what they are called with the new one."""
    holders: Mapping[str, str] = field(default_factory=dict)
    """Predicates, and what those are called that take the struct which has the flags."""
    fresh: tuple[str, ...] = ()
    """Those of these calls whose object nobody else sees yet: it may change in several steps."""
    borders: tuple[str, ...] = ()
    """Functions that keep the old type where they cannot change: conversions stand before them."""
    less: Mapping[str, str] = field(default_factory=dict)
    """What a call does and the statements that stand for it do not, as messages say it."""
    path: Path | None = None
    """The file of a recipe that a person wrote; None for one that ships."""

    def with_seeds(self, seeds: Sequence[str]) -> Recipe:
        """Add the seeds that a person asks for."""
        return replace(self, demanded=(*self.demanded, *seeds))


def shipped_recipes() -> list[Path]:
    """Return the recipes of types that ship, by name; recipes of hooks have no `[types]`."""
    return [path for path in _all_recipes() if b"\n[types]" in path.read_bytes()]


def _all_recipes() -> list[Path]:
    return sorted(rules_folder().glob("*.toml"))


def find_recipe(name: str) -> Path:
    """Return the file that `name` means: a file, or a recipe that ships, without `.toml`."""
    path = Path(name)
    if path.is_file():
        return path
    found = rules_folder() / f"{name}.toml"
    if "/" not in name and found.is_file():
        return found
    names = ", ".join(p.stem for p in _all_recipes())
    what, remedy = "no such recipe", f"name a file, or one of: {names}"
    raise MigrationError("no-recipe", name, what, remedy)


_IDENTIFIER = late_regex(r"[A-Za-z_]\w*\Z")
_TABLES = ("names", "narrow", "twins", "renames")
_MORE = ("masks", "statements", "called", "holders", "fresh", "borders", "less")
_KEYS = {"types", "message", "seeds", "direct", "conversions", "patch", *_TABLES, *_MORE}
_CONVERSIONS = {"to_word", "from_word", "set_word", "clear_word"}


def read_recipe(path: Path) -> Recipe:
    """Read a recipe. Raises `MigrationError` where it has an error."""
    try:
        data = tomllib.loads(read_regular(path).decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(path, f"this is no TOML: {error}") from error
    for key in data:
        if key not in _KEYS:
            raise _wrong(path, f"unknown table [{key}]; there are {', '.join(sorted(_KEYS))}")
    types = _table(path, data, "types", {"old", "new"})
    old, new = types.get("old"), types.get("new")
    if not isinstance(old, str) or not isinstance(new, str):
        raise _wrong(path, "[types] must name old and new")
    seeds = _table(path, data, "seeds", {"members", "functions", "declared", "kept", "beside"})
    if not isinstance(is_open := seeds.get("declared", False), bool):
        raise _wrong(path, "declared in [seeds] must be true or false")
    direct = _table(path, data, "direct", {"rules"})
    message = _table(path, data, "message", {"subject", "why", "origin"})
    twins = _lists(path, data, "twins")
    for function, names in twins.items():
        if not all(_IDENTIFIER.match(name) for name in names):
            raise _wrong(path, f"{function} in [twins] must be an identifier of C")
    return Recipe(
        path.stem,
        old,
        new,
        (
            *_strings(path, seeds, "seeds", "members"),
            *_strings(path, seeds, "seeds", "functions"),
        ),
        (),
        _strings(path, direct, "direct", "rules"),
        _names(path, data, "names"),
        _names(path, data, "narrow"),
        {name: names[0] for name, names in twins.items()},
        _names(path, data, "renames"),
        _conversions(path, data),
        _text(path, message, "subject"),
        _text(path, message, "why"),
        _text(path, message, "origin"),
        tuple(_patches(path, data)),
        is_open,
        _strings(path, seeds, "seeds", "kept"),
        _strings(path, seeds, "seeds", "beside"),
        _strings(path, _table(path, data, "masks", {"add"}), "masks", "add"),
        twins,
        _lists(path, data, "statements"),
        _names(path, data, "called"),
        _names(path, data, "holders"),
        _strings(path, _table(path, data, "fresh", {"calls"}), "fresh", "calls"),
        _strings(path, _table(path, data, "borders", {"at"}), "borders", "at"),
        _texts(path, data, "less"),
    )


_TAKES = late_regex(r"\w+\(\)|[\w.-]+(?:/[\w.-]+)*/?|\*")


def _patches(path: Path, data: Mapping[str, object]) -> Iterator[PatchPlan]:
    tables = data.get("patch", [])
    if not isinstance(tables, list):
        raise _wrong(path, "write [[patch]], not [patch]")
    heads = [
        number
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        if re.match(r"\s*\[\[\s*patch\s*\]\]", line)
    ]
    for index, table in enumerate(tables):
        line = heads[index] if index < len(heads) else 1
        place = Path(f"{path}:{line}")
        if not isinstance(table, dict):
            raise _wrong(place, "[[patch]] must be a table")
        if extra := set(table) - {"subject", "takes", "why"}:
            raise _wrong(place, f"unknown key {min(extra)} in [[patch]]")
        subject, why = table.get("subject"), table.get("why", "")
        if not isinstance(subject, str) or not subject.strip() or not isinstance(why, str):
            raise _wrong(place, "[[patch]] must have a subject, and its why must be a text")
        takes = _strings(place, table, "[patch]", "takes")
        for one in takes:
            if not _TAKES.fullmatch(one) or not (one in (*TAKEN, "*") or re.search(r"[(/.]", one)):
                known = ", ".join(TAKEN)
                what = f"{one!r} in takes is none of {known}, no function(), no file and not *"
                raise _wrong(place, what)
        yield PatchPlan(" ".join(subject.split()), takes, why.strip(), line)


def _text(path: Path, table: Mapping[str, object], key: str) -> str:
    text = table.get(key, "")
    if not isinstance(text, str):
        raise _wrong(path, f"[message] {key} must be a text")
    return text.strip()


def _wrong(path: Path, what: str) -> MigrationError:
    return MigrationError("bad-recipe", str(path), what, "see the recipes in rules/")


def _table(path: Path, data: Mapping[str, object], key: str, known: set[str]) -> dict[str, object]:
    table = data.get(key, {})
    if not isinstance(table, dict):
        raise _wrong(path, f"{key} must be a table")
    for name in table:
        if name not in known:
            raise _wrong(path, f"unknown key {name} in [{key}]; known: {', '.join(sorted(known))}")
    return table


def _strings(path: Path, table: Mapping[str, object], owner: str, key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _wrong(path, f"{key} in [{owner}] must be a list of strings")
    return tuple(value)


def _texts(path: Path, data: Mapping[str, object], name: str) -> dict[str, str]:
    table = data.get(name, {})
    if not isinstance(table, dict):
        raise _wrong(path, f"[{name}] must be a table")
    return {key: _text(path, table, key) for key in table}


def _names(path: Path, data: Mapping[str, object], key: str) -> dict[str, str]:
    table = data.get(key, {})
    if not isinstance(table, dict):
        raise _wrong(path, f"{key} must be a table")
    for name, value in table.items():
        if not isinstance(value, str) or not _IDENTIFIER.match(value):
            raise _wrong(path, f"{name} in [{key}] must be an identifier of C")
    return dict(table)


def _lists(path: Path, data: Mapping[str, object], key: str) -> dict[str, tuple[str, ...]]:
    """Read a table of texts or lists of texts; one text is a list of one."""
    table = data.get(key, {})
    if not isinstance(table, dict):
        raise _wrong(path, f"{key} must be a table")
    found: dict[str, tuple[str, ...]] = {}
    for name, value in table.items():
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not texts or not all(isinstance(t, str) for t in texts):
            raise _wrong(path, f"{name} in [{key}] must be a text, or a list of texts")
        found[name] = tuple(texts)
    return found


def _conversions(path: Path, data: Mapping[str, object]) -> dict[str, Conversion]:
    tables = _table(path, data, "conversions", _CONVERSIONS)
    found: dict[str, Conversion] = {}
    for key, table in tables.items():
        if not isinstance(table, dict) or not isinstance(table.get("name"), str):
            raise _wrong(path, f"[conversions.{key}] must have a name")
        if extra := set(table) - {"name", "text"}:
            raise _wrong(path, f"unknown key {min(extra)} in [conversions.{key}]")
        text = table.get("text", "")
        if not isinstance(text, str):
            raise _wrong(path, f"text in [conversions.{key}] must be a string")
        found[key] = Conversion(table["name"], text)
    return found
