# SPDX-License-Identifier: GPL-2.0-only
"""Decisions as sentences.

In: a decision of a plan. Out: a line for a person: what becomes of what, and the flow that forces it.
"""

from __future__ import annotations

import re

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.migrate.decide.trial import Action, PlanDecision

_VERBS = {
    Action.MIGRATE: "becomes",
    Action.NARROW: "becomes a bool",
    Action.ADD_TWIN: "gets a twin",
    Action.USE_TWIN: "has a twin",
    Action.ADD_UNION: "gets a twin",
    Action.CONVERT: "is converted back",
    Action.RENAME: "is renamed",
    Action.BRIDGE: "is converted",
    Action.ASK: "gives way to",
    Action.MASK: "becomes a mask",
    Action.ADD_HOLDER: "gets a twin",
    Action.STATE: "becomes",
}


def decision_line(decision: PlanDecision, new: str) -> str:
    """Return a line such as `f(2) becomes vma_flags_t: takes x in g() (mm/a.c:3)`."""
    place = f" ({decision.place})" if decision.place is not None else ""
    return _sentence(decision, new) + place


def note(decision: PlanDecision, new: str) -> str:
    """Return what a commit message says of a decision: a sentence without a place, which would
    not last; an empty text where the patch's own words say it all.

    `f(2) becomes vma_flags_t: takes x in g()` is "Argument 2 of f() becomes vma_flags_t: g() passes
    x." there.
    """
    subject, name = subject_words(decision.subject), decision.name
    match decision.action:
        case Action.MIGRATE:
            called = f", named {name}" if name else ""
            verb = "returns" if subject.endswith("()") and "of " not in subject else "becomes"
            said = f"{_capital(subject)} {verb} {new}{called}"
            if decision.why.endswith(" so far"):
                return f"{said}."
            return f"{said}: {_reason(decision.why, decision.subject)}."
        case Action.NARROW:
            function = decision.subject.partition("(")[0]
            return f"{function}() takes a bool, {name}, in place of the flags."
        case Action.ADD_TWIN:
            return f"{name}() asks of {new} what {decision.subject}() asks."
        case Action.USE_TWIN:
            return f"{decision.subject}() becomes {name}() where the flags are {new}."
        case Action.ADD_UNION:
            struct, _, member = decision.subject.rpartition(".")
            return f"{_capital(struct)} gets {name} in a union with {member}."
        case Action.CONVERT:
            where = f" of {decision.place.path}" if decision.place is not None else ""
            return f"{decision.subject}{where} goes through {name}(): {_reason(decision.why)}."
        case Action.ADD_HOLDER:
            return f"{name}() asks of a struct what {decision.subject}() asks of its flags."
        case Action.MASK:
            return ""
        case Action.ASK:
            return f"{name}() takes the place of {decision.subject}(): {_reason(decision.why)}."
        case Action.STATE:
            return _stated(decision)
        case Action.BRIDGE:
            return f"{decision.subject} goes through {name}(): {_reason(decision.why)}."
        case Action.RENAME:
            return ""
    return f"{_capital(_sentence(decision, new))}."


def subject_words(subject: str) -> str:
    """Return an entity as a message names it.

    >>> subject_words("f(2)"), subject_words("g:flags"), subject_words("struct a.b")
    ('argument 2 of f()', 'flags of g()', 'struct a.b')
    """
    if (argument := _ARGUMENT.fullmatch(subject)) is not None:
        return f"argument {argument[2]} of {argument[1]}()"
    if (variable := _VARIABLE.fullmatch(subject)) is not None:
        return f"{variable[2]} of {variable[1]}()"
    return subject


_ARGUMENT = late_regex(r"([\w.\- >]+)\((\d+)\)")
_VARIABLE = late_regex(r"(\w+):(\w+)")
_TAKES = late_regex(r"takes (?P<value>.+) in (?P<function>\w+\(\))")
_GOES = late_regex(r"its value goes to (?P<sink>.+)")
_PLACE = late_regex(r" \([\w./-]+\.[ch]:\d+\)")


_JARGON = (
    (late_regex(r"\bis a word that no helper makes"), "is no flag that the new type has"),
    (late_regex(r"\b(?:which )?is a word and has no twin"), "has no counterpart of the new type"),
    (late_regex(r"\bis a word\b"), "has the old type"),
    (late_regex(r"\b(has|keeps) the word\b"), r"\1 the old type"),
    (late_regex(r"\bis still a word's"), "is still the old one"),
    (late_regex(r"\bmasked word\b"), "masked value"),
    (late_regex(r"\bused as a word\b"), "used as an integer"),
    (late_regex(r"\btwin\b"), "counterpart"),
)


def kernel_words(text: str) -> str:
    """Return an obstacle in words for those who do not know this tool.

    >>> kernel_words("current->mm->def_flags is a word and has no twin")
    'current->mm->def_flags has no counterpart of the new type'
    """
    for pattern, words in _JARGON:
        text = pattern.sub(words, text)
    return text


def _reason(why: str, subject: str = "") -> str:
    """Return why something is done to a subject, in words of the kernel's and without a place."""
    why = _PLACE.sub("", why)
    if (takes := _TAKES.fullmatch(why)) is not None:
        own = _VARIABLE.fullmatch(subject)
        is_own = own is not None and takes["function"] == f"{own[1]}()"
        return (
            f"it takes {takes['value']}"
            if is_own
            else f"{takes['function']} passes {takes['value']}"
        )
    if (goes := _GOES.fullmatch(why)) is not None:
        return f"it is passed on as {subject_words(goes['sink'])}"
    # What is said of a decision's subject is said with a pronoun here.
    why = f"it {why}" if why.startswith("is ") else why
    return re.sub(r"([\w.]+)\((\d+)\)", r"argument \2 of \1()", kernel_words(why))


def _stated(decision: PlanDecision) -> str:
    """Say what stands for a setter, and what that no longer does."""
    statements = [one.strip() for one in decision.name.replace("; and ", ";").split(";") if one]
    target, _, value = statements[0].partition(" = ")
    less = f", and {decision.less}" if decision.less else ""
    if value and len(statements) == 1:
        return f"An assignment to {target} takes the place of {decision.subject}{less}."
    verb = "takes" if len(statements) == 1 else "take"
    return f"{' and '.join(statements)} {verb} the place of {decision.subject}{less}."


def _capital(text: str) -> str:
    """Begin a sentence; names and keywords of C keep their case."""
    first = text.split(" ", 1)[0]
    return text[:1].upper() + text[1:] if first == "argument" else text


def _sentence(decision: PlanDecision, new: str) -> str:
    where = f" in {decision.file}" if decision.file else ""
    verb = _VERBS.get(decision.action, decision.action)
    what = f" {new}" if decision.action == Action.MIGRATE else ""
    name = f" {decision.name}" if decision.name else ""
    return f"{decision.subject}{where} {verb}{what}{name}: {decision.why}"
