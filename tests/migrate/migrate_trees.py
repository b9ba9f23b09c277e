# SPDX-License-Identifier: GPL-2.0-only
"""Small kernel trees for migrations.

In: files of a case. Out: a tree that has the fixtures' headers, and what a migration makes of it.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from vmaconv.migrate.decide.settings import Overrides
from vmaconv.migrate.migration import Migration, migrate
from vmaconv.migrate.recipe import DEFAULT, Recipe, find_recipe, read_recipe

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
KERNEL = FIXTURES / "kernel"

MEMBER = "struct vm_area_desc.vm_flags"


def recipe(*seeds: str) -> Recipe:
    """Return the shipped recipe; with `seeds`, only these."""
    shipped = read_recipe(find_recipe(DEFAULT))
    return replace(shipped, seeds=(), demanded=seeds) if seeds else shipped


def make_tree(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Put the fixtures' headers and some files into a tree."""
    shutil.copytree(KERNEL / "include", folder / "include")
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text)
    return folder


def run(tree: Path, *seeds: str, overrides: Overrides | None = None) -> Migration:
    """Migrate a tree; nothing is written."""
    return migrate(tree, recipe(*seeds), overrides=overrides)


def write(tree: Path, migration: Migration) -> None:
    """Write what a migration changes."""
    for path, (before, after) in migration.final().items():
        assert (tree / path).read_bytes() == before
        (tree / path).write_bytes(after)


def after(migration: Migration, tree: Path, path: str) -> bytes:
    """Return a file's text after the migration."""
    final = migration.final()
    return final[path][1] if path in final else (tree / path).read_bytes()
