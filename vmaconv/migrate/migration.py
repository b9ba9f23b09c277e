# SPDX-License-Identifier: GPL-2.0-only
"""A migration from beginning to end.

In: a tree, a recipe, the target's helper generation, and what a plan file decides. Out:
`Migration`: the decisions, what is left and why, and the groups of file changes. Nothing is
written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct, field

from vmaconv.cocci.text.files import Search
from vmaconv.cocci.text.tree_file import read_file
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.flags.helpers.generation import HEADERS, Generation, Operation, detect
from vmaconv.flags.helpers.helper_patch import FileEdits, add_helpers
from vmaconv.flags.helpers.usable_helpers import usable_helpers
from vmaconv.flags.sites.kbuild import Kbuild
from vmaconv.flags.sites.kconfig import Kconfig
from vmaconv.migrate.decide.direct import Direct
from vmaconv.migrate.decide.direct_uses import DirectUses
from vmaconv.migrate.decide.holders import ask_holders
from vmaconv.migrate.decide.masked_uses import use_masks
from vmaconv.migrate.decide.narrowing import write_narrowed
from vmaconv.migrate.decide.planner import Planner
from vmaconv.migrate.decide.predicates import Predicates
from vmaconv.migrate.decide.renames import rename_function
from vmaconv.migrate.decide.seed_members import LeftUse, migrate_uses
from vmaconv.migrate.decide.settings import Overrides, Settings
from vmaconv.migrate.decide.trial import Trial
from vmaconv.migrate.facts.beside_seeds import beside_seeds
from vmaconv.migrate.facts.declared_seeds import declared_seeds
from vmaconv.migrate.facts.entity import (
    Entity,
    Function,
    Member,
    Obstacle,
    Parameter,
    ReturnValue,
)
from vmaconv.migrate.facts.fact_graph import FactGraph
from vmaconv.migrate.facts.first_search import FirstSearch, names_of
from vmaconv.migrate.facts.likely_names import likely_names
from vmaconv.migrate.facts.masks import COPY, MAKERS, MaskReader
from vmaconv.migrate.facts.seeds import find_seed
from vmaconv.migrate.facts.sources import Sources
from vmaconv.migrate.groups.group_check import check_syntax
from vmaconv.migrate.groups.grouping import Group, build_groups
from vmaconv.migrate.groups.order import drafts_of
from vmaconv.migrate.groups.part import PlanPart
from vmaconv.migrate.groups.recipe_order import arrange, unused
from vmaconv.migrate.groups.stubs import follow
from vmaconv.migrate.migration_error import MigrationError
from vmaconv.migrate.recipe import Conversion, Recipe
from vmaconv.migrate.target import Texts, masked_target, read_target
from vmaconv.migrate.write.helper_spelling import MORE, Spelling

ROUNDS = 24
"""How often names may turn up that the tree must be searched for; v6.19 asks for two."""


class Migration(Struct):
    """What a migration comes to."""

    root: Path
    recipe: Recipe
    generation: Generation
    trial: Trial
    settings: Settings
    left: list[LeftUse] = field(default_factory=list)
    stops: list[tuple[str, Obstacle]] = field(default_factory=list)
    converted: int = 0
    helpers: tuple[FileEdits, ...] = ()
    masked: tuple[str, ...] = ()
    """The words that get a mask in the headers where an edit names it."""
    nothing: str = ""
    warnings: list[str] = field(default_factory=list)
    also_named: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Changed functions that files in excluded folders name as well, which are left as they are."""
    removal: str = ""
    """Why the seeds' legacy members stay, where they do."""
    part: PlanPart = field(default_factory=PlanPart)
    """The groups that a person picked."""
    groups: list[Group] = field(default_factory=list)
    members: tuple[Member, ...] = ()
    """The members among the seeds."""

    def used_conversions(self) -> list[str]:
        """Return the names of the conversions that the edits call and the tree lacks."""
        lacking = [c.name for c in self.settings.conversions.values() if c.text]
        return [
            name
            for name in lacking
            if any(name.encode() + b"(" in step.edit.text for step in self.trial.steps)
        ]

    def final(self) -> dict[str, tuple[bytes, bytes]]:
        """Return each changed file's bytes before the first group and after the last."""
        found: dict[str, tuple[bytes, bytes]] = {}
        for group in self.groups:
            for path, (before, after) in group.changes.items():
                first = found[path][0] if path in found else before
                found[path] = (first, after)
        return dict(sorted(found.items()))


