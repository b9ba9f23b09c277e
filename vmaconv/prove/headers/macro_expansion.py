# SPDX-License-Identifier: GPL-2.0-only
"""What a macro's use becomes, as text.

In: a macro's parameters and body, and the texts of arguments. Out: the body with them in place, as
the preprocessor has it: parameters, `...`, `##`.
"""

from __future__ import annotations

import re

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import without_comments

_WORD = late_regex(rb"[A-Za-z_]\w*")
_DEFINE = late_regex(rb"#[ \t]*define[ \t]+(\w+)(\([^)]*\))?[ \t]*", re.DOTALL)
_PASTE = late_regex(rb"[ \t]*##[ \t]*")


class Macro(Struct, frozen=True):
    """A `#define`: `parameters` is None where it takes no arguments."""

    name: str
    parameters: tuple[bytes, ...] | None
    body: bytes
    path: str
    offset: int


def read_define(text: bytes, path: str, offset: int) -> Macro | None:
    r"""Read a `#define` line, its continuations included.

    >>> read_define(b"#define F(a, ...) g(a, \\\n __VA_ARGS__)", "", 0).parameters
    (b'a', b'...')
    >>> read_define(b'#define PAGE(n) g(n, "http://a/") /* b */', "", 0).body
    b'g(n, "http://a/")'
    """
    flat = without_comments(text.replace(b"\\\n", b" "), b" ")
    found = _DEFINE.match(flat)
    if found is None:
        return None
    parameters: tuple[bytes, ...] | None = None
    if found[2] is not None:
        parameters = tuple(p.strip() for p in found[2][1:-1].split(b",") if p.strip())
    return Macro(found[1].decode(), parameters, flat[found.end() :].strip(), path, offset)


def expanded(macro: Macro, arguments: list[bytes]) -> bytes | None:
    """Return the body with `arguments` in place; None where their number is wrong."""
    if macro.parameters is None:
        return macro.body
    names = list(macro.parameters)
    values: dict[bytes, bytes] = {}
    if names and names[-1].endswith(b"..."):
        rest = names.pop()
        key = rest.removesuffix(b"...") or b"__VA_ARGS__"
        values[key] = b", ".join(arguments[len(names) :])
        arguments = arguments[: len(names)]
    if len(arguments) != len(names):
        return None
    values.update(zip(names, arguments, strict=True))
    text = macro.body
    if not values.get(b"__VA_ARGS__", b"x"):
        text = re.sub(rb",\s*##\s*__VA_ARGS__", b"", text)
    text = _WORD.sub(lambda m: values.get(m[0], m[0]), text)
    return _PASTE.sub(b"", text)
