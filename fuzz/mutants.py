# SPDX-License-Identifier: GPL-2.0-only
"""Texts with wounds.

In: texts, and who chooses. Out: texts near them: pieces left out, doubled, swapped, moved in from
others, and things put in that parsers stumble over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol, TypeAlias, TypeVar

from hypothesis import strategies as st

ODD = (
    b"\0",
    b"\r",
    b"\x1b[31m",
    b"\xff",
    b"\xe2\x80\xae",
    b"\\\n",
    b"/*",
    b"*/",
    b"//",
    b'"',
    b"'",
    b"(",
    b")",
    b"{",
    b"}",
    b"[",
    b"]",
    b"<",
    b">",
    b";",
    b",",
    b"...",
    b"#if 0\n",
    b"#else\n",
    b"#endif\n",
    b"#define X(a) a##a\n",
    b"@@\n",
    b"@r@\n",
    b"+",
    b"-",
    b"*",
    b"<...",
    b"...>",
    b"<+...",
    b"...+>",
    b"\\(",
    b"\\|",
    b"\\&",
    b"\\)",
    b"when != ",
    b'=~ "(a+)+$"',
    b"From x@y Mon Sep 17 00:00:00 2001\n",
    b"=?UTF-8?q?=0A?=",
    b"---\n",
    b"diff --git a/x b/x\n",
    b"@@ -1,1 +1,99999999 @@\n",
    b"[x]\n",
    b"= ",
    b"1e999999",
    b"0x",
)
"""What is put into texts."""


T = TypeVar("T")


class Choices(Protocol):
    """Who decides where a text is wounded: Hypothesis, or dice."""

    def number(self, low: int, high: int) -> int:
        """Return a number from `low` to `high`."""
        ...

    def one(self, of: Sequence[T]) -> T:
        """Return one of some."""
        ...

    def noise(self, most: int) -> bytes:
        """Return up to `most` bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Drawn:
    """Hypothesis decides: what breaks something is made small again."""

    draw: st.DrawFn

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def one(self, of: Sequence[T]) -> T:
        return self.draw(st.sampled_from(of))

    def noise(self, most: int) -> bytes:
        return self.draw(st.binary(max_size=most))


@dataclass(frozen=True, slots=True)
class Rolled:
    """Dice decide: the same mutants at a tenth of the cost, none made small."""

    dice: Random

    def number(self, low: int, high: int) -> int:
        return self.dice.randint(low, high)

    def one(self, of: Sequence[T]) -> T:
        return of[int(self.dice.random() * len(of))]

    def noise(self, most: int) -> bytes:
        return self.dice.randbytes(self.dice.randint(0, most))


Maker: TypeAlias = Callable[[Choices], tuple[bytes, ...]]


def mutant(
    choose: Choices, texts: Sequence[bytes], most: int = 6, others: Sequence[bytes] = ()
) -> bytes:
    """Make one of some texts with up to `most` wounds; `others` give pieces, too."""
    text = choose.one(texts)
    for _ in range(choose.number(0, most)):
        start = choose.number(0, len(text))
        end = min(start + choose.number(0, 80), len(text))
        piece = text[start:end]
        match choose.number(0, 6):
            case 0:
                text = text[:start] + text[end:]
            case 1:
                text = text[:end] + text[start:]
            case 2:
                text = text[:start] + choose.one(ODD) + text[start:]
            case 3:
                text = text[:start] + choose.noise(6) + text[end:]
            case 4:
                to = choose.number(0, len(text))
                rest = text[:start] + text[end:]
                text = rest[:to] + piece + rest[to:]
            case 5:
                other = choose.one([*texts, *others])
                at = choose.number(0, len(other))
                text = text[:start] + other[at : at + choose.number(0, 120)] + text[start:]
            case _:
                text = text[:start] + piece * choose.number(2, 40) + text[end:]
    return text