def migrate(
    root: Path,
    recipe: Recipe,
    generation: Generation | None = None,
    overrides: Overrides | None = None,
    exclude: Sequence[str] = ("tools",),
    as_recipe: bool = False,
    part: PlanPart | None = None,
    begun: FirstSearch | None = None,
) -> Migration:
    """Plan a migration of the tree at `root` and make its groups.

    With `as_recipe` the groups are those of the recipe's `[[patch]]` tables, in their order. `part` says
    which groups are wanted; `begun` is the search for what the recipe names, if it is under way.

    Raises `MigrationError` for a seed that names nothing or several things, `SourceError` and
    `KernelTreeError` for a tree that cannot be used.
    """
    begun = begun or FirstSearch(root, recipe)
    run = _MigrationRun(root, recipe, generation, overrides or Overrides(), tuple(exclude))
    run.sources.learn(begun.names, begun.search)
    run.sources.know(begun.search, foreign=True)
    run.kbuild.know(begun.search.census())
    run.prepare(begun)
    return run.finish(as_recipe, part or PlanPart())


class _MigrationRun:
    """The run under way."""

    def __init__(
        self,
        root: Path,
        recipe: Recipe,
        generation: Generation | None,
        overrides: Overrides,
        exclude: tuple[str, ...],
    ) -> None:
        self.root = root
        self.recipe = recipe
        found = detect(root)
        wanted = generation or found
        self.absent = found.name == "none"
        self.helpers: tuple[FileEdits, ...] = ()
        if found.name == "none" and wanted.name in ("none", "v7.0"):
            self.helpers = add_helpers(root)
        target = read_target(root, wanted, self.helpers)
        self.usable = usable_helpers(root, target.generation, (*MORE, *MAKERS), bool(self.helpers))
        if not self.helpers:
            target = masked_target(root, target, recipe.masks, self.usable.more)
        self.target, self.table = target, target.table
        self.generation = self.usable.generation
        self.sources = Sources(root, exclude)
        self.graph = self._graph()
        self.kbuild = Kbuild(root, Kconfig(root))
        self.settings = Settings(
            self.sources,
            self.graph,
            MaskReader(self.table, self.kbuild, self.usable.more, _text_of(root, COPY)),
            Spelling(self.generation, self.usable.more),
            recipe,
            overrides,
        )
        self.directs: list[tuple[Member, list[Direct]]] = []
        self.seeds: list[Entity] = []
        self.demanded: set[Entity] = set()
        self.beside: set[Entity] = set()
        self._unforeign: set[Function] = set()
        self._likely: tuple[list[bytes], Search] | None = None
        self.settings.helpers_from = self._helpers_from()

    def _graph(self) -> FactGraph:
        old = self.recipe.old.encode()
        for header in HEADERS:
            self.sources.read_header(header)
        self.sources.share(HEADERS)
        types = self.sources.types(HEADERS[1])
        from vmaconv.cocci.types.ctype import CType

        behind, new = types.resolve(CType(old)), types.resolve(CType(self.recipe.new.encode()))
        for name, ctype in ((self.recipe.old, behind), (self.recipe.new, new)):
            if ctype.base == name.encode():
                what = f"the tree declares no type {name}"
                remedy = f"name a tree whose {HEADERS[1]} has both types"
                raise MigrationError("no-type", str(self.root), what, remedy)
        return FactGraph(self.sources, old, behind.base, self.recipe.new.encode())

    def _helpers_from(self) -> dict[str, int]:
        """Return where in the tree's headers the first of the helpers is, or will be."""
        found: dict[str, int] = {}
        for file in self.helpers:
            inserted = [e.start for e in file.edits if b"static __always_inline" in e.text]
            if inserted and file.path in HEADERS:
                found[file.path] = min(inserted)
        operations: tuple[Operation, ...] = ("build", "flags_test", "flags_set")
        for operation in () if self.helpers else operations:
            helper = self.generation.helper(operation)
            if helper is not None and helper.place is not None:
                self.sources.read_header(helper.place.path)
                unit = self.sources.unit(helper.place.path)
                start = unit.line_range(helper.place.line)[0]
                path = helper.place.path
                found[path] = max(start, found.get(path, 0))
        return found

    def prepare(self, begun: FirstSearch) -> None:
        """Find the seeds and the files with direct uses."""
        seeds = begun.seeds
        tags = {s.member.tag for s in seeds if s.member is not None}
        mentioning = {tag: self.sources.mentioning(tag) for tag in tags}
        self.sources.share(p for paths in mentioning.values() for p in paths if p.endswith(".h"))
        self.settings.conversions = self._conversions()
        self._seek_likely(begun)
        for seed in seeds:
            entity = find_seed(self.graph, seed, self.recipe.names)
            if entity is not None and entity not in self.seeds:
                self.seeds.append(entity)
            if entity is not None and seed.is_demanded:
                self.demanded.add(entity)
        if self.recipe.is_open:
            named = self.recipe.old.encode()
            own = {c.name for c in self.recipe.conversions.values()}
            own |= {name for names in self.recipe.more_twins.values() for name in names}
            for entity in declared_seeds(self.graph, named, own | set(self.recipe.kept)):
                if entity not in self.seeds:
                    self.seeds.append(entity)
        for text in self.recipe.beside:
            found = beside_seeds(self.graph, text, self.recipe.statements)
            self.seeds += [entity for entity in found if entity not in self.seeds]
            self.beside.update(found)
        direct_uses = DirectUses(self.sources, self.table, self.recipe, self.generation)
        for member in [m for m in self.seeds if isinstance(m, Member)]:
            self.directs.append((member, direct_uses.of(member, begun.users(member))))

    def _seek_likely(self, begun: FirstSearch) -> None:
        """Begin to search for names that will be asked for, unless the tree's declarations say all."""
        if not self.recipe.is_open:
            names = self._ahead(likely_names(begun, self.sources, self.recipe.old.encode()))
            self.sources.learn(filter(begun.has_lines_of, names), begun.search)
            self._likely = self.sources.seek(names)

    def _conversions(self) -> dict[str, Conversion]:
        found: dict[str, Conversion] = {}
        for key, conversion in self.recipe.conversions.items():
            function = self.graph.function(conversion.name.encode(), HEADERS[1])
            if function is not None:
                found[key] = Conversion(conversion.name)
            elif conversion.text:
                found[key] = conversion
        return found

    # Planning.

    def finish(self, as_recipe: bool, part: PlanPart) -> Migration:
        """Plan, searching the tree for the names that turn up, until none is missing."""
        self._prefetch()
        for _ in range(ROUNDS):
            migration = self._plan()
            foreign = self._seek_foreign(migration)
            is_complete = not self.sources.missing
            self.sources.fetch(self._ahead(self.sources.missing))
            if not self._find_foreign(*foreign) and is_complete:
                break
        for entity in [*migration.trial.migrating, *migration.trial.narrowed]:
            if isinstance(entity, Parameter | ReturnValue) and not entity.function.file:
                name = entity.function.name
                inside = self.sources.mentioning(name)
                others = [p for p in self.sources.everywhere(name) if p not in inside]
                others = [p for p in others if not follow(migration, entity, p)]
                if others:
                    migration.also_named[name.decode()] = tuple(others)
        migration.part = part
        drafts = drafts_of(migration)
        if as_recipe:
            drafts = arrange(migration, drafts)
        migration.groups = build_groups(self._texts(migration), drafts)
        if as_recipe:
            migration.warnings += unused(migration)
        check_syntax(migration.final())
        migration.nothing = self._nothing(migration)
        if not self.helpers and self.absent:
            migration.warnings.append(
                f"the tree has no helpers, and those of {self.generation.name} are not added: what "
                "changes compiles only once the headers declare them"
            )
        return migration

    def _nothing(self, migration: Migration) -> str:
        """Say that there is nothing to do, where there is nothing."""
        if migration.groups or migration.left or migration.stops:
            return ""
        old, new = self.recipe.old, self.recipe.new
        return f"nothing to migrate from {old} to {new}: no seed is there, or all have changed"

    def _seek_foreign(self, migration: Migration) -> tuple[dict[bytes, Function], Search | None]:
        """Begin to look for assembly and Rust that name a function that is to change."""
        trial = migration.trial
        changed = {e.function for e in trial.migrating if isinstance(e, Parameter | ReturnValue)}
        changed |= {e.function for e in trial.narrowed}
        wanted = {f.name: f for f in changed if not f.file and f not in self._unforeign}
        return wanted, self.sources.seek_foreign(wanted)

    def _find_foreign(self, wanted: dict[bytes, Function], search: Search | None) -> bool:
        """Note the functions that assembly or Rust names; True for news."""
        found = self.sources.foreign(wanted, search)
        for name, function in wanted.items():
            if name in found:
                self.settings.foreign[function] = HeaderPlace(*found[name])
            self._unforeign.add(function)
        return bool(found)

    def _ahead(self, names: Iterable[bytes]) -> set[bytes]:
        """Return names with those that are asked for next: the twins of predicates."""
        wanted = set(names)
        predicates = Predicates(self.settings, Trial())
        wanted |= {predicates.name(Function(n)) for n in wanted if n.startswith(b"is_")}
        return wanted

    def _prefetch(self) -> None:
        """Search at once for the functions that direct uses are passed to."""
        names: set[bytes] = set()
        for _, directs in self.directs:
            for direct in directs:
                for use in direct.rest:
                    call = use.node.enclosing("call_expression")
                    if call is not None and call.children[0].kind == "identifier":
                        name = call.children[0].text or b""
                        if not self.graph.is_static(direct.path, name):
                            names.add(name)
                names |= {unseen.function.encode() for unseen in direct.unseen}
        names.discard(b"")
        if self._likely is not None:
            self.sources.learn(*self._likely)
        known = {n for n in names_of(self.recipe, ()) if n.startswith(b"is_")}
        self.sources.fetch(self._ahead(names) | self._ahead(known))

    def _plan(self) -> Migration:
        planner = Planner(self.settings)
        migration = Migration(
            self.root, self.recipe, self.target.generation, planner.trial, self.settings
        )
        migration.warnings += self.usable.warnings
        migration.helpers = self.helpers
        migration.masked = self.target.words
        migration.members = tuple(member for member, _ in self.directs)
        for member, directs in self.directs:
            for direct in directs:
                migration.left += migrate_uses(planner, member, direct)
                migration.converted += len(direct.converted)
        for entity in self.seeds:
            if not isinstance(entity, Member) and entity not in planner.trial.narrowed:
                self._seed(planner, entity, migration)
        for old, new in self.recipe.renames.items():
            obstacle = rename_function(self.settings, planner.trial, old, new)
            if obstacle is not None:
                migration.stops.append((old, obstacle))
        for entity in [e for e in planner.trial.migrating if isinstance(e, Parameter)]:
            own = str(entity.function)
            if (called := self.recipe.called.get(own)) is not None:
                obstacle = rename_function(self.settings, planner.trial, own, called, entity)
                if obstacle is not None:
                    migration.warnings.append(f"{own}() keeps its name: {obstacle}")
        use_masks(planner, self.target.words)
        for own, called in self.recipe.holders.items():
            ask_holders(planner, own, called)
        for narrowed in list(planner.trial.narrowed.values()):
            write_narrowed(planner, narrowed)
        return migration

    def _seed(self, planner: Planner, entity: Entity, migration: Migration) -> None:
        facts = self.graph.facts(entity)
        first = next(iter([*facts.declarations, *facts.converted]), None)
        if not facts.declarations and entity not in self.demanded:
            # A recipe's seed that the tree has in some other form.
            return
        if first is None:
            obstacle: Obstacle | None = next(iter(facts.obstacles), None)
        else:
            why = f"is a {self.recipe.old} so far" if self.recipe.is_open else "is a seed"
            if entity in self.beside:
                why = "is a plain word of flags so far"
            obstacle = planner.migrate(entity, why, first.path, first.node)
        if obstacle is not None:
            migration.stops.append((str(entity), obstacle))

    def _texts(self, migration: Migration) -> dict[str, bytes]:
        paths = {step.path for step in migration.trial.steps}
        texts = {path: self.settings.text(path) for path in paths}
        for file in self.helpers:
            texts.setdefault(file.path, file.before)
        return Texts(texts, self.root)


def _text_of(root: Path, path: str) -> bytes | None:
    try:
        return read_file(root, path)
    except OSError:
        return None
