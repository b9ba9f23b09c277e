# SPDX-License-Identifier: GPL-2.0-only
"""Helpers that are made with what they would come to be called by, or that a file has of its own.

In: a file's text, a function in it, and the code that would stand there. Out: which helper of that code
the file itself makes with this function. In a `vma_is_cow_mapping()` that asks
`is_cow_mapping(v->vm_flags)`, a call of `vma_is_cow_mapping()` would never come back. And which one a
C file gives another meaning: its own `vma_test()` is not that of the headers.
"""

from __future__ import annotations

import re
from functools import lru_cache

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import blank_out
from vmaconv.cocci.text.word_places import lines_matching

_CALLED = late_regex(rb"\b(\w+)\(")


def called_in(text: bytes) -> tuple[bytes, ...]:
    """Return the names that code calls, each once.

    >>> called_in(b"!f(g(x), f(y))")
    (b'f', b'g')
    """
    return tuple(dict.fromkeys(_CALLED.findall(text)))


_STATIC = late_regex(rb"static\b[^;{}()]*[\s*]|[ \t]*#[ \t]*define[ \t]+")


def own_helper(text: bytes, code: bytes, old: bytes = b"", statement: bytes = b"") -> bytes | None:
    """Return the function of `code` that a text has for itself, as a static one or a macro; or None.

    What the `statement` around calls anyhow is meant. But what the `old` code called and the new does
    not must be the headers', too: there a file's own one does something else.

    >>> own_helper(b"int f(int);\\nstatic int\\ng(int x)\\n{\\n}\\n", b"f(g(1))")
    b'g'
    """
    new = {*called_in(code)}
    for name in sorted((new - {*called_in(statement)}) | ({*called_in(old)} - new)):
        if _has_own(text, name):
            return name
    return None


def _has_own(text: bytes, name: bytes) -> bool:
    """Whether a text defines a function or a macro of that name for itself."""
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        start = text.rfind(b"\n", 0, at) + 1
        # The type may stand in a line of its own.
        above = text.rfind(b"\n", 0, start - 1) + 1 if start == at > 0 else start
        own = _STATIC.fullmatch(text, above, at)
        if own is not None and _STATIC.fullmatch(blank_out(text), above, at) is not None:
            is_macro = own.group().lstrip().startswith(b"#") and text[end : end + 1].isspace()
            if is_macro or text.startswith(b"(", end):
                return True
        at = text.find(name, end)
    return False


def circle(text: bytes, own: bytes, code: bytes) -> bytes | None:
    """Return the function of `code` that calls `own`, where the code would stand, or is that; or None.

    What is called in between is followed as far as `text` defines it.

    >>> circle(b"int f(int a)\\n{\\n\\treturn g(a);\\n}\\n", b"g", b"f(1)")
    b'f'
    """
    for helper in called_in(code):
        if own == helper or own in _reached(text, helper):
            return helper
    return None


@lru_cache(maxsize=64)
def _reached(text: bytes, helper: bytes) -> frozenset[bytes]:
    """Return what a helper calls, and what that calls, as far as a text defines it.

    It is asked of each place of a file that would call the helper.
    """
    seen: set[bytes] = set()
    waiting = [helper]
    while waiting:
        new = {*called_in(_bodies(text, waiting.pop()))} - seen
        seen |= new
        waiting += new
    return frozenset(seen)


def _bodies(text: bytes, name: bytes) -> bytes:
    """Return the bodies of a function or macro that a text defines, one behind the other."""
    word = re.escape(name)
    definition = re.compile(
        rb"[ \t]*#[ \t]*define[ \t]+" + word + rb"\((?P<macro>(?:[^\\\n]|\\.)*)"
        rb"|(?![ \t#*/])[^\n;{}()=]*\b" + word + rb"\([^;{}]*\)\s*\{(?P<body>.*?)\n\}",
        re.DOTALL,
    )
    # A file calls much more than it defines: what does not stand in a line of its name is not tried.
    found = lines_matching(definition, name + b"(", text)
    return b"\n".join(match["macro"] or match["body"] or b"" for match in found)
