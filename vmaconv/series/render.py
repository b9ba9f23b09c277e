# SPDX-License-Identifier: GPL-2.0-only
"""A series as files: names and bytes, as `git format-patch` writes them.

In: a `Series`.  Out: a mapping from file name to mail, in the order in which they are sent.
Several batches get a folder each.

What git leaves open is done here: each mail's own recipients, a range-diff of all batches, the ids
of commits that are on a branch, and a body that reaches its reader whole. `git am` drops carriage
returns from a plain mail, and a mail's lines end at 998 bytes: such bodies go quoted-printable.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterator, Mapping, Sequence

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.visible import plain, plain_lines
from vmaconv.series.assemble import Batch, Patch, Series
from vmaconv.series.format_patch import Commit, Letter, MailWishes, patch_store
from vmaconv.series.git.repository import SHA1, object_format
from vmaconv.series.mail.address import address_lines
from vmaconv.series.people.recipients import Recipients, union

#: RFC 5322's longest line, less its end.
_LONGEST_LINE = 998
_NO_COMMIT = late_regex(rb"\AFrom 0+ ")
_MIME = late_regex(rb"(?im)^(?:MIME-Version|Content-[a-z-]+): .*\n")


def render_series(
    series: Series, *, commits: Sequence[str] = (), range_diff: str = ""
) -> Mapping[str, bytes]:
    """Write every mail of a series.

    `commits` are the patches' ids where they are on a branch; `range_diff` goes into the first
    letter.
    """
    files: dict[str, bytes] = {}
    at = 0
    for batch in series.batches:
        folder = f"batch-{batch.place.number}/" if len(series.batches) > 1 else ""
        before = series.patches[:at] if series.in_order else ()
        ids = commits[at : at + len(batch.patches)]
        for name, mail in _batch(series, batch, before, ids, "" if at else range_diff):
            files[folder + name] = mail
        at += len(batch.patches)
    return files


def _batch(
    series: Series, batch: Batch, before: Sequence[Patch], ids: Sequence[str], range_diff: str
) -> Iterator[tuple[str, bytes]]:
    """Return the mails of a batch, which goes on top of the patches `before`."""
    around, options = series.surroundings, series.options
    wishes = MailWishes(
        around.base,
        options.thread,
        options.version,
        options.subject_prefix,
        options.in_reply_to.strip("<> "),
        options.abbrev,
    )
    letter = Letter(plain(batch.cover_subject), plain_lines(batch.cover_body))
    commits = [Commit(patch.message, patch.changes) for patch in (*before, *batch.patches)]
    kind = object_format(around.repository) if around.repository else SHA1
    with patch_store(commits, around.sender, kind) as store:
        mails = store.mails(letter, wishes, len(before))
    if letter.subject:
        name, mail = mails.pop(0)
        if range_diff:
            mail = _with_range_diff(mail, range_diff, options.version - 1)
        yield name, addressed(mail, union([patch.recipients for patch in batch.patches]))
    for number, ((name, mail), patch) in enumerate(zip(mails, batch.patches, strict=True)):
        if ids:
            mail = _NO_COMMIT.sub(f"From {ids[number]} ".encode(), mail)
        yield name, addressed(mail, patch.recipients)


def _with_range_diff(letter: bytes, text: str, version: int) -> bytes:
    """Put a range-diff where git has it: behind the table of files."""
    words = f"Range-diff against v{version}:\n{text.rstrip()}\n".encode("utf-8", "surrogateescape")
    at = letter.rfind(b"\n\nbase-commit: ")
    at = at if at >= 0 else letter.rindex(b"\n-- \n")
    return letter[: at + 1] + words + letter[at + 1 :]


def addressed(mail: bytes, recipients: Recipients) -> bytes:
    """Return a mail with recipients under its headers, its body encoded where plain mail would harm it."""
    head, _, body = mail.partition(b"\n\n")
    head += b"\n"
    longest = max(map(len, body.split(b"\n")))
    if b"\r" in body or longest > _LONGEST_LINE:
        head = _MIME.sub(b"", head)
        head += b"MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
        head += b"Content-Transfer-Encoding: quoted-printable\n"
        body = b"\n".join(binascii.b2a_qp(line, istext=False) for line in body.split(b"\n"))
    elif not (body.isascii() or _MIME.search(head)):
        # git looks at messages only: a letter's words and a diff's bytes count, too.
        head += b"MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
        head += b"Content-Transfer-Encoding: 8bit\n"
    head += (address_lines("To", recipients.to) + address_lines("Cc", recipients.cc)).encode()
    return head + b"\n" + body
