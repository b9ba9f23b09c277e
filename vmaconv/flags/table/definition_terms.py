# SPDX-License-Identifier: GPL-2.0-only
"""What a definition of flags says: bits, numbers and other words, or-ed.

In: the body of a `#define`, `VM_READ | BIT(31)`. Out: its `Term`s, in the order of the text. What they
come to in a configuration is left to `flag_definitions`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex


class NamedBit(Struct, frozen=True):
    """A bit by its name: `VMA_READ_BIT`, written `INIT_VM_FLAG(READ)` in a word's definition."""

    name: str


class Number(Struct, frozen=True):
    """A mask by its value: `0x4000`, `BIT(31)`."""

    value: int


class NamedWord(Struct, frozen=True):
    """Another word or mask by its name: `VM_IO`, `VMA_SPECIAL_FLAGS`."""

    name: str


class OtherText(Struct, frozen=True):
    """Text that is no constant set of flags: `TASK_EXEC_BIT`, `(VM_READ + 1)`."""

    text: str


Term: TypeAlias = NamedBit | Number | NamedWord | OtherText


_OWN_BIT = late_regex(r"INIT_VM_FLAG\( ?(\w+) ?\)|BIT\( ?(?:\(__force int\) ?)?VMA_(\w+)_BIT ?\)")
_SHIFTED = late_regex(r"(?:_?BITULL?|BIT|BIT_ULL)\( ?(\w+) ?\)|1[uUlL]* ?<< ?(\w+)")
BIT_NUMBER = late_regex(r"\d{1,3}")
"""How a bit's number is written, and no mask."""
_HEXADECIMAL = late_regex(r"(0[xX][0-9a-fA-F]+|0)[uUlL]*")
_CALL = late_regex(r"(\w+)\( ?(.*?) ?\)")


def read_terms(body: str, numbers: Mapping[str, int]) -> tuple[Term, ...]:
    """Read a definition's body as the flags that are or-ed in it, in the order of the text.

    `numbers` are the bit numbers that have a name (`#define VM_HIGH_ARCH_BIT_0 32`). A decimal
    number is never a mask: that is how bit numbers and unrelated constants are written.
    """
    return tuple(term for piece in _split(body, "|") for term in _terms_of(_unwrap(piece), numbers))


def _terms_of(piece: str, numbers: Mapping[str, int]) -> tuple[Term, ...]:
    if len(_split(piece, "|")) > 1:
        return read_terms(piece, numbers)
    if piece in ("VM_NONE", "EMPTY_VMA_FLAGS"):
        return ()
    if own := _OWN_BIT.fullmatch(piece):
        return (NamedBit(f"VMA_{own[1] or own[2]}_BIT"),)
    if shifted := _SHIFTED.fullmatch(piece):
        amount = shifted[1] or shifted[2]
        number = int(amount) if BIT_NUMBER.fullmatch(amount) else numbers.get(amount)
        return (Number(1 << number) if number is not None else OtherText(piece),)
    if literal := _HEXADECIMAL.fullmatch(piece):
        value = int(literal[1], 16)
        return (Number(value),) if value else ()
    if re.fullmatch(r"[A-Za-z_]\w*", piece):
        return (NamedWord(piece),)
    if call := _CALL.fullmatch(piece):
        arguments = _split(call[2], ",")
        match call[1]:
            case "mk_vma_flags":
                return tuple(map(_bit, arguments))
            case "append_vma_flags":
                return (*_terms_of(arguments[0], numbers), *map(_bit, arguments[1:]))
            case "mk_vma_flags_from_masks" | "vma_flags_to_legacy":
                return tuple(term for part in arguments for term in _terms_of(part, numbers))
    return (OtherText(piece),)


def _bit(argument: str) -> Term:
    return NamedBit(argument) if re.fullmatch(r"VMA_\w+_BIT", argument) else OtherText(argument)


def _split(text: str, separator: str) -> list[str]:
    """Split at a separator that stands outside of all parentheses, and strip the parts."""
    parts, depth, start = [], 0, 0
    text = _unwrap(text)
    for at, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if character == separator and not depth:
            parts.append(text[start:at].strip())
            start = at + 1
    return [*parts, text[start:].strip()]


def _unwrap(text: str) -> str:
    """Take off parentheses that hold the whole text."""
    text = text.strip()
    while text.startswith("(") and text.endswith(")"):
        depth = 0
        for at, character in enumerate(text):
            depth += (character == "(") - (character == ")")
            if not depth and at < len(text) - 1:
                return text
        text = text[1:-1].strip()
    return text
