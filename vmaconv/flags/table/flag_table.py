# SPDX-License-Identifier: GPL-2.0-only
"""The flag table: which bits and masks a tree has for the words `VM_READ`, `VM_REMAP_FLAGS`, …

In: a tree's `include/linux/mm.h` (and other headers for the few masks that it leaves to the
architecture, opened only when such a mask is asked for). Out: a `FlagTable`, which says for a word
what it becomes: bits, a named mask, or why it cannot be converted. How the helpers that take the
bits are spelt is left to `generation`.

What makes a word convertible is decided over configurations, not over text:

- Each definition of the word is one bit, the same one: `VM_NONE` in one `#if` arm is a refusal,
  since `& VM_NONE` is constant false there while the bit is another flag's or does not exist.
- Wherever the word exists its bit is declared. The number may differ: `VM_STACK` is `GROWSUP`'s or
  `GROWSDOWN`'s bit, and `VMA_STACK_BIT` is the same one in each configuration.
- A word that exists in some configurations only (`VM_SAO` for `CONFIG_PPC64`, `VM_MAYOVERLAY` for
  `!CONFIG_MMU`) is convertible by the two rules above: code that names it compiles only there, and
  there the bit exists and is the same. A compound that is defined everywhere is not expanded
  through such a word, though.
- A use that stands under a condition (`#ifdef` around it, its file's Kbuild line) is asked about
  with it: only the configurations that compile the use count.
- Tests are taken as independent of each other (`CONFIG_X86` and `CONFIG_PPC64` may both hold).
  Every rule speaks of all configurations, so what cannot occur can only add a refusal.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal, TypeAlias

from msgspec import Struct

from vmaconv.flags.headers.conditions import (
    ALWAYS,
    MOST_TESTS,
    Condition,
    TooManyTests,
)
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.flags.table import bitmap_room
from vmaconv.flags.table.bitmap_room import lacks_room
from vmaconv.flags.table.definition_terms import NamedBit, NamedWord, Number, OtherText, Term
from vmaconv.flags.table.definition_wording import places_of, term_text, where_defined
from vmaconv.flags.table.flag_definitions import (
    HEADER,
    Definitions,
    asks_for,
    only,
    read_definitions,
)
from vmaconv.flags.table.outside_definitions import OutsideDefinitions
from vmaconv.flags.table.twin_masks import is_bitmap, twin_mask


class Flag(Struct, frozen=True):
    """One flag's word: `VM_READ`, its bit's name, the bit's number where it is one number.

    `derived` says that the tree has no names for bits yet (plain hexadecimal words, as in Linux
    6.12), so that the bit's name is the one that later trees give it.
    """

    name: str
    bit: str
    number: int | None
    place: HeaderPlace
    derived: bool


class NamedMask(Struct, frozen=True):
    """A named compound: `VM_REMAP_FLAGS`, its bits in the header's order, its bitmap twin.

    `members` is None where the bits are not the same in every configuration.
    """

    name: str
    members: tuple[str, ...] | None
    twin: str | None
    place: HeaderPlace


class Bits(Struct, frozen=True):
    """The word is these bits in every configuration that has it; none of them for `VM_NONE`."""

    bits: tuple[str, ...]


class MaskTwin(Struct, frozen=True):
    """The word has a bitmap twin, `VMA_REMAP_FLAGS`; `bits` are its bits where they are fixed."""

    mask: str
    bits: tuple[str, ...] | None


Code: TypeAlias = Literal[
    "not-a-flag",
    "several-definitions",
    "conditional",
    "no-bit",
    "no-mask",
    "architecture",
    "not-constant",
]


class Refused(Struct, frozen=True):
    """The word cannot be converted; `reason` is for a person, `place` the line that decides."""

    code: Code
    reason: str
    place: HeaderPlace | None


Resolution: TypeAlias = Bits | MaskTwin | Refused


class FlagTable:
    """A tree's VMA flags. Names are whole identifiers: `VM_READ`, `VMA_READ_BIT`.

    Answers are computed when first asked for and kept; the table itself does not change.

    >>> table = read_flag_table(Path("fixtures/kernel"))
    >>> table.resolve("VM_SHARED")
    Bits(bits=('VMA_SHARED_BIT',))
    """

    def __init__(self, root: Path, definitions: Definitions, by_name: bool = False) -> None:
        """`by_name` keeps the bits of a compound together: without a bitmap twin it is refused."""
        self._definitions = definitions
        self._by_name = by_name and definitions.declares_bits
        self._lines = definitions.lines
        self._answers: dict[str, Resolution] = {}
        self._given: dict[tuple[str, Condition], Resolution] = {}
        self._outside = OutsideDefinitions(root, definitions.lines)
        self._words: dict[str, str] | None = None

    @property
    def declares_bits(self) -> bool:
        """Return whether the tree names its bits; if not, `Flag.derived` holds for every flag."""
        return self._definitions.declares_bits

    def __contains__(self, name: str) -> bool:
        return name in self._lines

    def names(self) -> tuple[str, ...]:
        """Return the words and masks of the table, in the header's order."""
        return tuple(self._lines)

    def flag(self, name: str) -> Flag | None:
        """Return one flag's word, convertible or not; None for compounds and strangers."""
        for definition in self._lines.get(name, ()):
            match definition.terms:
                case (NamedBit(bit),) if not is_bitmap(name):
                    try:
                        number = only(self._definitions.numbers(name, bit))
                    except TooManyTests:
                        number = None
                    return Flag(name, bit, number, definition.place, not self.declares_bits)
        return None

    def beyond_int(self, word: bytes) -> bool:
        """Return whether a word may have bits above 31, which a kernel of 64 bits has."""
        name = word.decode(errors="replace")
        flag = self.flag(name)
        if flag is not None:
            numbers = {flag.number} if flag.number is not None else self._numbers_of(flag)
            return any(number is None or number > 31 for number in numbers)
        mask = self.mask(name)
        if mask is None:
            return False
        bits = mask.members if mask.members is not None else (None,)
        numbers = {self.bit_number(bit) if bit is not None else None for bit in bits}
        return any(number is None or number > 31 for number in numbers)

    def _numbers_of(self, flag: Flag) -> set[int | None]:
        try:
            return self._definitions.numbers(flag.name, flag.bit)
        except TooManyTests:
            return {None}

    def mask(self, name: str) -> NamedMask | None:
        """Return a named compound (`VM_REMAP_FLAGS`, `VMA_REMAP_FLAGS`); None for all else."""
        if name not in self._lines or self.flag(name):
            return None
        members = self._members(name)
        twin = self._twin(name) if not is_bitmap(name) else None
        place = self._lines[name][0].place
        return NamedMask(name, None if isinstance(members, Refused) else members, twin, place)

    def resolve(self, name: str) -> Resolution:
        """Return what a word becomes; a bitmap mask (`VMA_REMAP_FLAGS`) stays what it is.

        In v6.19, `VM_REMAP_FLAGS` gives the bits of IO, PFNMAP, DONTEXPAND and DONTDUMP; where the
        tree has `VMA_REMAP_FLAGS`, that name and the bits; `VM_GROWSUP` gives `Refused`, with
        "VM_GROWSUP is VM_NONE where nothing above defines it (include/linux/mm.h:482)".
        """
        if name not in self._answers:
            self._answers[name] = self._resolve(name)
        return self._answers[name]

    def resolve_given(self, name: str, given: Condition) -> Resolution:
        """Return what a word becomes where it stands under the condition `given`.

        `VM_SEALED` is `VM_NONE` where there is no `CONFIG_64BIT`; given `Defined("CONFIG_64BIT")`
        it is `VMA_SEALED_BIT`.
        """
        plain = self.resolve(name)
        if not isinstance(plain, Refused) or plain.code == "not-a-flag" or given == ALWAYS:
            return plain
        if (name, given) not in self._given:
            self._given[name, given] = self._resolve_given(name, given) or plain
        return self._given[name, given]

    def twin(self, name: str) -> str | None:
        """Return the bitmap mask that is the same as a word everywhere: `VMA_UFFD_WP`, or None."""
        return self._twin(name) if name in self._lines else None

    def tests_of(self, name: str) -> frozenset[str]:
        """Return the `CONFIG_` symbols that decide what a word is."""
        flag = self.flag(name)
        room = {bitmap_room.SYMBOL} if flag is not None and self._lacks_room(flag) else set()
        return self._definitions.symbols(name) | room

    def word(self, name: str) -> str | None:
        """Go back from a bit or a bitmap mask to its word: `VMA_READ_BIT` to `VM_READ`.

        None where no word says the same in every configuration that has the word.
        """
        if self._words is None:
            self._words = {}
            for word in self._lines:
                flag = self.flag(word)
                if flag and isinstance(self.resolve(word), Bits):
                    self._words.setdefault(flag.bit, word)
                if not is_bitmap(word) and (twin := self._twin(word)):
                    self._words.setdefault(twin, word)
        return self._words.get(name)

    def repeated(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the bits that or-ed words name more than once, as `VM_REMAP_FLAGS | VM_IO` does.

        Two aliases of one bit count as that bit. Words whose bits are not fixed are passed over.
        """
        seen: set[int | str] = set()
        again: list[str] = []
        for name in names:
            match self.resolve(name):
                case Bits(bits) | MaskTwin(_, tuple(bits)):
                    for bit in bits:
                        number = self.bit_number(bit)
                        key = bit if number is None else number
                        again += [bit] if key in seen else []
                        seen.add(key)
        return tuple(dict.fromkeys(again))

    def value_of(self, name: str) -> int | None:
        """Return a word's value (`VM_SHARED` is 8), if all configurations that have it agree."""
        value = self._definitions.value(name)
        return None if value is None else sum(1 << number for number in value)

    def bit_number(self, bit: str) -> int | None:
        """Return a bit's number (`VMA_SHARED_BIT` is 3), if it is one in every configuration."""
        return self._definitions.bit_number(bit)

    # --- Decisions

    def _resolve(self, name: str) -> Resolution:
        if name not in self._lines:
            return self._stranger(name)
        if is_bitmap(name):
            members = self._members(name)
            return MaskTwin(name, None if isinstance(members, Refused) else members)
        flag = self.flag(name)
        if flag is None:
            members = self._members(name)
        elif obstacle := self._obstacle(flag) or self._left_to_others(name):
            members = obstacle
        else:
            return Bits((flag.bit,))
        if twin := self._twin(name):
            return MaskTwin(twin, None if isinstance(members, Refused) else members)
        if isinstance(members, Refused):
            return members
        if self._by_name and members:
            place = self._lines[name][0].place
            return Refused("no-mask", f"the headers have no bitmap of {name} ({place})", place)
        return Bits(members)

    def _resolve_given(self, name: str, given: Condition) -> Resolution | None:
        flag = self.flag(name)
        own = flag is not None and not self._left_to_others(name)
        if flag is not None and own and self._definitions.is_own_bit(name, flag.bit, given):
            return None if self._lacks_room(flag, given) else Bits((flag.bit,))
        twin = self._twin(name, given) if name in self._lines else None
        return MaskTwin(twin, None) if twin is not None else None

    def _lacks_room(self, flag: Flag, given: Condition = ALWAYS) -> bool:
        conditions = [definition.condition for definition in self._lines[flag.name]]
        return self.declares_bits and lacks_room(flag.number, conditions, given)

    def _obstacle(self, flag: Flag) -> Refused | None:
        """Return what keeps a flag's word from being its bit wherever the word exists."""
        for definition in self._lines[flag.name]:
            if definition.terms != (NamedBit(flag.bit),):
                reason = f"{flag.name} is {definition.text} {where_defined(flag.name, definition)}"
                return Refused("several-definitions", reason, definition.place)
        declarations = self._definitions.bits.get(flag.bit, ())
        if not declarations:
            reason = f"{flag.name} ({flag.place}) is {flag.bit}, which {HEADER} does not declare"
            return Refused("no-bit", reason, flag.place)
        if self._lacks_room(flag):
            reason = f"{flag.name} ({flag.place}) is bit {flag.number}"
            reason += ", for which kernels of 32 bits have no room"
            return Refused("conditional", reason, flag.place)
        if flag.number is not None:
            return None
        try:
            numbers = self._definitions.numbers(flag.name, flag.bit)
        except TooManyTests:
            reason = f"{flag.name} ({flag.place}) hangs on more than {MOST_TESTS} conditions"
            return Refused("conditional", reason, flag.place)
        if None in numbers:
            ways = ", ".join(f"{one.text} {where_defined(flag.bit, one)}" for one in declarations)
            reason = f"{flag.bit} is not declared in every configuration that has {flag.name}"
            return Refused("conditional", f"{reason} ({flag.place}): it is {ways}", flag.place)
        return None

    def _members(self, name: str, above: tuple[str, ...] = ()) -> tuple[str, ...] | Refused:
        """Return a compound's bits, each once, or say which part of it is not fixed."""
        definitions = self._lines[name]
        first = definitions[0]
        if any(definition.terms != first.terms for definition in definitions):
            ways = ", ".join(f"{one.text} {where_defined(name, one)}" for one in definitions)
            return Refused("several-definitions", f"{name} is {ways}", first.place)
        if above and not self._definitions.is_everywhere(name):
            reason = f"{name} is defined only {where_defined(name, first)}"
            return Refused("conditional", reason, first.place)
        if others := self._left_to_others(name):
            return others
        members: list[str] = []
        for term in first.terms:
            part = self._member(term, first.place, (*above, name))
            if isinstance(part, Refused):
                reason = f"{name} ({first.place}) includes {term_text(term)}: {part.reason}"
                return Refused(part.code, reason, part.place)
            members += part
        return tuple(dict.fromkeys(members))

    def _member(
        self, term: Term, place: HeaderPlace, above: tuple[str, ...]
    ) -> tuple[str, ...] | Refused:
        match term:
            case NamedBit(bit) if self._definitions.is_declared(bit):
                return (bit,)
            case NamedBit(bit):
                reason = f"{bit} is not declared in every configuration"
                return Refused("conditional", reason, place)
            case Number(value):
                reason = f"{HEADER} declares no bit for {value:#x}"
                return Refused("no-bit", reason, place)
            case NamedWord(word) if word in self._lines and word not in above:
                return self._member_word(word, above)
            case NamedWord(word) if (stranger := self._stranger(word)).code == "architecture":
                return stranger
            case NamedWord() | OtherText():
                return Refused("not-constant", "that is no constant set of flags", place)

    def _member_word(self, word: str, above: tuple[str, ...]) -> tuple[str, ...] | Refused:
        flag = self.flag(word)
        if flag is None:
            return self._members(word, above)
        if obstacle := self._obstacle(flag) or self._left_to_others(word):
            return obstacle
        if self._definitions.is_everywhere(word):
            return (flag.bit,)
        reason = f"{word} is defined only {where_defined(word, self._lines[word][0])}"
        return Refused("conditional", reason, flag.place)

    def _twin(self, name: str, given: Condition = ALWAYS) -> str | None:
        return twin_mask(self._definitions, self._outside, name, given)

    # --- What other headers define

    def _stranger(self, name: str) -> Refused:
        """Tell a name that the core header uses but leaves to others from one it does not know."""
        if found := self._outside.of(name):
            reason = f"{name} is left to the architecture: {places_of(found)}"
            return Refused("architecture", reason, found[0].place)
        return Refused(
            "not-a-flag", f"{name} is no VMA flag: {HEADER} has no flag of that name", None
        )

    def _left_to_others(self, name: str) -> Refused | None:
        """Refuse a word that `mm.h` defines only where no other header has."""
        guarded = [one for one in self._lines[name] if asks_for(name, one.condition)]
        if not guarded or not (found := self._outside.of(name)):
            return None
        default = guarded[-1].place
        reason = f"{name} is left to the architecture: {places_of(found)}, by default {default}"
        return Refused("architecture", reason, default)

    def read_others(self) -> None:
        """Look up what other headers than `mm.h` define, which is done when it is first asked for."""
        self._outside.read()


def read_flag_table(root: Path, by_name: bool = False) -> FlagTable:
    """Read the flag table of the tree at `root`; `by_name` refuses compounds without a bitmap twin.

    Opens `include/linux/mm.h` only. Raises `KernelTreeError` where that cannot be read.
    """
    return FlagTable(root, read_definitions(root), by_name)
