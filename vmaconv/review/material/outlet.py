# SPDX-License-Identifier: GPL-2.0-only
"""Where accepted changes go: into the tree, or into patches, a series, a diff.

In: the files that the accepted hunks make.  Out: what was written, in a sentence; an error where
nothing was.  Nothing is written where one file is not what it was when the review began.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from vmaconv import __version__
from vmaconv.cocci.diff.output_error import OutputError
from vmaconv.cocci.text.atomic import write_whole
from vmaconv.cocci.text.tree_file import read_regular
from vmaconv.cocci.text.visible import plain
from vmaconv.counting import counted
from vmaconv.review.material.decisions import Decisions, PassageState
from vmaconv.review.material.passages import Material, Passage
from vmaconv.series.assemble import (
    Series,
    SeriesOptions,
    SeriesSurroundings,
    look_around,
    make_series,
)
from vmaconv.series.change import FileChange
from vmaconv.series.git.file_diff import unified_diffs
from vmaconv.series.git.repository import NotGit, find_repository, uncommitted
from vmaconv.series.letter.cover import CoverFacts, Disclosure, LetterLeft
from vmaconv.series.output import check_output, write_series
from vmaconv.series.plain_patches import write_patches
from vmaconv.series.render import render_series
from vmaconv.series.series_error import SeriesError, TreeChanged
from vmaconv.series.words.wording import Purpose
from vmaconv.series.write import replace_file
from vmaconv.uses.reasons import CODES


class UncommittedTarget(SeriesError):
    """A file to be written has changes that git does not have yet."""

    code = "uncommitted"


class Outlet(Struct):
    """Writes accepted changes of one review.

    `written` holds what this review itself put into the tree: it may write over that again.
    """

    tree: Path
    purpose: Purpose
    rule_files: tuple[str, ...] = ()
    sign_off: bool = False
    force: bool = False
    written: dict[str, bytes] = field(default_factory=dict)
    _originals: dict[str, bytes] = field(default_factory=dict)

    def apply(self, changes: Sequence[FileChange]) -> str:
        """Write the changes into the tree, each file whole or not at all.

        Files that an earlier `apply` of this review wrote, and of which nothing is accepted any
        more, get their old text back.  Raises `TreeChanged`, `UncommittedTarget` and OSError before
        anything is written; where a disk fails half-way, the error says how many files are done.
        """
        for change in changes:
            self._originals.setdefault(change.path, change.before)
        paths = {change.path for change in changes}
        taken_back = [
            FileChange(path, data, self._originals[path])
            for path, data in self.written.items()
            if path not in paths
        ]
        wanted = [*map(self._over_ours, changes), *taken_back]
        wanted = [change for change in wanted if change.changed]
        unsure = self._check(wanted)
        done = 0
        for change in wanted:
            try:
                replace_file(self.tree, change.path, change.before, change.after)
            except (OSError, OutputError) as error:
                raise _half_way(error, change.path, done, len(wanted)) from error
            self.written[change.path] = change.after
            done += 1
        if not done:
            return "the tree has all that already"
        return f"{counted(done, 'file')} written{unsure}"

    def _over_ours(self, change: FileChange) -> FileChange:
        return replace(change, before=self.written.get(change.path, change.before))

    def _check(self, changes: Sequence[FileChange]) -> str:
        """Raise what is against writing; return what could not be looked at, to be said, or ""."""
        moved = [c.path for c in changes if _read(self.tree / c.path) != c.before]
        if moved:
            raise TreeChanged(
                f"{_named(moved)} changed since the review began; nothing was written",
                remedy="quit and start the review again: what did not change stays decided",
                place=moved[0],
            )
        locked = [c.path for c in changes if not os.access(self.tree / c.path, os.W_OK)]
        if locked:
            raise PermissionError(13, "is read-only; nothing was written", locked[0])
        repository = find_repository(self.tree)
        if self.force:
            return ""
        if isinstance(repository, NotGit):
            said = f"; uncommitted changes were not looked for: {plain(repository.reason)}"
            return said if repository.refused else ""
        paths = [change.path for change in changes if change.path not in self.written]
        dirty = [one.path for one in uncommitted(repository, paths)] if paths else []
        if dirty:
            raise UncommittedTarget(
                f"uncommitted changes in {_named(dirty)}; nothing was written",
                remedy="commit or stash them, or start the review with --force",
                place=dirty[0],
            )
        return ""

    def diff(self, changes: Sequence[FileChange], path: Path) -> str:
        """Write a unified diff that "git apply" takes."""
        write_whole(path, unified_diffs(changes))
        return f"{counted(len(changes), 'file')} in {plain(str(path))}"

    def patches(self, changes: Sequence[FileChange], folder: Path) -> str:
        """Write one patch a file into a new or empty folder."""
        facts = CoverFacts(self.purpose.summary)

        def make(around: SeriesSurroundings, options: SeriesOptions) -> Series:
            return make_series(changes, self.purpose, facts, around, options)

        made = write_patches(self.tree, make, folder, signoff=self.sign_off)
        return f"{counted(len(made), 'patch', 'patches')} in {plain(str(folder))}"

    def series(self, changes: Sequence[FileChange], folder: Path, facts: CoverFacts) -> str:
        """Write a series with its cover letter into a new or empty folder."""
        check_output(folder)
        options = SeriesOptions(sign_off=self.sign_off)
        around = look_around(self.tree, options)
        files = render_series(make_series(changes, self.purpose, facts, around, options))
        write_series(folder, files)
        missing = "".join(f"; {word}" for word in around.missing)
        return f"{counted(len(files), 'mail')} in {plain(str(folder))}{missing}"


def _read(path: Path) -> bytes | None:
    try:
        return read_regular(path)
    except OSError:
        return None


def _named(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    return ", ".join(map(plain, paths[:3])) + more


def _half_way(error: Exception, path: str, done: int, all_of: int) -> SeriesError:
    why = getattr(error, "strerror", None) or str(error)
    return TreeChanged(
        f"{plain(path)}: {why}; {done} of {counted(all_of, 'file')} written, the others untouched",
        remedy="see to it and write again: what is written is not written twice",
        place=path,
    )


def facts_of(
    material: Material, decisions: Decisions, purpose: Purpose, rule_files: Sequence[str]
) -> CoverFacts:
    """Say in a cover letter what was reviewed, what is left, and who wrote what."""
    progress = decisions.progress()
    left = [left for passage in material.passages for left in _left(passage, decisions)]
    portions = "Every changed line of these patches was written by the tool from the rules"
    if progress.edited:
        portions += f", but for {counted(progress.edited, 'hunk')} that a person edited"
    return CoverFacts(
        purpose.summary,
        purpose.why,
        (
            ("hunks accepted in review", progress.accepted),
            ("files changed", len(decisions.changes())),
            ("uses left to a person", len(left)),
        ),
        tuple(left),
        ("A person looked at each hunk and accepted it.",),
        (),
        Disclosure(
            "vmaconv",
            __version__,
            (f"the rules {', '.join(rule_files)}",) if rule_files else (),
            f"{portions}.",
        ),
    )


def _left(passage: Passage, decisions: Decisions) -> Iterator[LetterLeft]:
    """Return a passage's uses that the accepted hunks do not convert."""
    made = decisions[passage.index]
    accepted = made.state is PassageState.ACCEPTED
    by_hand = "; a person edited the lines around it" if accepted and made.edited else ""
    for use in passage.uses:
        if use.outcome != "converted":
            why = use.reason.text if use.reason is not None else use.outcome
            kind = CODES.get(use.reason.code, "") if use.reason is not None else ""
            yield LetterLeft(use.file, use.line, use.function, why + by_hand, kind)
        elif not accepted:
            yield LetterLeft(use.file, use.line, use.function, "not accepted in review")
