# SPDX-License-Identifier: GPL-2.0-only
"""Conversions between the types that go as soon as both sides agree.

In: `legacy_to_vma_flags(x)` where x becomes a bitmap, or `vma_flags_to_legacy(x)` where a bitmap is
wanted. Out: the steps that take the conversion away.

A conversion is no callee whose parameter could change: it is the border itself. Where the recipe names
a function as one, and it cannot change, the conversion is put there, and the plan says so. A setter of
the word becomes the statements that the recipe has for it.
"""

from __future__ import annotations

import re
from typing import Protocol

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.tree.node import Node, bare
from vmaconv.migrate.decide.combined import Place, combined, indent_of
from vmaconv.migrate.decide.settings import Settings
from vmaconv.migrate.decide.trial import Action, Owner, PlanDecision, Trial
from vmaconv.migrate.facts.entity import Entity, Member, Obstacle, Parameter, ReturnValue
from vmaconv.migrate.facts.entity_facts import FactSite
from vmaconv.migrate.facts.local_names import argument_nodes
from vmaconv.migrate.facts.operations import ArgumentSink, Sink, is_simple, unrolled
from vmaconv.migrate.write.helper_spelling import by_name
from vmaconv.uses.reasons import text_of

RULE = "bridge"
_POSTFIX = (
    "identifier",
    "field_expression",
    "subscript_expression",
    "call_expression",
    "parenthesized_expression",
)


class Takes(Protocol):
    """What writes a value for the new type."""

    settings: Settings
    trial: Trial

    def take(self, path: str, node: Node, owner: Owner) -> Obstacle | None: ...


def crosses(settings: Settings, sink: Sink) -> bool:
    """Whether a value goes into a conversion to the new type."""
    if not isinstance(sink, ArgumentSink) or sink.callee.kind != "identifier":
        return False
    name = settings.conversion("from_word")
    return name is not None and sink.callee.text == name


def converted(settings: Settings, node: Node) -> Node | None:
    """Return the value of the new type that `node` converts to a word; None if it does not."""
    name = settings.conversion("to_word")
    if name is None or node.kind != "call_expression" or node.children[0].text != name:
        return None
    arguments = argument_nodes(node)
    return arguments[0] if len(arguments) == 1 else None


def take_away(trial: Trial, path: str, call: Node, value: Node, owner: Owner) -> None:
    """Take the call of a conversion from around its argument `value`."""
    trial.add(path, Edit(call.start, value.start, b"", RULE), owner)
    trial.add(path, Edit(value.end, call.end, b"", RULE), owner)


def is_border(settings: Settings, entity: Entity | None) -> bool:
    """Whether the recipe has conversions stand where values go to or come from an entity."""
    if isinstance(entity, Parameter | ReturnValue):
        return str(entity.function) in settings.recipe.borders
    return isinstance(entity, Member) and str(entity) in settings.recipe.borders


def note_bridge(
    settings: Settings, trial: Trial, path: str, node: Node, to: Entity, owner: Owner, name: bytes
) -> None:
    """Say in the plan that a conversion stands somewhere."""
    place = settings.graph.place(path, node)
    verb = "returns" if isinstance(to, ReturnValue) else "takes"
    why = f"{to} keeps the word" if to != owner else f"{to} {verb} what has the word"
    trial.decisions.append(
        PlanDecision(Action.BRIDGE, text_of(node), owner, name.decode(), why, place)
    )


def bridge(
    planner: Takes, owner: Entity, site: FactSite, root: Node, to: Entity
) -> Obstacle | None:
    """Pass a value of the new type as a word."""
    settings, trial, path = planner.settings, planner.trial, site.path
    name = settings.conversion("to_word")
    place = settings.graph.place(path, site.node)
    if name is None:
        return Obstacle(place, f"goes to {to}, and nothing converts it")
    mark = trial.mark()
    if planner.take(path, root, owner) is not None:
        # The rest stays a word, and what is put together with it becomes one.
        trial.roll_back(mark)
        root = site.node
    trial.add(path, Edit(root.start, root.start, name + b"(", RULE), owner)
    trial.add(path, Edit(root.end, root.end, b")", RULE), owner)
    note_bridge(settings, trial, path, root, to, owner, name)
    return None


# --- Setters of the word --------------------------------------------------------------------------


def states(settings: Settings, sink: ArgumentSink) -> bool:
    """Whether the recipe has statements for a call whose last argument has the new type."""
    name = (sink.callee.text or b"").decode(errors="replace")
    return sink.callee.kind == "identifier" and name in settings.recipe.statements


