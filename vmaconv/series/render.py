# SPDX-License-Identifier: GPL-2.0-only
"""A series as files: names and bytes, as `git format-patch` would have written them.

In: a `Series`.  Out: a mapping from file name to mail, in the order in which they are sent.
Several batches get a folder each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from vmaconv.series.assemble import Batch, Patch, Series, digest
from vmaconv.series.git.diffstat import file_stats
from vmaconv.series.git.repository import git_version, run_git
from vmaconv.series.letter.cover import base_trailer, cover_mail, slug
from vmaconv.series.mail.mail import NO_COMMIT, Envelope, Place, Thread, compose, patch_body
from vmaconv.series.people.recipients import Recipients, union

#: git's longest name for a patch's file, its ending included.
_LONGEST_NAME = 64


def render_series(
    series: Series,
    *,
    commits: Sequence[str] = (),
    range_diff: str = "",
    signature: str = "",
) -> Mapping[str, bytes]:
    """Write every mail of a series.

    `commits` are the patches' ids where they are on a branch; `range_diff` goes into the first
    letter.
    """
    signature = signature or git_version()
    files: dict[str, bytes] = {}
    ids = dict(zip(series.patches, commits, strict=True)) if commits else {}
    before: list[str] = []
    for index, batch in enumerate(series.batches):
        folder = f"batch-{batch.place.number}/" if len(series.batches) > 1 else ""
        mails = _Mails(series, batch, ids, signature, tuple(before))
        if batch.cover_subject:
            files[folder + mails.name(0, "cover-letter")] = mails.cover(
                range_diff if not index else ""
            )
        for number, patch in enumerate(batch.patches, 1):
            mail = mails.patch(number, patch)
            files[folder + mails.name(number, slug(patch.message.subject))] = mail
            if series.in_order and index + 1 < len(series.batches) and series.surroundings.base:
                before.append(_patch_id(mail))
    return files


def _patch_id(mail: bytes) -> str:
    """Give the id by which git knows a patch wherever it goes."""
    words = run_git(Path("/"), "patch-id", "--stable", feed=mail).decode().split()
    return words[0] if words else ""


class _Mails:
    """The mails of one batch and their thread."""

    def __init__(
        self,
        series: Series,
        batch: Batch,
        ids: Mapping[Patch, str],
        signature: str,
        before: tuple[str, ...],
    ) -> None:
        self.options = series.options
        self.around = series.surroundings
        self.batch = batch
        self.ids = ids
        self.signature = signature
        self.before = before
        marks = "".join(digest(patch) for patch in batch.patches)
        self.first = self._message_id(f"cover.{marks[:12]}" if batch.cover_subject else marks[:40])

    def name(self, number: int, words: str) -> str:
        """Give a file name such as `v2-0001-mm-use-bits.patch`."""
        version = f"v{self.options.version}-" if self.options.version > 1 else ""
        stem = f"{version}{number:04d}-{words}"
        return stem[: _LONGEST_NAME - len(".patch") - 1].rstrip("-.") + ".patch"

    def cover(self, range_diff: str) -> bytes:
        """Write the cover letter, which goes to everybody who gets a patch."""
        asked = self.options.in_reply_to.strip("<> ")
        thread = Thread(self.first, asked, (asked,) if asked else ())
        everybody = union([patch.recipients for patch in self.batch.patches])
        stats = file_stats(diff for patch in self.batch.patches for diff in patch.diffs)
        return cover_mail(
            self.batch.cover_subject,
            self.batch.cover_body,
            self._envelope(0, thread, everybody),
            [patch.message.subject for patch in self.batch.patches],
            stats,
            self.signature,
            self.around.base,
            range_diff,
            self.before,
        )

    def patch(self, number: int, patch: Patch) -> bytes:
        """Write a patch's mail; where no letter does, the first patch tells the base."""
        envelope = replace(
            self._envelope(number, self._thread(number, patch), patch.recipients),
            commit=self.ids.get(patch, NO_COMMIT),
        )
        tells = not self.batch.cover_subject and (number == 1 or not self.options.thread)
        base = base_trailer(self.around.base, self.before) if tells else b""
        body = patch_body(patch.message, patch.diffs, self.signature, base)
        return compose(patch.message.subject, envelope, body)

    def _thread(self, number: int, patch: Patch) -> Thread:
        """Tie a patch to the letter, or to the first patch where there is none."""
        asked = self.options.in_reply_to.strip("<> ")
        single = not self.batch.cover_subject and len(self.batch.patches) == 1
        if not self.options.thread or single:
            return Thread("", asked, (asked,) if asked else ())
        if number == 1 and not self.batch.cover_subject:
            return Thread(self.first, asked, (asked,) if asked else ())
        references = (asked, self.first) if asked else (self.first,)
        return Thread(self._message_id(digest(patch)), self.first, references)

    def _envelope(self, number: int, thread: Thread, recipients: Recipients) -> Envelope:
        place = Place(
            number,
            len(self.batch.patches) if self.options.thread else 1,
            self.options.version,
            numbered=bool(self.batch.cover_subject),
            prefix=self.options.subject_prefix,
        )
        return Envelope(self.around.sender, place, thread, recipients.to, recipients.cc)

    def _message_id(self, start: str) -> str:
        sender = self.around.sender
        return f"{start}.{sender.when}.git.{sender.address.email}"
