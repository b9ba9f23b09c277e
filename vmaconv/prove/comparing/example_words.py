# SPDX-License-Identifier: GPL-2.0-only
"""A difference as an example that a person can read.

In: where two sides part, and for which values. Out: `Example`: which flags are set, by name.
"""

from __future__ import annotations

from collections.abc import Callable

from vmaconv.prove.comparing.difference import Different, value_in_words
from vmaconv.prove.configuration.condition_value import Ask
from vmaconv.prove.configuration.configurations import Configuration
from vmaconv.prove.headers.header_index import HeaderIndex
from vmaconv.prove.terms.term_values import in_words
from vmaconv.prove.verdict import Example, Side

SHOWN = 6
"""Unknown values that an example shows at most."""


def example_of(
    error: Different, width: int, configuration: Configuration, index: HeaderIndex, ask: Ask
) -> Example:
    """Return where two sides part, in words: flags by the names that `index` gives their bits."""
    flags = _flag_names(width, index, ask)
    known = sorted(error.values.items(), key=lambda item: (not item[1], in_words(item[0])))
    shown: dict[str, str] = {}
    for atom, number in known:
        if atom.op in ("load", "init", "op", "ret"):
            shown.setdefault(in_words(atom), flags(number))
    sides = [
        Side(o.seen.line, o.seen.text, value_in_words(o.value, error.values, width, flags))
        for o in (error.before, error.after)
    ]
    return Example(
        tuple(f"{name} = {value}" for name, value in list(shown.items())[:SHOWN]),
        configuration.words(),
        sides[0],
        sides[1],
    )


def _flag_names(width: int, index: HeaderIndex, ask: Ask) -> Callable[[int], str]:
    names = index.bit_names(ask)

    def words(number: int) -> str:
        if number >> (width - 1) & 1 and number >= (1 << width) - 4096:
            return str(number - (1 << width))
        if any(number >> bit & 1 and bit not in names for bit in range(width)):
            return hex(number)
        parts = [
            names[bit].replace("VMA_", "VM_").removesuffix("_BIT")
            for bit in range(width)
            if number >> bit & 1
        ]
        return " | ".join(parts) if parts else "0"

    return words
