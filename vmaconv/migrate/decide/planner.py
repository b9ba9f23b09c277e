# SPDX-License-Identifier: GPL-2.0-only
"""What changes type, and where the change stops.

In: seeds and the facts of the graph. Out: a `Trial` that holds every decision with the flow that
forces it, and the edits. An entity changes type only if all that is done with it can be written
for the new type and all that it exchanges values with follows, or meets a frontier: a twin
member, a predicate's twin, a narrowing to a bool. If one part fails, none of it is kept.
"""

from __future__ import annotations

from vmaconv.cocci.tree.node import Node
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.migrate.decide.absorbing import Absorbed, absorbed
from vmaconv.migrate.decide.bridges import is_border
from vmaconv.migrate.decide.combined import grow
from vmaconv.migrate.decide.comparisons import compare, meet, rewrite
from vmaconv.migrate.decide.flows import Flows, inside
from vmaconv.migrate.decide.hopeless import at_a_glance, hopeless_use, hopeless_value, out_of_sight
from vmaconv.migrate.decide.narrowing import PLAN_SAYS, RECIPE_SAYS, is_preferred
from vmaconv.migrate.decide.pointers import address, name_of_site, pass_on, reference, take_pointer
from vmaconv.migrate.decide.settings import Settings
from vmaconv.migrate.decide.trial import Action, Owner, PlanDecision
from vmaconv.migrate.decide.values import take_across, take_value
from vmaconv.migrate.facts.classifier import Classifier
from vmaconv.migrate.facts.entity import (
    Entity,
    Member,
    Obstacle,
    Parameter,
    ReturnValue,
    Variable,
    file_of,
)
from vmaconv.migrate.facts.entity_facts import Facts, FactSite
from vmaconv.migrate.facts.operations import (
    AddressTaken,
    Again,
    Compare,
    Grow,
    Keep,
    Meets,
    NoneTest,
    Operation,
    OtherUse,
    Rewrite,
    SetOrClear,
    Store,
    Test,
    ValueFlow,
    WordPart,
    is_simple,
    unrolled,
)
from vmaconv.migrate.write.expression_edits import rename, replace_expression
from vmaconv.migrate.write.helper_spelling import Reference, Rendered
from vmaconv.migrate.write.signatures import documented, retyped

MOST = 200
"""Entities that may change type together; more than that is no migration that a person reviews."""


