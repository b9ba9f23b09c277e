# SPDX-License-Identifier: GPL-2.0-only
"""Who writes the words of messages and letters: the rules of `wording` and `cover`, or a template.

In: the facts of a patch or series.  Out: a `Message`, or a letter's subject and body.  Jinja2 is
loaded only with a template.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from vmaconv.series.letter.cover import BatchPlace, CoverFacts, cover_body
from vmaconv.series.words.message import SUBJECT_WIDTH, Message, make_message
from vmaconv.series.words.prefix import Prefix
from vmaconv.series.words.split import PatchFiles
from vmaconv.series.words.wording import Purpose, Wishes, distinct_notes, shortened, write_message

if TYPE_CHECKING:
    from vmaconv.series.letter.template import Template

PatchList = tuple[tuple[str, tuple[str, ...]], ...]


class MessageWriter(Struct, frozen=True):
    """Writes a patch's message, by a template where there is one."""

    template: Template | None = None

    def __call__(
        self, part: PatchFiles, prefix: Prefix, purpose: Purpose, wishes: Wishes
    ) -> Message:
        """Write the message of a part."""
        plain = write_message(part.changes, prefix, purpose, wishes)
        if self.template is None:
            return plain
        text = self.template.render(
            {
                "prefix": prefix.text,
                "summary": purpose.summary,
                "why": purpose.why,
                "tool": purpose.tool,
                "notes": distinct_notes(part.changes),
                "files": part.paths,
                "subsystem": part.subsystem,
                "subject": plain.subject,
                "body": plain.body,
            }
        )
        subject, _, body = text.strip("\n").partition("\n")
        return make_message(subject, body, wishes.trailers)


class CoverWriter(Struct, frozen=True):
    """Writes a cover letter's subject and body, by a template where there is one."""

    template: Template | None = None

    def __call__(
        self, facts: CoverFacts, batch: BatchPlace, prefix: Prefix, patches: PatchList
    ) -> tuple[str, str]:
        """Write the letter of a batch."""
        subject, body = cover_subject(facts, batch, prefix), cover_body(facts, batch)
        if self.template is not None:
            text = self.template.render(
                {
                    "prefix": prefix.text,
                    "summary": facts.summary,
                    "why": facts.why,
                    "counts": facts.counts,
                    "left": facts.left,
                    "checked": facts.checked,
                    "reviewer_notes": facts.reviewer_notes,
                    "patches": patches,
                    "batch": batch,
                    "subject": subject,
                    "body": body,
                }
            )
            subject, _, body = text.strip("\n").partition("\n")
        message = make_message(subject, body)
        return message.subject, message.body


def cover_subject(facts: CoverFacts, batch: BatchPlace, prefix: Prefix) -> str:
    """Return the letter's subject, with the batch where there are several."""
    subject = prefix.subject(facts.summary.rstrip("."))
    tail = f" (batch {batch.number} of {batch.count})" if batch.count > 1 else ""
    return shortened(subject, SUBJECT_WIDTH - len(tail)) + tail if tail else subject
