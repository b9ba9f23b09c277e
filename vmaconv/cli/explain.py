# SPDX-License-Identifier: GPL-2.0-only
"""`vmaconv explain`: why a rule does or does not match."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vmaconv.cli.echo import echo
from vmaconv.cli.exits import TREE, USAGE, ErrorReport, Failure
from vmaconv.cli.options import complete_rules
from vmaconv.cocci.text.tree_file import read_regular

if TYPE_CHECKING:
    from vmaconv.cocci.engine.explain.explanation import Explanation
    from vmaconv.cocci.match.attempt.state import MatchOptions
    from vmaconv.cocci.types.symbols import FileSymbols

SHOWN = 8
"""How many functions in which a rule fails are told for one rule, without --all."""


@click.command("explain")
@click.argument("rule", shell_complete=complete_rules)
@click.argument("place", metavar="FILE[:LINE]")
@click.option(
    "--tree", type=click.Path(path_type=Path), help="Kernel tree whose headers say what is a flag."
)
@click.option("-D", "defines", multiple=True, metavar="NAME[=VALUE]")
@click.option("--rule", "only", metavar="RULE", help="Explain this rule of the file alone.")
@click.option("--all", "everything", is_flag=True, help="Explain all functions, however many.")
def command(
    rule: str,
    place: str,
    tree: Path | None,
    defines: tuple[str, ...],
    only: str | None,
    everything: bool,
) -> None:
    """Say for each rule of RULE why it does or does not match in FILE, or at its LINE.

    RULE is a rule file, or the name of one that ships.
    """
    path, line = _place(place)
    if line is not None:
        for text in _account(rule, path, line, tree or _tree_of(path), defines):
            echo(text)
    last: str | None = None
    for one in _explained(rule, path, line, tree, defines, None if everything else SHOWN):
        if only is not None and one.rule != only:
            continue
        if one.rule != last:
            last = one.rule
            echo(_title(one))
        for text in lines_of(one, path):
            echo(text)


def _account(
    rule: str, path: Path, line: int, root: Path | None, defines: tuple[str, ...]
) -> Iterator[str]:
    """Yield what `scan` says of the uses on a line: the reason that a person looks for first."""
    if root is None or not path.resolve().is_relative_to(root.resolve()):
        return
    from vmaconv.cli.request_run import run
    from vmaconv.convert.request import Request

    within = path.resolve().relative_to(root.resolve()).as_posix()
    result = run(Request(root, (within,), (rule,), defines=defines, jobs=1))
    for outcome in result.outcomes:
        for use in outcome.account:
            if use.line == line:
                what = {"left": "left to a person", "unjudged": "not judged"}.get(use.outcome)
                why = f": {use.reason.text}" if use.reason is not None else ""
                where = f"{path}:{line} in {use.function}(): {what or use.outcome}{why}"
                yield from _wrapped(where, _width(), "    ")


def _width() -> int:
    return min(shutil.get_terminal_size((80, 24)).columns, 80)


def _title(one: Explanation) -> str:
    at = f"line {one.rule_line}"
    return one.rule if one.rule.endswith(at) else f"rule {one.rule}, {at}"


def _explained(
    name: str,
    path: Path,
    line: int | None,
    tree: Path | None,
    defines: tuple[str, ...],
    limit: int | None,
) -> Iterator[Explanation]:
    from vmaconv.cocci.engine.explain.explanation import explain
    from vmaconv.cocci.engine.program import compile_file
    from vmaconv.cocci.engine.run import Runner
    from vmaconv.cocci.engine.script_rules import Scripts
    from vmaconv.cocci.script.script_session import Session
    from vmaconv.cocci.spatch.file_groups import Includes
    from vmaconv.cocci.spatch.run_folders import tree_of
    from vmaconv.cocci.text.clock import FILE_LIMIT, Limit, TimedOut
    from vmaconv.cocci.text.confinement import Confinement
    from vmaconv.cocci.text.tree_error import too_slow
    from vmaconv.cocci.tree.unit import Unit
    from vmaconv.flags.helpers.declared_names import declared_names
    from vmaconv.flags.kernel_isomorphisms import isomorphisms
    from vmaconv.flags.rule_forms import read_rules
    from vmaconv.library import find_rules

    root = tree or _tree_of(path)
    options, virtual, headers = _setting(root)
    words: dict[str, str] = {}
    for define in defines:
        key, equals, value = define.partition("=")
        if equals:
            words[key] = value
        else:
            virtual.add(key)
    rule_file = read_rules(find_rules(name))
    if root is not None:
        virtual |= declared_names(root, rule_file.virtual)
    program = compile_file(rule_file, isomorphisms(), frozenset(virtual), words)
    text = read_regular(path)
    if line is not None and not 1 <= line <= text.count(b"\n") + 1:
        raise Failure(ErrorReport(USAGE, f"{path} has no line {line}"))
    scripts = session = None
    if rule_file.has_scripts:
        # What scripts print is of no use here; that they drop a match is.
        session = Session(write=_nowhere, cocci_file=rule_file.path, names=rule_file.virtual)
        if (error := session.ready()) is not None:
            raise error
        scripts = Scripts(session)
        scripts.begin([str(path)])
    confinement = Confinement([root or tree_of(path.parent)])
    headers = Includes(confinement=confinement).of(path, text) + headers
    runner = Runner(program, Unit(str(path), text, program.names), headers, options, scripts)
    depth = sys.getrecursionlimit()
    sys.setrecursionlimit(20000)
    try:
        with Limit(FILE_LIMIT):
            found = list(explain(program, isomorphisms(), runner, line, limit))
        yield from found
    except TimedOut:
        raise too_slow(str(path), FILE_LIMIT) from None
    finally:
        sys.setrecursionlimit(depth)
        if session is not None:
            session.close()


def _setting(root: Path | None) -> tuple[MatchOptions, set[str], list[FileSymbols]]:
    """Return what a kernel tree says of flags, of its generation, and of the types in mm_types.h."""
    from vmaconv.cocci.match.attempt.state import MatchOptions
    from vmaconv.cocci.tree.unit import Unit
    from vmaconv.cocci.types.symbols import FileSymbols
    from vmaconv.flags.truth_macros import TRUTH, truth_of

    if root is None:
        return MatchOptions(truth=TRUTH, macros=True), set(), []
    from vmaconv.flags.flag_metavariables import kinds
    from vmaconv.flags.helpers.generation import detect
    from vmaconv.flags.sites.site import BuildSite
    from vmaconv.flags.table.flag_table import read_flag_table

    types = root / "include/linux/mm_types.h"
    table = read_flag_table(root)
    options = MatchOptions(truth=truth_of(table), macros=True, kinds=kinds(BuildSite(table)))
    return (
        options,
        set(detect(root).virtuals()),
        [FileSymbols(Unit(str(types), read_regular(types)))],
    )


def _nowhere(text: str) -> None:
    del text


def lines_of(one: Explanation, path: Path) -> Iterator[str]:
    """Yield an explanation's lines, each no wider than the terminal, or 80 columns."""
    from vmaconv.cocci.engine.explain.explanation_text import verdict_text

    width = _width()
    where = f"{path}:{one.line}" if one.line else str(path)
    if one.function:
        where += f" in {one.function}()"
    yield from _wrapped(f"  {where}: {verdict_text(one)}", width, "      ")
    details = one.details if one.verdict not in ("nearest", "none") else ()
    for sentence in details:
        indent = len(sentence) - len(sentence.lstrip())
        yield from _wrapped(f"    {sentence}", width, " " * (indent + 6))
    for name, value in (one.bindings or {}).items():
        yield from _wrapped(f"    {name} = {value}", width, "        ")


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    return textwrap.wrap(
        text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _place(text: str) -> tuple[Path, int | None]:
    name, colon, number = text.rpartition(":")
    if colon and number.isdigit() and not Path(text).exists():
        path, line = Path(name), int(number)
    else:
        path, line = Path(text), None
    if not path.is_file():
        raise Failure(ErrorReport(TREE, f"{path}: there is no such file", "name a C file"))
    return path, line


def _tree_of(path: Path) -> Path | None:
    """Return the kernel tree that a file lies in, or None."""
    for folder in path.resolve().parents:
        if (folder / "include/linux/mm.h").is_file():
            return folder
    return None
