# SPDX-License-Identifier: GPL-2.0-only
"""The cover letter: what a series does, what it leaves, how it was made and checked.

In: plain facts and the patches.  Out: a subject and a body.  Nothing is claimed here that the facts
do not say.  The list of patches, the table of files and the mail are git's (`format_patch`).
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from vmaconv.counting import counted
from vmaconv.series.words.message import BODY_WIDTH, wrap
from vmaconv.series.words.wording import quote

#: Uses left to a person that a cover letter names one by one; more are counted by reason.
_MOST_LEFT = 40

#: Names that a row of a count gives, the most frequent ones.
_MOST_NAMED = 4


class LetterLeft(Struct, frozen=True):
    """A use that was left to a person: where, and why; `line` from 1.

    `kind` says the reason without its names, as it is counted where many are left, and `subject`
    the name in it: `passed to a function whose parameter has the old type`, `mlock_future_ok()`.
    """

    path: str
    line: int
    function: str
    reason: str
    kind: str = ""
    subject: str = ""


class Disclosure(Struct, frozen=True):
    """What the kernel's page on tool-generated content asks to be told.

    Fact: Documentation/process/generated-content.rst (v7.0): the tools, their input, the portions
    affected, the testing.
    """

    tool: str
    version: str
    inputs: tuple[str, ...] = ()
    portions: str = ""
    testing: str = ""


class CoverFacts(Struct, frozen=True):
    """What the caller knows about a run, for the cover letter.

    `counts` are pairs such as `("uses converted", 26)`; one of 0 goes without saying.  `checked`
    and `reviewer_notes` are sentences.  `quoted` is the semantic patch, where the person wants it
    shown.
    """

    summary: str
    why: str = ""
    counts: tuple[tuple[str, int], ...] = ()
    left: tuple[LetterLeft, ...] = ()
    checked: tuple[str, ...] = ()
    reviewer_notes: tuple[str, ...] = ()
    disclosure: Disclosure | None = None
    quoted: str = ""
    changes_since: str = ""


class BatchPlace(Struct, frozen=True):
    """Which of how many batches a cover letter is for, and how many patches there are in all.

    With `in_order` each batch goes on top of those before it.
    """

    number: int = 1
    count: int = 1
    patches_in_all: int = 0
    in_order: bool = False


def cover_body(facts: CoverFacts, batch: BatchPlace) -> str:
    """Write the letter's body from the facts, in paragraphs under plain headings."""
    parts = [wrap(facts.why)] if facts.why else []
    if facts.changes_since:
        parts.append(facts.changes_since.strip("\n"))
    if batch.count > 1:
        parts.append(_batch_words(batch))
    if counts := [(count, words) for words, count in facts.counts if count]:
        width = len(str(max(counts)[0]))
        parts.append("\n".join(f"  {count:{width}d} {words}" for count, words in counts))
    parts += _left_words(facts.left)
    parts += _listed("How it was checked:", facts.checked)
    parts += _listed("Notes for reviewers:", facts.reviewer_notes)
    if facts.disclosure:
        parts.append(disclosure_words(facts.disclosure))
    if facts.quoted:
        parts.append(quote(facts.quoted))
    return "\n\n".join(parts)


def _batch_words(batch: BatchPlace) -> str:
    how = "No file is touched by two of them."
    if batch.in_order:
        how = "Each goes on top of those before it."
    return wrap(
        f"This is batch {batch.number} of {batch.count}, {batch.patches_in_all} patches in all. "
        + how
    )


def _listed(heading: str, items: Sequence[str]) -> list[str]:
    if not items:
        return []
    return [heading + "\n\n" + "\n".join(wrap(f"- {' '.join(item.split())}") for item in items)]


def _left_words(left: Sequence[LetterLeft]) -> list[str]:
    """Return the account of uses left, one by one or, where they are many, by reason."""
    if not left:
        return []
    count = counted(len(left), "place")
    heading = f"{count} {'are' if len(left) != 1 else 'is'} left to a person:"
    one_by_one = len(left) <= _MOST_LEFT
    rows = [row for one in left for row in _left_rows(one)] if one_by_one else _kinds(left)
    return [heading + "\n\n" + "\n".join(rows)]


def _kinds(left: Sequence[LetterLeft]) -> list[str]:
    """Return a row for each kind of reason, the most frequent first, with the names that it is about."""
    counts = Counter(one.kind or one.reason for one in left)
    width = len(str(max(counts.values())))
    rows = []
    for kind, number in counts.most_common():
        named = Counter(one.subject for one in left if one.kind == kind and one.subject)
        shown = [subject for subject, _ in named.most_common(_MOST_NAMED)]
        more = [f"{len(named) - len(shown)} more"] if len(named) > len(shown) else []
        names = f": {', '.join(shown + more)}" if shown else ""
        first, *rest = _hanging(f"{kind}{names}", " " * (width + 4))
        rows += [f"  {number:{width}d}  {first.lstrip()}", *rest]
    return rows


def _left_rows(one: LetterLeft) -> list[str]:
    where = f" in {one.function}()" if one.function else ""
    return [f"  {one.path}:{one.line}{where}", *_hanging(one.reason, "    ")]


def _hanging(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text,
        BODY_WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def disclosure_words(disclosure: Disclosure) -> str:
    """Return which tool made what, from which input, and how it was tested."""
    rows = [f"Tool: {disclosure.tool} {disclosure.version}"]
    rows += [f"Input: {one}" for one in disclosure.inputs]
    if disclosure.portions:
        rows.append(f"Portions affected: {disclosure.portions}")
    if disclosure.testing:
        rows.append(f"Testing: {disclosure.testing}")
    return "Tool-generated content:\n\n" + "\n".join(wrap(f"- {row}") for row in rows)
