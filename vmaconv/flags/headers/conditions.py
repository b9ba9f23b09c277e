# SPDX-License-Identifier: GPL-2.0-only
"""The conditions that lines of a header stand under.

In: the text of `#if`, `#ifdef`, `#elif`. Out: a `Condition`, which can be joined with others,
described to a person, and tried in every configuration. Nothing is decided here: what holds in a
configuration is asked of the caller, test by test.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex


class Constant(Struct, frozen=True):
    """A condition with a known value: no `#if` at all, `#if 0`, `__KERNEL__`."""

    value: bool


class Defined(Struct, frozen=True):
    """`defined(CONFIG_MMU)`, also written `#ifdef CONFIG_MMU`."""

    name: str


class Opaque(Struct, frozen=True):
    """A test that is not looked into: `CONFIG_ARCH_PKEY_BITS > 3`, `IS_ENABLED(CONFIG_KVM)`."""

    text: str


class Negation(Struct, frozen=True):
    inner: Condition


class Every(Struct, frozen=True):
    """All of several conditions (`&&`, nested `#if`s)."""

    parts: tuple[Condition, ...]


class Either(Struct, frozen=True):
    """One or more of several conditions (`||`)."""

    parts: tuple[Condition, ...]


Atom: TypeAlias = Defined | Opaque
Condition: TypeAlias = Constant | Defined | Opaque | Negation | Every | Either

ALWAYS = Constant(True)
NEVER = Constant(False)

# C that vmaconv converts is kernel C: these three are settled before any configuration is.
_SETTLED = {"__KERNEL__": True, "__ASSEMBLY__": False, "__ASSEMBLER__": False}


def defined(name: str) -> Condition:
    """Make the condition `defined(name)`, settled for `__KERNEL__` and `__ASSEMBLY__`."""
    return Constant(_SETTLED[name]) if name in _SETTLED else Defined(name)


def negate(condition: Condition) -> Condition:
    """Negate a condition, without piling up `!!`."""
    match condition:
        case Constant(value):
            return Constant(not value)
        case Negation(inner):
            return inner
        case _:
            return Negation(condition)


def every(parts: Sequence[Condition]) -> Condition:
    """Join conditions with `&&`, dropping what is always true."""
    kept = tuple(dict.fromkeys(part for part in parts if part != ALWAYS))
    if NEVER in kept:
        return NEVER
    return kept[0] if len(kept) == 1 else Every(kept) if kept else ALWAYS


def either(parts: Sequence[Condition]) -> Condition:
    """Join conditions with `||`, dropping what is never true."""
    kept = tuple(dict.fromkeys(part for part in parts if part != NEVER))
    if ALWAYS in kept:
        return ALWAYS
    return kept[0] if len(kept) == 1 else Either(kept) if kept else NEVER


def atoms(condition: Condition) -> Iterator[Atom]:
    """List the tests that a condition is made of, repetitions included."""
    match condition:
        case Constant():
            return
        case Defined() | Opaque():
            yield condition
        case Negation(inner):
            yield from atoms(inner)
        case Every(parts) | Either(parts):
            for part in parts:
                yield from atoms(part)


def holds(condition: Condition, truth: Callable[[Atom], bool]) -> bool:
    """Evaluate a condition, given what each of its tests is in one configuration."""
    match condition:
        case Constant(value):
            return value
        case Defined() | Opaque():
            return truth(condition)
        case Negation(inner):
            return not holds(inner, truth)
        case Every(parts):
            return all(holds(part, truth) for part in parts)
        case Either(parts):
            return any(holds(part, truth) for part in parts)


def describe(condition: Condition) -> str:
    """Write a condition for a person: `!CONFIG_MMU`, `CONFIG_ARM64 && !CONFIG_PPC64`."""
    match condition:
        case Constant(value):
            return "always" if value else "never"
        case Defined(name):
            return name
        case Opaque(text):
            return text
        case Negation(Every() | Either() as inner):
            return f"!({describe(inner)})"
        case Negation(Opaque(text)) if not re.fullmatch(r"\w+(\(\w*\))?", text):
            return f"!({text})"
        case Negation(inner):
            return f"!{describe(inner)}"
        case Every(parts):
            return " && ".join(
                f"({describe(part)})" if isinstance(part, Either) else describe(part)
                for part in parts
            )
        case Either(parts):
            return " || ".join(
                f"({describe(part)})" if isinstance(part, Every) else describe(part)
                for part in parts
            )


class TooManyTests(Exception):
    """A condition hangs on more tests than can be tried in all combinations."""


# Two to the power of this many configurations are tried at most; v6.19's words need five.
MOST_TESTS = 10


def configurations(tests: set[Atom], given: Condition = ALWAYS) -> Iterator[Callable[[Atom], bool]]:
    """Go through all ways in which tests may come out, each as a function for `holds`.

    Ways in which `given` does not hold are left out, as far as it speaks of these tests alone.
    Tests are taken as independent, so ways that no real configuration has are among them. Raises
    `TooManyTests` rather than leave any out.
    """
    parts = given.parts if isinstance(given, Every) else (given,)
    told = [part for part in parts if tests.issuperset(atoms(part))]
    fixed: dict[Atom, bool] = {}
    for part in told:
        match part:
            case Defined() | Opaque():
                fixed[part] = True
            case Negation(Defined() | Opaque() as inner):
                fixed[inner] = False
    free = sorted(tests - fixed.keys(), key=describe)
    if len(free) > MOST_TESTS:
        raise TooManyTests
    for way in itertools.product((False, True), repeat=len(free)):
        truth = {**fixed, **dict(zip(free, way, strict=True))}.__getitem__
        if all(holds(part, truth) for part in told):
            yield truth


_TOKEN = late_regex(r"&&|\|\||[()!]|\w+|\S")
_Tokens: TypeAlias = list[re.Match[str]]


def parse_condition(text: str) -> Condition:
    """Parse the text after `#if`: `defined(A) || (defined(B) && !defined(C))`.

    A comparison, a function-like test or anything else that is not made of `defined`, `!`, `&&`
    and `||` becomes one `Opaque`, which keeps the result true to the text if less detailed.
    """
    tokens = list(_TOKEN.finditer(text))
    parsed, end = _either(tokens, 0)
    return parsed if end == len(tokens) else Opaque(text.strip())


def _either(tokens: _Tokens, at: int) -> tuple[Condition, int]:
    part, at = _every(tokens, at)
    parts = [part]
    while at < len(tokens) and tokens[at][0] == "||":
        part, at = _every(tokens, at + 1)
        parts.append(part)
    return either(parts), at


def _every(tokens: _Tokens, at: int) -> tuple[Condition, int]:
    part, at = _operand(tokens, at)
    parts = [part]
    while at < len(tokens) and tokens[at][0] == "&&":
        part, at = _operand(tokens, at + 1)
        parts.append(part)
    return every(parts), at


def _operand(tokens: _Tokens, at: int) -> tuple[Condition, int]:
    """Parse up to the next `&&`, `||` or closing parenthesis of this depth."""
    end, depth = at, 0
    while end < len(tokens) and (depth or tokens[end][0] not in ("&&", "||", ")")):
        depth += (tokens[end][0] == "(") - (tokens[end][0] == ")")
        end += 1
    return _operand_in(tokens[at:end]), end


def _operand_in(tokens: _Tokens) -> Condition:
    match [token[0] for token in tokens]:
        case []:
            return Opaque("")
        case ["defined", "(", name, ")"] | ["defined", name]:
            return defined(name)
        case ["0"]:
            return NEVER
        case ["1"]:
            return ALWAYS
        case ["!", _, *_]:
            inner, end = _operand(tokens[1:], 0)
            if end == len(tokens) - 1:
                return negate(inner)
        case ["(", *_, ")"]:
            inner, end = _either(tokens[1:-1], 0)
            if end == len(tokens) - 2:
                return inner
    return Opaque(tokens[0].string[tokens[0].start() : tokens[-1].end()])
