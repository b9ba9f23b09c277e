# SPDX-License-Identifier: GPL-2.0-only
"""What `patches` and `series` make mails of: a conversion of hooks, one patch a driver."""

from __future__ import annotations

from dataclasses import dataclass

from vmaconv import __version__
from vmaconv.cli.hook_output import say
from vmaconv.cli.hook_run import exit_code
from vmaconv.hooks.hook_api import HEADERS
from vmaconv.hooks.hook_conversion import HookRun
from vmaconv.series.assemble import Options, Series, Surroundings, make_staged_series
from vmaconv.series.change import FileChange
from vmaconv.series.letter.cover import CoverFacts, Disclosure, Left
from vmaconv.series.words.split import Stage
from vmaconv.series.words.wording import Purpose


@dataclass(frozen=True, slots=True)
class Hooked:
    """Drivers whose hooks change, each on its own."""

    run: HookRun

    def is_empty(self) -> bool:
        """Tell whether nothing changes."""
        return not self.run.drivers

    def used(self) -> list[str]:
        """Return the files that change, and the headers that say what hooks and helpers are."""
        changed = list(self.run.final())
        return [*changed, *HEADERS] if changed else []

    def is_described(self) -> bool:
        """Return True: the recipe says what is done."""
        return True

    def rule_text(self) -> str:
        """Return nothing: the rules alone do not make the change."""
        return ""

    def series(self, around: Surroundings, options: Options) -> Series:
        """Write the series, a patch a driver."""
        recipe = self.run.recipe
        purpose = Purpose(recipe.subject, recipe.why, f"vmaconv {__version__}")
        return make_staged_series(_stages(self.run), purpose, _facts(self.run), around, options)

    def say(self, verbose: bool) -> None:
        """Say on stderr what was converted and left."""
        say(self.run, verbose)

    def exit_code(self, strict: bool) -> int:
        """Return the run's exit code."""
        return exit_code(self.run, strict)


def _stages(run: HookRun) -> list[Stage]:
    stages: list[Stage] = []
    for driver in run.drivers:
        changes = [FileChange(path, *texts) for path, texts in driver.changes.items()]
        # What is said of a driver is said of its first file: a message says each note once.
        first = changes[0]
        changes[0] = FileChange(first.path, first.before, first.after, notes=driver.notes)
        purpose = Purpose(driver.title, driver.body, f"vmaconv {__version__}")
        stages.append(Stage(tuple(changes), purpose))
    return stages


def _facts(run: HookRun) -> CoverFacts:
    left = tuple(
        Left(h.site.path, h.site.line, h.site.handler, h.reason.text)
        for h in run.hooks
        if h.outcome == "left" and h.reason is not None and h.reason.code != "null"
    )
    return CoverFacts(
        run.recipe.subject,
        run.recipe.why,
        (
            ("hooks converted", run.count("converted")),
            ("hooks left", len(left)),
            ("drivers changed", len(run.drivers)),
        ),
        left,
        ("The result of each edit was parsed again: none brings a syntax error.",),
        (),
        Disclosure(
            "vmaconv",
            __version__,
            (f"the recipe {run.recipe.path.stem}",),
            "Every changed line of these patches was written by the tool from the recipe.",
        ),
    )
