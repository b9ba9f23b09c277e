# SPDX-License-Identifier: GPL-2.0-only
"""A commit message: subject, body, trailers.

In: words.  Out: a `Message` that `git am` gives back as it was written, or `BadMessage`.
Left to others: finding the words (`wording`, `subject`, `template`).
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.visible import plain, plain_lines
from vmaconv.series.series_error import BadMessage

#: The kernel asks for at most 75 columns (Documentation/process/submitting-patches.rst).
SUBJECT_WIDTH = 75
BODY_WIDTH = 72

#: The order that maintainer-tip.rst asks for; sign-offs stay where the chain of hands put them.
_ORDER = (
    "fixes",
    "reported-by",
    "closes",
    "originally-by",
    "suggested-by",
    "assisted-by",
    "co-developed-by",
    "signed-off-by",
    "tested-by",
    "reviewed-by",
    "acked-by",
    "cc",
    "link",
)
_MESSAGE_ID = late_regex(r"<?[!-;=?A-~]+@[!-;=?A-~]+>?")
_TRAILER = late_regex(r"(?P<key>[A-Za-z][A-Za-z0-9-]*):\s+(?P<value>\S.*)")
#: Lines at which `git am` takes the message to end and the patch to start.
_PATCH_STARTS = late_regex(r"diff -|Index: |---(\s|$)")
#: First lines that `git am` takes for headers in the body.
_IN_BODY_HEADER = late_regex(r"(From|Date|Subject|Content-[A-Za-z-]+)\s*:|\[PATCH\]|>From\s", re.I)
_BULLET = late_regex(r"(?:[-*•]|\d+[.)])\s+")


class Trailer(Struct, frozen=True):
    """A `Key: value` line at a message's end."""

    key: str
    value: str

    def __str__(self) -> str:
        return f"{self.key}: {self.value}"


class Message(Struct, frozen=True):
    """A commit message; the body's paragraphs are set, the trailers in order."""

    subject: str
    body: str = ""
    trailers: tuple[Trailer, ...] = ()

    def below_subject(self) -> str:
        """Return body and trailers, ending in a line feed unless there is neither."""
        blocks = [self.body] if self.body else []
        if self.trailers:
            blocks.append("\n".join(str(trailer) for trailer in self.trailers))
        return "\n\n".join(blocks) + "\n" if blocks else ""

    def text(self) -> str:
        """Return the whole message as git stores it.

        >>> Message("mm: foo", "Why.", (Trailer("Link", "https://x"),)).text()
        'mm: foo\\n\\nWhy.\\n\\nLink: https://x\\n'
        """
        below = self.below_subject()
        return f"{self.subject}\n\n{below}" if below else f"{self.subject}\n"


def make_message(subject: str, body: str = "", trailers: Iterable[Trailer] = ()) -> Message:
    """Make a message, tidied as git tidies one, its trailers in the kernel's order.

    What would drive a reader's terminal or hide there (a rule's words may come from a stranger)
    stands by name in it.

    Raises `BadMessage` for words that `git am` would cut or take for something else.
    """
    subject = plain(" ".join(subject.split()))
    tidy = _tidy(body)
    _check_subject(subject)
    _check_body(tidy)
    return Message(subject, plain_lines(tidy), order_trailers(trailers))


def _tidy(body: str) -> str:
    lines = [line.rstrip() for line in body.replace("\r\n", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _check_subject(subject: str) -> None:
    if not subject:
        raise BadMessage("the subject is empty", remedy="give one with --subject")
    if subject.startswith("["):
        raise BadMessage(
            f"git am would drop the start of the subject: {subject}",
            remedy="begin it with no bracket; [PATCH n/m] is added",
        )
    if re.match(r"re:\s", subject, re.I):
        raise BadMessage(f"git am would drop the 'Re:' of the subject: {subject}")


def _check_body(body: str) -> None:
    for number, line in enumerate(body.split("\n"), 1):
        place = f"line {number} of the body"
        if _PATCH_STARTS.match(line):
            raise BadMessage(
                f"git am would take the message to end at: {line}",
                remedy="indent the line",
                place=place,
            )
        if number == 1 and _IN_BODY_HEADER.match(line):
            raise BadMessage(
                f"git am would take this for a mail header: {line}",
                remedy="begin the body with other words",
                place=place,
            )
        if "\0" in line:
            raise BadMessage("a NUL byte in the body", place=place)


def check_prefix(text: str) -> None:
    """Raise `BadMessage` for what cannot stand in the brackets of a subject."""
    if not text.strip() or not text.isprintable() or set(text) & set("[]"):
        raise BadMessage(
            f"no subject prefix: {text!r}", remedy="give words for the brackets, as in 'PATCH mm'"
        )


def check_message_id(text: str) -> None:
    """Raise `BadMessage` for what is no mail's name (RFC 5322: `<left@right>`)."""
    if not _MESSAGE_ID.fullmatch(text):
        raise BadMessage(
            f"not a Message-Id: {text!r}", remedy="give that of the mail to answer: <left@right>"
        )


def parse_trailer(line: str) -> Trailer:
    """Read a trailer as a person writes it.

    >>> parse_trailer("Acked-by: A <a@b.c>").key
    'Acked-by'

    Raises `BadMessage` for a line that is none.
    """
    match = _TRAILER.fullmatch(line.strip())
    if not match:
        raise BadMessage(
            f"not a trailer: {line.strip()!r}", remedy="write it as 'Key: value', on one line"
        )
    return Trailer(match["key"], plain(match["value"]))


def order_trailers(trailers: Iterable[Trailer]) -> tuple[Trailer, ...]:
    """Put trailers in the kernel's order, each one once; unknown ones go before the sign-offs.

    A co-author's sign-off stays under their Co-developed-by.

    >>> [t.key for t in order_trailers([Trailer("Cc", "x"), Trailer("Fixes", "y")])]
    ['Fixes', 'Cc']
    """
    return tuple(sorted(dict.fromkeys(trailers), key=_rank))


def _rank(trailer: Trailer) -> int:
    key = trailer.key.lower()
    if key == "co-developed-by":
        key = "signed-off-by"
    return _ORDER.index(key) if key in _ORDER else _ORDER.index("assisted-by")


def wrap(text: str, width: int = BODY_WIDTH) -> str:
    """Set paragraphs to a width; lists hang, indented lines stay as they are.

    >>> wrap("one two three", 8)
    'one two\\nthree'
    """
    paragraphs = re.split(r"\n[ \t]*\n", text.strip("\n"))
    return "\n\n".join(_wrap_paragraph(paragraph, width) for paragraph in paragraphs)


def _wrap_paragraph(paragraph: str, width: int) -> str:
    runs: list[list[str]] = []
    for line in paragraph.split("\n"):
        fixed = line[:1].isspace() and not (runs and _BULLET.match(runs[-1][0]))
        joins = runs and not _BULLET.match(line) and not fixed and not runs[-1][0][:1].isspace()
        if joins:
            runs[-1].append(line)
        else:
            runs.append([line])
    return "\n".join(_fill(run, width) for run in runs)


def _fill(run: list[str], width: int) -> str:
    if run[0][:1].isspace():
        return run[0].rstrip()
    bullet = _BULLET.match(run[0])
    return textwrap.fill(
        " ".join(line.strip() for line in run),
        width,
        subsequent_indent=" " * bullet.end() if bullet else "",
        break_long_words=False,
        break_on_hyphens=False,
    )
