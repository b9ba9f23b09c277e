# SPDX-License-Identifier: GPL-2.0-only
"""A parameter that is only ever tested for one mask, made a bool.

In: a parameter that cannot change type because some callers hold words. Out: the decision that each
caller passes the answer instead; the edits are made at the end, when it is known which values have
changed type. `mlock_future_ok(mm, vma->vm_flags, n)` becomes
`mlock_future_ok(mm, vma->vm_flags & VM_LOCKED, n)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from vmaconv.cocci.match.code.context import POSTFIX, PRECEDENCE, PRIMARY, UNARY, precedence
from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.tree.node import Node, bare
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.migrate.decide.settings import Settings
from vmaconv.migrate.decide.trial import Action, Narrowed, PlanDecision, Trial
from vmaconv.migrate.facts.classifier import Classifier
from vmaconv.migrate.facts.entity import (
    Entity,
    Member,
    Obstacle,
    Parameter,
    Variable,
    file_of,
)
from vmaconv.migrate.facts.entity_facts import Facts, FactSite
from vmaconv.migrate.facts.masks import EMPTY, MaskExpression
from vmaconv.migrate.facts.operations import Test
from vmaconv.migrate.write.expression_edits import replace_expression
from vmaconv.migrate.write.helper_spelling import Reference, Rendered, by_name
from vmaconv.migrate.write.signatures import described, doc_above, retyped


class Narrows(Protocol):
    """What knows which values have changed type."""

    settings: Settings
    trial: Trial

    def member_reference(self, member: Member, site: FactSite) -> Reference | None: ...
    def twin_of(self, member: Member, path: str) -> bytes | None: ...


def narrow(
    planner: Narrows, entity: Parameter, because: Obstacle, why: str, place: HeaderPlace
) -> Obstacle | None:
    """Decide that a parameter becomes a bool; an obstacle where that cannot be."""
    if entity in planner.trial.narrowed:
        return None
    settings = planner.settings
    if settings.overrides.action(entity) == "keep":
        return Obstacle(None, f"the plan keeps {entity} on the old type")
    facts = settings.graph.facts(entity)
    if facts.obstacles or facts.bound or facts.converted or not facts.uses:
        return because
    test = _only_question(settings, facts)
    if test is None:
        return because
    name = _bool_name(settings, entity, test)
    if any(
        d.function is not None and d.body and _has(d.function, name) for d in facts.declarations
    ):
        return because
    narrowed = Narrowed(entity, test, name)
    for site in facts.uses:
        if _asked(settings, narrowed, site) is None:
            where = settings.graph.place(site.path, site.node)
            return Obstacle(where, "a comment stands in the test")
    for site in facts.inflows:
        if _passed(planner, narrowed, site) is None:
            return Obstacle(settings.graph.place(site.path, site.node), "cannot be asked here")
    planner.trial.narrowed[entity] = narrowed
    reason = f"not all callers can change: {because}"
    if because.text in (PLAN_SAYS, RECIPE_SAYS):
        reason = because.text
    text = f"{why}; it only tests one mask, and {reason}"
    decision = PlanDecision(
        Action.NARROW, str(entity), entity, name.decode(), text, place, file_of(entity)
    )
    planner.trial.decisions.append(decision)
    return None


PLAN_SAYS = "the plan says so"
RECIPE_SAYS = "the recipe says so"


def is_preferred(settings: Settings, entity: Entity) -> bool:
    """Whether the recipe would have a parameter be a bool, and it only asks one thing."""
    if not isinstance(entity, Parameter) or str(entity.function) not in settings.recipe.narrow:
        return False
    facts = settings.graph.facts(entity)
    bare_uses = facts.uses and not (facts.obstacles or facts.bound or facts.converted)
    return bool(bare_uses) and _only_question(settings, facts) is not None


def _only_question(settings: Settings, facts: Facts) -> Test | None:
    first: Test | None = None
    for site in facts.uses:
        types = settings.sources.types(site.path)
        operation = Classifier(settings.reader, types).classify(site.node)
        if not isinstance(operation, Test) or operation.mode == "exactly":
            return None
        if first is not None and not first.same_question(operation):
            return None
        first = first or operation
    return first if first is not None and (first.mask.bits or first.mask.named) else None


def _bool_name(settings: Settings, entity: Parameter, test: Test) -> bytes:
    wanted = settings.overrides.name(entity)
    wanted = wanted or settings.recipe.narrow.get(str(entity.function), "")
    if not wanted:
        wanted = _made_name(test.mask)
    return wanted.encode()


def _made_name(mask: MaskExpression) -> str:
    """Name a bool by what it asks for: `is_vma_locked`, `has_read_flags`.

    A mask whose bits are not the same in every configuration is named by its own name.
    """
    if mask.bits:
        word = mask.bits[0].removeprefix("VMA_").removesuffix("_BIT").lower()
        return f"is_vma_{word}" if len(mask.bits) == 1 else f"has_{word}_flags"
    named = (mask.named or b"").decode(errors="replace")
    word = re.sub(r"^_*VMA_|_(?:FLAGS|MASK)$", "", named).lower()
    if not re.fullmatch(r"\w+", word):
        return "has_flags"
    return f"is_vma_{word}" if mask.is_option else f"has_{word}_flags"


def _has(function: Node, name: bytes) -> bool:
    return any(leaf.text == name for leaf in function.leaves())


# --- Writing it -----------------------------------------------------------------------------------


def write_narrowed(planner: Narrows, narrowed: Narrowed) -> None:
    """Write the parameter, its uses and every caller."""
    settings, trial, entity = planner.settings, planner.trial, narrowed.parameter
    facts = settings.graph.facts(entity)
    for one in facts.declarations:
        text = settings.text(one.path)
        for edit in retyped(text, one, b"bool", narrowed.name):
            trial.add(one.path, edit, entity)
        for edit in _documented(text, one.function, one.leaf, narrowed):
            trial.add(one.path, edit, entity)
    for site in facts.uses:
        trial.add(site.path, _asked(settings, narrowed, site), entity)
    for site in facts.inflows:
        passed = _passed(planner, narrowed, site)
        assert passed is not None
        trial.supersede(site.path, passed, entity)


def _asked(settings: Settings, narrowed: Narrowed, site: FactSite) -> Edit | None:
    """Write the bool where the parameter was tested; None where a comment would be lost."""
    operation = Classifier(settings.reader, settings.sources.types(site.path)).classify(site.node)
    assert isinstance(operation, Test)
    name = narrowed.name
    new = Rendered(b"!" + name, UNARY) if operation.negated else Rendered(name, PRIMARY)
    return replace_expression(settings.text(site.path), operation.whole, new, "narrow")


def _passed(planner: Narrows, narrowed: Narrowed, site: FactSite) -> Edit | None:
    """Write what a caller passes; None where it cannot be asked, or a comment would be lost."""
    answer = _answer(planner, narrowed, site)
    if answer is None:
        return None
    return replace_expression(planner.settings.text(site.path), site.node, answer, "narrow")


def _documented(
    text: bytes, item: Node | None, leaf: Node | None, narrowed: Narrowed
) -> Iterator[Edit]:
    """Say in the kernel-doc what the bool means: what stood there was about the word."""
    if item is None or leaf is None or leaf.text is None:
        return
    doc = doc_above(text, item)
    where = described(text, doc, leaf.text) if doc is not None else None
    if where is None:
        return
    start, end = where
    last = text[start:end].rstrip().removesuffix(b"*").rstrip()
    mask = narrowed.test.mask
    bits = " and ".join(mask.bits) or (mask.named or b"").decode(errors="replace")
    if len(narrowed.test.mask.bits) > 1 and narrowed.test.mode == "any":
        bits = f"any of {', '.join(narrowed.test.mask.bits)}"
    meaning = f": whether the flags have {bits}".encode()
    yield Edit(start, start + len(last), narrowed.name + meaning, "kernel-doc")


def _answer(planner: Narrows, narrowed: Narrowed, site: FactSite) -> Rendered | None:
    """Write what a caller passes: the test of the value that it passed before."""
    settings = planner.settings
    test, node = narrowed.test, bare(site.node)
    mask = settings.reader.read(node, settings.text(site.path), site.path)
    if isinstance(mask, MaskExpression):
        return _literal(narrowed, mask) if _is_decided(test, mask) else None
    if node.kind == "binary_expression" and node.children[1].text == b"|":
        for own, other in ((0, -1), (-1, 0)):
            known = settings.reader.read(node.children[own], settings.text(site.path), site.path)
            if not isinstance(known, MaskExpression) or not _is_decided(test, known):
                continue
            if _holds(test, known):
                # x | VM_LOCKED has VM_LOCKED; what x is has no effect on the answer.
                return _literal(narrowed, known) if _is_plain(node.children[other]) else None
    found = settings.graph.entity_of(site.path, node)
    new = _changed(planner, found, FactSite(site.path, node))
    if new is not None:
        return settings.spelling.test(new, test.mode, test.mask, test.part, False)
    if _has_changed(planner, site.path, node):
        return None
    return _masked(settings, narrowed, site.path, node)


def _is_decided(test: Test, mask: MaskExpression) -> bool:
    """Whether a constant has the same answer in every configuration."""
    if test.mask.is_fixed and mask.is_fixed:
        return True
    return mask == EMPTY and test.mode != "all"


def _holds(test: Test, mask: MaskExpression) -> bool:
    """Answer the question for a constant."""
    if test.mode == "all":
        return mask.covers(test.mask)
    return bool(set(mask.bits) & set(test.mask.bits))


def _literal(narrowed: Narrowed, mask: MaskExpression) -> Rendered:
    """Write a constant answer, with a word on what it answers: `/* is_vma_locked = */ true`."""
    answer = b"true" if _holds(narrowed.test, mask) else b"false"
    return Rendered(b"/* " + narrowed.name + b" = */ " + answer, PRIMARY)


def _is_plain(node: Node) -> bool:
    """Whether reading an expression does nothing but read it."""
    return not any(
        part.kind in ("call_expression", "assignment_expression", "update_expression")
        for part in node.walk()
    )


def _changed(planner: Narrows, entity: Entity | None, site: FactSite) -> Reference | None:
    """Return how to refer to a value that has changed type; None for one that is a word still."""
    if isinstance(entity, Member):
        is_seed = str(entity) in _seeds(planner)
        return planner.member_reference(entity, site) if is_seed else None
    if isinstance(entity, Parameter | Variable) and entity in planner.trial.migrating:
        return by_name(planner.trial.name_of(entity, site.node.text or b""))
    return None


def _has_changed(planner: Narrows, path: str, node: Node) -> bool:
    """Whether a part of the expression is of the new type, so that no `&` can be applied."""
    for part in node.walk():
        if part.kind in ("field_expression", "identifier"):
            entity = planner.settings.graph.entity_of(path, part)
            if entity is not None and _changed(planner, entity, FactSite(path, part)) is not None:
                return True
    return False


def _seeds(planner: Narrows) -> tuple[str, ...]:
    return (*planner.settings.recipe.seeds, *planner.settings.recipe.demanded)


def _masked(settings: Settings, narrowed: Narrowed, path: str, node: Node) -> Rendered:
    """Write `word & MASK`, or for all of several `(word & (A | B)) == (A | B)`."""
    test = narrowed.test
    first = settings.graph.facts(narrowed.parameter).uses[0]
    text = settings.text(path)
    words = settings.text(first.path)[bare(test.word).start : bare(test.word).end]
    if precedence(bare(test.word)) <= PRECEDENCE[b"&"]:
        words = b"(" + words + b")"
    value = text[node.start : node.end]
    if precedence(node) < POSTFIX and node.kind != "unary_expression":
        value = b"(" + value + b")"
    if test.mode == "any" or test.mask.is_single:
        return Rendered(value + b" & " + words, PRECEDENCE[b"&"])
    return Rendered(b"(" + value + b" & " + words + b") == " + words, PRECEDENCE[b"=="])
