# SPDX-License-Identifier: GPL-2.0-only
"""What a reading of OCaml knows as it goes: the names in sight, and what a new one is called.

In: the tokens of a block, and the names that it sees. Out: names of Python. OCaml's `let` hides an
outer name and Python's assignment changes it: each `let` gets a name of its own.
"""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct, field

from vmaconv.cocci.script.ocaml_tokens import OcamlCursor

MODULES = ("Coccilib.", "Stdlib.", "Pervasives.")
"""Modules whose names may stand without them."""
UNIT = "None"


class OcamlName(Struct, frozen=True):
    """A name that a block sees: what it is called in Python, and how many arguments it takes.

    `raw` says that it is the text of an input, which may be a number.
    """

    python: str
    arity: int = 0
    raw: bool = False


Names = dict[str, OcamlName]


def inputs_of(names: Collection[str]) -> Names:
    """Return the inputs of a block as the names that it sees."""
    return {name: OcamlName(f"_ml_text({name})", raw=True) for name in names}


class OcamlTerm(Struct):
    """An expression in Python; `raw` says that it is the text of an input, which may be a number."""

    text: str
    raw: bool = False
    number: bool = False


class OcamlReading(Struct):
    """One block as it is read."""

    cursor: OcamlCursor
    names: Names
    prefix: str
    """Keeps the names that the block makes apart from those of other blocks."""
    before: list[str] = field(default_factory=list)
    """Lines that have to stand before the statement that is being read."""
    made: str = ""
    """What the function that was read last is called."""
    _count: int = 0

    def bound(self, name: str, arity: int = 0) -> str:
        """Return a name of its own for what `let` or a parameter calls `name`."""
        self._count += 1
        plain = name.replace("'", "_q")
        python = f"{self.prefix}{plain}_{self._count}"
        self.names[name] = OcamlName(python, arity)
        return python

    def new(self) -> str:
        """Return a name that nothing else has."""
        self._count += 1
        return f"_ml_t{self._count}{self.prefix.rstrip('_')}"


def bare(name: str) -> str:
    """Return a name without the module that it may stand without."""
    for module in MODULES:
        name = name.removeprefix(module)
    return name


def defined(name: str, parameters: list[str], body: list[str]) -> list[str]:
    """Return a function of Python."""
    return [f"def {name}({', '.join(parameters)}):", *indented(body)]


def indented(lines: list[str]) -> list[str]:
    """Return a block one step in; an empty one is `pass`."""
    return [f"    {line}" for line in lines or ["pass"]]
