# SPDX-License-Identifier: GPL-2.0-only
"""What `patches` and `series` make mails of: a conversion by rules, or a migration by a recipe.

In: a `ConversionRun` or a `Migration`. Out: a `Series`, what is said on stderr, and the exit code.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from vmaconv import __version__
from vmaconv.cli import exits
from vmaconv.cli.echo import echo
from vmaconv.cli.purpose import file_changes, purpose_of
from vmaconv.cli.summary import exit_code, say
from vmaconv.convert.conversion import ConversionRun
from vmaconv.flags.helpers.generation import HEADERS
from vmaconv.migrate.decide.trial import Action
from vmaconv.migrate.migration import Migration
from vmaconv.migrate.plan_report import plan_lines
from vmaconv.migrate.plan_wording import kernel_words, subject_words
from vmaconv.series.assemble import (
    Series,
    SeriesOptions,
    SeriesSurroundings,
    make_series,
    make_staged_series,
)
from vmaconv.series.change import FileChange
from vmaconv.series.letter.cover import CoverFacts, Disclosure, LetterLeft
from vmaconv.series.words.split import Stage
from vmaconv.series.words.wording import Purpose, distinct_notes, sentence
from vmaconv.uses.reasons import CODES, UseReason

PARSED = "The result of each edit was parsed again: none brings a syntax error."


class Work(Protocol):
    """Changes with what is to be said of them."""

    def is_empty(self) -> bool:
        """Tell whether there is nothing to write."""

    def used(self) -> list[str]:
        """Return the files that the patches are made of: those that change, and the headers."""

    def texts(self) -> dict[str, bytes]:
        """Return what the files that change are to become."""

    def is_described(self) -> bool:
        """Tell whether anybody said what the work is for."""

    def rule_text(self) -> str:
        """Return the semantic patch, where one made it all."""

    def series(self, around: SeriesSurroundings, options: SeriesOptions) -> Series:
        """Write the series."""

    def say(self, verbose: bool) -> None:
        """Say on stderr what the work came to."""

    def exit_code(self, strict: bool) -> int:
        """Return the exit code that it calls for."""


class Converted(Struct, frozen=True):
    """What rules changed: files that are independent of each other."""

    run: ConversionRun

    def is_empty(self) -> bool:
        """Tell whether no file changes."""
        return not self.run.changed()

    def used(self) -> list[str]:
        """Return the files that change, and the headers that say what flags and helpers are."""
        changed = [outcome.path for outcome in self.run.changed()]
        return [*changed, *HEADERS] if changed else []

    def texts(self) -> dict[str, bytes]:
        """Return what the files that change are to become."""
        return {outcome.path: outcome.after for outcome in self.run.changed()}

    def is_described(self) -> bool:
        """Tell whether a rule file, or each rule that changed something, says what it is for."""
        changes = [change for outcome in self.run.changed() for change in outcome.changes]
        described = all(change.rule.description for change in changes)
        return bool(purpose_of(self.run).summary) or described

    def rule_text(self) -> str:
        """Return the text of the rule files."""
        return self.run.rule_text

    def series(self, around: SeriesSurroundings, options: SeriesOptions) -> Series:
        """Write the series."""
        return make_series(
            file_changes(self.run), purpose_of(self.run), _facts(self.run), around, options
        )

    def say(self, verbose: bool) -> None:
        """Say on stderr what was converted and left."""
        say(self.run, verbose)

    def exit_code(self, strict: bool) -> int:
        """Return the run's exit code."""
        return exit_code(self.run, strict)


class ByRecipe:
    """Work of a recipe, which says what it is for."""

    __slots__ = ()

    def is_described(self) -> bool:
        """Return True: the recipe says what is done."""
        return True

    def rule_text(self) -> str:
        """Return nothing: the rules alone do not make the change."""
        return ""


class Migrated(Struct, ByRecipe, frozen=True):
    """What a recipe changed: groups that build on each other."""

    migration: Migration

    def is_empty(self) -> bool:
        """Tell whether nothing changes."""
        return not self.migration.groups

    def used(self) -> list[str]:
        """Return the files that change, and the headers that say what flags and helpers are."""
        changed = list(self.migration.final())
        return [*changed, *HEADERS] if changed else []

    def texts(self) -> dict[str, bytes]:
        """Return what the files that change are to become."""
        return {path: after for path, (_, after) in self.migration.final().items()}

    def series(self, around: SeriesSurroundings, options: SeriesOptions) -> Series:
        """Write the series, a patch a group at least."""
        facts = _migration_facts(self.migration)
        purpose = Purpose(facts.summary, facts.why, f"vmaconv {__version__}")
        return make_staged_series(stages_of(self.migration), purpose, facts, around, options)

    def say(self, verbose: bool) -> None:
        """Print the plan on stderr."""
        for line in plan_lines(self.migration, verbose):
            echo(line, err=True)

    def exit_code(self, strict: bool) -> int:
        """Return the exit code that the plan calls for."""
        return exits.LEFT if strict and is_incomplete(self.migration) else exits.OK


