# SPDX-License-Identifier: GPL-2.0-only
"""One run of the main job, from a request to outcomes.

In: a `Request`. Out: a `ConversionRun`: outcomes of files in a fixed order, and the warnings that a person
must see. Nothing is written or printed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from vmaconv.cocci.engine.program import Program, compile_file
from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.cocci.smpl.rule import SmplError
from vmaconv.cocci.text.deep_recursion import deep_recursion
from vmaconv.cocci.text.files import Search, is_under
from vmaconv.cocci.text.visible import plain
from vmaconv.convert.account_line import account_of, unknown_member
from vmaconv.convert.accounted import NOTHING, Accounted
from vmaconv.convert.default_rules import RulesChoice, default_rules
from vmaconv.convert.macro_users import macros_with
from vmaconv.convert.request import EXCLUDED, Request
from vmaconv.convert.tree_conversion import Converter, FileOutcome, search_for
from vmaconv.convert.tree_paths import relative
from vmaconv.convert.use_search import UseSearch
from vmaconv.flags.helpers.declared_names import helper_warnings, tree_helpers
from vmaconv.flags.helpers.generation import Generation, detect, parse_override
from vmaconv.flags.kernel_isomorphisms import isomorphisms
from vmaconv.flags.rule_forms import read_rules
from vmaconv.flags.rule_program import joined
from vmaconv.flags.table.flag_table import read_flag_table
from vmaconv.flags.truth_macros import truth_of
from vmaconv.library import find_rules, rules_folder
from vmaconv.uses.bool_guard import BoolGuard
from vmaconv.uses.member_uses import Member


class ConversionRun(Struct):
    """What a run came to."""

    tree: Path
    outcomes: list[FileOutcome] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    generation: str = ""
    description: str = ""
    subject: str = ""
    recipe: str = ""
    """The recipe that changes the types for which the rules leave uses, if they name one."""
    rule_files: tuple[str, ...] = ()
    rule_text: str = ""
    kept: Accounted = NOTHING
    """What an account is kept of."""
    accounted: bool = True
    """Whether an account of a member's uses is kept: see `Account:` in rule files."""
    absent: frozenset[str] = frozenset()
    """Helpers that the rules' names call for and the tree does not declare."""
    chosen: RulesChoice | None = None
    """The rules that the tree called for, where the user named none."""
    nothing: str = ""
    """Why the tree can hold nothing to convert, where that is so."""

    def changed(self) -> list[FileOutcome]:
        """Return the files that the run changes."""
        return [o for o in self.outcomes if o.after != o.before]

    def undeclared(self) -> list[str]:
        """Return the helpers that the new text calls and the tree does not declare."""
        words = {
            word.decode()
            for outcome in self.outcomes
            for change in outcome.changes
            for word in re.findall(rb"\w+", change.after)
        }
        return sorted(words & self.absent)

    def left(self) -> int:
        """Count the uses left to a person."""
        return sum(a.outcome == "left" for o in self.outcomes for a in o.account)

    def unjudged(self) -> int:
        """Count the places that may be uses, where the declarations do not tell."""
        return sum(a.outcome == "unjudged" for o in self.outcomes for a in o.account)

    def converted(self) -> int:
        """Count the uses converted."""
        return sum(a.outcome == "converted" for o in self.outcomes for a in o.account)

    def beside(self) -> int:
        """Count the changes of what the account is not kept of: a file's own masks, `mm->def_flags`."""
        return sum(o.beside() for o in self.outcomes)

    def miscounted(self) -> list[FileOutcome]:
        """Return the files whose account is not what their text holds: none unless we err."""
        return [o for o in self.outcomes if o.miscounted()]


