# SPDX-License-Identifier: GPL-2.0-only
"""The constants of enums, and those that stand for another number than before.

In: the tokens of an enum. Out: names, each with the text of the last number that is given, and how far
it stands behind it: as far as the text says numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from vmaconv.cocci.text.c_lexer import lex
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import without_comments

_NUMBER = late_regex(rb"(?:0[xX][0-9a-fA-F]+|[0-9]+|<<|[uUlL()|+\s])+")
_BIT = late_regex(rb"\bBIT(?:_ULL)?\s*\(\s*([0-9]+)\s*\)")
_ENUM = late_regex(rb"\benum\b[^;{}()=]*\{[^{}]*\}")


def enums_with(name: str, clean: bytes) -> Iterator[tuple[int, int]]:
    """Yield where the enums of a file start and end that mention a name; `clean` has no comments."""
    word = re.compile(rb"\b%s\b" % re.escape(name.encode()))
    for match in _ENUM.finditer(clean):
        if word.search(clean, match.start(), match.end()):
            yield match.start(), match.end()


def words_in_enums(clean: bytes) -> frozenset[str]:
    """Return the words in the enums of a file."""
    words = (re.findall(rb"\w+", match[0]) for match in _ENUM.finditer(clean))
    return frozenset(word.decode() for found in words for word in found)


def number_of(name: str, text: bytes) -> tuple[bytes, int] | None:
    """Return what the text of an enum says a constant stands for; None where a macro lists some.

    >>> number_of("C", b"enum { A, B = 4, C }")
    (b'4', 1)
    """
    tokens = re.findall(rb"\w+|[^\w\s]", text)
    found = numbers(tokens)
    if any(number is None for number in found.values()):
        return None
    return found.get(name)


def number_in(name: str, texts: Iterable[bytes]) -> bytes | None:
    """Return what a constant stands for, a macro's or an enum's; None where texts do not agree.

    >>> number_in("EAGAIN", [b"#define EAGAIN 11  /* Try again */"])
    b'11'
    >>> number_in("EAGAIN", [b"#define EAGAIN 11  /* Try\\n * again */"])
    b'11'
    >>> number_in("QUILL_F_SLOW", [b"#define QUILL_F_SLOW BIT(2)"])
    b'(1UL << 2)'
    """
    word = re.escape(name.encode())
    define = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+%s[ \t]+(.*)$" % word, re.MULTILINE)
    found: set[bytes] = set()
    for text in texts:
        for match in define.finditer(text):
            found.add(without_comments(match[1]).strip())
        if name.encode() not in text:
            continue
        clean = lex(text).clean
        for start, end in enums_with(name, clean):
            number = number_of(name, clean[start:end])
            if name in words_in_enums(clean[start:end]):
                found.add(b"(%s) + %d" % number if number is not None else b"?")
    only = _BIT.sub(rb"(1UL << \1)", found.pop()) if len(found) == 1 else b"?"
    return only if _NUMBER.fullmatch(only) else None


def renumbered(before: Sequence[bytes], after: Sequence[bytes]) -> frozenset[str]:
    """Return the constants of both texts whose numbers are not known to be the same.

    >>> sorted(renumbered(b"enum { A , B = 4 , C }".split(), b"enum { B = 4 , C , A }".split()))
    ['A']
    """
    old, new = numbers(before), numbers(after)
    return frozenset(name for name, number in new.items() if old.get(name, number) != number)


def numbers(tokens: Sequence[bytes]) -> dict[str, tuple[bytes, int] | None]:
    """Return each constant with the text of the last number that is given, and its distance to it.

    None for one that a macro may make several of: `FOO(A, 1)`.
    """
    found: dict[str, tuple[bytes, int] | None] = {}
    start = tokens.index(b"{") + 1 if b"{" in tokens else len(tokens)
    given, distance, depth = b"0", 0, 0
    one: list[bytes] = []
    for token in (*tokens[start:], b","):
        if token in (b",", b"}") and depth == 0:
            if one[1:2] == [b"="]:
                given, distance = b" ".join(one[2:]), 0
            if one:
                is_plain = len(one) == 1 or one[1] == b"="
                found[one[0].decode(errors="replace")] = (given, distance) if is_plain else None
                distance += 1
            one = []
            continue
        depth += (token == b"(") - (token == b")")
        one.append(token)
    return found