def is_incomplete(migration: Migration) -> bool:
    """Tell whether a migration leaves something to a person."""
    return bool(migration.left or migration.stops or migration.removal)


def stages_of(migration: Migration) -> list[Stage]:
    """Return a migration's groups as the stages of a series."""
    stages = []
    for group in migration.groups:
        changes = file_notes(
            group.changes, () if group.independent else group.notes, group.own_notes
        )
        purpose = Purpose(group.title, group.body, f"vmaconv {__version__}", group.is_whole)
        stages.append(Stage(changes, purpose, group.independent, group.home))
    return stages


def file_notes(
    changes: Mapping[str, tuple[bytes, bytes]],
    notes: tuple[str, ...],
    own: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> tuple[FileChange, ...]:
    """Return files that change together; what is said of them all is said of the first, once."""
    found = [FileChange(path, *texts, notes=own.get(path, ())) for path, texts in changes.items()]
    found[0] = replace(found[0], notes=(*notes, *found[0].notes))
    return tuple(found)


def _facts(run: ConversionRun) -> CoverFacts:
    purpose = purpose_of(run)
    accounts = [a for o in run.outcomes for a in o.account if a.outcome != "converted"]
    left = tuple(
        LetterLeft(
            a.file,
            a.line,
            a.function,
            kernel_words(a.reason.text),
            *_counted_as(a.reason),
        )
        for a in accounts
        if a.reason is not None
    )
    return CoverFacts(
        purpose.summary,
        purpose.why,
        (
            counted(run.converted(), "use converted", "uses converted"),
            counted(len(run.changed()), "file changed", "files changed"),
            counted(run.left(), "use left to a person", "uses left to a person"),
            counted(
                run.unjudged(),
                "place that could not be judged",
                "places that could not be judged",
            ),
        ),
        left,
        (PARSED,),
        (*_explained(run), *_lacking(run)),
        disclosure(f"the rules {', '.join(run.rule_files)}", "from the rules"),
    )


def _counted_as(reason: UseReason) -> tuple[str, str]:
    """Return the kind of a reason, and the name in it; the rule of a refused edit is no such name."""
    if reason.code == "refused":
        return kernel_words(reason.text), ""
    return CODES[reason.code], reason.subject


def _explained(run: ConversionRun) -> tuple[str, ...]:
    """Return what the rules that changed something say of it below their first line."""
    notes = distinct_notes(file_changes(run))
    return tuple(dict.fromkeys(sentence(note) for note in notes if "\n\n" in note))


def _lacking(run: ConversionRun) -> tuple[str, ...]:
    """Return what a reviewer must know of patches that call what the base does not declare."""
    if not (names := run.undeclared()):
        return ()
    called = ", ".join(f"{name}()" for name in names)
    return (
        f"The base does not declare {called}: these patches compile only on top of those that add "
        "them.",
    )


def _migration_facts(migration: Migration) -> CoverFacts:
    recipe = migration.recipe
    left = [
        LetterLeft(
            one.place.path,
            one.place.line,
            one.function,
            f"{one.text}: {kernel_words(one.why)}",
            kernel_words(one.why),
        )
        for one in migration.left
    ]
    notes = [
        f"{subject_words(subject)} stays as it is: {kernel_words(str(obstacle))}"
        for subject, obstacle in (() if migration.part else migration.stops)
    ]
    notes += [
        f"{name}() is also named in {', '.join(places)}: left as it is there"
        for name, places in sorted(migration.also_named.items())
        if not migration.part
    ]
    if migration.removal:
        notes.append(f"The legacy field stays: {migration.removal}")
    decisions = [d.action for d in migration.trial.decisions]
    return CoverFacts(
        recipe.subject or f"migrate from {recipe.old} to {recipe.new}",
        recipe.why,
        (
            counted(
                migration.converted,
                "direct use converted by rules",
                "direct uses converted by rules",
            ),
            counted(
                decisions.count(Action.MIGRATE),
                f"parameter, variable or result that becomes {recipe.new}",
                f"parameters, variables and results that become {recipe.new}",
            ),
            counted(
                decisions.count(Action.NARROW),
                "parameter that becomes a bool",
                "parameters that become a bool",
            ),
            counted(len(migration.final()), "file changed", "files changed"),
            counted(len(migration.left), "use left to a person", "uses left to a person"),
        ),
        tuple(left),
        (PARSED,),
        tuple(notes),
        disclosure(f"the recipe {recipe.name}", "from the recipe"),
    )


def counted(number: int, one: str, several: str) -> tuple[str, int]:
    """Return a count as a cover letter says it."""
    return (one if number == 1 else several, number)


def disclosure(source: str, how: str) -> Disclosure:
    """Return what a cover letter says of the tool: from what it wrote, and how much."""
    portions = f"Every changed line of these patches was written by the tool {how}."
    return Disclosure("vmaconv", __version__, (source,), portions, "")
