# SPDX-License-Identifier: GPL-2.0-only
"""Plus code that keeps the lines that its writer gave it.

In: the plus lines of a rule. Out: `SetLine`s as written, or None where `setting` sets them anew.
spatch tears apart what stands in a `switch`, behind `else if`, in an initialiser of one line or in
a compound literal; a rule that has such code, in whole lines with blanks as the coding style has
them, gets it as it wrote it.
"""

from __future__ import annotations

from collections.abc import Sequence

from vmaconv.cocci.rewrite.lines.indent import columns
from vmaconv.cocci.rewrite.lines.layout import TAB
from vmaconv.cocci.rewrite.spatch_style.set_line import SetLine
from vmaconv.cocci.rewrite.spatch_style.spacing import SpacedToken, blanks
from vmaconv.cocci.smpl.kinds import STATEMENTS
from vmaconv.cocci.smpl.rule import PlusLine, PlusToken

_STATEMENT_WORDS = frozenset({"do", "for", "goto", "if", "return", "switch", "while"})
_OPENS = frozenset({"(", "[", "{"})
_CLOSES = frozenset({")", "]", "}"})


def as_written(lines: Sequence[PlusLine], always: bool = False) -> list[SetLine] | None:
    """Return the lines as the rule has them, if they are whole and hold what spatch would tear, or
    `always` if they are whole.
    """
    words = [line.code for line in lines]
    tokens = [token for line in words for token in line]
    if not _is_whole(tokens) or any(t.kind == "directive" for t in tokens):
        return None
    torn = _has_torn(tokens) or any(map(_has_list, words))
    if not always and not (torn and all(map(_is_well_set, words))):
        return None
    found: list[SetLine] = []
    for line, own, column in zip(lines, words, columns(lines), strict=True):
        found.append(SetLine(column // TAB, line, _ends(own), extra=column % TAB))
    return found


def _is_whole(tokens: Sequence[PlusToken]) -> bool:
    """Whether every bracket has its partner."""
    depth = 0
    for token in tokens:
        depth += (token.text in _OPENS) - (token.text in _CLOSES)
        if depth < 0:
            return False
    return depth == 0 and bool(tokens)


def _has_torn(tokens: Sequence[PlusToken]) -> bool:
    texts = [token.text for token in tokens]
    pairs = zip(texts, texts[1:], strict=False)
    return bool({"switch", "case", "default"} & set(texts)) or ("else", "if") in pairs


def _has_list(line: Sequence[PlusToken]) -> bool:
    """Whether a line holds an initialiser from its `{` to its `}`."""
    open_at: list[int] = []
    for at, token in enumerate(line):
        if token.text == "{":
            open_at.append(at)
        elif token.text == "}" and open_at:
            start = open_at.pop()
            before = line[start - 1].text if start else ""
            if any(t.text == ";" or _is_statement(t) for t in line[start:at]):
                return False
            if line[at - 1].text == ",":
                # A comma behind the last element asks for a line each, as formatters take it.
                return False
            if before in ("=", ",", "{", "(", "return", ")") or (start == 0 and at > 0):
                return before != ")" or at > start + 1
    return False


def _is_statement(token: PlusToken) -> bool:
    meta = token.metavariable
    return token.text in _STATEMENT_WORDS or (meta is not None and meta.kind in STATEMENTS)


def _is_well_set(line: Sequence[PlusToken]) -> bool:
    """Whether the blanks in a line are those of the coding style; beside a brace any will do."""
    wanted = blanks(
        [SpacedToken(t.text, t.metavariable.kind if t.metavariable else "") for t in line]
    )
    for before, token, blank in zip(line, line[1:], wanted[1:], strict=False):
        apart = token.column > before.column + len(before.text)
        if apart != blank and not {before.text, token.text} & {"{", "}"}:
            return False
    return True


def _ends(line: Sequence[PlusToken]) -> bool:
    """Whether a line ends with the end of a statement, a block or an element, or begins a block."""
    if not line:
        return True
    bare = all(token.text in ("{", "}") for token in line)
    return line[-1].text in (";", ":", "{", ",") or (line[-1].text == "}" and not bare)
