# SPDX-License-Identifier: GPL-2.0-only
"""The type that arithmetic comes to.

In: the types of two operands. Out: a `CType`, or None where it is not known.
"""

from __future__ import annotations

from collections.abc import Callable

from vmaconv.cocci.types.ctype import KEYWORDS, CType

_NAMED = frozenset({b"size_t", b"ssize_t", b"ptrdiff_t"})
_RANKED = (
    b"int",
    b"unsigned int",
    b"long",
    b"unsigned long",
    b"long long",
    b"unsigned long long",
    b"float",
    b"double",
    b"long double",
)
_INT = 0
_BASIC = KEYWORDS | {b"bool", b"_Bool"}
_LESS = frozenset({"bool", "_Bool", "char", "short"})


def arithmetic(
    one: CType | None, other: CType | None, resolve: Callable[[CType], CType]
) -> CType | None:
    """Return the type that two operands come to (C11 6.3.1.8); one that is not known counts
    for nothing. A typedef or enum on the left keeps its name, as in spatch."""
    if one is None or other is None:
        return one or other
    for ctype in (one, other):
        if not ctype.shape and ctype.base in _NAMED:
            return ctype
    if _is_named(one):
        return one
    ranks = [_rank(resolve(t)) for t in (one, other)]
    if one == other and ranks[0] is None:
        return one
    if _is_named(other) and ranks[0] is not None:
        return CType(_RANKED[ranks[0]])
    if ranks[0] is None or ranks[1] is None:
        return None
    best = max(ranks[0], ranks[1], _INT)
    return CType(_RANKED[best])


def _is_named(ctype: CType) -> bool:
    """Whether an arithmetic type is a typedef or an enum."""
    if ctype.shape:
        return False
    words = ctype.base.split()
    return words[:1] == [b"enum"] or (len(words) == 1 and words[0] not in _BASIC)


def _rank(ctype: CType) -> int | None:
    """Return where an arithmetic type stands in `_RANKED`; those below int count as int."""
    if ctype.shape or ctype.body is not None:
        return None
    words = ctype.base.decode(errors="replace").split()
    if words[:1] == ["enum"] or _LESS & set(words):
        return _INT
    core = [w for w in words if w not in ("int", "signed")]
    if core in ([], ["unsigned"]):
        known = bool(words)
        return (1 if core else _INT) if known else None
    text = (
        " ".join(sorted(core, key=["unsigned", "long", "float", "double"].index)).encode()
        if (set(core) <= {"unsigned", "long", "float", "double"})
        else b""
    )
    return _RANKED.index(text) if text in _RANKED else None
