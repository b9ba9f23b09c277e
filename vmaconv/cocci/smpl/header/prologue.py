# SPDX-License-Identifier: GPL-2.0-only
"""What stands before the first rule of a file: comments, `virtual`, `#include`, `using`, `#spatch`.

In: the text up to the first line that begins with `@`. Out: a `Prologue`. The head comment is
read the way that the kernel's scripts/coccinelle writes it: `///` says what the file does, `//
Name: text` gives a field, `//#` a caveat.
"""

from __future__ import annotations

import shlex

from msgspec import Struct, field

from vmaconv.cocci.smpl.rule import RulePlace
from vmaconv.cocci.smpl.rule_lexer import Text, Token, scan
from vmaconv.cocci.text.late_regex import late_regex

_FIELD = late_regex(r"//\s*([A-Z][\w-]*):\s*(.*)")
_SPATCH = late_regex(r"\s*#\s*spatch\b(.*)")


class Prologue(Struct):
    """What the head of a file says."""

    virtual: list[str] = field(default_factory=list)
    includes: list[tuple[str, Token]] = field(default_factory=list)
    isomorphisms: list[str] = field(default_factory=list)
    options: list[tuple[str, RulePlace]] = field(default_factory=list)
    """The words of `#spatch` lines, with the place of each line's `#`."""
    description: str = ""
    fields: dict[str, str] = field(default_factory=dict)


def parse_prologue(text: Text, last: int) -> Prologue:
    """Read lines 1 to `last` (inclusive). Raises `SmplError` for anything unknown."""
    prologue = Prologue()
    _head_comment(text.lines[:last], prologue)
    tokens: list[Token] = []
    comment = False
    for line in range(1, last + 1):
        match = _SPATCH.match(text.lines[line - 1])
        if match is not None and not comment:
            place = text.place(line, text.lines[line - 1].find("#"))
            prologue.options.extend((word, place) for word in _words(match.group(1)))
            continue
        for token in scan(text, line, 0, comment):
            comment = token.kind == "opened"
            if token.kind not in ("comment", "opened"):
                tokens.append(token)
    _statements(text, tokens, prologue)
    return prologue


def _words(line: str) -> list[str]:
    """Split the rest of a `#spatch` line as a shell would; one with an open quote, at blanks."""
    try:
        return shlex.split(line)
    except ValueError:
        return line.split()


def _statements(text: Text, tokens: list[Token], prologue: Prologue) -> None:
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.text in ("virtual", "merge"):
            index = _names(text, tokens, index + 1, prologue)
        elif token.text == "#" and _text(tokens, index + 1) == "include":
            path, index = _path(text, tokens, index + 2)
            prologue.includes.append((path, token))
        elif token.text == "using":
            path, index = _path(text, tokens, index + 1)
            prologue.isomorphisms.append(path)
        else:
            raise text.error(
                "bad-prologue",
                token.line,
                token.column,
                f"`{token.text}` can't stand before the first rule",
                "begin a rule with @name@ or @@, or write virtual, using, #include or #spatch",
            )


def _text(tokens: list[Token], index: int) -> str:
    return tokens[index].text if index < len(tokens) else ""


def _names(text: Text, tokens: list[Token], index: int, prologue: Prologue) -> int:
    while True:
        if index >= len(tokens) or tokens[index].kind != "name":
            at = tokens[min(index, len(tokens) - 1)]
            raise text.error(
                "bad-prologue",
                at.line,
                at.column,
                "after virtual the name of a virtual rule is expected",
                "write as in virtual patch, report",
            )
        prologue.virtual.append(tokens[index].text)
        index += 1
        if _text(tokens, index) == ";":
            return index + 1
        if _text(tokens, index) != ",":
            return index
        index += 1


def _path(text: Text, tokens: list[Token], index: int) -> tuple[str, int]:
    """Return the file's name in quotes or angle brackets, and the index after it."""
    first = tokens[index] if index < len(tokens) else tokens[-1]
    if first.kind == "string":
        return first.text[1:-1], index + 1
    if first.text == "<":
        source = text.lines[first.line - 1]
        end = source.find(">", first.column)
        if end > 0:
            while index < len(tokens) and (tokens[index].line, tokens[index].column) <= (
                first.line,
                end,
            ):
                index += 1
            return source[first.column + 1 : end], index
    raise text.error(
        "bad-prologue",
        first.line,
        first.column,
        "the name of a file in quotes is expected",
        'write as in #include "other.cocci"',
    )


def _head_comment(lines: list[str], prologue: Prologue) -> None:
    documented: list[str] = []
    plain: list[str] = []
    caveats: list[str] = []
    block = 0
    for line in lines:
        stripped = line.strip()
        if stripped and not stripped.startswith("//"):
            break
        if not stripped and any(plain):
            block = len(plain)
        match = _FIELD.match(stripped)
        if stripped.startswith("///"):
            documented.append(stripped[3:].strip())
        elif stripped.startswith("//#"):
            caveats.append(stripped[3:].strip())
        elif match is not None:
            earlier = prologue.fields.get(match.group(1))
            value = match.group(2).strip()
            prologue.fields[match.group(1)] = value if earlier is None else f"{earlier}\n{value}"
        elif stripped:
            plain.append(stripped[2:].strip())
    if block:
        # A comment right above a rule or a name is about that, unless it is the only one.
        del plain[block:]
    chosen = documented if any(documented) else plain
    prologue.description = "\n".join(chosen).strip()
    if caveats:
        prologue.fields["#"] = "\n".join(caveats)


def comment_above(text: Text, line: int) -> str:
    """Return the `//` lines directly above line `line` (from 1), joined, without their slashes."""
    out: list[str] = []
    at = line - 2
    while at >= 0 and text.lines[at].startswith("//"):
        out.append(text.lines[at].lstrip("/").strip())
        at -= 1
    return "\n".join(reversed(out)).strip()
