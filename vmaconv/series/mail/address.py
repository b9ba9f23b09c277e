# SPDX-License-Identifier: GPL-2.0-only
"""Names and mail addresses, and the headers that list them.

In: text.  Out: `Address`es that a header may hold, and header lines (str, ASCII only, each ending in
a line feed).  The other headers of a mail are git's (`format_patch`).
Facts: RFC 2047, RFC 5321 (4.5.3.1.3, the longest path) and RFC 5322.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.charset import QP, Charset
from email.header import Header

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex

#: Characters that a name may hold without quotes, as get_maintainer.pl and git have it.
_PLAIN_NAME = late_regex(r"[^()<>@,;:\\\".\[\]]*")
_ODD = late_regex(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ud800-\udfff]"
)
_NO_EMAIL = late_regex(r'[^!-~]|[<>()\[\]\\,;:"]')
#: Names that are longer are encoded: an encoded word can be broken anywhere.
_LONGEST_NAME = 200
#: An address cannot be broken, and no server takes a longer one: a path of 256 octets with its <>.
_LONGEST_EMAIL = 254


class Address(Struct, frozen=True):
    """A name, which may be empty, and a mail address."""

    name: str
    email: str

    def __str__(self) -> str:
        if not self.name:
            return self.email
        return f"{_quoted(self.name)} <{self.email}>"


class Sender(Struct, frozen=True):
    """Who sends a patch, and the time it carries: seconds, and a zone like `+0200`."""

    address: Address
    when: int
    zone: str = "+0000"


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


def clean_name(name: str) -> str:
    """Return a name as a header may hold it: nothing in it ends a line, or shows otherwise than it is.

    >>> clean_name("Eve\\rBcc: x")
    'Eve Bcc: x'
    """
    return " ".join(_ODD.sub(" ", name).split()) if _ODD.search(name) else name.strip()


def clean_email(email: str) -> str:
    """Return an address as a header may hold it, or nothing: ASCII, no blanks, no second address.

    One that is too long for mail is nothing, too.

    >>> clean_email(" a@b "), clean_email("a@b, c@d"), clean_email("a" * 250 + "@b.cd")
    ('a@b', '', '')
    """
    email = email.strip()
    return "" if len(email) > _LONGEST_EMAIL or _NO_EMAIL.search(email) else email


def encoded_address(address: Address) -> str:
    """Return an address as a header holds it, its name encoded where it is not ASCII."""
    name, email = clean_name(address.name), clean_email(address.email)
    if name.isascii() and "=?" not in name and len(name) <= _LONGEST_NAME:
        return str(Address(name, email))
    # Not base64, which git send-email does not read.
    charset = Charset("utf-8")
    charset.header_encoding = QP
    return f"{Header(name, charset).encode(linesep=chr(10))} <{email}>"


def address_lines(name: str, addresses: Sequence[Address]) -> str:
    """Return a `To:` or `Cc:` header, one address a line as git has it; nothing for none.

    >>> address_lines("Cc", [Address("A", "a@b"), Address("", "c@d")])
    'Cc: A <a@b>,\\n    c@d\\n'
    """
    if not addresses:
        return ""
    return f"{name}: " + ",\n    ".join(encoded_address(one) for one in addresses) + "\n"


def _quoted(name: str) -> str:
    if _PLAIN_NAME.fullmatch(name):
        return name
    escaped = re.sub(r'([\\"])', r"\\\1", name)
    return f'"{escaped}"'
