# SPDX-License-Identifier: GPL-2.0-only
"""What a planner works with: the tree, the target's helpers, the recipe and what a person decided.

In: nothing; these are plain values. Out: `Settings`, shared by the modules that decide and write.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.migrate.facts.entity import Entity, Function, file_of
from vmaconv.migrate.facts.fact_graph import FactGraph
from vmaconv.migrate.facts.masks import MaskReader
from vmaconv.migrate.facts.sources import Sources
from vmaconv.migrate.recipe import Conversion, Recipe
from vmaconv.migrate.write.helper_spelling import Spelling

HOLDERS = {b"struct vm_area_desc": "desc", b"struct vm_area_struct": "vma"}
"""Structs with helpers of their own, and how `generation` calls those (include/linux/mm.h)."""


class Overrides(Struct, frozen=True):
    """What a plan file decides, by the subject's text and its file (empty where it is not
    static)."""

    actions: Mapping[tuple[str, str], str] = field(default_factory=dict)
    names: Mapping[tuple[str, str], str] = field(default_factory=dict)
    places: Mapping[HeaderPlace, str] = field(default_factory=dict)
    lines: dict[tuple[str, str] | HeaderPlace, str] = field(default_factory=dict)
    """Where in the plan file a decision stands."""
    asked: set[tuple[str, str] | HeaderPlace] = field(default_factory=set)
    """What the planner has come across."""

    def action(self, entity: Entity) -> str:
        """Return what a person wants done with an entity, or an empty text."""
        return self.action_of(str(entity), file_of(entity))

    def action_of(self, subject: str, file: str = "") -> str:
        """Return what a person wants done with a subject, or an empty text."""
        self.asked.add((subject, file))
        return self.actions.get((subject, file), "")

    def place(self, place: HeaderPlace) -> str:
        """Return what a person wants done in a place, or an empty text."""
        self.asked.add(place)
        return self.places.get(place, "")

    def name(self, entity: Entity) -> str:
        """Return what a person wants an entity to be called, or an empty text."""
        return self.names.get((str(entity), file_of(entity)), "")


class Settings(Struct):
    """All that a decision depends on, but for what was decided before."""

    sources: Sources
    graph: FactGraph
    reader: MaskReader
    spelling: Spelling
    recipe: Recipe
    overrides: Overrides = field(default_factory=Overrides)
    conversions: Mapping[str, Conversion] = field(default_factory=dict)
    """Those that the tree declares, or that the recipe brings along."""
    helpers_from: dict[str, int] = field(default_factory=dict)
    """Where in a header the helpers begin: no code above may use them."""
    foreign: dict[Function, HeaderPlace] = field(default_factory=dict)
    """Functions that assembly or Rust names: those are not followed, so the functions stay."""

    def text(self, path: str) -> bytes:
        """Return a file's bytes."""
        return self.sources.unit(path).text

    def conversion(self, key: str) -> bytes | None:
        """Return the name of a function between the types, or None."""
        found = self.conversions.get(key)
        return found.name.encode() if found is not None else None
