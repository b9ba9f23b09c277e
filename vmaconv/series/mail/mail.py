# SPDX-License-Identifier: GPL-2.0-only
"""One patch as `git format-patch` writes it.

In: a message, the changed files, who and when.  Out: a mail in bytes that `git am` takes.

The diff goes in as it is, in whatever encoding the files have.  Only a diff with carriage returns
is encoded (quoted-printable), since `git am` drops them from a plain mail.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass

from vmaconv.series.change import FileChange
from vmaconv.series.git.diffstat import diffstat, file_stats
from vmaconv.series.git.file_diff import ABBREV, FileDiff, file_diffs
from vmaconv.series.mail.mail_header import (
    Address,
    address_lines,
    date_line,
    from_line,
    subject_line,
)
from vmaconv.series.words.message import Message

NO_COMMIT = "0" * 40
#: The date in every mail's first line, by which git's own patches are told from other mails.
_MAGIC_DATE = "Mon Sep 17 00:00:00 2001"
#: RFC 5322's longest line, less its end.
_LONGEST_LINE = 998
_QP_LINE = 75


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a patch, and the time it carries."""

    address: Address
    when: int
    zone: str = "+0000"


@dataclass(frozen=True, slots=True)
class Place:
    """A patch's place in its series; number 0 is the cover letter.

    >>> Place(3, 12, version=2).tag()
    '[PATCH v2 03/12]'
    """

    number: int = 1
    total: int = 1
    version: int = 1
    numbered: bool = False
    prefix: str = "PATCH"

    def tag(self) -> str:
        """Give the bracketed tag that a subject starts with."""
        words = [self.prefix] if self.prefix else []
        if self.version > 1:
            words.append(f"v{self.version}")
        if self.numbered or self.total > 1 or not self.number:
            words.append(f"{self.number:0{len(str(self.total))}d}/{self.total}")
        return f"[{' '.join(words)}]" if words else ""


@dataclass(frozen=True, slots=True)
class Thread:
    """The headers that tie mails together; identifiers without angle brackets."""

    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()

    def lines(self) -> str:
        """Give the headers in git's order."""
        out = f"Message-Id: <{self.message_id}>\n" if self.message_id else ""
        if self.in_reply_to:
            out += f"In-Reply-To: <{self.in_reply_to}>\n"
        if self.references:
            joined = "\n\t".join(f"<{one}>" for one in self.references)
            out += f"References: {joined}\n"
        return out


@dataclass(frozen=True, slots=True)
class Envelope:
    """All that stands above a mail's body."""

    sender: Sender
    place: Place = Place()
    thread: Thread = Thread()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    commit: str = NO_COMMIT


def patch_mail(
    message: Message,
    changes: Sequence[FileChange],
    envelope: Envelope,
    signature: str,
    abbrev: int = ABBREV,
) -> bytes:
    """Write the mail of a patch; `signature` is the version under its last line.

    Raises `BinaryChange` for a file that a diff in text cannot carry.
    """
    ordered = sorted(changes, key=lambda change: os.fsencode(change.path))
    diffs = file_diffs(ordered, abbrev=abbrev)
    return compose(message.subject, envelope, patch_body(message, diffs, signature))


def patch_body(
    message: Message, diffs: Sequence[FileDiff], signature: str, after: bytes = b""
) -> bytes:
    """Give what stands under a patch's headers; `after` goes between the diff and the end."""
    text = message.below_subject().encode("utf-8", "surrogateescape")
    parts = [text, b"---\n", diffstat(file_stats(diffs)), b"\n"]
    parts += [diff.render() for diff in diffs]
    return b"".join([*parts, after, b"-- \n", signature.encode(), b"\n\n"])


def compose(subject: str, envelope: Envelope, body: bytes) -> bytes:
    """Put headers over a mail's body, which is encoded where plain mail would harm it."""
    head = f"From {envelope.commit} {_MAGIC_DATE}\n"
    head += envelope.thread.lines()
    head += from_line(envelope.sender.address)
    head += date_line(envelope.sender.when, envelope.sender.zone)
    head += subject_line(envelope.place.tag(), subject)
    fragile = b"\r" in body or any(len(line) > _LONGEST_LINE for line in body.split(b"\n"))
    if fragile:
        head += _mime("quoted-printable", body)
        body = _quoted_printable(body)
    else:
        # As git does for --format=mboxrd: who keeps mails in one file sees no further mail there.
        body = re.sub(rb"(?m)^(>*From )", rb">\1", body)
    if not fragile and not (body.isascii() and subject.isascii()):
        head += _mime("8bit", body)
    head += address_lines("To", envelope.to)
    head += address_lines("Cc", envelope.cc)
    return head.encode() + b"\n" + body


def _mime(encoding: str, body: bytes) -> str:
    """Give the headers that name the body's encoding.

    A body that is not UTF-8 holds a file that is not; Latin-1 is what such files have, and the
    mail programs that look at the name show every byte of it.
    """
    try:
        body.decode()
        charset = "UTF-8"
    except UnicodeDecodeError:
        charset = "ISO-8859-1" if _message_part(body).isascii() else "UTF-8"
    return (
        "MIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset={charset}\n"
        f"Content-Transfer-Encoding: {encoding}\n"
    )


def _message_part(body: bytes) -> bytes:
    return (b"\n" + body).partition(b"\n---\n")[0]


def _quoted_printable(body: bytes) -> bytes:
    return b"\n".join(_quoted_line(line) for line in body.split(b"\n"))


def _quoted_line(line: bytes) -> bytes:
    """Encode a line, broken softly; a blank at its end and `From ` at its start count as odd."""
    out: list[bytes] = []
    used = 0
    for index, byte in enumerate(line):
        odd = not (0x20 <= byte < 0x7F or byte == 0x09) or byte == 0x3D
        odd = odd or (index == len(line) - 1 and byte in b" \t")
        odd = odd or (index == 0 and line.startswith(b"From "))
        code = b"=%02X" % byte if odd else bytes([byte])
        if used + len(code) > _QP_LINE:
            out.append(b"=\n")
            used = 0
        out.append(code)
        used += len(code)
    return b"".join(out)
