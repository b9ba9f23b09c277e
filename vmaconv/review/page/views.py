# SPDX-License-Identifier: GPL-2.0-only
"""What the page's template is given for each use and each passage.

In: `Material`.  Out: plain values, ready to be printed: odd characters named, numbers for what
refers to what.  The template escapes them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup
from msgspec import Struct

from vmaconv.cocci.diff.hunk import LineKind
from vmaconv.cocci.text.visible import plain
from vmaconv.convert.use_account import Account
from vmaconv.review.look.block import line_offsets
from vmaconv.review.material.passages import EditReason, FileReview, Material, Passage, ProofNote
from vmaconv.review.page.markup import hunk_markup

OUTCOMES: Mapping[str, str] = {
    "converted": "converted",
    "left": "left",
    "unjudged": "not judged",
}
"""What the page says for an outcome."""

NO_SUBSYSTEM = "none in MAINTAINERS"


class SourceLink(Struct, frozen=True):
    """Where the source can be read: a URL with `{path}` and `{line}` in it; empty for none."""

    template: str = ""

    def link(self, path: str, line: int) -> str:
        """Return the URL of a line."""
        return self.template.replace("{path}", path).replace("{line}", str(line))


class UseView(Struct, frozen=True):
    """A row of the account; `rules` and `subsystem` are numbers that the filters know."""

    passage: int
    outcome: str
    said: str
    kind: str
    subsystem: int
    rules: tuple[int, ...]
    target: str
    source: str
    path: str
    line: int
    function: str
    code: str
    why: str


class EditView(Struct, frozen=True):
    """An edit; `rule` is the number of its rule."""

    line: int
    rule: int
    name: str
    bindings: tuple[tuple[str, str], ...]
    before: str
    after: str
    flags: tuple[str, ...]


class ProofView(Struct, frozen=True):
    """What a prover said of a function; `outcome` is the use's outcome that has its colour."""

    function: str
    verdict: str
    outcome: str
    why: str


class PassageView(Struct, frozen=True):
    """A passage; `alone` says that it has no use in the account, so that it filters for itself."""

    index: int
    path: str
    line: int
    function: str
    changes: bool
    alone: bool
    subsystem: int
    rules: tuple[int, ...]
    names: tuple[str, ...]
    tally: tuple[tuple[str, int, str], ...]
    edits: tuple[EditView, ...]
    left: tuple[UseView, ...]
    proof: tuple[ProofView, ...]
    code: Markup


class FileView(Struct, frozen=True):
    """A file; `lines` is the height of its passages, so that the page has its length at once."""

    number: int
    path: str
    subsystem: str
    group: str
    stat: str
    notes: tuple[str, ...]
    lines: int
    passages: tuple[PassageView, ...]


class Views:
    """Makes the views of one material, and keeps the numbers by which they refer to each other."""

    def __init__(self, material: Material, source: SourceLink) -> None:
        self._material = material
        self._source = source
        names = sorted({file.subsystem or NO_SUBSYSTEM for file in material.files})
        self.subsystems = {name: number for number, name in enumerate(names)}
        self._rules = {rule: number for number, rule in enumerate(material.rules)}

    def uses(self) -> Iterator[UseView]:
        """Return the account's rows."""
        for number, file in enumerate(self._material.files):
            lines = file.change.before.split(b"\n")
            for passage in file.passages:
                for use in passage.uses:
                    code = lines[use.line - 1] if use.line <= len(lines) else b""
                    yield self._use(number, file, passage, use, code)

    def _use(
        self, number: int, file: FileReview, passage: Passage, use: Account, code: bytes = b""
    ) -> UseView:
        here = [edit for edit in passage.edits if edit.line == use.line] or passage.edits
        rules = {self._rules[edit.rule] for edit in here if use.outcome == "converted"}
        return UseView(
            passage.index,
            use.outcome,
            OUTCOMES.get(use.outcome, use.outcome),
            use.kind,
            self._subsystem(file),
            tuple(sorted(rules)),
            _anchor(number, use.line),
            self._source.link(file.path, use.line),
            plain(file.path),
            use.line,
            plain(use.function),
            plain(b" ".join(code.split())),
            plain(use.reason.text) if use.reason is not None else "",
        )

    def _subsystem(self, file: FileReview) -> int:
        return self.subsystems[file.subsystem or NO_SUBSYSTEM]

    def files(self) -> Iterator[FileView]:
        """Return the files with their passages."""
        return (self._file(number, file) for number, file in enumerate(self._material.files))

    def _file(self, number: int, file: FileReview) -> FileView:
        offsets = line_offsets(file.change.before)
        left = sum(use.outcome != "converted" for use in file.uses)
        changed = f"+{file.diff.came} \N{MINUS SIGN}{file.diff.gone}"
        stat = [changed] if file.change.changed else []
        stat += [f"{left} left"] if left else []
        return FileView(
            number,
            plain(file.path),
            plain(file.subsystem),
            plain(file.group),
            ", ".join(stat),
            tuple(map(plain, file.notes)),
            sum(_height(passage) for passage in file.passages),
            tuple(self._passage(number, file, passage, offsets) for passage in file.passages),
        )

    def _passage(
        self, number: int, file: FileReview, passage: Passage, offsets: Sequence[int]
    ) -> PassageView:
        anchors = {use.line: _anchor(number, use.line) for use in passage.uses}
        at = min(max(passage.hunk.old_start - 1, 0), len(offsets) - 1)
        counts = Counter(use.outcome for use in passage.uses)
        return PassageView(
            passage.index,
            plain(passage.path),
            passage.line,
            plain(passage.function),
            passage.changes,
            not passage.uses,
            self._subsystem(file),
            tuple(sorted({self._rules[edit.rule] for edit in passage.edits})),
            passage.rules,
            tuple((o, counts[o], said) for o, said in OUTCOMES.items() if counts[o]),
            tuple(map(self._edit, passage.edits)),
            tuple(self._use(number, file, passage, use) for use in passage.left),
            tuple(map(_proof, passage.proof)),
            hunk_markup(passage, file.change.before, offsets[at], anchors),
        )

    def _edit(self, edit: EditReason) -> EditView:
        return EditView(
            edit.line,
            self._rules[edit.rule],
            edit.rule.name,
            edit.bindings,
            edit.before,
            edit.after,
            tuple(note.word for note in edit.flags),
        )


def _proof(note: ProofNote) -> ProofView:
    outcome = "converted" if note.verdict == "proven" else "left"
    return ProofView(plain(note.function), note.verdict, outcome, plain(note.why))


def _height(passage: Passage) -> int:
    """Return the lines that a passage takes side by side."""
    context = sum(line.kind is LineKind.CONTEXT for line in passage.hunk.lines)
    return context + max(passage.hunk.gone, passage.hunk.came)


def _anchor(file: int, line: int) -> str:
    return f"L{file}-{line}"
