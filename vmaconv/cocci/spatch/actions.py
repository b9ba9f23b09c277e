# SPDX-License-Identifier: GPL-2.0-only
"""spatch's actions other than running a rule file: `--parse-cocci` and `--parse-c`.

In: `Arguments`. Out: what was read, printed; an exit status.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from msgspec.structs import replace

from vmaconv.cocci.engine.program import compile_file
from vmaconv.cocci.shim.parse_stats import FileStats, measure
from vmaconv.cocci.smpl.rule import CodeRule, RuleFile, ScriptRule
from vmaconv.cocci.smpl.shipped_isomorphisms import standard_isomorphisms
from vmaconv.cocci.spatch.arguments import Arguments
from vmaconv.cocci.spatch.file_groups import in_folder
from vmaconv.cocci.spatch.job import JobError, rules_of
from vmaconv.cocci.text.tree_file import read_regular


def parse_cocci(arguments: Arguments, out: BinaryIO) -> int:
    """Read a rule file and list its rules, and the words that decide which files are looked at."""
    if arguments.rule_path is None and arguments.rule_text is None and arguments.files:
        # `--parse-cocci FILE`, whatever the file is called.
        arguments = replace(arguments, rule_path=Path(arguments.files[0]))
    rule_file = rules_of(arguments)
    program = compile_file(rule_file, standard_isomorphisms(), frozenset(rule_file.virtual))
    for line in _listed(rule_file):
        out.write(f"{line}\n".encode())
    words = program.words_to_search()
    shown = "no word: every file is looked at" if words == [""] else " || ".join(words)
    out.write(f"\nGrep query\n{shown}\n".encode())
    return 0


def _listed(rule_file: RuleFile) -> Iterator[str]:
    if rule_file.virtual:
        yield f"virtual {', '.join(rule_file.virtual)}"
    for rule in rule_file.rules:
        match rule:
            case CodeRule():
                what = "changes code" if rule.changes else "marks code" if rule.star else "matches"
                names = ", ".join(meta.name for meta in rule.metavariables)
                yield f"@{rule.name}@ line {rule.place.line}: {what}" + (
                    f"; metavariables {names}" if names else ""
                )
            case ScriptRule():
                what = rule.phase if rule.phase != "script" else "script"
                yield f"@{what}:{rule.language}@ line {rule.place.line}"


def parse_c(arguments: Arguments, out: BinaryIO) -> int:
    """Say how much of C files is understood: each place that is not, then totals as spatch's."""
    total = FileStats()
    perfect = 0
    for path in _c_files(arguments):
        stats = measure(read_regular(Path(path)), path.encode(errors="surrogateescape"))
        for place in stats.places:
            inside = f" in {place.function.decode()}()" if place.function else ""
            out.write(f"{path}:{place.line}: does not parse{inside}\n".encode())
        perfect += not stats.places
        total += stats
    good = total.lines - total.error_lines
    share = 100 * total.clean_share
    lines = (
        f"NB total files = {total.files}; perfect = {perfect}; pbs = {total.files - perfect}; "
        f"timeout = 0; =========> {100 * perfect // max(total.files, 1)}%\n"
        f"nb good = {good},  nb bad = {total.error_lines} =========> {share:.2f}% good or passed\n"
    )
    out.write(lines.encode())
    return 0


def _c_files(arguments: Arguments) -> Iterator[str]:
    paths = [*arguments.files, *([arguments.folder] if arguments.folder is not None else [])]
    for path in paths:
        if not Path(path).exists():
            raise JobError(f"ERROR: File {path} does not exist: No such file or directory")
        yield from in_folder(path, arguments.ignore, arguments.include_headers)
