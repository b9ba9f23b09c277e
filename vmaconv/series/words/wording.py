# SPDX-License-Identifier: GPL-2.0-only
"""The words of a patch: what it does and why, for those who did not run the tool.

In: what the conversion is for, the notes of the changed files, what the person wants said.
Out: a `Message`.  The words come from the rule file's own descriptions; nothing is made up here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.series.change import FileChange
from vmaconv.series.words.message import SUBJECT_WIDTH, Message, Trailer, make_message, wrap
from vmaconv.series.words.prefix import Prefix, split_subject

#: Words that a shortened subject must not end with.
_DANGLING = late_regex(
    r"[\s,;:(-]+(?:a|an|and|as|at|by|for|from|in|into|its|of|on|or|that|the|through|to|which|with)?$"
)


class Purpose(Struct, frozen=True):
    """What a conversion is for, from its rule file.

    `summary` is imperative and short, or empty where the notes say enough; `why` has paragraphs
    apart by an empty line; `tool` names what made the change, such as `vmaconv 0.1 with
    vma-flags.cocci`, and is said in each patch.
    """

    summary: str
    why: str = ""
    tool: str = ""
    is_whole: bool = False
    """Whether the summary is the whole subject, with its prefix."""


class Wishes(Struct, frozen=True):
    """What the person wants to say; None leaves it to us.

    `subject` goes after the prefix unless it brings one.  `quoted` is a semantic patch to show: of
    it, the rules that changed something, where that is known.
    """

    subject: str | None = None
    body: str | None = None
    trailers: tuple[Trailer, ...] = ()
    quoted: str = ""


def write_message(
    changes: Sequence[FileChange], prefix: Prefix, purpose: Purpose, wishes: Wishes
) -> Message:
    """Write the message of the patch that makes these changes.

    Raises `BadMessage` where a wish cannot go through `git am`.
    """
    notes = distinct_notes(changes)
    subject = _subject(prefix, purpose, notes, wishes.subject)
    if wishes.body is not None:
        body = wishes.body
    else:
        body = "\n\n".join(paragraph for paragraph in _body(purpose, notes) if paragraph)
    if wishes.quoted:
        own = dict.fromkeys(rule for change in changes for rule in change.rules)
        body += "\n\n" + quote("\n\n".join(own) or wishes.quoted)
    return make_message(subject, body, wishes.trailers)


def distinct_notes(changes: Sequence[FileChange]) -> tuple[str, ...]:
    """Return each note once, in the order in which the files have them."""
    return tuple(dict.fromkeys(note.strip() for change in changes for note in change.notes if note))


def _subject(prefix: Prefix, purpose: Purpose, notes: Sequence[str], wish: str | None) -> str:
    if wish is not None:
        wish = " ".join(wish.split())
        return wish if not wish or split_subject(wish) else prefix.subject(wish)
    if purpose.is_whole:
        return purpose.summary
    candidates = [_summary(text) for text in (purpose.summary, *notes) if text]
    candidates = candidates or ["Convert by semantic patch"]
    for words in candidates:
        if len(prefix.subject(words)) <= SUBJECT_WIDTH:
            return prefix.subject(words)
    return shortened(prefix.subject(candidates[0]))


def _summary(note: str) -> str:
    """Return a note's first sentence without its full stop."""
    first = " ".join(note.strip().split("\n\n")[0].split())
    return re.split(r"\.(?=\s|$)", first)[0]


def shortened(subject: str, width: int = SUBJECT_WIDTH) -> str:
    """Cut a subject at a word, first where a comma or a bracket lets it end well."""
    if len(subject) <= width:
        return subject
    cut = subject[: width + 1]
    for mark in (", ", " (", "; "):
        head, found, _ = cut.rpartition(mark)
        if found and len(head) > width // 2:
            return head
    cut = cut.rpartition(" ")[0] or subject[:width]
    while (shorter := _DANGLING.sub("", cut)) != cut:
        cut = shorter
    return cut


def _body(purpose: Purpose, notes: Sequence[str]) -> list[str]:
    """Return the paragraphs: why, what, and with what."""
    parts = [wrap(purpose.why)] if purpose.why else []
    if len(notes) > 1:
        items = "\n".join(wrap(f"- {sentence(note)}") for note in notes)
        parts.append(f"In detail:\n\n{items}")
    elif notes and _summary(notes[0]) not in (_summary(purpose.summary), purpose.why):
        parts.append(wrap(_paragraphs(notes[0])))
    if purpose.tool:
        parts.append(wrap(f"The change was made with {purpose.tool}."))
    return parts


def sentence(note: str) -> str:
    """Return a note in one line, each of its paragraphs as a sentence at least.

    >>> sentence("Use bits\\n\\nThey are\\nfewer.")
    'Use bits. They are fewer.'
    """
    return " ".join(_sentences(note))


def _paragraphs(note: str) -> str:
    return "\n\n".join(_sentences(note))


def _sentences(note: str) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n", note):
        text = " ".join(paragraph.split())
        yield text if text.endswith((".", "!", "?")) else text + "."


def quote(rule: str) -> str:
    """Set a semantic patch into a body, indented so that no line of it looks like a patch's.

    >>> quote("@@\\n@@\\n- a\\n")
    '// <smpl>\\n    @@\\n    @@\\n    - a\\n// </smpl>'
    """
    lines = [f"    {line}".rstrip() for line in rule.strip("\n").split("\n")]
    return "\n".join(["// <smpl>", *lines, "// </smpl>"])
