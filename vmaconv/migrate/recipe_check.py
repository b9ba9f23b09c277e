# SPDX-License-Identifier: GPL-2.0-only
"""Entries of a recipe that the tree has nothing for.

In: a recipe of a person's own, and the migration that followed it. Out: an error with the line of
the entry: a name that is spelt wrong would else be passed over. What a recipe that ships names, too,
may be of another time than the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from vmaconv.migrate.migration import Migration
from vmaconv.migrate.migration_error import MigrationError
from vmaconv.migrate.recipe import read_recipe, shipped_recipes


def check_recipe(path: Path, migration: Migration) -> list[str]:
    """Raise `MigrationError` for a function that the tree lacks; return what else is of no effect.

    The latter are sentences with their place, such as that nothing made a parameter a bool.
    """
    recipe = migration.recipe
    known = {
        name
        for ships in map(read_recipe, shipped_recipes())
        for name in (*ships.narrow, *ships.twins, *ships.renames)
    }
    for table, names in (("narrow", recipe.narrow), ("twins", recipe.twins)):
        for name in names:
            if name not in known and not _is_in(migration, name):
                raise _lacking(path, table, name)
    for old, new in recipe.renames.items():
        if old not in known and not _is_in(migration, old) and not _is_in(migration, new):
            raise _lacking(path, "renames", old)
    return list(_without_effect(path, migration))


def _lacking(path: Path, table: str, name: str) -> MigrationError:
    place = f"{path}:{line_of(path, name, table)}"
    what = f"[{table}] names {name}(), and the tree has none"
    return MigrationError("bad-recipe", place, what, "see its spelling, or take the line out")


def _is_in(migration: Migration, name: str) -> bool:
    sources = migration.settings.sources
    sources.fetch([name.encode()])
    return bool(sources.everywhere(name.encode()))


def _without_effect(path: Path, migration: Migration) -> Iterator[str]:
    done = {(d.action, d.subject.partition("(")[0]) for d in migration.trial.decisions}
    for name, wanted in migration.recipe.narrow.items():
        if ("narrow", name) not in done:
            line = line_of(path, name, "narrow")
            stops = (str(o) for subject, o in migration.stops if subject.startswith(f"{name}("))
            why = next(stops, "no flags reach it, or it asks for more than one mask")
            yield f"{path}:{line}: no parameter of {name}() becomes a bool {wanted}: {why}"


def line_of(path: Path, name: str, table: str = "") -> int:
    """Return the line (from 1) of a recipe in which a key or a quoted text stands; 1 for none.

    With `table`, the first such line below its head.
    """
    lines = path.read_text("utf-8", "replace").split("\n")
    inside = not table
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("["):
            inside = not table or line.strip().startswith(f"[{table}]")
        named = re.match(rf"\s*\"?{re.escape(name)}\"?\s*=", line) or f'"{name}"' in line
        if inside and (named or f"'{name}'" in line):
            return number
    return 1