def run_request(request: Request) -> ConversionRun:
    """Convert the files that the request names; nothing is written.

    Raises `KernelTreeError` and `SourceError` for a tree or path that cannot be used, `SmplError` for a
    rule file, `ValueError` for an unknown helper generation.
    """
    tree = request.tree
    if not request.rule_names and request.choice is None:
        request = replace(request, choice=default_rules(tree))
    files = [find_rules(name) for name in request.rules()]
    accounted = account_of(files)
    kept = accounted[0] if accounted is not None else NOTHING
    generation = _generation(request)
    # What an account looks for is known before the rules are compiled: git searches meanwhile.
    search = request.search or _search_for(request, kept)
    result = ConversionRun(tree, generation=generation.name, kept=kept)
    result.absent = frozenset(helper.name for helper in generation.absent())
    if search is not None:
        search.go_on(lambda headers: macros_with(headers, kept))
    program = _program(request, generation, result.warnings)
    result.description = program.file.description
    result.subject = program.file.fields.get("Subject", "")
    result.recipe = program.file.fields.get("Recipe", "")
    result.rule_files = tuple(file.name for file in files)
    result.rule_text = "\n".join(file.read_text("utf-8", "replace") for file in files)
    table = read_flag_table(tree, by_name="Masks" in program.file.fields)
    guard = BoolGuard(table, tree)
    options = MatchOptions(truth=truth_of(table), guard=guard)
    member = kept.member
    result.accounted = member is not None
    asks = {"v7_0", "v7_1"} & set(program.file.virtual)
    if member is not None and asks and (warning := generation.warning()) is not None:
        result.warnings.append(warning)
    converter = Converter(tree, program, options, table, kept)
    paths = tuple(relative(tree, path) for path in request.paths)
    exclude = tuple(
        e for e in (*EXCLUDED, *request.exclude) if not any(is_under(path, [e]) for path in paths)
    )
    if request.choice is not None:
        result.chosen = request.choice
        if request.choice.nothing:
            result.nothing = request.choice.nothing
            return result
    with deep_recursion():
        found = search or converter.search(paths, exclude)
        converter.read_configurations()
        macros = search.macros if search is not None else frozenset()
        lines = search.lines() if search is not None else {}
        candidates = converter.candidates(found.result(), paths, exclude, macros, lines)
        converter.know(found)
        if accounted is not None and member is not None and request.rule_names:
            result.nothing = _unknown_member(converter, member, accounted[1])
        outcomes = converter.convert_all(candidates, request.jobs)
        if request.progress is not None:
            outcomes = request.progress(outcomes, len(candidates))
        result.outcomes = sorted(outcomes, key=lambda outcome: outcome.path)
        _note(found, paths, exclude, result)
    return result


def _search_for(request: Request, kept: Accounted) -> UseSearch | None:
    """Start the search, where the files are found by what an account is kept of, if there may be any."""
    if kept.member is None or (request.choice is not None and request.choice.nothing):
        return None
    return search_for(request.tree, kept, RulesChoice(request.rules()).are_for_macros())


def _unknown_member(converter: Converter, member: Member, error: SmplError) -> str:
    """Say what the tree lacks of a member that a rule file accounts for, or nothing.

    A rule that ships is right, and the tree is of another time; raises `SmplError` for others.
    """
    lacking = unknown_member(converter.root, converter.everywhere, member)
    if lacking is None:
        return ""
    what, remedy = lacking
    if Path(error.place.file).parent == rules_folder():
        return what
    raise SmplError(error.code, error.place, what, remedy, error.source_line)


def _note(
    search: Search | UseSearch, paths: Sequence[str], exclude: Sequence[str], result: ConversionRun
) -> None:
    """Note what lies where was searched and was not read."""
    for one in search.oddities():
        place = one.path.rstrip("/")
        if not is_under(place, paths) or is_under(place, exclude, False):
            continue
        if one.unreadable:
            result.outcomes.append(FileOutcome(place or ".", b"", b"", skipped=one.what))
        else:
            result.warnings.append(f"{plain(place)}: {one.what}")


def _generation(request: Request) -> Generation:
    return detect(request.tree) if request.api is None else parse_override(request.api)


def _program(request: Request, generation: Generation, warnings: list[str]) -> Program:
    """Compile the rule files, one after the other, into one program.

    Helpers that rules ask for and that have another meaning in the tree are added to `warnings`.
    """
    names, values = set(generation.virtuals()), dict[str, str]()
    for define in request.defines:
        name, equals, value = define.partition("=")
        if equals:
            values[name] = value
        else:
            names.add(name)
    programs = []
    for name in request.rules():
        rule_file = read_rules(find_rules(name))
        helpers = tree_helpers(request.tree, rule_file.virtual)
        warnings += helper_warnings(helpers, "rules that need it are off")
        on = names | helpers.declared
        programs.append(compile_file(rule_file, isomorphisms(), frozenset(on), values))
    return joined(programs)
