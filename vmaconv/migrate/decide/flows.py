# SPDX-License-Identifier: GPL-2.0-only
"""Where the value of something that changes goes: the frontiers, and what changes along.

In: a use whose value goes somewhere. Out: the steps that let the new type go there, or the obstacle. The
ways are tried in an order: a twin of a predicate, a twin of a member, the other side's change,
a narrowing to a bool.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.declared import function_name
from vmaconv.migrate.decide.bridges import bridge, crosses, is_border, state, states, take_away
from vmaconv.migrate.decide.narrowing import narrow
from vmaconv.migrate.decide.pointers import reference
from vmaconv.migrate.decide.predicates import Predicates
from vmaconv.migrate.decide.settings import HOLDERS, Settings
from vmaconv.migrate.decide.trial import Action, Owner, PlanDecision, Trial
from vmaconv.migrate.decide.unions import add_union_twin, added_twin
from vmaconv.migrate.decide.values import take_value
from vmaconv.migrate.facts.entity import (
    Entity,
    Member,
    Obstacle,
    Parameter,
    ReturnValue,
    Slot,
)
from vmaconv.migrate.facts.entity_facts import FactSite
from vmaconv.migrate.facts.local_names import argument_nodes
from vmaconv.migrate.facts.operations import (
    ArgumentSink,
    Assigned,
    Designated,
    Sink,
    ValueFlow,
    outside,
)
from vmaconv.migrate.write.expression_edits import rename
from vmaconv.migrate.write.helper_spelling import Reference
from vmaconv.uses.reasons import text_of


class Flows(ABC):
    """Lets values reach their sinks; what may change is for the planner to say."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.trial = Trial()
        self.predicates = Predicates(settings, self.trial)

    @abstractmethod
    def migrate(self, entity: Entity, why: str, path: str, node: Node) -> Obstacle | None:
        """Let an entity change its type with all that hangs on it; None if that can be done."""

    @abstractmethod
    def link(self, entity: Owner) -> None:
        """Note that an entity goes with the one that is being settled."""

    def take(self, path: str, node: Node, owner: Owner) -> Obstacle | None:
        """Write the expression `node` for the new type."""
        return take_value(self, path, node, owner)

    def flow(self, owner: Entity, site: FactSite, flow: ValueFlow) -> Obstacle | None:
        """Let the value reach its sink: a frontier, or something that changes as well."""
        path = site.path
        if isinstance(flow.sink, ArgumentSink) and states(self.settings, flow.sink):
            return state(self, owner, site, flow.root, flow.sink)
        if isinstance(flow.sink, ArgumentSink) and crosses(self.settings, flow.sink):
            take_away(self.trial, path, flow.sink.call, flow.root, owner)
            return take_value(self, path, flow.root, owner)
        entity = self.settings.graph.sink_entity(path, flow.sink)
        if isinstance(entity, Member):
            return self._to_member(owner, site, flow, entity)
        place = self.settings.graph.place(path, site.node)
        if entity is None:
            return Obstacle(place, _unknown(flow.sink))
        why = f"takes {text_of(flow.root)}{inside(site.node)}"
        obstacle = self.migrate(entity, why, path, site.node)
        if obstacle is None and entity not in self.trial.migrating:
            return self._to_converted(owner, site, flow, entity)
        if obstacle is not None and isinstance(entity, Parameter):
            narrowed = narrow(self, entity, obstacle, why, place)
            if narrowed is None:
                self.link(entity)
                return None
        is_call = isinstance(flow.sink, ArgumentSink)
        if obstacle is not None and is_call and is_border(self.settings, entity):
            return bridge(self, owner, site, flow.root, entity)
        if obstacle is not None:
            return Obstacle(
                obstacle.place, f"goes to {entity}, which cannot change: {obstacle.text}"
            )
        return None

    def _to_converted(
        self, owner: Entity, site: FactSite, flow: ValueFlow, entity: Entity
    ) -> Obstacle | None:
        """Pass a value to what has the new type already, as a value or by its address."""
        place = self.settings.graph.place(site.path, site.node)
        shapes = {d.type.shape for d in self.settings.graph.facts(entity).converted}
        if shapes == {"*"}:
            of = self._reference(owner, site)
            if of is None or outside(site.node)[0] is not flow.root:
                return Obstacle(place, f"{entity} takes a pointer, and this is no variable")
            root = flow.root
            self.trial.add(site.path, Edit(root.start, root.end, of.pointer, "twin"), owner)
            return None
        return take_value(self, site.path, flow.root, owner)

    def ask_predicate(self, owner: Entity, site: FactSite, flow: ValueFlow) -> bool:
        """Ask a predicate's twin instead of the predicate, if it is one that the value goes to."""
        sink = flow.sink
        if not isinstance(sink, ArgumentSink) or outside(site.node)[0] is not flow.root:
            return False
        if sink.callee.kind != "identifier" or sink.index < 0:
            return False
        function = self.settings.graph.function(sink.callee.text or b"", site.path)
        if function is None:
            return False
        place = self.settings.graph.place(site.path, site.node)
        why = f"takes {text_of(site.node)}{inside(site.node)}"
        is_new = (
            sink.index == 0
            and self.settings.recipe.is_open
            and not self.predicates.has_twin(function)
        )
        if is_new and self.migrate(Parameter(function, 0), why, site.path, site.node) is None:
            # What all of its callers can follow needs no second function beside it.
            return False
        twin = self.predicates.twin(function, sink.index, why, place)
        if twin is None or inside(site.node) == f" in {twin.function}()":
            # A twin that is made of the function goes on calling that.
            return False
        value = self._reference(owner, site)
        if value is None:
            return False
        root = argument_nodes(sink.call)[sink.index]
        argument = value.pointer if twin.by_pointer else value.value
        self.trial.add(site.path, rename(sink.callee, twin.function.name, "twin"), owner)
        self.trial.add(site.path, Edit(root.start, root.end, argument, "twin"), owner)
        return True

    def _reference(self, owner: Entity, site: FactSite) -> Reference | None:
        """Return how a value is referred to where it stands."""
        if isinstance(owner, Member):
            return self.member_reference(owner, site)
        if isinstance(owner, ReturnValue | Slot):
            return None
        return reference(self.trial, owner, site.node)

    def member_reference(self, member: Member, site: FactSite) -> Reference | None:
        """Refer to a member's twin: `desc->vma_flags`, `&desc->vma_flags`, `desc`."""
        twin = self.twin_of(member, site.path)
        if twin is None or site.node.kind != "field_expression":
            return None
        text = self.settings.text(site.path)
        argument, operator, leaf = site.node.children
        value = text[site.node.start : leaf.start] + twin
        own = text[argument.start : argument.end]
        holder = own if operator.text == b"->" else b"&" + own
        return Reference(value, b"&" + value, holder, HOLDERS.get(member.struct, "flags"))

    # Members.

    def twin_of(self, member: Member, path: str) -> bytes | None:
        """Return a member's twin: the tree's, or one that was added."""
        added = added_twin(self.settings, self.trial, member, path)
        return added if added is not None else self.settings.graph.twin(member, path)

    def _to_member(
        self, owner: Entity, site: FactSite, flow: ValueFlow, member: Member
    ) -> Obstacle | None:
        """Store into a member's twin."""
        path = site.path
        twin = self.twin_of(member, path)
        if twin is None and isinstance(owner, Member):
            twin = self.union_twin(member, site, f"holds {text_of(flow.root)}{inside(site.node)}")
        place = self.settings.graph.place(path, site.node)
        grows = isinstance(flow.sink, Assigned) and flow.sink.grows
        if twin is None and is_border(self.settings, member) and not grows:
            return bridge(self, owner, site, flow.root, member)
        if twin is None:
            return Obstacle(place, f"goes to {member}, which is a word and has no twin")
        obstacle = take_value(self, path, flow.root, owner)
        if obstacle is not None:
            return obstacle
        match flow.sink:
            case Assigned(target=target, grows=True):
                return self._grow_member(owner, path, flow.root, target, member)
            case Assigned(target=target):
                self.trial.add(path, rename(target.children[-1], twin, "twin"), owner)
            case Designated(designator=designator):
                self.trial.add(path, rename(designator.children[-1], twin, "twin"), owner)
        return None

    def _grow_member(
        self, owner: Entity, path: str, root: Node, target: Node, member: Member
    ) -> Obstacle | None:
        """Write `vma->vm_flags |= value` as `vma_flags_set_mask(&vma->flags, value)`."""
        assignment = target.parent
        of = self.member_reference(member, FactSite(path, target))
        start = self.settings.spelling.change_by(of, True) if of is not None else None
        holder = assignment.parent if assignment is not None else None
        if start is None or assignment is None or holder is None:
            return Obstacle(self.settings.graph.place(path, target), "no helper adds a value")
        if holder.kind != "expression_statement":
            place = self.settings.graph.place(path, target)
            return Obstacle(place, "the assignment's value is used")
        self.around(owner, path, assignment, root, start)
        return None

    def union_twin(self, member: Member, site: FactSite, why: str) -> bytes | None:
        """Give a member a twin of the new type that shares its storage."""
        place = self.settings.graph.place(site.path, site.node)
        if self.settings.overrides.action(member) == "keep":
            return None
        name = add_union_twin(self.settings, self.trial, member, site.path)
        if name is None:
            return None
        decision = PlanDecision(Action.ADD_UNION, str(member), member, name.decode(), why, place)
        self.trial.decisions.append(decision)
        return name

    def around(self, owner: Entity, path: str, whole: Node, value: Node, start: bytes) -> None:
        """Write a helper's call around a value, for the assignment that it was part of."""
        inner, _ = outside(value)
        if inner.parent is not whole and inner.parent is not None:
            inner = inner.parent
        self.trial.add(path, Edit(whole.start, value.start, start, "operation"), owner)
        self.trial.add(path, Edit(value.end, whole.end, b")", "operation"), owner)


def inside(node: Node) -> str:
    """Say in which function a node stands: ` in f()`."""
    function = node.enclosing("function_definition")
    name = function_name(function) if function is not None else None
    return f" in {(name.text or b'').decode(errors='replace')}()" if name is not None else ""


def _unknown(sink: Sink) -> str:
    if isinstance(sink, ArgumentSink):
        return f"passed to {text_of(sink.callee)}(), which nothing in sight declares as a function"
    if isinstance(sink, Assigned):
        return f"copied to {text_of(sink.target)}, whose type cannot change"
    return "goes where it cannot be followed"
