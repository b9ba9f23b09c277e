# SPDX-License-Identifier: GPL-2.0-only
"""What there is to review: files cut into passages, and all that is known about each.

In: the outcomes of a run, the tree's flag table, the subsystem of a file.  Out: `Material`, the one
value that the report and the full-screen review start from.  Nothing is written or printed here.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cocci.diff.hunk import DiffLine, Hunk, LineKind, split_lines
from vmaconv.cocci.engine.file_result import AppliedMatch
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.visible import plain
from vmaconv.convert.tree_conversion import FileOutcome
from vmaconv.convert.use_account import Account
from vmaconv.flags.table.flag_table import Bits, FlagTable, MaskTwin
from vmaconv.series.change import FileChange
from vmaconv.series.git.file_diff import FileDiff, file_diff
from vmaconv.series.words.split import joined_groups

#: Lines around a use that was left, as around a change.
_CONTEXT = 3
_FLAG = late_regex(rb"\bVM_\w+")


class Rule(Struct, frozen=True):
    """A rule of the run; `place` is where it stands, `description` its own words."""

    name: str
    description: str
    place: str


class FlagNote(Struct, frozen=True):
    """A flag table's entry: the word, what it becomes, and the header's line that says so."""

    word: str
    becomes: str
    place: str


class EditReason(Struct, frozen=True):
    """Why a text was changed: the rule, what its metavariables stood for, the flags' entries.

    `line` is that of the original, from 1; `before` and `after` are for reading.
    """

    rule: Rule
    line: int
    function: str
    bindings: tuple[tuple[str, str], ...]
    before: str
    after: str
    flags: tuple[FlagNote, ...]


class ProofNote(Struct, frozen=True):
    """What a prover said of something that a passage changes: a verdict's word, and why, or ""."""

    function: str
    verdict: str
    why: str


_Placed = TypeVar("_Placed", EditReason, Account)


class Passage(Struct, frozen=True):
    """A stretch of a file to look at: a hunk, or (`changes` is false) the place of a use left.

    `key` stays the same from run to run as long as path and text do, wherever the lines move.
    `index` counts the passages of the whole review, from 0.
    """

    index: int
    path: str
    hunk: Hunk
    edits: tuple[EditReason, ...]
    uses: tuple[Account, ...]
    key: str
    proof: tuple[ProofNote, ...] = ()

    @property
    def changes(self) -> bool:
        """Return whether the passage has a change to accept."""
        return bool(self.hunk.gone or self.hunk.came)

    @property
    def line(self) -> int:
        """Return the first line that matters, from 1 in the original."""
        lines = [edit.line for edit in self.edits] or [use.line for use in self.uses]
        changed = [n.old_number for n in self.hunk.lines if n.kind is LineKind.GONE]
        return min([*lines, *(n for n in changed if n)], default=self.hunk.old_start)

    @property
    def function(self) -> str:
        """Name the function that the first use or edit stands in; empty outside of any."""
        named = [(use.line, use.function) for use in self.uses]
        named += [(edit.line, edit.function) for edit in self.edits]
        return next((function for _, function in sorted(named) if function), "")

    @property
    def left(self) -> tuple[Account, ...]:
        """Return the uses in sight that were not converted."""
        return tuple(use for use in self.uses if use.outcome != "converted")

    @property
    def rules(self) -> tuple[str, ...]:
        """Name the rules at work, each once."""
        return tuple(dict.fromkeys(edit.rule.name for edit in self.edits))


class FileReview(Struct, frozen=True):
    """A file: its change, its diff, its passages in order, and what the run has to say of it.

    `group` names the files that must land together with it; empty where it stands alone.
    """

    change: FileChange
    diff: FileDiff
    subsystem: str
    group: str
    passages: tuple[Passage, ...]
    uses: tuple[Account, ...]
    notes: tuple[str, ...]

    @property
    def path(self) -> str:
        """Return the path in the tree."""
        return self.change.path

    @property
    def key(self) -> tuple[str, str]:
        """Tell it from the same file in another group, whose text before is another."""
        return self.group, self.path

    @property
    def hunks(self) -> tuple[Passage, ...]:
        """Return the passages with a change."""
        return tuple(passage for passage in self.passages if passage.changes)


