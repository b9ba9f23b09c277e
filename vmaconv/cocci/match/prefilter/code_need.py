# SPDX-License-Identifier: GPL-2.0-only
"""What code must contain, and in which branches, for a pattern to match in it.

In: a `CodeNeed`, and code of which only branches are known. Out: whether the code may match. It need not be
parsed for that: in `if (!x) { ... x->f ... }` the block must have a `->` behind the last word of
what is tested.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from vmaconv.cocci.match.prefilter.part_clauses import PartClauses
from vmaconv.cocci.match.prefilter.required import Clause
from vmaconv.cocci.smpl.mentions import Name, name_of
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.text.code_branches import CodeBranch, CodeBranches

Tail = tuple[Name, bytes]
"""A metavariable, and the token right behind its code."""

_POSTFIX = frozenset({"field_expression", "subscript_expression"})


class CodeWords(Struct, frozen=True):
    """One word of each of `clauses`; of each of `tails`, one token behind code of its metavariable."""

    clauses: tuple[Clause, ...] = ()
    tails: tuple[frozenset[Tail], ...] = ()


class EachNeed(Struct, frozen=True):
    """All of these are needed."""

    parts: tuple[CodeNeed, ...]


class OneNeed(Struct, frozen=True):
    """One of these is needed."""

    parts: tuple[CodeNeed, ...]


class BranchNeed(Struct, frozen=True):
    """A branch of an `if`: what stands in its head, and what in its block, or in its statement without
    braces.

    The `named` metavariables have their code in the head, right before one of some tokens (none: any).
    Where a `goto` may take the place of the block, or leave it, `leaving` is what stands in the branch or
    behind where that leads.
    """

    is_else: bool
    in_braces: bool
    head: CodeWords
    named: tuple[tuple[Name, frozenset[bytes]], ...]
    body: CodeNeed
    leaving: CodeNeed | None = None


CodeNeed = CodeWords | EachNeed | OneNeed | BranchNeed
NO_NEED: CodeNeed = EachNeed(())

_Ranges = Sequence[tuple[int, int]]
_KnownWords = Mapping[Name, frozenset[bytes]]
"""The words of which one is the last of the code of a metavariable, unless it ends in no word."""


def tails_required(pattern: PNode) -> frozenset[frozenset[Tail]]:
    """Return the tails of which one of each set stands in all code that `pattern` matches."""
    return PartClauses[Tail](_own_tails, lambda _: True).of(pattern)


def _own_tails(pattern: PNode) -> frozenset[frozenset[Tail]]:
    if pattern.kind not in _POSTFIX:
        return frozenset()
    code, token = pattern.children[:2]
    if not isinstance(code, PNode) or code.metavariable is None or token.text is None:
        return frozenset()
    if code.metavariable.kind not in CODE_KINDS:
        return frozenset()
    return frozenset({frozenset({(name_of(code.metavariable), token.text)})})


CODE_KINDS = frozenset({"expression", "idexpression", "identifier"})
"""Kinds of metavariable that stand for the same tokens wherever they stand."""


def may_be_met(need: CodeNeed, code: CodeBranches) -> bool:
    """Return whether some code may have all that is needed."""
    return _is_met(need, code, ((code.start, code.end),), {})


def _is_met(need: CodeNeed, code: CodeBranches, ranges: _Ranges, known: _KnownWords) -> bool:
    match need:
        case EachNeed():
            return all(_is_met(part, code, ranges, known) for part in need.parts)
        case OneNeed():
            return any(_is_met(part, code, ranges, known) for part in need.parts)
        case CodeWords():
            return _holds(need, code, ranges, known)
    return any(
        _is_branch(need, branch, code, known)
        for start, end in ranges
        for branch in code.within(start, end, need.is_else)
    )


def _holds(need: CodeWords, code: CodeBranches, ranges: _Ranges, known: _KnownWords) -> bool:
    for clause in need.clauses:
        if not any(code.holds(word, *place) for place in ranges for word in clause):
            return False
    return all(
        any(
            code.holds_behind(known.get(name), token, *place)
            for place in ranges
            for name, token in tails
        )
        for tails in need.tails
    )


def _is_branch(
    need: BranchNeed, branch: CodeBranch, code: CodeBranches, known: _KnownWords
) -> bool:
    fits = branch.in_braces is need.in_braces
    if not fits and need.leaving is None:
        return False
    if branch.head is not None:
        if not _holds(need.head, code, (branch.head,), known):
            return False
        if need.named:
            here = {name: code.words_before(tokens, *branch.head) for name, tokens in need.named}
            known = {**here, **known}
    block = (branch.start, branch.end)
    if fits and _is_met(need.body, code, (block,), known):
        return True
    if need.leaving is None:
        return False
    landing = code.landing(*block)
    if landing is None:
        return False
    return _is_met(need.leaving, code, (block, (landing, code.end)), known)
