# SPDX-License-Identifier: GPL-2.0-only
"""Bytes of a file as text in which nothing hides.

In: bytes of a line.  Out: text that may be shown: what would be invisible, reorder the line or
drive the terminal stands there by name (`<U+202E>`, `^[`, `<E9>`), so that a reader sees what a
compiler reads.  The tab stays a tab.

Fact: "Trojan Source" (CVE-2021-42574) hides code from reviewers with bidirectional controls.
"""

from __future__ import annotations

from collections.abc import Iterator

from vmaconv.cocci.text.late_regex import late_regex

_ODD = late_regex(
    "["
    "\x00-\x08\x0a-\x1f\x7f-\xa0\xad"  # controls, a blank that is none, a hyphen that is not shown
    "\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"  # marks and letters without a shape
    "\u200b-\u200f\u2028-\u202f\u205f-\u206f"  # zero width, line ends, direction
    "\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U000e0000-\U000e0fff"  # tags
    "\ud800-\udfff"  # bytes that are not UTF-8, as "surrogateescape" gives them
    "]"
)


def decoded(line: bytes) -> str:
    """Decode a line without its line feed; a byte that is not UTF-8 becomes a lone surrogate.

    The result is for `pieces` and `plain`, never for the screen as it is.
    """
    return line.removesuffix(b"\n").decode("utf-8", "surrogateescape")


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Cut text into what may be shown as it is, and names of what may not (True).

    >>> list(pieces("a\\u202eb"))
    [('a', False), ('<U+202E>', True), ('b', False)]
    """
    at = 0
    for match in _ODD.finditer(text):
        if match.start() > at:
            yield text[at : match.start()], False
        yield name_of(match[0]), True
        at = match.end()
    if at < len(text):
        yield text[at:], False


def plain(text: str | bytes) -> str:
    """Return text with everything odd named: for labels, paths and reasons.

    >>> plain(b"caf\\xe9\\x1b[m")
    'caf<E9>^[[m'
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "surrogateescape")
    return _ODD.sub(lambda match: name_of(match[0]), text)


def plain_lines(text: str) -> str:
    """Return `plain` text of several lines: line feeds and tabs stay.

    >>> plain_lines("a\\rb\\nc")
    'a^Mb\\nc'
    """
    return "\n".join(map(plain, text.split("\n")))


def shown(output: bytes) -> bytes:
    """Return output that would go to a file as a terminal may show it, in UTF-8.

    >>> shown(b"+\\tg(\\x1b[2J);\\n")
    b'+\\tg(^[[2J);\\n'
    """
    return plain_lines(output.decode("utf-8", "surrogateescape")).encode()


def name_of(character: str) -> str:
    """Name a character as less(1) and git do: `^M`, `<E9>` for a byte, `<U+202E>` for the rest.

    >>> name_of("\\r"), name_of("\\udce9"), name_of("\\u200b")
    ('^M', '<E9>', '<U+200B>')
    """
    code = ord(character)
    if code < 0x20 or code == 0x7F:
        return f"^{chr(code ^ 0x40)}"
    if 0xDC80 <= code <= 0xDCFF:
        return f"<{code - 0xDC00:02X}>"
    return f"<U+{code:04X}>"
