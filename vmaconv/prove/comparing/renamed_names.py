# SPDX-License-Identifier: GPL-2.0-only
"""Which names after stand for which before: locals, parameters, functions.

In: a function on both sides, or the functions that one side lacks. Out: a mapping from the names after
to those before; a name that answers to none keeps to itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.ctype import CType
from vmaconv.cocci.types.declared import declared, parameters

_WORD = late_regex(rb"\w+")


def locals_of(function: Node) -> dict[str, CType]:
    """Return the locals of a function that its body declares, in order, with their types."""
    found: dict[str, CType] = {}
    for node in function.children[-1].walk():
        if node.kind == "declaration":
            for one in declared(node):
                found.setdefault(one.name.decode(errors="replace"), one.type)
    return found


def parameters_of(function: Node) -> list[tuple[str, CType]]:
    """Return the parameters of a function, with their types."""
    return [
        (one.name.decode(errors="replace"), one.type)
        for given in parameters(function)
        for one in declared(given)
    ]


def renamed_locals(
    old: Node, new: Node, pairs: Sequence[tuple[int, int]] | None = None
) -> dict[str, str]:
    """Return what each local after was called before.

    `pairs` has the positions of the parameters that answer to each other, where these changed.
    """
    before, after = parameters_of(old), parameters_of(new)
    renamed: dict[str, str] = {}
    names: list[tuple[str, str]] = []
    sides = locals_of(old), locals_of(new)
    if len(before) == len(after):
        pairs = pairs if pairs is not None else [(i, i) for i in range(len(before))]
        names = [(before[i][0], after[j][0]) for i, j in pairs]
        # A parameter may have taken the place of a local that held the same, or a local its.
        renamed = {
            b: a
            for a, b in names
            if a != b and (b not in sides[0] or b in sides[1]) and a not in sides[1]
        }
    taken = {*(n for n, _ in before), *sides[0]}
    gone = [n for n in sides[0] if n not in sides[1]]
    came = [n for n in sides[1] if n not in sides[0]]
    if len(gone) == len(came):
        renamed.update(zip(came, gone, strict=True))
    else:
        flags = [[n for n in names if _is_flags(side[n])]
                 for names, side in zip((gone, came), sides, strict=True)]  # fmt: skip
        if len(flags[0]) == len(flags[1]):
            renamed.update(zip(flags[1], flags[0], strict=True))
    answers = {a for a, b in names if a != b}
    for name in came:
        if name not in renamed and name in taken and name not in answers:
            renamed[name] = f"{name} (new)"
    return renamed


def _is_flags(ctype: CType) -> bool:
    return not ctype.shape and ctype.base in (b"vm_flags_t", b"vma_flags_t", b"unsigned long")


def renamed_functions(
    removed: Mapping[str, Sequence[bytes]], added: Mapping[str, Sequence[bytes]]
) -> dict[str, str]:
    """Return what each function after was called before, where all but the name is the same.

    The bodies are texts of tokens. A name that could stand for several stands for none.
    """
    forms: dict[tuple[bytes, ...], list[str]] = {}
    for name, bodies in removed.items():
        forms.setdefault(_nameless(name, bodies, removed), []).append(name)
    found: dict[str, str] = {}
    for name, bodies in added.items():
        same = forms.get(_nameless(name, bodies, added), [])
        if len(same) == 1 and same[0] not in found.values():
            found[name] = same[0]
    return found


def _nameless(
    name: str, bodies: Sequence[bytes], all_names: Mapping[str, object]
) -> tuple[bytes, ...]:
    """Return bodies with the names of functions that came or went left out."""
    words = {other.encode() for other in all_names}
    words.add(name.encode())
    return tuple(_WORD.sub(lambda m: b"@" if m[0] in words else m[0], body) for body in bodies)
