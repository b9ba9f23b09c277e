# SPDX-License-Identifier: GPL-2.0-only
"""What `include/linux/mm.h` defines as VMA flags, and what it comes to in each configuration.

In: that header, and the few others that define masks of its flags. Out: `Definitions`: every
`#define` of a word or mask taken apart into what is or-ed in it, every declaration of a bit, and
their values over all configurations. What may be converted is left to `flags`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeAlias, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.flags.headers.conditions import (
    ALWAYS,
    NEVER,
    Atom,
    Condition,
    Defined,
    TooManyTests,
    atoms,
    configurations,
    holds,
)
from vmaconv.flags.headers.header_lines import (
    Define,
    HeaderPlace,
    Invocation,
    read_header,
    read_lines,
)
from vmaconv.flags.table.definition_terms import (
    BIT_NUMBER,
    NamedBit,
    NamedWord,
    Number,
    OtherText,
    Term,
    read_terms,
)

HEADER = "include/linux/mm.h"

MORE_HEADERS = ("include/linux/userfaultfd_k.h",)
"""Headers that include `HEADER` and define masks of its flags (`__VM_UFFD_FLAGS`)."""


class Definition(Struct, frozen=True):
    """One `#define` of a word or mask: what is or-ed in it, and the text that says so."""

    terms: tuple[Term, ...]
    text: str
    place: HeaderPlace
    condition: Condition


class BitDeclaration(Struct, frozen=True):
    """`DECLARE_VMA_BIT(READ, 0)`: a number; `DECLARE_VMA_BIT_ALIAS(SAO, ARCH_1)`: a bit's name."""

    value: int | str
    place: HeaderPlace
    condition: Condition

    @property
    def text(self) -> str:
        return self.value if isinstance(self.value, str) else f"bit {self.value}"


Truth: TypeAlias = Callable[[Atom], bool]
_Value = TypeVar("_Value")


def only(values: set[_Value]) -> _Value | None:
    """Return the value that all configurations agree in, if they do."""
    return next(iter(values)) if len(values) == 1 else None


def asks_for(name: str, condition: Condition) -> bool:
    """Return whether a condition asks if the name is defined already (`#ifndef VM_GROWSUP`)."""
    return Defined(name) in atoms(condition)


