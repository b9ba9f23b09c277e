# SPDX-License-Identifier: GPL-2.0-only
"""The words of the type that an integer or floating literal has.

In: the text of a literal, and the widths of `int` and `long` where they are told. Out: `int`,
`unsigned long`, `double`. Without widths only the suffix decides, as spatch has it.
"""

from __future__ import annotations

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex

_INTEGER = late_regex(rb"(0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)([uUlL]*)\Z")


class Widths(Struct, frozen=True):
    """How many bits `int` and `long` have."""

    int_bits: int
    long_bits: int


def literal_type(text: bytes, widths: Widths | None = None) -> bytes:
    """Return the type of a number, as words.

    >>> literal_type(b"1UL"), literal_type(b"1.0f"), literal_type(b"4294967295", Widths(32, 32))
    (b'unsigned long', b'float', b'unsigned long')
    """
    match = _INTEGER.match(text)
    if match is None:
        return b"float" if text[-1:] in b"fF" else b"double"
    suffix = match[2].lower()
    unsigned, longs = b"u" in suffix, suffix.count(b"l")
    if widths is not None and longs < 2:
        value = _value(match[1])
        decimal = not match[1].startswith(b"0") or value == 0
        for candidate, bits in _candidates(widths, unsigned, longs, decimal):
            if value < 1 << bits:
                return candidate
        longs = 2
    words = [b"unsigned"] * unsigned + [b"long"] * longs
    return b" ".join(words if longs else [*words, b"int"])


def _value(digits: bytes) -> int:
    if len(digits) > 1 and digits[:1] == b"0" and digits.isdigit():
        return int(digits, 8) if not set(digits) & set(b"89") else int(digits)
    return int(digits, 0)


def _candidates(
    widths: Widths, unsigned: bool, longs: int, decimal: bool
) -> list[tuple[bytes, int]]:
    """Return the types that a literal may have and the bits of their values, narrowest first.

    As in C89 (6.1.3.2), a decimal literal without suffix is never an `unsigned int`, but may be an
    `unsigned long`; what does not fit is a `long long`.
    """
    found = [
        (b"int", widths.int_bits - 1, not unsigned and not longs),
        (b"unsigned int", widths.int_bits, not longs and (unsigned or not decimal)),
        (b"long", widths.long_bits - 1, not unsigned),
        (b"unsigned long", widths.long_bits, True),
    ]
    return [(words, bits) for words, bits, may_be in found if may_be]
