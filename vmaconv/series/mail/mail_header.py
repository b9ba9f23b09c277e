# SPDX-License-Identifier: GPL-2.0-only
"""Mail headers as git writes them: addresses, subjects, dates; folded and encoded.

In: text.  Out: header lines (str, ASCII only, each ending in a line feed).
Facts: RFC 2047 and RFC 5322; where they leave a choice, git's pretty.c decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
#: Characters that a name may hold without quotes, as get_maintainer.pl and git have it.
_PLAIN_NAME = re.compile(r"[^()<>@,;:\\\".\[\]]*")
_ODD = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ud800-\udfff]"
)
_NO_EMAIL = re.compile(r'[^!-~]|[<>()\[\]\\,;:"]')
_LINE = 78
_ENCODED_LINE = 76
_START = "=?UTF-8?q?"


@dataclass(frozen=True, slots=True)
class Address:
    """A name, which may be empty, and a mail address."""

    name: str
    email: str

    def __str__(self) -> str:
        if not self.name:
            return self.email
        return f"{_quoted(self.name)} <{self.email}>"


def parse_address(text: str) -> Address:
    """Read `Name <address>` or a bare address.

    >>> parse_address('"J. Doe" <j@d.org>')
    Address(name='J. Doe', email='j@d.org')
    """
    match = re.fullmatch(r"\s*(?P<name>[^<]*?)\s*<(?P<email>[^<>]*)>.*", text, re.S)
    if not match:
        return Address("", clean_email(text))
    name = match["name"]
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return Address(clean_name(name), clean_email(match["email"]))


def _clean(address: Address) -> Address:
    return Address(clean_name(address.name), clean_email(address.email))


def clean_name(name: str) -> str:
    """Return a name as a header may hold it: nothing in it ends a line, or shows otherwise than it is.

    >>> clean_name("Eve\\rBcc: x")
    'Eve Bcc: x'
    """
    return " ".join(_ODD.sub(" ", name).split()) if _ODD.search(name) else name.strip()


def clean_email(email: str) -> str:
    """Return an address as a header may hold it, or nothing: ASCII, no blanks, no second address.

    >>> clean_email(" a@b "), clean_email("a@b, c@d")
    ('a@b', '')
    """
    email = email.strip()
    return "" if _NO_EMAIL.search(email) else email


def encoded_address(address: Address) -> str:
    """Give an address as a header holds it, its name encoded where it is not ASCII."""
    address = _clean(address)
    if _needs_encoding(address.name):
        return f"{encode_words(address.name, 0, strict=True)} <{address.email}>"
    return str(address)


def _quoted(name: str) -> str:
    if _PLAIN_NAME.fullmatch(name):
        return name
    escaped = re.sub(r'([\\"])', r"\\\1", name)
    return f'"{escaped}"'


def from_line(address: Address) -> str:
    """Give the `From:` header, the address on a line of its own where git puts it there."""
    address = _clean(address)
    line = "From: "
    if _needs_encoding(address.name):
        line += encode_words(address.name, len(line), strict=True)
    else:
        line += _folded(_quoted(address.name), len(line), _LINE)
    last = line.rpartition("\n")[2]
    split = "\n" if len(last) + len(f" <{address.email}>") > _LINE else ""
    return f"{line}{split} <{address.email}>\n"


def subject_line(prefix: str, subject: str) -> str:
    """Give the `Subject:` header of a patch.

    >>> subject_line("[PATCH 1/2]", "mm: foo")
    'Subject: [PATCH 1/2] mm: foo\\n'
    """
    subject = _ODD.sub(" ", subject)
    line = f"Subject: {prefix} " if prefix else "Subject: "
    if _needs_encoding(subject):
        return line + encode_words(subject, len(line), strict=False) + "\n"
    return line + _folded(subject, len(line), _LINE) + "\n"


def address_lines(name: str, addresses: Sequence[Address]) -> str:
    """Give a `To:` or `Cc:` header, one address a line as git has it; nothing for none."""
    if not addresses:
        return ""
    return f"{name}: " + ",\n    ".join(encoded_address(one) for one in addresses) + "\n"


def date_line(when: int, zone: str) -> str:
    """Give the `Date:` header for a time in seconds and a zone like `+0200`.

    >>> date_line(0, "+0000")
    'Date: Thu, 1 Jan 1970 00:00:00 +0000\\n'
    """
    return f"Date: {mail_date(when, zone)}\n"


def mail_date(when: int, zone: str) -> str:
    """Give a time as RFC 5322 and git write it, in no locale but English."""
    minutes = int(zone[1:3]) * 60 + int(zone[3:5])
    offset = timedelta(minutes=-minutes if zone[0] == "-" else minutes)
    at = datetime.fromtimestamp(when, UTC).astimezone(timezone(offset))
    day = f"{_DAYS[at.weekday()]}, {at.day} {_MONTHS.split()[at.month - 1]} {at.year}"
    return f"{day} {at:%H:%M:%S} {zone}"


def _needs_encoding(text: str) -> bool:
    too_long = len(text) > _LINE and max(map(len, text.split(" "))) > _LINE
    return too_long or not text.isascii() or "\n" in text or "=?" in text


def encode_words(text: str, column: int, *, strict: bool) -> str:
    """Encode text in words of RFC 2047, the first starting at a column of its line.

    `strict` keeps to the characters that a name may have there.
    """
    parts = [_START]
    used = column + len(_START)
    for char in text:
        code = _encoded(char, strict)
        if used + len(code) + 2 > _ENCODED_LINE:
            parts.append(f"?=\n {_START}")
            used = len(_START) + 1
        parts.append(code)
        used += len(code)
    return "".join([*parts, "?="])


def _encoded(char: str, strict: bool) -> str:
    plain = char.isascii() and char.isprintable() and char not in "=?_ "
    if strict:
        plain = plain and (char.isalnum() or char in "!*+-/")
    return char if plain else "".join(f"={byte:02X}" for byte in char.encode("utf-8", "replace"))


def _folded(text: str, column: int, width: int) -> str:
    """Break text at blanks so that no line passes the width; later lines start with a blank."""
    out: list[str] = []
    for word in text.split(" "):
        if out and column + 1 + len(word) > width:
            out.append("\n " + word)
            column = 1 + len(word)
        else:
            out.append(" " + word if out else word)
            column += len(word) + (len(out) > 1)
    return "".join(out)
