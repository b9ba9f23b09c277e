# SPDX-License-Identifier: GPL-2.0-only
"""The text of an explanation.

In: an `Explanation`. Out: a clause; the place, the details and the bindings are for whoever prints.
"""

from __future__ import annotations

from vmaconv.cocci.engine.explain.explanation import Explanation

ALTERNATIVES = 4
"""How many alternatives are named; of the others, how many there are."""


def verdict_text(one: Explanation) -> str:
    """Return what became of a rule at a place, as a clause: `would match, but for a type`."""
    match one.verdict:
        case "matches":
            return "matches"
        case "left":
            return f"is not applied: {one.reason}"
        case "off":
            return f"not run: {one.reason}"
        case "inherits":
            return "not run: it inherits what is not bound"
        case "words":
            lacking = "it" if one.line else "the file"
            return f"cannot match: {lacking} lacks {one.reason}" if one.reason else "cannot match"
        case "more":
            return "fails in more places: --all tells them"
        case "unparsed":
            return "not looked into: it does not parse"
        case "near":
            return f"would match, but for {one.reason}"
        case "nearest":
            expected, found = one.details
            line = one.wanted_line
            if expected == found:
                return f"does not match: it fails at line {line} of the rule, `{expected}`"
            return f"does not match: line {line} wants `{expected}`, and `{found}` stands there"
        case "paths":
            return "does not match: each part occurs, but never together on a path"
        case _:
            shown = " or ".join(f"`{text}`" for text in one.details[:ALTERNATIVES])
            more = len(one.details) - ALTERNATIVES
            rest = f" or {more} other alternative{'s' * (more > 1)}" if more > 0 else ""
            return f"does not match: nothing here begins like {shown}{rest}"
