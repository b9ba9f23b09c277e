# SPDX-License-Identifier: GPL-2.0-only
"""What the account says of one use.

In: a place that the search for uses has found. Out: an `Account`: where it is, what it does with the flags,
and what becomes of it. Which places there are, and which are converted, is `tree_conversion`'s.
"""

from __future__ import annotations

from msgspec import Struct

from vmaconv.uses.member_uses import Unseen
from vmaconv.uses.reasons import TRACE_EVENT, UseReason, kind_of


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


def of_unseen(path: str, place: Unseen) -> Account:
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
