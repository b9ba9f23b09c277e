# SPDX-License-Identifier: GPL-2.0-only
"""The API for programs: what `import vmaconv` gives.

In: trees, texts and rules. Out: values that say what became of them. Nothing here prints, exits or
writes a file, and click is not imported; the command line is a caller like any other.

Errors are `vmaconv.SmplError` (a rule file), `SourceError` (a tree, a path in it, or a rule file that
cannot be read), `KernelTreeError` (a folder that lacks a kernel's headers) and `MigrationError` (a
recipe or plan; a `SourceError`). As text, each is the place and what is wrong; `remedy` is what to do,
and `code` names the kind. An argument of a wrong type is a `TypeError`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vmaconv.cocci.engine.program import compile_file
from vmaconv.cocci.engine.run import Runner
from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.cocci.smpl.parse import parse_text
from vmaconv.cocci.smpl.rule import SmplError
from vmaconv.cocci.text.tree_error import SourceError
from vmaconv.cocci.tree.unit import Unit
from vmaconv.convert.conversion import ConversionRun, run_request
from vmaconv.convert.request import EXCLUDED, Request, started
from vmaconv.convert.use_account import Account
from vmaconv.flags.headers.header_lines import KernelTreeError
from vmaconv.flags.kernel_isomorphisms import isomorphisms
from vmaconv.hooks.hook_recipe import is_hook_recipe
from vmaconv.migrate.migration import Migration, migrate
from vmaconv.migrate.migration_error import MigrationError
from vmaconv.migrate.plan import check_used, read_plan
from vmaconv.migrate.recipe import DEFAULT, find_recipe, read_recipe

__all__ = [
    "KernelTreeError",
    "MigrationError",
    "SmplError",
    "SourceError",
    "account",
    "convert_text",
    "convert_tree",
    "plan_migration",
]


def convert_text(text: bytes, rules: str, path: str = "text.c") -> bytes:
    r"""Return a C text as a semantic patch rewrites it; bytes outside the edits stay.

    >>> convert_text(b"void f(void) { g(1, 2); }\n", "@@ @@\n- g(1, 2);\n+ h();\n")
    b'void f(void) { h(); }\n'

    `path` is for messages. Raises `SmplError` for rules with an error, and for those with script
    blocks, which `vmaconv spatch` runs behind its boundary.
    """
    if not isinstance(text, bytes):
        raise TypeError(f"text: bytes are wanted, not {type(text).__name__}")
    if not isinstance(rules, str):
        raise TypeError(f"rules: the text of a rule file is wanted, not {type(rules).__name__}")
    rule_file = parse_text(rules, "rules")
    if rule_file.has_scripts:
        what = "a text is converted without scripts"
        raise SmplError("script-rule", rule_file.rules[0].place, what, 'use "vmaconv spatch"')
    program = compile_file(rule_file, isomorphisms())
    return Runner(program, Unit(path, text, program.names), [], MatchOptions()).run().text


def convert_tree(
    tree: Path | str,
    rules: Sequence[str] = (),
    *,
    paths: Sequence[str] = (),
    exclude: Sequence[str] = (),
    defines: Sequence[str] = (),
    jobs: int = 1,
) -> ConversionRun:
    """Convert a tree's files and keep the account; nothing is written.

    `rules` are rule files, or names of those that ship; without any, the tree's headers decide. `paths`
    limits the run to files and folders of the tree, `exclude` leaves folders out (`tools/` always is),
    `defines` are virtual rules (`NAME`) and identifiers (`NAME=VALUE`), `jobs` is how many processes
    work. Each of the result's `outcomes` has the file's bytes `before` and `after`, and the account of
    its uses.

    Raises `SourceError`, `KernelTreeError`, `SmplError`.

    >>> run = convert_tree("fixtures/kernel", paths=["drivers/char/fooram.c"])
    >>> [outcome.path for outcome in run.changed()]
    ['drivers/char/fooram.c']
    """
    if jobs < 1:
        raise ValueError(f"jobs: at least one process has to work, not {jobs}")
    request = Request(
        Path(tree),
        paths=_several("paths", paths),
        rule_names=_several("rules", rules),
        defines=_several("defines", defines),
        exclude=_several("exclude", exclude),
        jobs=jobs,
    )
    return run_request(started(request))


def account(tree: Path | str, rules: Sequence[str] = (), *, jobs: int = 1) -> list[Account]:
    """Return every use of what the rules account for, in the order of files and lines.

    Raises what `convert_tree` raises.

    >>> uses = account("fixtures/kernel")
    >>> sorted({use.outcome for use in uses})
    ['converted', 'left', 'unjudged']
    """
    outcomes = convert_tree(tree, rules, jobs=jobs).outcomes
    return [use for outcome in outcomes for use in outcome.account]


def plan_migration(
    tree: Path | str,
    recipe: str = DEFAULT,
    *,
    plan: Path | str | None = None,
    exclude: Sequence[str] = (),
) -> Migration:
    """Plan a type migration, closed over the tree; nothing is written.

    `recipe` is a file or the name of one that ships, `plan` an edited plan file. The result's `groups`
    are sets of files that change together, in order; `final()` is what all of them come to.

    Raises `SourceError`, `KernelTreeError`, `MigrationError`.

    >>> plan_migration("fixtures/kernel").groups[0].title != ""
    True
    """
    root = Path(tree)
    left_out = (*EXCLUDED, *_several("exclude", exclude))
    overrides = read_plan(Path(plan), root) if plan is not None else None
    path = find_recipe(recipe)
    if is_hook_recipe(path):
        what, remedy = "is a recipe of hooks, not of a migration", 'use "vmaconv hooks"'
        raise MigrationError("hook-recipe", recipe, what, remedy)
    wanted = read_recipe(path)
    made = migrate(root, wanted, None, overrides, left_out)
    if overrides is not None:
        check_used(overrides, made)
    return made


def _several(name: str, words: Sequence[str]) -> tuple[str, ...]:
    """Return an argument that is a sequence of words; a string is one of letters, and no such thing."""
    if isinstance(words, str):
        raise TypeError(f"{name}: a sequence of strings is wanted, not one string")
    return tuple(words)