class Definitions:
    """All definitions of words and masks, all declarations of bits, and what they come to.

    `lines` and `bits` are by name, in the header's order; nothing changes after reading.
    """

    def __init__(
        self,
        lines: Mapping[str, tuple[Definition, ...]],
        bits: Mapping[str, tuple[BitDeclaration, ...]],
        declares_bits: bool,
    ) -> None:
        self.lines = lines
        self.bits = bits
        self.declares_bits = declares_bits

    def numbers(self, name: str, bit: str) -> set[int | None]:
        """Return a bit's numbers over the configurations that have its word, None for no bit.

        Raises `TooManyTests` where there are too many configurations to go through.
        """
        ways = configurations(self._tests(name, set()))
        return {self._number(bit, truth) for truth in ways if self._active(name, truth)}

    def bit_number(self, bit: str) -> int | None:
        """Return a bit's number, if it has one and the same in every configuration."""
        try:
            ways = configurations(self._tests_of_bit(bit))
            return only({self._number(bit, truth) for truth in ways})
        except TooManyTests:
            return None

    def value(self, name: str) -> frozenset[int] | None:
        """Return a word's bit numbers, if all configurations that have the word agree in them."""
        try:
            ways = configurations(self._tests(name, set()))
            return only({self._value(name, truth) for truth in ways if self._active(name, truth)})
        except TooManyTests:
            return None

    def is_everywhere(self, name: str) -> bool:
        """Return whether every configuration has the word."""
        try:
            ways = configurations(self._tests(name, set()))
            return all(self._active(name, truth) for truth in ways)
        except TooManyTests:
            return False

    def is_declared(self, bit: str) -> bool:
        """Return whether every configuration declares a bit."""
        try:
            ways = configurations(self._tests_of_bit(bit))
            return all(self._number(bit, truth) is not None for truth in ways)
        except TooManyTests:
            return False

    def is_own_bit(self, name: str, bit: str, given: Condition) -> bool:
        """Return whether a word is that bit in all configurations, of those in which `given` holds."""
        some = False
        try:
            for truth in configurations(self._tests(name, set()) | self._tests_of_bit(bit), given):
                if self._active(name, truth):
                    number = self._number(bit, truth)
                    if number is None or self._value(name, truth) != frozenset({number}):
                        return False
                    some = True
        except TooManyTests:
            return False
        return some

    def symbols(self, name: str) -> frozenset[str]:
        """Return the macros (`CONFIG_64BIT`) that the definitions of a word stand under."""
        tests = self._tests(name, set())
        return frozenset(test.name for test in tests if isinstance(test, Defined))

    def are_same(
        self, name: str, other: str, given: Condition = ALWAYS, alone: bool = False
    ) -> bool:
        """Return whether two words are the same bits, and not always none, wherever the first is.

        Only configurations in which `given` holds are looked at. `alone` says that no other header
        defines the first: what `#ifndef` asks for is here, or nowhere.
        """
        some = False
        try:
            tests = self._tests(name, set()) | self._tests(other, set())
            for truth in configurations(tests, given):
                if self._active(name, truth):
                    value = self._value(name, truth, alone=alone)
                    if value is None or value != self._value(other, truth):
                        return False
                    some = some or bool(value)
        except TooManyTests:
            return False
        return some

    def _tests(self, name: str, seen: set[str]) -> set[Atom]:
        """Return the tests that a word's definitions, and all that they name, stand under."""
        found: set[Atom] = set()
        if name in seen:
            return found
        seen.add(name)
        for definition in self.lines.get(name, ()):
            for test in atoms(definition.condition):
                if not isinstance(test, Defined) or test.name not in self.lines:
                    found.add(test)
                elif test.name != name:
                    found |= self._tests(test.name, seen)
            for term in definition.terms:
                match term:
                    case NamedBit(bit):
                        found |= self._tests_of_bit(bit)
                    case NamedWord(word):
                        found |= self._tests(word, seen)
        return found

    def _tests_of_bit(self, bit: str, above: tuple[str, ...] = ()) -> set[Atom]:
        found: set[Atom] = set()
        for declaration in self.bits.get(bit, ()):
            found.update(atoms(declaration.condition))
            if isinstance(declaration.value, str) and declaration.value not in above:
                found |= self._tests_of_bit(declaration.value, (*above, bit))
        return found

    def _active(self, name: str, truth: Truth) -> Definition | None:
        """Return the definition that a configuration has; `#ifndef VM_X` asks for the ones above."""
        active: Definition | None = None
        for definition in self.lines.get(name, ()):
            if holds(definition.condition, self._knowing(definition, truth)):
                active = definition
        return active

    def _knowing(self, line: Definition, truth: Truth) -> Truth:
        """Answer `defined(VM_X)` where `line` stands: by what the lines above it define.

        What stands under `#ifndef VM_X` itself does not count: the question was asked before it.
        """

        def known(test: Atom) -> bool:
            if not isinstance(test, Defined) or test.name not in self.lines:
                return truth(test)
            above = [
                one
                for one in self.lines[test.name]
                if _order(one.place) < _order(line.place) and not asks_for(test.name, one.condition)
            ]
            return any(holds(one.condition, self._knowing(one, truth)) for one in above)

        return known

    def _number(self, bit: str, truth: Truth, above: tuple[str, ...] = ()) -> int | None:
        for declaration in self.bits.get(bit, ()):
            if holds(declaration.condition, truth):
                if isinstance(declaration.value, int):
                    return declaration.value
                if declaration.value not in above:
                    return self._number(declaration.value, truth, (*above, bit))
        return None

    def _value(
        self, name: str, truth: Truth, above: tuple[str, ...] = (), alone: bool = False
    ) -> frozenset[int] | None:
        """Return the bit numbers that a word is in one configuration, None if that is not known."""
        definition = self._active(name, truth)
        if definition is None or name in above:
            return None
        if asks_for(name, definition.condition) and not alone:
            return None
        numbers: set[int | None] = set()
        for term in definition.terms:
            match term:
                case NamedBit(bit):
                    numbers.add(self._number(bit, truth))
                case Number(value):
                    numbers.update(n for n in range(value.bit_length()) if value >> n & 1)
                case NamedWord(word):
                    inner = self._value(word, truth, (*above, name))
                    numbers.update((None,) if inner is None else inner)
                case OtherText():
                    numbers.add(None)
        known = frozenset(number for number in numbers if number is not None)
        return known if len(known) == len(numbers) else None


