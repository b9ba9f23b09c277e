# SPDX-License-Identifier: GPL-2.0-only
"""A series from changed files to the mails of it.

In: changed files, what the tree and git know, what the person wants.  Out: a `Series` with its
patches in batches, and from it file names and bytes.
Left to others: writing them (`output`), a branch (`branch`), checks (`checks`).

The order of everything is fixed by the input: the same changes at the same time by the same person
give the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.series.change import FileChange
from vmaconv.series.git.file_diff import ABBREV, FileDiff, file_diffs
from vmaconv.series.git.history import recent_subjects
from vmaconv.series.git.repository import (
    GitPerson,
    NotGit,
    Repository,
    find_repository,
    head,
    identity,
)
from vmaconv.series.letter.cover import BatchPlace, CoverFacts
from vmaconv.series.letter.writer import CoverWriter, MessageWriter
from vmaconv.series.mail.address import Address, Sender
from vmaconv.series.people.mailmap import Mailmap, read_mailmap
from vmaconv.series.people.maintainers import Maintainers, read_maintainers, subsystem
from vmaconv.series.people.recipients import Recipients, recipients_of
from vmaconv.series.series_error import MaintainersUnreadable
from vmaconv.series.words.message import (
    SUBJECT_WIDTH,
    Message,
    Trailer,
    check_message_id,
    check_prefix,
)
from vmaconv.series.words.prefix import Prefix, prefix_for
from vmaconv.series.words.split import (
    MOST_PATCHES,
    PatchFiles,
    Split,
    Stage,
    batches,
    split_changes,
    split_stages,
)
from vmaconv.series.words.wording import Purpose, Wishes


class SeriesOptions(Struct, frozen=True):
    """What the person wants of a series; the defaults are those of `vmaconv series`.

    Without `thread` each patch is a mail of its own, unnumbered and with its own base commit.
    """

    split: Split = Split.GROUP
    groups: tuple[tuple[str, ...], ...] = ()
    most_patches: int = MOST_PATCHES
    cover: bool = True
    thread: bool = True
    sign_off: bool = False
    find_recipients: bool = True
    version: int = 1
    subject_prefix: str = "PATCH"
    in_reply_to: str = ""
    wishes: Wishes = Wishes()
    message_template: MessageWriter | None = None
    cover_template: CoverWriter | None = None
    abbrev: int = ABBREV

    def __post_init__(self) -> None:
        """Raise `BadMessage` for words that would not stay in their header field."""
        check_prefix(self.subject_prefix)
        if self.in_reply_to:
            check_message_id(self.in_reply_to)


class SeriesSurroundings(Struct, frozen=True):
    """What is known about the tree and the person.

    `missing` says in words, for the person, what the series does without.
    """

    tree: Path
    repository: Repository | None
    base: str
    maintainers: Maintainers | None
    mailmap: Mailmap
    sender: Sender
    sign_off: Trailer
    missing: tuple[str, ...] = ()


class Patch(Struct, frozen=True):
    """One patch: message, files, their diffs, and who gets it."""

    message: Message
    part: PatchFiles
    diffs: tuple[FileDiff, ...]
    recipients: Recipients = Recipients()

    @property
    def changes(self) -> tuple[FileChange, ...]:
        """Return the changed files."""
        return self.part.changes


class Batch(Struct, frozen=True):
    """Patches that are sent in one go; `cover` is empty words where there is no letter."""

    patches: tuple[Patch, ...]
    place: BatchPlace
    prefix: Prefix = Prefix("")
    cover_subject: str = ""
    cover_body: str = ""


class Series(Struct, frozen=True):
    """All batches, and what stands in every mail of them.

    With `in_order` each patch builds on those before it.
    """

    batches: tuple[Batch, ...]
    surroundings: SeriesSurroundings
    options: SeriesOptions
    facts: CoverFacts
    in_order: bool = False

    @property
    def patches(self) -> tuple[Patch, ...]:
        """Return the patches of all batches in order."""
        return tuple(patch for batch in self.batches for patch in batch.patches)


def look_around(tree: Path, options: SeriesOptions) -> SeriesSurroundings:
    """Find out what a series needs from the tree, git and the person.

    Raises `NoIdentity` where git has no name and address: no mail goes without them.
    """
    missing: list[str] = []
    me = identity(tree, GitPerson.AUTHOR)
    signer = identity(tree, GitPerson.COMMITTER)
    found = find_repository(tree)
    repository = None if isinstance(found, NotGit) else found
    if isinstance(found, NotGit):
        missing.append(f"no base commit, and subjects from the paths: {found.reason}")
    base = (head(repository) or "") if repository else ""
    if repository and not base:
        missing.append("no base commit: the repository has no commits")
    maintainers = None
    try:
        maintainers = read_maintainers(tree)
    except MaintainersUnreadable as error:
        missing.append(f"no recipients and no subsystems: {error.what}")
    return SeriesSurroundings(
        tree,
        repository,
        base,
        maintainers,
        read_mailmap(tree) if options.find_recipients else Mailmap(),
        Sender(Address(me.name, me.email), me.when, me.zone),
        Trailer("Signed-off-by", str(signer)),
        tuple(missing),
    )


def make_series(
    changes: Sequence[FileChange],
    purpose: Purpose,
    facts: CoverFacts,
    around: SeriesSurroundings,
    options: SeriesOptions,
) -> Series:
    """Split the changes and write every message and cover letter.

    Raises `BadMessage`, `BinaryChange`, `BadTemplate`.
    """
    parts = split_changes(changes, options.split, options.groups, _subsystems(around))
    return _make(parts, purpose, facts, around, options, in_order=False)


def make_staged_series(
    stages: Sequence[Stage],
    purpose: Purpose,
    facts: CoverFacts,
    around: SeriesSurroundings,
    options: SeriesOptions,
) -> Series:
    """Write a series whose patches build on each other; each stage has its own purpose.

    Its patches are numbered whatever the options say. Raises what `make_series` does.
    """
    options = replace(options, thread=True)
    parts = split_stages(stages, options.split, _subsystems(around))
    return _make(parts, purpose, facts, around, options, in_order=True)


def _make(
    parts: Sequence[PatchFiles],
    purpose: Purpose,
    facts: CoverFacts,
    around: SeriesSurroundings,
    options: SeriesOptions,
    *,
    in_order: bool,
) -> Series:
    paths = [path for part in parts for path in part.paths]
    history = recent_subjects(around.repository, paths) if around.repository else {}
    messages = _messages(parts, purpose, history, around, options)
    patches = [
        _patch(message, part, around, options)
        for part, message in zip(parts, messages, strict=True)
    ]
    cut = batches(patches, options.most_patches)
    made = [
        Batch(
            batch,
            BatchPlace(number, len(cut), len(parts), in_order),
            prefix_for([path for patch in batch for path in patch.part.paths], history),
        )
        for number, batch in enumerate(cut, 1)
    ]
    return _lettered(Series(tuple(made), around, options, facts, in_order))


def _subsystems(around: SeriesSurroundings) -> Callable[[str], str]:
    """Return a function from path to subsystem that looks each up once."""
    maintainers = around.maintainers
    if maintainers is None:
        return lambda _path: ""
    return cache(partial(subsystem, maintainers))


def _messages(
    parts: Sequence[PatchFiles],
    purpose: Purpose,
    history: Mapping[str, Sequence[str]],
    around: SeriesSurroundings,
    options: SeriesOptions,
) -> list[Message]:
    wishes = options.wishes
    if options.sign_off:
        wishes = replace(wishes, trailers=(*wishes.trailers, around.sign_off))
    write = options.message_template or MessageWriter()
    messages = [
        write(
            part,
            prefix_for(part.home or part.paths, history, part.subsystem),
            part.purpose or purpose,
            wishes,
        )
        for part in parts
    ]
    return _told_apart(messages, parts)


def _told_apart(messages: list[Message], parts: Sequence[PatchFiles]) -> list[Message]:
    """Name the file in subjects that would else be the same, with as much of its folders as that
    takes, where there is room for it.
    """
    same: dict[str, list[str]] = {}
    for message, part in zip(messages, parts, strict=True):
        same.setdefault(message.subject, []).append(part.paths[0])
    return [
        replace(message, subject=_with_place(message.subject, part.paths[0], same[message.subject]))
        for message, part in zip(messages, parts, strict=True)
    ]


def _with_place(subject: str, path: str, paths: Sequence[str]) -> str:
    if len(paths) == 1:
        return subject
    folders = path.split("/")
    ends = ["/".join(folders[-length:]) for length in range(1, len(folders) + 1)]
    alone = (end for end in ends if sum(f"/{other}".endswith(f"/{end}") for other in paths) == 1)
    where = f"{subject} in {next(alone, ends[0])}"
    return where if len(where) <= SUBJECT_WIDTH else subject


def _patch(
    message: Message, part: PatchFiles, around: SeriesSurroundings, options: SeriesOptions
) -> Patch:
    diffs = tuple(file_diffs(part.changes, abbrev=options.abbrev))
    if not options.find_recipients or around.maintainers is None:
        return Patch(message, part, diffs)
    text = mail_text(message, diffs, around.sender)
    found = recipients_of(around.maintainers, part.paths, text, around.mailmap)
    return Patch(message, part, diffs, found)


def mail_text(message: Message, diffs: Sequence[FileDiff], sender: Sender) -> str:
    """Return a patch's text as get_maintainer.pl reads it, before it has recipients."""
    words = (
        f"From: {sender.address}\nSubject: {message.subject}\n\n{message.below_subject()}---\n\n"
    )
    return words + b"".join(diff.render() for diff in diffs).decode("utf-8", "replace")


