# SPDX-License-Identifier: GPL-2.0-only
"""Functions of hooks, rewritten by the recipe's rules.

In: candidates that nothing speaks against so far, and what the tree's API is. Out: their new texts, or
why the rules do not cover one of them. Which candidates there are is left to `hook_conversion`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from vmaconv.cocci.engine.program import Program
from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.cocci.smpl.parse import parse_file
from vmaconv.flags.flag_metavariables import KIND_WORDS, kinds
from vmaconv.flags.rule_program import compile_files
from vmaconv.flags.sites.site import BuildSite
from vmaconv.flags.table.flag_table import read_flag_table
from vmaconv.flags.truth_macros import truth_of
from vmaconv.hooks.hook import HookReason
from vmaconv.hooks.hook_api import HookApi
from vmaconv.hooks.hook_judging import Candidate
from vmaconv.hooks.hook_mentions import NamedFunction
from vmaconv.hooks.hook_recipe import HookRecipe
from vmaconv.hooks.hook_rewriting import FileLocal, Renamed, Rewriter, Rewritten
from vmaconv.hooks.hook_settling import Settling
from vmaconv.hooks.renamed_functions import new_names
from vmaconv.library import find_rules
from vmaconv.migrate.facts.sources import Sources


class CandidateRewriting:
    """Rewrites the functions of candidates; the rules are compiled once."""

    def __init__(
        self, sources: Sources, api: HookApi, recipe: HookRecipe, file_local: FileLocal
    ) -> None:
        self._sources = sources
        self._api = api
        self._recipe = recipe
        self._file_local = file_local

    def rewrite_ahead(self, candidates: list[Candidate]) -> None:
        """Rewrite what looks as if it can change: the rewriter keeps it for the time when it does."""
        for candidate in candidates:
            names = new_names([candidate])
            by_name = {named.name: renamed for named, renamed in names.items()}
            self.rewrite(candidate, {}, by_name)

    def rewrite_all(
        self, settling: Settling, candidates: list[Candidate]
    ) -> dict[NamedFunction, list[Rewritten]]:
        """Rewrite the functions of what is left, dropping those that the rules do not cover."""
        if not any(c.reason is None for c in candidates):
            return {}
        done: dict[NamedFunction, list[Rewritten]] = {}
        while True:
            good = [c for c in candidates if c.reason is None]
            for candidate in good:
                names = new_names([candidate])
                by_name = {named.name: renamed for named, renamed in names.items()}
                candidate.reason = self.rewrite(candidate, done, by_name)
            if all(c.reason is None for c in good):
                return done
            settling.settle(candidates)

    @cached_property
    def _rewriter(self) -> Rewriter:
        table = read_flag_table(self._sources.root)
        options = MatchOptions(truth=truth_of(table), kinds=kinds(BuildSite(table)))
        return Rewriter(
            self._sources, self._program, options, self._api, self._recipe, self._file_local
        )

    def rewrite(
        self,
        candidate: Candidate,
        done: dict[NamedFunction, list[Rewritten]],
        by_name: Mapping[bytes, Renamed],
    ) -> HookReason | None:
        """Rewrite a candidate's functions into `done`; return why the rules do not cover one."""
        for judged in candidate.functions:
            if judged.function in done:
                continue
            made: list[Rewritten] = []
            for verdict in judged.verdicts if judged.scalars is None else ():
                calls = [
                    edit
                    for helper in candidate.functions
                    if helper.scalars is not None and helper.scalars.path == verdict.body.path
                    for edit in helper.scalars.calls_in(verdict.body.node)
                ]
                one = self._rewriter.rewrite(verdict, by_name, calls)
                if isinstance(one, HookReason):
                    return one
                made.append(one)
            done[judged.function] = made
        return None

    def compile(self) -> None:
        """Compile the rules, which is done when they are first asked for otherwise."""
        _ = self._program

    @cached_property
    def _program(self) -> Program:
        """Compile the recipe's rule files, one after the other, into one program."""
        files = [parse_file(find_rules(name), kinds=KIND_WORDS) for name in self._recipe.rules]
        return compile_files(files, self._api.virtuals)
