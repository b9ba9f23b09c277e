# SPDX-License-Identifier: GPL-2.0-only
"""A seed's member: each use that the rules left, written for the twin or left to a person.

In: a member with a twin, and its uses. Out: steps and decisions in the planner's trial, and
`LeftUse`: the uses that nothing could be done about, with the reason.
"""

from __future__ import annotations

from msgspec import Struct

from vmaconv.cocci.match.code.context import POSTFIX
from vmaconv.cocci.tree.node import Node
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.migrate.decide.direct import Direct
from vmaconv.migrate.decide.macro_owners import owner_in_macro
from vmaconv.migrate.decide.planner import Planner
from vmaconv.migrate.decide.trial import Action, PlanDecision
from vmaconv.migrate.facts.entity import Member, Obstacle
from vmaconv.migrate.facts.entity_facts import FactSite
from vmaconv.migrate.facts.operations import (
    AddressTaken,
    Again,
    Assigned,
    Grow,
    Keep,
    OtherUse,
    Rewrite,
    SetOrClear,
    Store,
    ValueFlow,
    outside,
)
from vmaconv.migrate.write.expression_edits import rename, replace_expression
from vmaconv.migrate.write.helper_spelling import Rendered
from vmaconv.uses.member_uses import MemberUse, Unseen
from vmaconv.uses.reasons import TRACE_EVENT, text_of


class LeftUse(Struct, frozen=True):
    """A use that stays as it is: where, in which function, and why."""

    place: HeaderPlace
    function: str
    text: str
    why: str


def migrate_uses(planner: Planner, member: Member, direct: Direct) -> list[LeftUse]:
    """Write one file's uses of `member` for its twin; return those that must be left."""
    left: list[LeftUse] = []
    for edit in direct.edits:
        planner.trial.add(direct.path, edit, member)
    for use in direct.rest:
        place = HeaderPlace(direct.path, use.line)
        chosen = planner.settings.overrides.place(place)
        if use.function in direct.unparsed:
            text = f"{use.function}() does not parse as a whole"
            obstacle: Obstacle | None = Obstacle(None, text)
        else:
            obstacle = _settle(planner, member, direct.path, use, chosen)
        if obstacle is not None:
            reason = obstacle.text if obstacle.place == place else str(obstacle)
            left.append(LeftUse(place, use.function, text_of(use.node), reason))
    for unseen in direct.unseen:
        why = _judge(planner, member, direct.path, unseen)
        if why is not None:
            place = HeaderPlace(direct.path, unseen.line)
            left.append(LeftUse(place, unseen.function, unseen.text, why))
    return left


def _settle(
    planner: Planner, member: Member, path: str, use: MemberUse, chosen: str
) -> Obstacle | None:
    if chosen == "leave":
        return Obstacle(None, "the plan leaves it")
    mark = planner.trial.mark()
    site = FactSite(path, use.node)
    obstacle: Obstacle | None = Obstacle(None, "the plan puts a conversion here")
    if chosen != "convert":
        obstacle = _write(planner, member, site)
    if obstacle is None:
        return None
    planner.trial.roll_back(mark)
    return _to_word(planner, member, site, obstacle)


def _write(planner: Planner, member: Member, site: FactSite) -> Obstacle | None:
    """Write one use as an operation on the twin."""
    settings = planner.settings
    twin = planner.twin_of(member, site.path)
    place = settings.graph.place(site.path, site.node)
    if twin is None:
        return Obstacle(place, f"{member} has no twin of type {settings.recipe.new}")
    if site.node.kind == "field_designator":
        return _initialiser(planner, member, site, twin)
    of = planner.member_reference(member, site)
    if of is None:
        return Obstacle(place, "this form of the member is not known")
    operation = planner.classify(site)
    obstacle = planner.use(member, site, operation, of)
    if obstacle is None and isinstance(operation, Store):
        planner.trial.add(site.path, rename(site.node.children[-1], twin, "twin"), member)
    return obstacle


def _initialiser(planner: Planner, member: Member, site: FactSite, twin: bytes) -> Obstacle | None:
    pair = site.node.parent
    place = planner.settings.graph.place(site.path, site.node)
    if pair is None or pair.kind != "initializer_pair" or pair.children[-2].text != b"=":
        return Obstacle(place, "this form of initialiser is not known")
    obstacle = planner.stored(member, site, pair.children[-1])
    if obstacle is None:
        planner.trial.add(site.path, rename(site.node.children[-1], twin, "twin"), member)
    return obstacle


def _to_word(
    planner: Planner, member: Member, site: FactSite, obstacle: Obstacle
) -> Obstacle | None:
    """Convert the value back to a word where it is read: right in every place, and ugly in most."""
    settings = planner.settings
    name = settings.conversion("to_word")
    of = planner.member_reference(member, site)
    if name is None or of is None:
        return obstacle
    if _wants_lvalue(site.node):
        return obstacle
    match planner.classify(site):
        case AddressTaken() | Store() | SetOrClear() | Grow() | Rewrite() | Keep() | Again():
            return obstacle
        case OtherUse(is_written=True):
            return obstacle
        case ValueFlow(sink=Assigned(target=target)):
            # The other side of the assignment is left, too.
            if settings.graph.entity_of(site.path, target) == member:
                return obstacle
    new = Rendered(name + b"(" + of.value + b")", POSTFIX)
    edit = replace_expression(settings.text(site.path), site.node, new, "conversion")
    if not planner.trial.add(site.path, edit, member):
        return obstacle
    place = settings.graph.place(site.path, site.node)
    subject = text_of(site.node)
    why = str(obstacle.text)
    planner.trial.decisions.append(
        PlanDecision(Action.CONVERT, subject, member, name.decode(), why, place)
    )
    return None


_LVALUES = frozenset(
    b"READ_ONCE WRITE_ONCE data_race smp_load_acquire smp_store_release swap xchg cmpxchg "
    b"try_cmpxchg get_user put_user typeof __typeof__ sizeof".split()
)
"""Macros that need an object and not its value (include/asm-generic/rwonce.h and others)."""


def _wants_lvalue(node: Node) -> bool:
    inner, parent = outside(node)
    if parent is None or parent.kind == "sizeof_expression":
        return True
    call = parent.parent if parent.kind == "argument_list" else None
    return call is not None and inner.parent is parent and call.children[0].text in _LVALUES


_UNSEEN = {
    "macro body": "in a macro's body, where the type of what it is given is unknown",
    "initialiser": "in a macro's body, where the type of what it is given is unknown",
    "trace event": TRACE_EVENT.text,
    "unknown type": "the declarations in sight do not tell whose member this is",
    "unparsed": "in text that does not parse",
    "unchosen arm": "in an arm of a conditional that does not parse with its surroundings",
}


def _judge(planner: Planner, member: Member, path: str, unseen: Unseen) -> str | None:
    """Say why a place that could not be judged is left; None if its struct is another one."""
    if unseen.why in ("macro body", "initialiser"):
        owners = owner_in_macro(planner.settings, path, unseen)
        if owners is not None and member.struct not in owners:
            return None
        if owners is not None:
            return f"in the body of the macro {unseen.function}, which is given a {owners_text(owners)}"
    return _UNSEEN[unseen.why]


def owners_text(owners: set[bytes]) -> str:
    """Name structs, for a person."""
    return " or ".join(sorted(o.decode(errors="replace") for o in owners))