class Planner(Flows):
    """Decides, one seed after the other; what it settles is in `trial`."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._failed: dict[Entity, Obstacle] = {}
        self._stack: list[Entity] = []
        self._gone: dict[Entity, tuple[Absorbed, ...]] = {}

    # Deciding about an entity.

    def migrate(self, entity: Entity, why: str, path: str, node: Node) -> Obstacle | None:
        """Let an entity change its type with all that hangs on it; None if that can be done."""
        if entity in self.trial.migrating:
            self.link(entity)
            return None
        if entity in self.trial.narrowed:
            return Obstacle(None, f"{entity} becomes a bool")
        if isinstance(entity, Parameter | ReturnValue) and entity.function in self.settings.foreign:
            place = self.settings.foreign[entity.function]
            return Obstacle(place, f"{entity.function}() is named in a file that is no C")
        if (
            isinstance(entity, Parameter | ReturnValue)
            and str(entity.function) in self.settings.recipe.kept
        ):
            return Obstacle(None, f"the recipe keeps {entity.function}() on the old type")
        hidden = out_of_sight(self.settings, entity)
        if hidden is not None:
            return hidden
        match self.settings.overrides.action(entity):
            case "keep":
                return Obstacle(None, f"the plan keeps {entity} on the old type")
            case "narrow":
                return Obstacle(None, PLAN_SAYS)
            case "" if is_preferred(self.settings, entity):
                return Obstacle(None, RECIPE_SAYS)
        known = self._failed.get(entity)
        if known is not None:
            return known
        obstacle = at_a_glance(self, entity)
        if obstacle is not None:
            self._failed[entity] = obstacle
            return obstacle
        facts = self.settings.graph.facts(entity)
        if facts.converted and not facts.declarations and not facts.obstacles:
            return None
        obstacle = self._obstacle(entity, facts)
        if obstacle is None:
            place = self.settings.graph.place(path, node)
            obstacle = self._try(entity, facts, why, place)
        if obstacle is not None:
            self._failed[entity] = obstacle
            return obstacle
        self.link(entity)
        return None

    def _try(self, entity: Entity, facts: Facts, why: str, place: HeaderPlace) -> Obstacle | None:
        mark = self.trial.mark()
        names = self._new_names(entity, facts)
        self.trial.migrating[entity] = names
        renamed = ", ".join(sorted({new.decode() for own, new in names.items() if new != own}))
        decision = PlanDecision(
            Action.MIGRATE, str(entity), entity, renamed, why, place, file_of(entity)
        )
        self.trial.decisions.append(decision)
        self._stack.append(entity)
        obstacle = self._settle(entity, facts)
        self._stack.pop()
        if obstacle is not None:
            self.trial.roll_back(mark)
        return obstacle

    def link(self, entity: Owner) -> None:
        """Note that an entity goes with the one that is being settled."""
        if self._stack:
            self.trial.links.append((self._stack[-1], entity))

    def _obstacle(self, entity: Entity, facts: Facts) -> Obstacle | None:
        """Find what stops an entity without following any flow."""
        if facts.obstacles:
            return facts.obstacles[0]
        if facts.converted:
            first, other = facts.converted[0], facts.declarations[0]
            place = self.settings.graph.place(first.path, first.node)
            there = self.settings.graph.place(other.path, other.node)
            new = self.settings.recipe.new
            text = f"{entity} is half converted: {new} here, not so in {there}"
            return Obstacle(place, text)
        if len(self.trial.migrating) >= MOST:
            return Obstacle(None, f"more than {MOST} things would have to change together")
        for site in facts.uses if not facts.is_pointer else ():
            obstacle = hopeless_use(self, site, self.classify(site))
            if obstacle is not None:
                return obstacle
        is_open = facts.is_pointer or is_border(self.settings, entity)
        for site in facts.inflows if not is_open else ():
            obstacle = hopeless_value(self, site.path, site.node)
            if obstacle is not None:
                return obstacle
        return None

    # Settling one that changes.

    def _settle(self, entity: Entity, facts: Facts) -> Obstacle | None:
        for bound in facts.bound:
            first = facts.declarations[0]
            why = f"{bound} and {entity} are one type"
            obstacle = self.migrate(bound, why, first.path, first.node)
            if obstacle is not None:
                return obstacle
        self._declare(entity, facts)
        for site in facts.uses:
            obstacle = self._use(entity, site)
            if obstacle is not None:
                return obstacle
        for site in facts.inflows:
            if facts.is_pointer:
                obstacle = take_pointer(self, site.path, site.node, entity)
            elif is_border(self.settings, entity):
                obstacle = take_across(self, site.path, site.node, entity)
            else:
                obstacle = take_value(self, site.path, site.node, entity)
            if obstacle is not None:
                return obstacle
        return None

    def _declare(self, entity: Entity, facts: Facts) -> None:
        settings = self.settings
        for local in self._gone.get(entity, ()):
            self.trial.add(local.path, local.edit(), entity)
        for one in facts.declarations:
            text = settings.text(one.path)
            own = one.leaf.text or b"" if one.leaf is not None else b""
            name = self.trial.name_of(entity, own)
            for edit in retyped(text, one, settings.graph.new, name):
                self.trial.add(one.path, edit, entity)
            if isinstance(entity, Parameter) and one.function is not None:
                for edit in documented(text, one.function, one.leaf, name, settings.reader):
                    self.trial.add(one.path, edit, entity)

    def _new_names(self, entity: Entity, facts: Facts) -> dict[bytes, bytes]:
        """Return what an entity's names become: a name of the old type takes the new one.

        Arms and prototypes may have different names for one parameter; each is judged by itself.
        """
        if not isinstance(entity, Parameter | Variable):
            return {}
        wanted = self.settings.overrides.name(entity)
        names: dict[bytes, bytes] = {}
        gone = self._locals(facts, wanted)
        for one in facts.declarations:
            own = one.leaf.text or b"" if one.leaf is not None else b""
            new = self.settings.recipe.names.get(own.decode(), own.decode())
            new = wanted or new if one.body or not names else new
            names.setdefault(own, new.encode())
        for one in facts.declarations:
            own = one.leaf.text or b"" if one.leaf is not None else b""
            new_name = names.get(own, own)
            if one.body and one.path in gone:
                names[own] = gone[one.path].name
                continue
            is_taken = one.body and one.function is not None and _mentions(one.function, new_name)
            if new_name != own and is_taken:
                names[own] = own
        # One name is one name in every arm: where another arm has it already, the local stays.
        called = set(names.values())
        self._gone[entity] = tuple(local for local in gone.values() if local.name in called)
        return names

    def _locals(self, facts: Facts, wanted: str) -> dict[str, Absorbed]:
        """Return, by file, the local that a parameter takes the place of there."""
        if not self.settings.recipe.is_open:
            return {}
        found = ((one.path, absorbed(self.settings, facts, one)) for one in facts.declarations)
        return {
            path: local
            for path, local in found
            if local is not None and wanted in ("", local.name.decode())
        }

    # What is done with it.

    def classify(self, site: FactSite) -> Operation:
        """Say what is done with a value where it stands."""
        settings = self.settings
        types = settings.sources.types(site.path)
        return Classifier(settings.reader, types).classify(site.node)

    def _use(self, entity: Entity, site: FactSite) -> Obstacle | None:
        """Write one use of an entity that changes."""
        if any(local.has(site) for local in self._gone.get(entity, ())):
            return None
        is_name = site.node.kind == "identifier"
        if is_name and self.settings.graph.facts(entity).is_pointer:
            return pass_on(self, entity, site)
        operation = self.classify(site)
        own = site.node.text or b""
        if isinstance(entity, ReturnValue):
            if not isinstance(operation, ValueFlow | Store):
                place = self.settings.graph.place(site.path, site.node)
                return Obstacle(place, f"{entity} is used where only a variable can be")
            of = Reference(own, own)
        else:
            of = reference(self.trial, entity, site.node)
        return self.use(entity, site, operation, of)

    def use(
        self, owner: Entity, site: FactSite, operation: Operation, of: Reference
    ) -> Obstacle | None:
        """Write one operation on a value that is of the new type from now on."""
        place = self.settings.graph.place(site.path, site.node)
        spelling = self.settings.spelling
        match operation:
            case Test(whole=whole, mode=mode, mask=mask, part=part, negated=negated):
                if mode == "exactly" and not is_simple(site.node):
                    return Obstacle(place, "it would be evaluated twice")
                new = spelling.test(of, mode, mask, part, negated)
                return self.replace(owner, site, whole, new, place)
            case SetOrClear(whole=whole, is_set=is_set, mask=mask):
                return self.replace(owner, site, whole, spelling.change(of, is_set, mask), place)
            case Grow(whole=whole, is_set=is_set, value=value):
                return self._grow(owner, site, whole, is_set, value, of)
            case Keep(whole=whole, mask=mask):
                kept = spelling.masked(of, mask)
                new = Rendered(of.value + b" = " + kept.text, 0) if kept is not None else None
                return self.replace(owner, site, whole, new, place)
            case Rewrite():
                return rewrite(self, owner, site, operation, of)
            case Meets():
                return meet(self, owner, site, operation, of)
            case Store(value=value):
                self._name(owner, site, of)
                return self.stored(owner, site, value)
            case ValueFlow():
                if self.ask_predicate(owner, site, operation):
                    return None
                obstacle = self.flow(owner, site, operation)
                if obstacle is None and not isinstance(owner, Member):
                    self._name(owner, site, of)
                return obstacle
            case Compare():
                return compare(self, owner, site, operation, of)
            case NoneTest(whole=whole, negated=negated):
                return self.replace(owner, site, whole, spelling.empty(of, negated), place)
            case AddressTaken(whole=whole):
                obstacle = address(self, site, whole)
                if obstacle is None:
                    self._name(owner, site, of)
                return obstacle
            case Again():
                return None
            case OtherUse(text=why):
                return Obstacle(place, why)

    def stored(self, owner: Entity, site: FactSite, value: Node) -> Obstacle | None:
        """Write the value that is stored; a member that a seed is copied from gets a twin."""
        obstacle = take_value(self, site.path, value, owner)
        if obstacle is None or not isinstance(owner, Member):
            return obstacle
        source = self.settings.graph.entity_of(site.path, value)
        if isinstance(source, Member):
            twin = self.union_twin(source, site, f"is copied to {owner}{inside(site.node)}")
            if twin is not None:
                return take_value(self, site.path, value, owner)
        return take_value(self, site.path, value, owner, True)

    def replace(
        self, owner: Owner, site: FactSite, whole: Node, new: object, place: HeaderPlace
    ) -> Obstacle | None:
        """Write `new` for `whole`; an obstacle where there is no such helper, or a comment is lost."""
        text = self.settings.text(site.path)
        if not isinstance(new, Rendered):
            return Obstacle(place, f"no helper says the same: {_short(text, whole)}")
        if whole.start < self.settings.helpers_from.get(site.path, 0):
            return Obstacle(place, "the helpers are defined further down in this header")
        edit = replace_expression(text, whole, new, "operation")
        if not self.trial.add(site.path, edit, owner):
            return Obstacle(place, "a comment inside the expression has no place")
        return None

    def _grow(
        self, owner: Entity, site: FactSite, whole: Node, is_set: bool, value: Node, of: Reference
    ) -> Obstacle | None:
        """Write `e |= value` as `vma_flags_set_mask(&e, value)`."""
        place = self.settings.graph.place(site.path, site.node)
        start = self.settings.spelling.change_by(of, is_set)
        word = self.settings.conversion("set_word" if is_set else "clear_word")
        mark = self.trial.mark()
        obstacle = Obstacle(place, "no helper adds a value")
        base, parts = unrolled(value)
        if start is not None and parts and all(part.is_set for part in parts) and is_set:

            def take(node: Node) -> Obstacle | None:
                return take_value(self, site.path, node, owner)

            every = [WordPart(True, base), *parts]
            return grow(self.settings, self.trial, site.path, whole, every, of, owner, take)
        if start is not None:
            found = take_value(self, site.path, value, owner, isinstance(owner, Member))
            if found is None:
                self.around(owner, site.path, whole, value, start)
                return None
            obstacle = found
        self.trial.roll_back(mark)
        if word is None or not isinstance(owner, Member):
            return obstacle
        self.around(owner, site.path, whole, value, word + b"(" + of.pointer + b", ")
        return None

    def _name(self, owner: Entity, site: FactSite, of: Reference) -> None:
        """Write the new name where the value stands by itself."""
        leaf = name_of_site(site.node)
        name = of.value if leaf is site.node else of.pointer
        if isinstance(owner, Parameter | Variable) and leaf.text != name:
            self.trial.add(site.path, rename(leaf, name, "rename"), owner)


def _mentions(function: Node, name: bytes) -> bool:
    return any(leaf.text == name and leaf.kind == "identifier" for leaf in function.leaves())


def _short(text: bytes, node: Node) -> str:
    words = b" ".join(text[node.start : node.end].split()).decode(errors="replace")
    return words if len(words) <= 60 else words[:57] + "..."
