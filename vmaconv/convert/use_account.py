# SPDX-License-Identifier: GPL-2.0-only
"""The account of the uses in one file.

In: places that the search for uses has found. Out: an `Account` of each: where it is, what it does with the
flags, and what becomes of it. Which places there are, and which are converted, is `tree_conversion`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from vmaconv.cocci.engine.file_result import FileResult
from vmaconv.cocci.tree.unit import Unit
from vmaconv.uses.member_uses import FileUses, Unseen, function_of
from vmaconv.uses.named_uses import NamedExplainer, NameMention
from vmaconv.uses.reasons import TRACE_EVENT, Explainer, UseReason, kind_of


class Account(Struct, frozen=True):
    """One use: where it is, what it does with the flags, and what becomes of it.

    `line` is from 1, in the original. `outcome` is `converted`, `left` (to a person; `reason` says
    why) or `unjudged`: a place that may be a use, where the declarations do not tell.
    """

    file: str
    line: int
    function: str
    kind: str
    outcome: str
    reason: UseReason | None
    text: str


def of_uses(
    unit: Unit, found: FileUses, result: FileResult, explainer: Explainer
) -> Iterator[Account]:
    """Account for the uses of the member in a file, by what the rules have made of it."""
    path = unit.path
    for use in found.uses:
        text = _line(unit, use.line)
        if result.forward(use.offset) is None:
            kind = kind_of(use.node)
            yield Account(path, use.line, use.function, kind, "converted", None, text)
            continue
        reason = explainer.explain(use.node)
        reason = _refused(result, use.line, use.function, reason)
        yield Account(path, use.line, use.function, reason.kind, "left", reason, text)
    for place in found.unseen:
        yield _of_unseen(path, place)


def of_mentions(
    unit: Unit, mentions: Iterable[NameMention], result: FileResult, named: NamedExplainer
) -> Iterator[Account]:
    """Account for the functions and types that are listed beside the member."""
    for one in mentions:
        reason = named.explain(one)
        function = function_of(one.node) if one.node is not None else ""
        gone = result.forward(one.offset) is None
        unknown = one.node is None and not one.in_event
        outcome = "converted" if gone else "unjudged" if unknown else "left"
        why = None if gone else _refused(result, one.line, function, reason)
        text = _line(unit, one.line)
        yield Account(unit.path, one.line, function, reason.kind, outcome, why, text)


def _refused(result: FileResult, line: int, function: str, reason: UseReason) -> UseReason:
    """Return the reason for a use in a line, or that for which the edit of a rule was refused there."""
    if reason.code != "unhandled-form":
        return reason
    if function in result.unparsed:
        text = f"in {function}(), which does not parse as a whole"
        return UseReason(reason.kind, "unparsed", function, text)
    for refusal in result.refusals:
        if refusal.line == line:
            return UseReason(reason.kind, "refused", refusal.rule, refusal.reason)
    return reason


def _line(unit: Unit, line: int) -> str:
    start, end = unit.line_range(line)
    return unit.text[start:end].decode(errors="replace").strip()


def _of_unseen(path: str, place: Unseen) -> Account:
    """Return the account of a place that no type says anything of; some are known by what they are in."""
    if place.why == "trace event":
        line, text = place.line, place.text
        return Account(path, line, place.function, TRACE_EVENT.kind, "left", TRACE_EVENT, text)
    code, outcome, text = _UNSEEN[place.why]
    kind = kind_of(place.node) if place.node is not None else "other"
    reason = UseReason(kind, code, place.function, text)
    return Account(path, place.line, place.function, kind, outcome, reason, place.text)


_UNSEEN = {
    "macro body": (
        "macro-body",
        "unjudged",
        "in a macro's body, where the type of what it is given is unknown",
    ),
    "initialiser": ("initialiser", "left", "a macro that is an initialiser, which takes no call"),
    "unknown type": (
        "unhandled-form",
        "unjudged",
        "the declarations in sight do not tell whose member this is",
    ),
    "unparsed": ("unparsed", "unjudged", "in text that does not parse"),
    "unchosen arm": (
        "unparsed",
        "unjudged",
        "in an arm of a conditional that does not parse with its surroundings",
    ),
}
"""By why a place is not judged: the code, the outcome, and what a person reads."""