def state(
    planner: Takes, owner: Owner, site: FactSite, root: Node, sink: ArgumentSink
) -> Obstacle | None:
    """Write `vm_flags_init(v, f);` as `v->flags = f;`: the recipe's statements for the call."""
    settings, path = planner.settings, site.path
    text, place = settings.text(path), settings.graph.place(path, site.node)
    name = (sink.callee.text or b"").decode(errors="replace")
    lines = settings.recipe.statements[name]
    arguments = argument_nodes(sink.call)
    statement = sink.call.parent
    block = statement.parent if statement is not None else None
    indent = indent_of(text, statement) if statement is not None else None
    if statement is not None and _finds_it_locked(settings, text, statement, lines):
        lines = lines[1:]
    whole = f";\n{(indent or b'').decode()}".join(lines).encode()
    for index, argument in enumerate(arguments):
        if index != sink.index:
            mark = b"{%d}" % index
            if whole.count(mark) != 1 and not is_simple(argument):
                return Obstacle(place, f"{text_of(argument)} would be evaluated more than once")
            whole = _filled(whole, mark, argument, text)
    start, mark, end = whole.partition(b"{%d}" % sink.index)
    is_statement = statement is not None and statement.kind == "expression_statement"
    is_alone = block is not None and block.kind in ("compound_statement", "case_statement")
    if not is_statement or not mark or re.search(rb"\{\d\}", start + end):
        return Obstacle(place, f"{name}() has no counterpart here")
    if len(lines) > 1 and (indent is None or not is_alone):
        return Obstacle(place, f"{name}() becomes several statements, and stands where one must be")
    target = start.removesuffix(b" = ")
    is_fresh = name in settings.recipe.fresh and start != target and not end
    if unrolled(root)[1] and is_fresh and indent is not None and is_alone:

        def take(node: Node) -> Obstacle | None:
            return planner.take(path, node, owner)

        where = Place(by_name(target), indent, None)
        obstacle = combined(settings, planner.trial, path, root, owner, take, where)
    else:
        obstacle = planner.take(path, root, owner)
    if obstacle is None:
        what = " and ".join(f"{line};" for line in lines).format("vma", "flags", "more")
        why = f"takes {text_of(root)}"
        less = settings.recipe.less.get(name, "")
        planner.trial.decisions.append(
            PlanDecision(Action.STATE, f"{name}()", owner, what, why, place, less=less)
        )
        planner.trial.add(path, Edit(sink.call.start, root.start, start, RULE), owner)
        planner.trial.add(path, Edit(root.end, sink.call.end, end, RULE), owner)
    return obstacle


def _filled(whole: bytes, mark: bytes, argument: Node, text: bytes) -> bytes:
    """Write an argument where a mark stands; `&v` has its members behind a dot."""
    node, written = bare(argument), text[argument.start : argument.end]
    inner = node.children[-1] if node.kind == "unary_expression" else node
    if node is not inner and node.children[0].text == b"&" and inner.kind in _POSTFIX:
        whole = whole.replace(mark + b"->", text[inner.start : inner.end] + b".")
    elif argument.kind not in _POSTFIX:
        whole = whole.replace(mark + b"->", b"(" + written + b")->")
    return whole.replace(mark, written)


def _finds_it_locked(
    settings: Settings, text: bytes, statement: Node, lines: tuple[str, ...]
) -> bool:
    """Whether the first of several statements for a setter was done by those right before it.

    That is the same statement, or another setter that begins with it, on the same object; setters
    that go on without it may stand in between. Any other code may undo it.
    """
    call = _call_of(statement)
    if call is None or len(lines) < 2 or statement.parent is None:
        return False
    first, _, of = lines[0].partition("(")
    taken = argument_nodes(call)[:1]
    if of != "{0})" or not taken or taken[0].kind != "identifier":
        return False
    statements = settings.recipe.statements
    begins = {first, *(name for name, made in statements.items() if made[0] == lines[0])}
    others = {line.partition("(")[0] for made in statements.values() for line in made[1:]}
    goes_on = others | {name.removesuffix("_mask") for name in others}
    before = [n for n in statement.parent.children if n.end <= statement.start]
    for node in reversed([n for n in before if n.kind != "comment"]):
        call = _call_of(node)
        arguments = argument_nodes(call) if call is not None else []
        name = (call.children[0].text or b"").decode(errors="replace") if call is not None else ""
        is_same = bool(arguments) and arguments[0].text == taken[0].text
        if not is_same or name not in begins | goes_on:
            return False
        if re.search(rb"^[ \t]*#", text[node.start : statement.start], re.MULTILINE):
            return False
        if name in begins:
            return True
    return False


def _call_of(statement: Node) -> Node | None:
    """Return the call that a statement consists of."""
    call = statement.children[0] if statement.kind == "expression_statement" else None
    return call if call is not None and call.kind == "call_expression" else None