class Material(Struct, frozen=True):
    """All that a review shows; files are in the order of the run."""

    tree: Path
    generation: str
    warnings: tuple[str, ...]
    files: tuple[FileReview, ...]
    rules: tuple[Rule, ...]
    skipped: tuple[tuple[str, str], ...]
    in_order: bool = False
    """Whether files come in groups that build on each other: what one group does to a file begins
    where the one before it ended, and a group is accepted whole, with those before it."""

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Return all passages, in order; each stands at its `index`."""
        return tuple(passage for file in self.files for passage in file.passages)

    @property
    def uses(self) -> tuple[Account, ...]:
        """Return the whole account."""
        return tuple(use for file in self.files for use in file.uses)

    def counts(self) -> Counter[str]:
        """Count uses by outcome, and `files` and `hunks` that change; a file of several groups once."""
        found = Counter(use.outcome for use in self.uses)
        found["files"] = len({file.path for file in self.files if file.change.changed})
        found["hunks"] = sum(len(file.hunks) for file in self.files)
        return found


def gather(
    tree: Path,
    outcomes: Sequence[FileOutcome],
    flags: FlagTable,
    *,
    generation: str = "",
    warnings: Sequence[str] = (),
    subsystem_of: Callable[[str], str] = lambda _path: "",
    groups: Sequence[Sequence[str]] = (),
) -> Material:
    """Put together what a review shows.

    `groups` are paths that must land together.  A file without a use, a change or a word to say is
    left out.
    """
    paths = [o.path for o in outcomes if o.before != o.after]
    named = {
        path: f"together {number}: {group[0]} and {len(group) - 1} more"
        for number, group in enumerate(joined_groups(groups, paths), 1)
        for path in group
    }
    notes = _FlagNotes(flags)
    files: list[FileReview] = []
    index = 0
    for outcome in outcomes:
        if outcome.skipped or not (outcome.account or outcome.changes or _said(outcome)):
            continue
        file = _file(outcome, notes, subsystem_of(outcome.path), named.get(outcome.path, ""), index)
        index += len(file.passages)
        files.append(file)
    rules = dict.fromkeys(e.rule for f in files for p in f.passages for e in p.edits)
    skipped = tuple((o.path, o.skipped) for o in outcomes if o.skipped)
    return Material(tree, generation, tuple(warnings), tuple(files), tuple(rules), skipped)


class Together(Struct, frozen=True):
    """Changes that are decided together: a title, why they are needed, and each file's outcome."""

    title: str
    reasons: tuple[str, ...]
    outcomes: tuple[FileOutcome, ...]


def gather_in_order(
    tree: Path,
    groups: Sequence[Together],
    flags: FlagTable,
    *,
    generation: str = "",
    warnings: Sequence[str] = (),
    subsystem_of: Callable[[str], str] = lambda _path: "",
) -> Material:
    """Put together what a review of groups shows that build on each other.

    A group's reasons stand at its first file.
    """
    notes = _FlagNotes(flags)
    files: list[FileReview] = []
    index = 0
    for group in groups:
        for number, outcome in enumerate(group.outcomes):
            file = _file(outcome, notes, subsystem_of(outcome.path), group.title, index)
            if not number:
                file = replace(file, notes=(*group.reasons, *file.notes))
            index += len(file.passages)
            files.append(file)
    rules = dict.fromkeys(e.rule for f in files for p in f.passages for e in p.edits)
    return Material(tree, generation, tuple(warnings), tuple(files), tuple(rules), (), True)


def _file(
    outcome: FileOutcome, notes: _FlagNotes, subsystem: str, group: str, index: int
) -> FileReview:
    descriptions = tuple(dict.fromkeys(c.rule.description for c in outcome.changes))
    change = FileChange(outcome.path, outcome.before, outcome.after, notes=descriptions)
    diff = file_diff(change)
    edits = [_edit(one, notes) for one in sorted(outcome.changes, key=lambda c: c.line)]
    passages = tuple(_passages(outcome, diff, edits, index))
    uses = tuple(outcome.account)
    return FileReview(change, diff, subsystem, group, passages, uses, tuple(_said(outcome)))


def _said(outcome: FileOutcome) -> list[str]:
    """Return what the run passed over in a file."""
    said = [
        f"line {one.line}: rule {one.rule} was not applied: {one.reason}"
        for one in outcome.refusals
    ]
    for function, line in outcome.unparsed.items():
        what = f"{function}()" if function else "text"
        said.append(f"line {line}: {what} was passed over: it does not parse")
    return said


def _edit(change: AppliedMatch, notes: _FlagNotes) -> EditReason:
    rule = change.rule
    place = f"{Path(rule.place.file).name}:{rule.place.line}"
    return EditReason(
        Rule(rule.name, rule.description, place),
        change.line,
        change.function,
        tuple((name, plain(text)) for name, text in change.bindings.items()),
        _on_a_line(change.before),
        _on_a_line(change.after),
        notes.of(change.before),
    )


