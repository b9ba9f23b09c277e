# SPDX-License-Identifier: GPL-2.0-only
"""Uses of flags that only the masks which a migration adds can name.

In: words that get a mask (`VM_SOFTDIRTY`), and a planner. Out: the steps that test a struct's flags for
the mask, and that give setters the mask: what rules for direct uses leave, as the headers have no such
mask yet. Other uses of these words are part of what changes type, or stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from vmaconv.cocci.tree.node import Node, bare
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.flags.helpers.generation import HEADERS
from vmaconv.migrate.decide.bridges import state, states
from vmaconv.migrate.decide.settings import Settings
from vmaconv.migrate.decide.trial import Action, Owner, Phase, PlanDecision, Trial
from vmaconv.migrate.facts.entity import Member, Obstacle
from vmaconv.migrate.facts.entity_facts import FactSite
from vmaconv.migrate.facts.local_names import argument_nodes
from vmaconv.migrate.facts.operations import ArgumentSink, Operation, Test
from vmaconv.migrate.write.helper_spelling import Reference
from vmaconv.uses.reasons import text_of


class Masks(Protocol):
    """What writes values and operations for the new type."""

    settings: Settings
    trial: Trial

    def take(self, path: str, node: Node, owner: Owner) -> Obstacle | None: ...
    def classify(self, site: FactSite) -> Operation: ...
    def member_reference(self, member: Member, site: FactSite) -> Reference | None: ...
    def replace(
        self, owner: Owner, site: FactSite, whole: Node, new: object, place: HeaderPlace
    ) -> Obstacle | None: ...


def use_masks(planner: Masks, words: Sequence[str]) -> None:
    """Write the tests and setters that name one of `words` with the masks of these."""
    settings, trial = planner.settings, planner.trial
    done: set[tuple[str, int]] = set()
    for word in words:
        name = word.encode()
        for path in settings.sources.mentioning(name):
            if path in HEADERS:
                continue
            for top in _masks_with(settings, path, name):
                if (path, top.start) in done:
                    continue
                done.add((path, top.start))
                mark = trial.mark()
                if not _write(planner, path, top):
                    trial.roll_back(mark)


def _masks_with(settings: Settings, path: str, name: bytes) -> Iterator[Node]:
    """Yield the or-ed masks of a file that name a word."""
    for chunk in settings.sources.unit(path).chunks_with(name):
        for root in chunk.variants:
            for leaf in root.leaves():
                if leaf.text == name and leaf.enclosing("function_definition") is not None:
                    yield _whole(leaf)


def _whole(leaf: Node) -> Node:
    node = leaf
    while (parent := node.parent) is not None:
        is_or = parent.kind == "binary_expression" and parent.children[1].text == b"|"
        if not is_or and parent.kind != "parenthesized_expression":
            break
        node = parent
    return node


def _write(planner: Masks, path: str, top: Node) -> bool:
    """Write the test or the setter that a mask stands in; False where it is neither."""
    settings, parent = planner.settings, top.parent
    place = settings.graph.place(path, top)
    obstacle: Obstacle | None = Obstacle(place, "no test, and no setter")
    if parent is not None and parent.kind == "binary_expression":
        first, last = parent.children[0], parent.children[-1]
        value = bare(first if top is last else last)
        member = settings.graph.entity_of(path, value)
        site = FactSite(path, value)
        operation = planner.classify(site)
        of = planner.member_reference(member, site) if isinstance(member, Member) else None
        if isinstance(operation, Test) and of is not None and operation.mode != "exactly":
            test = operation
            new = settings.spelling.test(of, test.mode, test.mask, test.part, test.negated)
            obstacle = planner.replace(Phase.MASKED_USES, site, test.whole, new, place)
    elif parent is not None and parent.kind == "argument_list" and parent.parent is not None:
        call = parent.parent
        index = next((i for i, a in enumerate(argument_nodes(call)) if a is top), -1)
        sink = ArgumentSink(call, index)
        if call.kind == "call_expression" and states(settings, sink):
            obstacle = state(planner, Phase.MASKED_USES, FactSite(path, top), top, sink)
    if obstacle is None:
        why = "no mask of the tree says so"
        words = text_of(top)
        planner.trial.decisions.append(
            PlanDecision(Action.MASK, words, Phase.MASKED_USES, "", why, place)
        )
    return obstacle is None
