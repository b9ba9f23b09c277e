# SPDX-License-Identifier: GPL-2.0-only
"""A rule file, cut into its sections.

In: the text of a file. Out: where the prologue and each rule's header, declarations and body lie.
A rule starts at a line that begins with `@`. Lines are 1-based, columns 0-based.
"""

from __future__ import annotations

from msgspec import Struct

from vmaconv.cocci.smpl.rule_lexer import Text
from vmaconv.cocci.text.late_regex import late_regex


class RuleSection(Struct, frozen=True):
    """One rule: its header between the first two `@`, declarations up to `@@`, and body.

    Columns say where the part starts on its first line; `body_last` is the last line, inclusive.
    """

    line: int
    column: int
    header_last: int
    header_end: int
    """The column of the `@` that ends the header, on `header_last`."""
    metavariables_last: int
    metavariables_end: int
    """The column of the `@@`, on `metavariables_last`."""
    body_last: int


def starts(text: Text) -> list[int]:
    """Return the lines on which rules start.

    A `@@` that ends declarations starts none.
    """
    out = []
    line, column = 1, 0
    comments = True
    while line <= len(text.lines):
        source = text.lines[line - 1]
        if source.startswith("@") and column == 0:
            out.append(line)
            # In a script `/*` is nothing in particular.
            comments = _SCRIPT.match(source) is None
            line, column = _end_of_head(text, line)[2:]
            column += 2
        elif comments and (end := _comment_end(text, line, column)) is not None:
            line, column = end
        else:
            line, column = line + 1, 0
    return out


_SCRIPT = late_regex(r"@\s*(?:script|initiali[sz]e|finali[sz]e)\s*:")
_OPENS = late_regex(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|//.*|(?P<comment>/\*)")


def _comment_end(text: Text, line: int, column: int) -> tuple[int, int] | None:
    """Return where the block comment ends that begins in a line, or None.

    A rule in such a comment is none. One that does not end is left to whoever reads the rule.
    """
    source = text.lines[line - 1]
    for match in _OPENS.finditer(source, column):
        if match["comment"]:
            at = match.end()
            for number in range(line, len(text.lines) + 1):
                end = text.lines[number - 1].find("*/", at)
                if end >= 0:
                    return number, end + 2
                at = 0
            return None
    return None


def _end_of_head(text: Text, line: int) -> tuple[int, int, int, int]:
    """Return the places of the `@` that ends the header and of the `@@` that ends the declarations.

    Raises `SmplError` where one is missing.
    """
    header = _find(text, line, 1, "@")
    if header is not None and header[0] > line and text.lines[header[0] - 1].startswith("@@"):
        header = None  # the @@ that ends the declarations
    if header is None:
        raise text.error(
            "unterminated-header",
            line,
            0,
            "the rule's header has no closing @",
            "write it as in @name@, or @@ for a rule without a name",
        )
    declarations = _find(text, header[0], header[1] + 1, "@@")
    if declarations is None:
        raise text.error(
            "unterminated-declarations",
            header[0],
            header[1],
            "the @@ that ends the metavariables' declarations is missing",
            "write @@ on a line of its own after the declarations",
        )
    return (*header, *declarations)


_STOP = late_regex(r"[@/\"']")
"""What ends a header or its declarations, or begins a comment or a literal, perhaps."""


def _find(text: Text, line: int, column: int, wanted: str) -> tuple[int, int] | None:
    """Find `wanted`, `@` or `@@`, outside of comments and strings."""
    comment = False
    for number in range(line, len(text.lines) + 1):
        source = text.lines[number - 1]
        at = column if number == line else 0
        while at < len(source):
            if comment:
                end = source.find("*/", at)
                if end < 0:
                    break
                comment, at = False, end + 2
                continue
            stop = _STOP.search(source, at)
            if stop is None:
                break
            at, char = stop.start(), stop[0]
            if source.startswith(wanted, at):
                return (number, at)
            if char == "@" and wanted == "@@" and at == 0:
                return None
            if source.startswith("//", at):
                break
            if source.startswith("/*", at):
                comment, at = True, at + 2
                continue
            if char in "\"'":
                at = _literal_end(source, at)
            at += 1
    return None


def _literal_end(source: str, start: int) -> int:
    """Return where the literal at `start` ends; an apostrophe without a partner is no literal."""
    quote = source[start]
    at = start + 1
    while at < len(source):
        if source[at] == "\\":
            at += 1
        elif source[at] == quote:
            return at
        at += 1
    return start


def sections(text: Text) -> list[RuleSection]:
    """Return the rules' sections, in order."""
    lines = starts(text)
    out = []
    for index, line in enumerate(lines):
        header_last, header_end, last, end = _end_of_head(text, line)
        following = lines[index + 1] if index + 1 < len(lines) else len(text.lines) + 1
        out.append(RuleSection(line, 1, header_last, header_end, last, end, following - 1))
    return out
