# SPDX-License-Identifier: GPL-2.0-only
"""How the arguments of a call before answer to those after, where a function's parameters changed.

In: a function's parameters on both sides. Out: `SignatureTie`: a word answers to the set with its
bits, by value or behind a pointer, or to the truth of what the function's body asks of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from msgspec import Struct

from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.ctype import CType
from vmaconv.cocci.types.declared import declared, is_static, parameters


class Passed(Enum):
    """How a parameter takes flags."""

    WORD = "a word"
    SET = "a vma_flags_t"
    SET_POINTER = "a pointer to a vma_flags_t"
    WORD_POINTER = "a pointer to a word"
    TRUTH = "a bool"
    OTHER = "something else"


class TiedParameter(Struct, frozen=True):
    """A parameter: its name, its type's words, and how it takes flags."""

    name: str
    ctype: CType
    passed: Passed


class Signature(Struct, frozen=True):
    """What a function takes and returns, and where that is said."""

    name: str
    parameters: tuple[TiedParameter, ...]
    returns: CType | None
    path: str
    line: int
    is_static: bool
    is_definition: bool

    def takes(self) -> tuple[CType, ...]:
        """Return the types of the parameters."""
        return tuple(p.ctype for p in self.parameters)


class SignatureTie(Struct, frozen=True):
    """A function before and after; `pairs` are the positions of parameters that answer."""

    before: Signature
    after: Signature
    pairs: tuple[tuple[int, int], ...]

    @property
    def is_whole(self) -> bool:
        """Return whether each parameter has one that answers."""
        return len(self.pairs) == len(self.before.parameters) == len(self.after.parameters)


def passed_as(ctype: CType) -> Passed:
    """Return how a parameter of a type takes flags."""
    if ctype.base == b"vma_flags_t":
        return {"": Passed.SET, "*": Passed.SET_POINTER}.get(ctype.shape, Passed.OTHER)
    if ctype.base == b"vm_flags_t" and ctype.shape == "*":
        return Passed.WORD_POINTER
    if ctype.shape:
        return Passed.OTHER
    if ctype.base in (b"vm_flags_t", b"unsigned long", b"long unsigned int", b"u64"):
        return Passed.WORD
    return Passed.TRUTH if ctype.base in (b"bool", b"_Bool") else Passed.OTHER


def signature_of(node: Node, name: str, path: str, line: int) -> Signature | None:
    """Return the signature that a definition or prototype declares; None where it is neither.

    A member that points to a function has one, too; its name is that of the member after a `*`.
    """
    plain = name.removeprefix("*")
    one = next((d for d in declared(node) if d.name == plain.encode()), None)
    if one is None or not one.type.shape.startswith("(" if plain == name else "*("):
        return None
    found: list[TiedParameter] = []
    for given in parameters(node):
        names = list(declared(given))
        ctype = names[0].type if names else _unnamed(given)
        word = names[0].name.decode(errors="replace") if names else ""
        if ctype is None or (ctype.base == b"void" and not ctype.shape):
            continue
        found.append(TiedParameter(word, ctype, passed_as(ctype)))
    returns = one.type.returned()
    is_definition = node.kind == "function_definition"
    return Signature(name, tuple(found), returns, path, line, is_static(node), is_definition)


def _unnamed(given: Node) -> CType | None:
    from vmaconv.cocci.types.declared import descriptor_type

    return descriptor_type(given)


def tie(before: Signature, after: Signature) -> SignatureTie | None:
    """Return how two signatures answer to each other; None where they take and return the same."""
    if before.takes() == after.takes() and before.returns == after.returns:
        return None
    return SignatureTie(before, after, _pairs(before.parameters, after.parameters))


def is_of_before(one: Signature, changed: SignatureTie) -> bool:
    """Return whether a function takes what was taken before where something else is taken now."""
    takes, old, new = one.takes(), changed.before.takes(), changed.after.takes()
    if len(old) != len(new):
        return len(takes) == len(old)
    return len(takes) == len(old) and any(
        a != b and own == a for a, b, own in zip(old, new, takes, strict=True)
    )


def _are_reordered(old: Sequence[TiedParameter], new: Sequence[TiedParameter]) -> bool:
    """Return whether the same names stand in another order, each with a type like its own.

    Flags that changed places with flags are taken for a mistake.
    """
    types = {p.name: p for p in old}
    flags = [[p.name for p in side if p.passed is not Passed.OTHER] for side in (old, new)]
    return (
        flags[0] == flags[1]
        and [p.name for p in old] != [p.name for p in new]
        and types.keys() == {p.name for p in new}
        and all(
            p.ctype == types[p.name].ctype or Passed.OTHER not in (p.passed, types[p.name].passed)
            for p in new
        )
    )


def _pairs(
    old: Sequence[TiedParameter], new: Sequence[TiedParameter]
) -> tuple[tuple[int, int], ...]:
    names = {p.name: i for i, p in enumerate(new) if p.name}
    if len(old) != len(new) or (_are_reordered(old, new) and len(names) == len(new)):
        return tuple((i, names[p.name]) for i, p in enumerate(old) if p.name in names)
    return answering([(p.name, p.ctype) for p in old], [(p.name, p.ctype) for p in new])


def answering(
    old: Sequence[tuple[str, CType]], new: Sequence[tuple[str, CType]]
) -> tuple[tuple[int, int], ...]:
    """Return which parameters, by name and type, answer to each other: those in one place.

    One answers to its name in another place where what stands in its place now cannot be handed
    what it was: a caller that was left behind does not compile.

    >>> folio, plug = (CType(b"struct " + t, "*") for t in (b"folio", b"plug"))
    >>> answering([("f", folio), ("p", plug)], [("p", plug), ("f", folio)])
    ((0, 1), (1, 0))
    """
    names = {name: j for j, (name, _) in enumerate(new) if name}
    found: dict[int, int] = {}
    for i, (name, ctype) in enumerate(old):
        j = names.get(name, i)
        has_moved = j != i and new[j][1] == ctype
        if has_moved and i < len(new) and not _can_be_handed(ctype, new[i][1]):
            found[i] = j
    if not found:
        return tuple((i, i) for i in range(min(len(old), len(new))))
    for i in range(len(old)):
        if i < len(new) and i not in found and i not in found.values():
            found[i] = i
    return tuple(sorted(found.items()))


def _can_be_handed(given: CType, taken: CType) -> bool:
    """Return whether a compiler lets a value of a type be handed where another one is taken."""
    shapes = (given.shape, taken.shape)
    if "" in shapes:
        is_struct = any(t.base.startswith((b"struct ", b"union ")) for t in (given, taken))
        return shapes == ("", "") and (given.base == taken.base or not is_struct)
    return given.base == taken.base or b"void" in (given.base, taken.base)