def _order(place: HeaderPlace) -> tuple[bool, int]:
    """Return which of two lines the compiler sees first: `HEADER` is included by the others."""
    return place.path != HEADER, place.line


FLAG_NAME = late_regex(r"(?:ARCH_|__)?VMA?_\w+")


def read_definitions(root: Path) -> Definitions:
    """Read `include/linux/mm.h`, and the `MORE_HEADERS` that the tree has.

    Raises `KernelTreeError` where the first cannot be read.
    """
    statements = ("DECLARE_VMA_BIT", "DECLARE_VMA_BIT_ALIAS")
    paths = (HEADER, *(path for path in MORE_HEADERS if (root / path).is_file()))
    lines = [
        line
        for path in paths
        for line in read_lines(read_header(root, path), path, statements)
        if line.condition != NEVER
    ]
    bits = _declared_bits(lines)
    declares_bits = bool(bits)
    defines = [line for line in lines if isinstance(line, Define) and line.params is None]
    numbers = {line.name: int(line.body) for line in defines if BIT_NUMBER.fullmatch(line.body)}
    words: dict[str, tuple[Definition, ...]] = {}
    for line in defines:
        # VM_FAULT_* (vm_fault_t) were #defines in mm.h before they became an enum in mm_types.h.
        if FLAG_NAME.fullmatch(line.name) and not line.name.startswith("VM_FAULT_"):
            terms = read_terms(line.body, numbers)
            definition = Definition(terms, line.body, line.place, line.condition)
            named = _name_bit(line.name, definition, bits, declares_bits)
            words[line.name] = (*words.get(line.name, ()), named)
    return Definitions(_drop_strangers(words), bits, declares_bits)


def _declared_bits(lines: Iterable[Define | Invocation]) -> dict[str, tuple[BitDeclaration, ...]]:
    bits: dict[str, tuple[BitDeclaration, ...]] = {}
    for line in lines:
        if isinstance(line, Invocation) and len(line.arguments) == 2:
            name, value = line.arguments
            number: int | str = int(value) if BIT_NUMBER.fullmatch(value) else f"VMA_{value}_BIT"
            bit = f"VMA_{name}_BIT"
            declaration = BitDeclaration(number, line.place, line.condition)
            bits[bit] = (*bits.get(bit, ()), declaration)
    return bits


def _name_bit(
    name: str,
    definition: Definition,
    bits: dict[str, tuple[BitDeclaration, ...]],
    declares_bits: bool,
) -> Definition:
    """Return a word that is a plain number the name of its bit.

    In a tree without names for bits, that is the name that later trees give it, and the bit is
    there where the word is. In a tree with them, the bit must be declared and have that number.
    """
    match definition.terms:
        case (Number(value),) if value.bit_count() == 1:
            bit, number = f"VMA_{name.removeprefix('VM_')}_BIT", value.bit_length() - 1
            if not declares_bits:
                declaration = BitDeclaration(number, definition.place, definition.condition)
                bits[bit] = (*bits.get(bit, ()), declaration)
                return replace(definition, terms=(NamedBit(bit),))
            if any(declaration.value == number for declaration in bits.get(bit, ())):
                return replace(definition, terms=(NamedBit(bit),))
    return definition


def _drop_strangers(
    definitions: Mapping[str, tuple[Definition, ...]],
) -> dict[str, tuple[Definition, ...]]:
    """Keep the words that some definition makes of bits, masks in numbers or other kept words."""
    kept = {"VM_NONE"} & definitions.keys()
    grown = True
    while grown:
        more = {
            name
            for name, lines in definitions.items()
            if name not in kept and any(_is_flags(line, kept) for line in lines)
        }
        kept |= more
        grown = bool(more)
    return {name: lines for name, lines in definitions.items() if name in kept}


def _is_flags(definition: Definition, kept: set[str]) -> bool:
    if not definition.terms:
        return definition.text in ("VM_NONE", "EMPTY_VMA_FLAGS")
    return any(
        isinstance(term, NamedBit | Number)
        or (isinstance(term, NamedWord) and term.name in kept)
        or (isinstance(term, OtherText) and not kept.isdisjoint(re.findall(r"\w+", term.text)))
        for term in definition.terms
    )