def _on_a_line(text: bytes) -> str:
    return plain(b" ".join(text.split()))


class _FlagNotes:
    """Looks flags up once each."""

    def __init__(self, table: FlagTable) -> None:
        self._table = table
        self._known: dict[str, FlagNote | None] = {}

    def of(self, text: bytes) -> tuple[FlagNote, ...]:
        """Return the entries of the flags that a text names, in order."""
        words = dict.fromkeys(match[0].decode() for match in _FLAG.finditer(text))
        for word in words:
            if word not in self._known:
                self._known[word] = self._look_up(word)
        return tuple(note for word in words if (note := self._known[word]) is not None)

    def _look_up(self, word: str) -> FlagNote | None:
        flag = self._table.flag(word)
        if flag is not None:
            number = f", bit {flag.number}" if flag.number is not None else ""
            derived = "; the tree has no names for bits" if flag.derived else ""
            return FlagNote(word, f"{flag.bit}{number}{derived}", str(flag.place))
        mask = self._table.mask(word)
        if mask is None:
            return None
        match self._table.resolve(word):
            case MaskTwin(mask=twin, bits=bits):
                members = f": {', '.join(bits)}" if bits else ""
                return FlagNote(word, f"{twin}{members}", str(mask.place))
            case Bits(bits=bits):
                return FlagNote(word, ", ".join(bits) or "no bit at all", str(mask.place))
        return None


def _passages(
    outcome: FileOutcome, diff: FileDiff, edits: Sequence[EditReason], index: int
) -> Iterator[Passage]:
    """Return a file's passages by line: its hunks, and around uses outside of them, windows."""
    ranges = [(hunk.old_start, hunk.old_start + hunk.old_count) for hunk in diff.hunks]
    windows = _windows(outcome, ranges)
    made = sorted([*diff.hunks, *windows], key=lambda hunk: hunk.old_start)
    edits_of = _shared_out(made, edits)
    uses_of = _shared_out(made, outcome.account)
    seen: Counter[str] = Counter()
    for number, hunk in enumerate(made):
        key = _key(outcome.path, hunk)
        seen[key] += 1
        if seen[key] > 1:
            key = f"{key}.{seen[key]}"
        yield Passage(index + number, outcome.path, hunk, edits_of[number], uses_of[number], key)


def _windows(outcome: FileOutcome, taken: Sequence[tuple[int, int]]) -> list[Hunk]:
    """Make a hunk without a change around each use that no hunk shows."""
    lines = split_lines(outcome.before)
    free: list[tuple[int, int]] = []
    for use in outcome.account:
        if any(start <= use.line < end for start, end in taken):
            continue
        start, end = max(use.line - _CONTEXT, 1), min(use.line + _CONTEXT + 1, len(lines) + 1)
        for other_start, other_end in taken:
            if other_end <= use.line:
                start = max(start, other_end)
            elif other_start > use.line:
                end = min(end, other_start)
        if free and start <= free[-1][1]:
            free[-1] = (free[-1][0], max(end, free[-1][1]))
        else:
            free.append((start, end))
    return [_window(lines, start, end) for start, end in free]


def _window(lines: Sequence[bytes], start: int, end: int) -> Hunk:
    made = tuple(
        DiffLine(LineKind.CONTEXT, lines[n - 1], n, n) for n in range(start, end) if n <= len(lines)
    )
    return Hunk(start, len(made), start, len(made), b"", made)


def _shared_out(hunks: Sequence[Hunk], items: Iterable[_Placed]) -> list[tuple[_Placed, ...]]:
    """Return each item to the hunk that has its line, or else to the nearest one."""
    shares: list[list[_Placed]] = [[] for _ in hunks]
    for item in items:
        if shares:
            nearest = min(range(len(hunks)), key=lambda n: _distance(hunks[n], item.line))
            shares[nearest].append(item)
    return [tuple(share) for share in shares]


def _distance(hunk: Hunk, line: int) -> int:
    first, last = hunk.old_start, hunk.old_start + max(hunk.old_count, 1) - 1
    return max(first - line, line - last, 0)


def _key(path: str, hunk: Hunk) -> str:
    made = hashlib.sha256(path.encode("utf-8", "surrogateescape") + b"\0")
    for line in hunk.lines:
        made.update(line.kind.value + line.text + b"\0")
    return made.hexdigest()[:24]
