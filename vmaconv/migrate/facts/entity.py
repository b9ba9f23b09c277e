# SPDX-License-Identifier: GPL-2.0-only
"""Entities whose type can change: a member, a parameter, a result, a variable, a slot.

In: nothing; these are plain values. Out: `Entity`s, which compare equal when they are the same
thing in every file and every `#ifdef` arm, and the texts by which a person names them.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from vmaconv.flags.headers.header_lines import HeaderPlace


class Function(Struct, frozen=True, order=True):
    """A function: `file` is empty where it is visible beyond one .c file.

    Static functions of one name in different .c files are different functions; the definitions of
    one file's `#ifdef` arms, and a header's prototype, stub and the definition elsewhere, are
    one.
    """

    name: bytes
    file: str = ""

    def __str__(self) -> str:
        return self.name.decode(errors="replace")


class Member(Struct, frozen=True, order=True):
    """A struct's member: `Member(b"struct vm_area_desc", b"vm_flags")`."""

    struct: bytes
    name: bytes

    @property
    def tag(self) -> bytes:
        """The struct's tag without its keyword."""
        return self.struct.rpartition(b" ")[2]

    def __str__(self) -> str:
        return f"{self.struct.decode()}.{self.name.decode()}"


class Parameter(Struct, frozen=True, order=True):
    """A function's parameter; `index` counts from 0, its text from 1: `shmem_file_setup(3)`."""

    function: Function
    index: int

    def __str__(self) -> str:
        return f"{self.function}({self.index + 1})"


class ReturnValue(Struct, frozen=True, order=True):
    """What a function returns: `ksm_vma_flags()`."""

    function: Function

    def __str__(self) -> str:
        return f"{self.function}()"


class Variable(Struct, frozen=True, order=True):
    """A variable of a function; `offset` is where its declared name stands in `file`."""

    file: str
    function: bytes
    name: bytes
    offset: int

    def __str__(self) -> str:
        return f"{self.function.decode()}:{self.name.decode()}"


class Slot(Struct, frozen=True, order=True):
    """A parameter of a function-pointer member: `struct tide_layer_ops.check(2)`."""

    struct: bytes
    member: bytes
    index: int

    def __str__(self) -> str:
        return f"{self.struct.decode()}.{self.member.decode()}({self.index + 1})"


Entity: TypeAlias = Member | Parameter | ReturnValue | Variable | Slot


def file_of(entity: Entity) -> str:
    """Return the file that alone knows the entity, or an empty text."""
    match entity:
        case Parameter(function=function) | ReturnValue(function=function):
            return function.file
        case Variable(file=file):
            return file
    return ""


def sort_key(entity: Entity) -> tuple[str, str, int]:
    """Order entities by what a person reads."""
    offset = entity.offset if isinstance(entity, Variable) else 0
    return (str(entity), file_of(entity), offset)


class Obstacle(Struct, frozen=True):
    """Why something cannot change: the place that decides, and a sentence."""

    place: HeaderPlace | None
    text: str

    def __str__(self) -> str:
        return f"{self.text} ({self.place})" if self.place is not None else self.text
