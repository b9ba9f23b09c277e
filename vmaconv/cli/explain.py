"""`vmaconv explain`: why a rule does or does not match."""

from __future__ import annotations

from pathlib import Path

import click

from vmaconv.cli.exits import TREE, USAGE, Failure, Report


@click.command("explain")
@click.argument("rule")
@click.argument("place", metavar="FILE[:LINE]")
@click.option(
    "--tree", type=click.Path(path_type=Path), help="Kernel tree whose headers say what is a flag."
)
@click.option("-D", "defines", multiple=True, metavar="NAME")
def command(rule: str, place: str, tree: Path | None, defines: tuple[str, ...]) -> None:
    """Say for each rule of RULE why it does or does not match in FILE, or at its LINE.

    RULE is a rule file, or the name of one that ships.
    """
    from vmaconv.engine.explain import explain
    from vmaconv.engine.program import compile_file
    from vmaconv.kernel.kinds import KIND_WORDS, kinds
    from vmaconv.kernel.truth import TRUTH
    from vmaconv.library import find_rules, isomorphisms
    from vmaconv.match.state import Options
    from vmaconv.smpl.parse import parse_file
    from vmaconv.source.types import FileSymbols
    from vmaconv.source.unit import Unit
    from vmaconv.spatch.files import Includes

    path, line = _place(place)
    root = tree or _tree_of(path)
    options = Options(truth=TRUTH)
    virtual = set(defines)
    headers: list[FileSymbols] = []
    if root is not None:
        from vmaconv.kernel.flags import read_flag_table
        from vmaconv.kernel.generation import detect

        options = Options(truth=TRUTH, kinds=kinds(read_flag_table(root)))
        virtual |= detect(root).virtuals()
        types = root / "include/linux/mm_types.h"
        headers.append(FileSymbols(Unit(str(types), types.read_bytes())))
    program = compile_file(
        parse_file(find_rules(rule), kinds=KIND_WORDS), isomorphisms(), frozenset(virtual)
    )
    text = path.read_bytes()
    unit = Unit(str(path), text)
    if line is not None and not 1 <= line <= text.count(b"\n") + 1:
        raise Failure(Report(USAGE, f"{path} has no line {line}"))
    headers = Includes().of(path, text) + headers
    for one in explain(program, unit, headers, options, line):
        click.echo(f"rule {one.rule} (line {one.rule_line}), {_at(path, one.line, one.function)}")
        click.echo(f"  {_verdict(one.verdict, one.expected, one.found)}")
        for name, value in (one.bindings or {}).items():
            click.echo(f"    {name} = {value}")


def _verdict(verdict: str, expected: str, found: str) -> str:
    return {
        "matches": "matches",
        "words": f"cannot match: {expected} does not stand in the file",
        "nearest": f"does not match: `{expected}` is wanted where `{found}` stands",
        "paths": "does not match: each part occurs, but on no path as the rule wants",
        "none": f"does not match: nothing here begins like it (`{expected}`)",
    }[verdict]


def _at(path: Path, line: int, function: str) -> str:
    return f"{path}:{line}" + (f" in {function}()" if function else "")


def _place(text: str) -> tuple[Path, int | None]:
    name, colon, number = text.rpartition(":")
    if colon and number.isdigit() and not Path(text).exists():
        path, line = Path(name), int(number)
    else:
        path, line = Path(text), None
    if not path.is_file():
        raise Failure(Report(TREE, f"{path}: there is no such file", "name a C file"))
    return path, line


def _tree_of(path: Path) -> Path | None:
    """Return the kernel tree that a file lies in, or None."""
    for folder in path.resolve().parents:
        if (folder / "include/linux/mm.h").is_file():
            return folder
    return None