def with_checks(series: Series, checked: Sequence[str], notes: Sequence[str] = ()) -> Series:
    """Return a series whose letters say how it was checked, and what reviewers should know of it.

    Both are sentences; they go behind those that the letters have already.
    """
    facts = series.facts
    more = replace(
        facts,
        checked=(*facts.checked, *checked),
        reviewer_notes=(*facts.reviewer_notes, *notes),
    )
    return _lettered(replace(series, facts=more))


def _lettered(series: Series) -> Series:
    """Return a series with its letters written, where it is to have letters."""
    if not series.options.cover:
        return series
    write = series.options.cover_template or CoverWriter()
    made = []
    for batch in series.batches:
        subject, body = write(series.facts, batch.place, batch.prefix, patches_of(batch.patches))
        made.append(replace(batch, cover_subject=subject, cover_body=body))
    return replace(series, batches=tuple(made))


def patches_of(patches: Sequence[Patch]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return subject and paths of each patch, as a template sees them."""
    return tuple((patch.message.subject, patch.part.paths) for patch in patches)


def digest(patch: Patch) -> str:
    """Return forty digits that stand for a patch's content."""
    made = hashlib.sha1(usedforsecurity=False)
    made.update(patch.message.text().encode("utf-8", "surrogateescape"))
    for change in patch.changes:
        made.update(change.path.encode("utf-8", "surrogateescape") + change.after)
    return made.hexdigest()
