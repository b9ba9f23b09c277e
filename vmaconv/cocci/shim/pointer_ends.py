# SPDX-License-Identifier: GPL-2.0-only
"""Find where a type in parentheses may end in a `*`, in a text that nobody has parsed.

In:   a source file's bytes, and the names that the caller knows.
Out:  offsets of stars, in order: each one behind which, past what may qualify a pointer, the
      parenthesis closes. A star in a comment, or one that multiplies, may be among them.
"""

from vmaconv.cocci.shim.macros import MacroNames, kinds_with, looks_like_attribute
from vmaconv.cocci.text.c_lexer import ANY_COMMENT
from vmaconv.cocci.text.late_regex import late_regex

_BEHIND = rb"[\s\w\\]*+(?:" + ANY_COMMENT + rb"[\s\w\\]*+)*+"
_STAR = late_regex(rb"\*(" + _BEHIND + rb")(?:[)(]|\[\[)")
_NAME = late_regex(rb"[^\W\d]\w*")
_COMMENT = late_regex(ANY_COMMENT)
_DEFINED = late_regex(rb"#\s*define\s+(\w+)")

_QUALIFIERS = frozenset({b"const", b"volatile", b"restrict"})
_ATTRIBUTES = b"aAx"


def pointer_ends(text: bytes, names: MacroNames) -> list[int]:
    """Return where types in parentheses may end in a `*`.

    >>> pointer_ends(b"f(int *x) { g((char *)x, (int */* f() */const)x); }", MacroNames())
    [20, 30]
    """
    kinds = kinds_with(names)
    defined: frozenset[bytes] | None = None
    found: list[int] = []
    for match in _STAR.finditer(text):
        behind = match[1]
        if not behind or behind.isspace():
            if match[0][-1:] == b")":
                found.append(match.start())
            continue
        if defined is None:
            defined = frozenset(_DEFINED.findall(text))
        words = _NAME.findall(_COMMENT.sub(b" ", behind))
        if all(
            word in _QUALIFIERS
            or kinds[word] in _ATTRIBUTES
            or looks_like_attribute(word)
            or word in defined
            for word in words
        ):
            found.append(match.start())
    return found
