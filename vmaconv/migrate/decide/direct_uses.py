# SPDX-License-Identifier: GPL-2.0-only
"""Files with direct uses of a seed's member, each converted.

In: a tree's sources, a recipe, which helpers the tree has. Out: a `Direct` for each file that may use
the member. What one file comes to is left to `direct`.
"""

from __future__ import annotations

from functools import cached_property

from vmaconv.cocci.engine.program import Program
from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.convert.accounted import Accounted
from vmaconv.convert.tree_conversion import Converter, words_of
from vmaconv.flags.flag_metavariables import kinds
from vmaconv.flags.helpers.generation import Generation
from vmaconv.flags.rule_forms import read_rules
from vmaconv.flags.rule_program import compile_files
from vmaconv.flags.sites.site import BuildSite
from vmaconv.flags.table.flag_table import FlagTable
from vmaconv.flags.truth_macros import truth_of
from vmaconv.library import find_rules
from vmaconv.migrate.decide.direct import Direct, convert, no_program
from vmaconv.migrate.facts.entity import Member
from vmaconv.migrate.facts.sources import Sources
from vmaconv.migrate.recipe import Recipe
from vmaconv.uses.bool_guard import BoolGuard
from vmaconv.uses.member_uses import Member as Used
from vmaconv.uses.named_uses import AccountedNames


class DirectUses:
    """Finds and converts the direct uses of members; the recipe's rules are compiled once."""

    def __init__(
        self, sources: Sources, table: FlagTable, recipe: Recipe, generation: Generation
    ) -> None:
        self._sources = sources
        self._table = table
        self._recipe = recipe
        self._generation = generation

    def of(self, member: Member, users: list[str] | None) -> list[Direct]:
        """Return what each file comes to; `users` are those to look at, None to search for them."""
        sources, table, program = self._sources, self._table, self._program
        guard = BoolGuard(table, sources.root)
        options = MatchOptions(truth=truth_of(table), kinds=kinds(BuildSite(table)), guard=guard)
        used = Used(member.struct, member.name)
        converter = Converter(
            sources.root,
            program if program is not None else no_program(),
            options,
            table,
            Accounted(used, AccountedNames()),
        )
        found = users if users is not None else sources.search(words_of(used)).result()
        paths = converter.candidates(found, (), sources.exclude)
        return [convert(sources, path, used, program, options) for path in paths]

    @cached_property
    def _program(self) -> Program | None:
        files = [read_rules(find_rules(name)) for name in self._recipe.rules]
        return compile_files(files, frozenset(self._generation.virtuals())) if files else None
