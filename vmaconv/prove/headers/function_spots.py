# SPDX-License-Identifier: GPL-2.0-only
"""Where the functions of a file stand, without parsing it.

In: a file's text and its top-level stretches. Out: `Spot`s: name, and from where its type stands to the
end of its body. `SYSCALL_DEFINE2(munmap, ...)` is called "SYSCALL_DEFINE2 munmap".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex

_BRACE = late_regex(rb"[{}]")
_NAME = late_regex(rb"(\w+)\s*\Z")
_BOUNDARY = late_regex(rb"[;}]|\n[ \t]*\n")
_FIRST_ARGUMENT = late_regex(rb"\s*(\w+)")
_KEYWORDS = frozenset({b"if", b"while", b"for", b"switch", b"sizeof", b"struct", b"enum", b"union"})


class Spot(Struct, frozen=True):
    """A function: its name, and the bytes [`start`, `end`) with `body` where its brace opens."""

    name: str
    start: int
    body: int
    end: int


def spots(clean: bytes, chunks: Sequence[tuple[int, int]]) -> Iterator[Spot]:
    """Yield the functions of a file.

    `clean` is the text with comments, strings and directives blank; `chunks` are its top-level
    stretches, each of which ends after the brace that closes a function.
    """
    for start, end in chunks:
        depth = 0
        for match in _BRACE.finditer(clean, start, end):
            if match[0] == b"}":
                depth -= 1
                continue
            depth += 1
            if depth == 1:
                found = _head(clean, start, match.start())
                if found is not None:
                    yield Spot(found[0], found[1], match.start(), end)
                    break


def _head(clean: bytes, start: int, brace: int) -> tuple[str, int] | None:
    """Return the name and the start of the function whose body opens at `brace`, or None."""
    at = brace
    while True:
        before = clean[start:at].rstrip()
        if not before.endswith(b")"):
            return None
        opening = _opening(before)
        if opening is None:
            return None
        name = _NAME.search(before, 0, opening)
        if name is None or name[1] in _KEYWORDS:
            return None
        rest = before[: name.start()].rstrip()
        if name[1].startswith(b"__") and rest.endswith(b")"):
            at = start + name.start()
            continue
        word = name[1].decode()
        if word.isupper() or word.startswith(("SYSCALL_", "COMPAT_SYSCALL_")):
            argument = _FIRST_ARGUMENT.match(before, opening + 1)
            word = f"{word} {argument[1].decode()}" if argument is not None else word
        edges = [m.end() for m in _BOUNDARY.finditer(before, 0, name.start())]
        return word, start + (edges[-1] if edges else 0)


def _opening(text: bytes) -> int | None:
    """Return where the parenthesis opens that closes at the end of a text."""
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        if text[at] == 41:
            depth += 1
        elif text[at] == 40:
            depth -= 1
            if depth == 0:
                return at
    return None
