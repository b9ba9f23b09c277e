# SPDX-License-Identifier: GPL-2.0-only
"""Predicates that are asked of a struct: `is_cow_mapping(v->vm_flags)` becomes `vma_is_cow_mapping(v)`.

In: a predicate of the old type, and what the one that takes the struct is called. Out: the steps that
let every caller that has the struct ask that; where the tree lacks it, it is added beside the
predicate, on top of the predicate's twin. Other callers stay.
"""

from __future__ import annotations

from typing import Protocol

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.tree.node import Node, bare
from vmaconv.cocci.types.declared import parameters
from vmaconv.migrate.decide.predicates import Predicates
from vmaconv.migrate.decide.settings import HOLDERS, Settings
from vmaconv.migrate.decide.trial import Action, EditStep, PlanDecision, Trial
from vmaconv.migrate.facts.entity import Function, Member, Parameter
from vmaconv.migrate.facts.entity_facts import FactSite
from vmaconv.migrate.facts.local_names import argument_nodes
from vmaconv.migrate.write.helper_spelling import Reference
from vmaconv.uses.member_uses import function_of
from vmaconv.uses.self_calls import circle


class Holds(Protocol):
    """What knows members' twins, and makes those of predicates."""

    settings: Settings
    trial: Trial
    predicates: Predicates

    def member_reference(self, member: Member, site: FactSite) -> Reference | None: ...


def ask_holders(planner: Holds, old: str, new: str) -> None:
    """Let callers of the predicate `old` that have a struct with flags ask `new` of it."""
    settings, trial = planner.settings, planner.trial
    graph = settings.graph
    function, holder = Function(old.encode()), Function(new.encode())
    if settings.overrides.action_of(old) == "keep" or not settings.sources.is_known(holder.name):
        return
    found = [(m.path, m.call) for m in graph.all_mentions(function) if m.call is not None]
    asked = [(path, call, of) for path, call in found if (of := _of(planner, path, call))]
    # What the holder is made of would come to call itself.
    asked = [one for one in asked if not _is_within(settings, one[0], one[1], holder)]
    if not asked or not _takes_struct(planner, holder):
        return
    path, call, first = asked[0]
    place = graph.place(path, call)
    mark = trial.mark()
    if not any(graph.declarations(holder)) and not _add(planner, function, holder, first):
        trial.roll_back(mark)
        return
    owner = Parameter(function, 0)
    why = "the callers have the struct"
    trial.decisions.append(PlanDecision(Action.ASK, old, owner, new, why, place))
    for path, call, of in asked:
        text = holder.name + b"(" + of.holder + b")"
        trial.add(path, Edit(call.start, call.end, text, "twin"), owner)


def _of(planner: Holds, path: str, call: Node) -> Reference | None:
    """Return the struct whose flags a call is about; None where it has something else."""
    arguments = argument_nodes(call)
    if len(arguments) != 1:
        return None
    member = planner.settings.graph.entity_of(path, arguments[0])
    node = bare(arguments[0])
    if not isinstance(member, Member):
        return None
    of = planner.member_reference(member, FactSite(path, node))
    return of if of is not None and of.prefix != "flags" else None


def _is_within(settings: Settings, path: str, call: Node, holder: Function) -> bool:
    own = function_of(call).encode()
    return bool(own) and circle(settings.text(path), own, holder.name + b"(") is not None


def _takes_struct(planner: Holds, holder: Function) -> bool:
    """Whether each declaration of a function has one parameter, a struct with flags; none has not."""
    for mention in planner.settings.graph.declarations(holder):
        taken = parameters(mention.item) if mention.item is not None else []
        tokens = taken[0].tokens() if len(taken) == 1 else []
        if not any(struct.rpartition(b" ")[2] in tokens for struct in HOLDERS):
            return False
    return True


def _add(planner: Holds, function: Function, holder: Function, first: Reference) -> bool:
    """Add the function that takes the struct behind the predicate's twin, in each of its arms."""
    settings, trial = planner.settings, planner.trial
    definitions = settings.graph.inline(function) or []
    place = (
        settings.graph.place(definitions[0].path, definitions[0].leaf)
        if definitions and (definitions[0].leaf is not None)
        else None
    )
    if place is None:
        return False
    twin = planner.predicates.twin(function, 0, "asked of a struct", place)
    struct = next((s for s, prefix in HOLDERS.items() if prefix == first.prefix), None)
    if twin is None or struct is None:
        return False
    member = first.value.rpartition(b">")[2].rpartition(b".")[2]
    value = (b"&" if twin.by_pointer else b"") + first.prefix.encode() + b"->" + member
    name = first.prefix.encode()
    lines = (
        b"static inline bool " + holder.name + b"(const " + struct + b" *" + name + b")",
        b"{",
        b"\treturn " + twin.function.name + b"(" + value + b");",
        b"}",
    )
    for mention in definitions:
        if mention.item is None:
            return False
        at = mention.item.end
        text = b"\n\n" + b"\n".join(lines)
        trial.steps.append(EditStep(mention.path, Edit(at, at, text, "twin"), holder))
    why = "its callers have the struct"
    trial.decisions.append(
        PlanDecision(Action.ADD_HOLDER, str(function), holder, str(holder), why, place)
    )
    return True
