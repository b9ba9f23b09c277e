# SPDX-License-Identifier: GPL-2.0-only
"""Macros that hand an argument on to a function: `#define g(v, f) (!!h(v, f, 1))`.

In: a place in a macro's body that names a function, or a macro's name. Out: which parameter of the
macro becomes which of the function. A call of the macro is one of the function then, as far as that
argument goes; the macro's text stays as it is. One that does anything else with the parameter is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import blank_out, line_start
from vmaconv.cocci.tree.unit import Unit

_HEAD = late_regex(rb"[ \t]*#[ \t]*define[ \t]+(\w+)\(([\w\s,\\]*)\)((?:[^\\\n]|\\.)*)", re.DOTALL)


class PassOn(Struct, frozen=True):
    """Parameter `index` (from 0) of `macro` is argument `argument` of `function`."""

    macro: bytes
    index: int
    function: bytes
    argument: int


def hands_itself_on(definition: bytes) -> bool:
    """Whether a macro only calls the function of its own name with its own parameters, in order.

    >>> hands_itself_on(b"#define f(a, b) f(a, b)"), hands_itself_on(b"#define f(a) f(a, 1)")
    (True, False)
    """
    head = _HEAD.match(definition)
    if head is None:
        return False
    body = b"".join(_joined(head[3]).split())
    return body == head[1] + b"(" + b",".join(_names(head[2])) + b")"


def passed_on(unit: Unit, offset: int, argument: int) -> PassOn | None:
    """Return what a macro whose body calls a function at `offset` hands on as its `argument`."""
    text = unit.text
    head = _HEAD.match(text, line_start(text, offset))
    if head is None:
        return None
    name = re.match(rb"\w+", text[offset:])
    found = [one for one in _of(head) if name is not None and one.function == name[0]]
    return next((one for one in found if one.argument == argument), None)


def of_macro(unit: Unit, macro: bytes) -> Iterator[list[PassOn]]:
    """Yield for each definition of a macro in a file what it hands on."""
    pattern = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+" + re.escape(macro) + rb"\(", re.MULTILINE)
    for match in pattern.finditer(unit.text):
        head = _HEAD.match(unit.text, match.start())
        yield _of(head) if head is not None else []


def _of(head: re.Match[bytes]) -> list[PassOn]:
    """Return the parameters that a macro uses once, as a whole argument of a call."""
    names = _names(head[2])
    body = _joined(blank_out(head[3], strings=True))
    found: list[PassOn] = []
    for call in re.finditer(rb"\b(\w+)\s*\(", body):
        for position, argument in enumerate(_arguments(body, call.end())):
            bare = argument.strip()
            while bare.startswith(b"(") and bare.endswith(b")"):
                bare = bare[1:-1].strip()
            once = bare in names and len(re.findall(rb"\b" + bare + rb"\b", body)) == 1
            if once:
                found.append(PassOn(head[1], names.index(bare), call[1], position))
    return found


def _arguments(body: bytes, start: int) -> Sequence[bytes]:
    parts: list[bytes] = []
    depth, begin = 0, start
    for at in range(start, len(body)):
        character = body[at : at + 1]
        if character in b"([{":
            depth += 1
        elif character in b")]}":
            if not depth:
                return [*parts, body[begin:at]]
            depth -= 1
        elif character == b"," and not depth:
            parts.append(body[begin:at])
            begin = at + 1
    return ()


def _names(text: bytes) -> list[bytes]:
    return [name.strip() for name in _joined(text).split(b",") if name.strip()]


def _joined(text: bytes) -> bytes:
    return re.sub(rb"\\\r?\n", b" ", text)
