# SPDX-License-Identifier: GPL-2.0-only
"""The door for programs: what `import vmaconv` gives.

In: trees, texts and rules. Out: values that say what became of them. Nothing here prints, exits or
writes a file, and click is not imported; the command line is a caller like any other.

Errors are `SmplError` (a rule file), `SourceError` and `KernelTreeError` (a tree or a path of it) and
`MigrationError` (a recipe or plan); each has `what` or `message`, and a `remedy`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vmaconv.cocci.engine.program import compile_file
from vmaconv.cocci.engine.run import Runner
from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.cocci.smpl.parse import parse_text
from vmaconv.cocci.smpl.rule import SmplError
from vmaconv.cocci.tree.unit import Unit
from vmaconv.convert.conversion import ConversionRun, run_request
from vmaconv.convert.request import EXCLUDED, Request, started
from vmaconv.convert.use_account import Account
from vmaconv.flags.kernel_isomorphisms import isomorphisms
from vmaconv.migrate.migration import Migration, migrate
from vmaconv.migrate.plan import check_used, read_plan
from vmaconv.migrate.recipe import DEFAULT, find_recipe, read_recipe


def convert_text(text: bytes, rules: str, path: str = "text.c") -> bytes:
    r"""Return a C text as a semantic patch rewrites it; bytes outside the edits stay.

    >>> convert_text(b"void f(void) { g(1, 2); }\n", "@@ @@\n- g(1, 2);\n+ h();\n")
    b'void f(void) { h(); }\n'

    `path` is for messages. Raises `SmplError` for rules with an error, and for those with script
    blocks, which `vmaconv spatch` runs behind its boundary.
    """
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

    `rules` are rule files, or names of those that ship; without any, the tree's headers decide. Each
    of the result's `outcomes` has the file's bytes `before` and `after`, and the account of its uses.

    >>> run = convert_tree("fixtures/kernel", paths=["drivers/char/fooram.c"])
    >>> [outcome.path for outcome in run.changed()]
    ['drivers/char/fooram.c']
    """
    request = Request(
        Path(tree),
        paths=tuple(paths),
        rule_names=tuple(rules),
        defines=tuple(defines),
        exclude=tuple(exclude),
        jobs=jobs,
    )
    return run_request(started(request))


def account(tree: Path | str, rules: Sequence[str] = (), *, jobs: int = 1) -> list[Account]:
    """Return every use of what the rules account for, in the order of files and lines.

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
    plan: Path | None = None,
    exclude: Sequence[str] = (),
) -> Migration:
    """Plan a type migration, closed over the tree; nothing is written.

    `recipe` is a file or the name of one that ships, `plan` an edited plan file. The result's `groups`
    are sets of files that change together, in order; `final()` is what all of them come to.

    >>> plan_migration("fixtures/kernel").groups[0].title != ""
    True
    """
    root = Path(tree)
    overrides = read_plan(plan, root) if plan is not None else None
    wanted = read_recipe(find_recipe(recipe))
    made = migrate(root, wanted, None, overrides, (*EXCLUDED, *exclude))
    if overrides is not None:
        check_used(overrides, made)
    return made
