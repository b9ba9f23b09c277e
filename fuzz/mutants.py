# SPDX-License-Identifier: GPL-2.0-only
"""Texts with wounds, for Hypothesis.

In: texts. Out: strategies of texts near them: pieces left out, doubled, swapped, moved in from
others, and things put in that parsers stumble over.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

ODD = (
    b"\0",
    b"\r",
    b"\x1b[31m",
    b"\xff",
    b"\xe2\x80\xae",
    b"\\\n",
    b"/*",
    b"*/",
    b"//",
    b'"',
    b"'",
    b"(",
    b")",
    b"{",
    b"}",
    b"[",
    b"]",
    b"<",
    b">",
    b";",
    b",",
    b"...",
    b"#if 0\n",
    b"#else\n",
    b"#endif\n",
    b"#define X(a) a##a\n",
    b"@@\n",
    b"@r@\n",
    b"+",
    b"-",
    b"*",
    b"<...",
    b"...>",
    b"<+...",
    b"...+>",
    b"\\(",
    b"\\|",
    b"\\&",
    b"\\)",
    b"when != ",
    b'=~ "(a+)+$"',
    b"From x@y Mon Sep 17 00:00:00 2001\n",
    b"=?UTF-8?q?=0A?=",
    b"---\n",
    b"diff --git a/x b/x\n",
    b"@@ -1,1 +1,99999999 @@\n",
    b"[x]\n",
    b"= ",
    b"1e999999",
    b"0x",
)
"""What is put into texts."""


@st.composite
def mutants(
    draw: st.DrawFn, texts: Sequence[bytes], most: int = 6, others: Sequence[bytes] = ()
) -> bytes:
    """One of some texts with up to `most` wounds; `others` give pieces, too."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(0, most))):
        start = draw(st.integers(0, len(text)))
        end = min(start + draw(st.integers(0, 80)), len(text))
        piece = text[start:end]
        match draw(st.integers(0, 6)):
            case 0:
                text = text[:start] + text[end:]
            case 1:
                text = text[:end] + text[start:]
            case 2:
                text = text[:start] + draw(st.sampled_from(ODD)) + text[start:]
            case 3:
                text = text[:start] + draw(st.binary(max_size=6)) + text[end:]
            case 4:
                to = draw(st.integers(0, len(text)))
                rest = text[:start] + text[end:]
                text = rest[:to] + piece + rest[to:]
            case 5:
                other = draw(st.sampled_from([*texts, *others]))
                at = draw(st.integers(0, len(other)))
                text = text[:start] + other[at : at + draw(st.integers(0, 120))] + text[start:]
            case _:
                text = text[:start] + piece * draw(st.integers(2, 40)) + text[end:]
    return text
