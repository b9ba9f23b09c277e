# SPDX-License-Identifier: GPL-2.0-only
"""What `patches` and `series` make mails of: a conversion of hooks, one patch a driver."""

from __future__ import annotations

from msgspec import Struct

from vmaconv import __version__
from vmaconv.cli.hook_output import say
from vmaconv.cli.hook_run import exit_code
from vmaconv.cli.work import PARSED, ByRecipe, counted, disclosure, file_notes
from vmaconv.hooks.hook_api import HEADERS
from vmaconv.hooks.hook_conversion import HookRun
from vmaconv.series.assemble import Series, SeriesOptions, SeriesSurroundings, make_staged_series
from vmaconv.series.letter.cover import CoverFacts, LetterLeft
from vmaconv.series.words.split import Stage
from vmaconv.series.words.wording import Purpose


class Hooked(Struct, ByRecipe, frozen=True):
    """Drivers whose hooks change, each on its own."""

    run: HookRun

    def is_empty(self) -> bool:
        """Tell whether nothing changes."""
        return not self.run.drivers

    def used(self) -> list[str]:
        """Return the files that change, and the headers that say what hooks and helpers are."""
        changed = list(self.run.final())
        return [*changed, *HEADERS] if changed else []

    def texts(self) -> dict[str, bytes]:
        """Return what the files that change are to become."""
        return {path: after for path, (_, after) in self.run.final().items()}

    def series(self, around: SeriesSurroundings, options: SeriesOptions) -> Series:
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
        changes = file_notes(driver.changes, driver.notes)
        purpose = Purpose(driver.title, driver.body, f"vmaconv {__version__}")
        stages.append(Stage(changes, purpose))
    return stages


def _facts(run: HookRun) -> CoverFacts:
    left = tuple(
        LetterLeft(h.site.path, h.site.line, h.site.handler, h.reason.text)
        for h in run.hooks
        if h.outcome == "left" and h.reason is not None and h.reason.code != "null"
    )
    return CoverFacts(
        run.recipe.subject,
        run.recipe.why,
        (
            counted(run.count("converted"), "hook converted", "hooks converted"),
            counted(len(left), "hook left", "hooks left"),
            counted(len(run.drivers), "driver changed", "drivers changed"),
        ),
        left,
        (PARSED,),
        (),
        disclosure(f"the recipe {run.recipe.path.stem}", "from the recipe"),
    )
