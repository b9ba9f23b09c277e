# SPDX-License-Identifier: GPL-2.0-only
"""OCaml's patterns, as Python asks for them.

In: the tokens of a pattern. Out: a `Pattern`: tests of a subject, and names with what they stand
for. Records, constructors of one's own, arrays and `as` are not covered.
"""

from __future__ import annotations

from msgspec import Struct, field

from vmaconv.cocci.script.ocaml_tokens import OcamlCursor, string_of


class Pattern(Struct):
    """`tests` are Python conditions that all have to hold; `names` are (OCaml name, value)."""

    tests: list[str] = field(default_factory=list)
    names: list[tuple[str, str]] = field(default_factory=list)

    def __iadd__(self, other: Pattern) -> Pattern:
        self.tests += other.tests
        self.names += other.names
        return self


def pattern(cursor: OcamlCursor, subject: str) -> Pattern:
    """Read a pattern for `subject`, which is a Python name, with its `|` and `,`."""
    first = _tuple(cursor, subject)
    others = []
    while cursor.accept("|"):
        others.append(_tuple(cursor, subject))
    if not others:
        return first
    if first.names or any(other.names for other in others):
        raise cursor.fail()
    arms = [" and ".join(arm.tests) or "True" for arm in (first, *others)]
    return Pattern([f"({' or '.join(f'({arm})' for arm in arms)})"])


def _tuple(cursor: OcamlCursor, subject: str) -> Pattern:
    start = cursor.at
    found = _cons(cursor, subject)
    if not cursor.accept(","):
        return found
    # What stood first is an element.
    cursor.at = start
    found = _cons(cursor, f"{subject}[0]")
    index = 1
    while cursor.accept(","):
        found += _cons(cursor, f"{subject}[{index}]")
        index += 1
    return found


def _cons(cursor: OcamlCursor, subject: str) -> Pattern:
    start = cursor.at
    found = atom(cursor, subject)
    if not cursor.accept("::"):
        return found
    cursor.at = start
    found = Pattern([f"len({subject}) > 0"])
    found += atom(cursor, f"{subject}[0]")
    cursor.accept("::")
    found += _cons(cursor, f"list({subject})[1:]")
    return found


_CONSTANTS = {"true": "{}", "false": "not {}", "None": "{} is None"}


def atom(cursor: OcamlCursor, subject: str) -> Pattern:
    """Read a pattern without operators: a name, a constant, what stands in brackets, `Some p`."""
    word = cursor.word
    if cursor.accept("()"):
        return Pattern()
    if cursor.accept("[]"):
        return Pattern([f"len({subject}) == 0"])
    if cursor.accept("("):
        found = pattern(cursor, subject)
        if cursor.accept(":"):
            cursor.expect("name")
        cursor.want(")")
        return found
    if cursor.accept("["):
        return _list(cursor, subject)
    cursor.at += 1
    match word.kind:
        case "number":
            return Pattern([f"{subject} == {int(word.text)}"])
        case "string" | "char":
            return Pattern([f"{subject} == {string_of(word)}"])
        case "name" if word.text in _CONSTANTS:
            return Pattern([_CONSTANTS[word.text].format(subject)])
        case "name" if word.text == "Some":
            found = Pattern([f"{subject} is not None"])
            found += atom(cursor, f"{subject}[0]")
            return found
        case "name" if word.text == "_":
            return Pattern()
        case "name" if cursor.is_plain(word):
            return Pattern([], [(word.text, subject)])
    raise cursor.fail(word)


def _list(cursor: OcamlCursor, subject: str) -> Pattern:
    found = Pattern()
    index = 0
    while not cursor.accept("]"):
        found += _cons(cursor, f"{subject}[{index}]")
        index += 1
        if not cursor.accept(";") and cursor.word.text != "]":
            raise cursor.fail()
    return Pattern([f"len({subject}) == {index}", *found.tests], found.names)
