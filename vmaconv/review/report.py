"""The review as one page that needs nothing but itself.

In: `Material`.  Out: HTML as text: summary, account with filters, diffs side by side.  The
template, the style and the script lie in `page/`.

All text of the tree goes through `markupsafe.escape` or Jinja2's autoescape; the page's content
policy allows no script but ours, by its hash, and no request to anywhere.  The same material gives
the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from vmaconv import __version__
from vmaconv.kernel.conversion import Account
from vmaconv.review.block import line_offsets
from vmaconv.review.markup import OUTCOMES, hunk_markup, passage_markup, use_markup
from vmaconv.review.material import FileReview, Material, Passage
from vmaconv.review.palette import COLOURS
from vmaconv.review.visible import counted, plain
from vmaconv.series.hunk import LineKind

_PAGE = Path(__file__).parent / "page"
_NO_SUBSYSTEM = "none in MAINTAINERS"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the source can be read: a URL with `{path}` and `{line}` in it; empty for none."""

    template: str = ""

    def link(self, path: str, line: int) -> str:
        """Give the URL of a line."""
        return self.template.replace("{path}", path).replace("{line}", str(line))


_NO_SOURCE = Source()


def render_report(material: Material, *, title: str = "", source: Source = _NO_SOURCE) -> str:
    """Write the page."""
    page = _Page(material, source)
    environment = Environment(
        loader=FileSystemLoader(_PAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=True,
    )
    script = (_PAGE / "report.js").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return environment.get_template("report.html.j2").render(
        version=__version__,
        title=title or f"vmaconv report: {plain(material.tree.resolve().name)}",
        headline=_headline(material),
        facts=[("Tree", plain(str(material.tree))), ("Helpers", material.generation or "none")],
        warnings=material.warnings,
        tiles=_tiles(material),
        subsystems=_by_subsystem(material),
        reasons=_by_reason(material.uses),
        skipped=[(plain(path), why) for path, why in material.skipped],
        choices=_choices(material, page.subsystems),
        uses=page.rows(),
        files=page.files(),
        rules=material.rules,
        style=Markup(_style()),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        script_hash=f"sha256-{digest}",
    )


def _headline(material: Material) -> str:
    counts = material.counts()
    files = counted(counts["files"], "file")
    if not material.uses:
        hunks = counted(counts["hunks"], "hunk")
        return f"{hunks} in {files}" if counts["hunks"] else "nothing to convert"
    return (
        f"{counted(counts['converted'], 'use')} converted in {files}, "
        f"{counts['left']} left to a person, {counts['unjudged']} not judged"
    )


@dataclass(frozen=True, slots=True)
class _Tile:
    count: int
    words: str
    look: str = ""


def _tiles(material: Material) -> list[_Tile]:
    counts = material.counts()
    of_uses = [
        _Tile(counts["converted"], "uses converted", "converted"),
        _Tile(counts["left"], "uses left to a person", "left"),
        _Tile(counts["unjudged"], "places that could not be judged", "unjudged"),
    ]
    return [
        *(of_uses if material.uses else []),
        _Tile(counts["files"], "files changed"),
        _Tile(counts["hunks"], "hunks"),
    ]


@dataclass(slots=True)
class _Row:
    """A line of the table by subsystem."""

    name: str
    files: int = 0
    hunks: int = 0
    converted: int = 0
    left: int = 0
    unjudged: int = 0


def _by_subsystem(material: Material) -> list[_Row]:
    rows: dict[str, _Row] = {}
    for file in material.files:
        name = file.subsystem or _NO_SUBSYSTEM
        row = rows.setdefault(name, _Row(name))
        counts = Counter(use.outcome for use in file.uses)
        row.files += file.change.changed
        row.hunks += len(file.hunks)
        row.converted += counts["converted"]
        row.left += counts["left"]
        row.unjudged += counts["unjudged"]
    return sorted(rows.values(), key=lambda row: row.name)


def _by_reason(uses: Sequence[Account]) -> list[tuple[str, int]]:
    found = Counter(use.reason.code.replace("-", " ") for use in uses if use.reason is not None)
    return found.most_common()


@dataclass(frozen=True, slots=True)
class _Choice:
    """A filter's list of values."""

    id: str
    label: str
    options: tuple[tuple[str, str], ...]


def _choices(material: Material, subsystems: Mapping[str, int]) -> list[_Choice]:
    """Give the filters that have more than one value to choose from."""
    uses = material.uses
    outcomes = [o for o in OUTCOMES if any(use.outcome == o for use in uses)]
    kinds = sorted({use.kind for use in uses})
    choices = [
        _Choice("outcome", "Outcome", tuple((o, OUTCOMES[o]) for o in outcomes)),
        _Choice("kind", "Kind", tuple((kind, kind) for kind in kinds)),
        _Choice("subsystem", "Subsystem", tuple((str(n), name) for name, n in subsystems.items())),
        _Choice(
            "rule", "Rule", tuple((str(n), rule.name) for n, rule in enumerate(material.rules))
        ),
    ]
    return [choice for choice in choices if len(choice.options) > 1]


def _style() -> str:
    """Give the style with the colours filled in."""
    text = (_PAGE / "report.css").read_text("utf-8")
    for index, theme in enumerate(("light", "dark")):
        colours = " ".join(f"--{name}: {pair[index]};" for name, pair in COLOURS.items())
        text = text.replace("{{ " + theme + " }}", colours)
    return text


@dataclass(frozen=True, slots=True)
class _File:
    """A file as the template takes it."""

    number: int
    path: str
    subsystem: str
    group: str
    stat: str
    notes: tuple[str, ...]
    lines: int
    passages: tuple[Markup, ...]


class _Page:
    """The parts of the page that repeat, and the names by which they refer to each other."""

    def __init__(self, material: Material, source: Source) -> None:
        self._material = material
        self._source = source
        names = sorted({file.subsystem or _NO_SUBSYSTEM for file in material.files})
        self.subsystems = {name: number for number, name in enumerate(names)}
        self._rules = {rule: number for number, rule in enumerate(material.rules)}

    def rows(self) -> Markup:
        """Write the account's rows."""
        numbers = itertools.count()
        return Markup("").join(
            self._row(next(numbers), number, file, passage, use)
            for number, file in enumerate(self._material.files)
            for passage in file.passages
            for use in passage.uses
        )

    def _row(
        self, number: int, in_file: int, file: FileReview, passage: Passage, use: Account
    ) -> Markup:
        here = [edit for edit in passage.edits if edit.line == use.line]
        edits = (here or passage.edits) if use.outcome == "converted" else []
        rules = {self._rules[edit.rule] for edit in edits}
        data = Markup(" data-p={} data-o={} data-k={}").format(
            passage.index, use.outcome, use.kind
        ) + self._data(file, rules)
        link = self._source.link(file.path, use.line)
        target = _anchor(in_file, use.line)
        return use_markup(use, f"u{number}", target, data, link)

    def _data(self, file: FileReview, rules: Collection[int]) -> Markup:
        data = Markup(" data-s={}").format(self.subsystems[file.subsystem or _NO_SUBSYSTEM])
        if rules:
            data += Markup(' data-r="{}"').format(" ".join(map(str, sorted(rules))))
        return data

    def files(self) -> list[_File]:
        """Write the files with their passages."""
        return [self._file(number, file) for number, file in enumerate(self._material.files)]

    def _file(self, number: int, file: FileReview) -> _File:
        offsets = line_offsets(file.change.before)
        lines = sum(_height(passage) for passage in file.passages)
        changed = f"+{file.diff.came} \N{MINUS SIGN}{file.diff.gone}"
        left = sum(use.outcome != "converted" for use in file.uses)
        stat = [changed] if file.change.changed else []
        stat += [f"{left} left"] if left else []
        return _File(
            number,
            plain(file.path),
            plain(file.subsystem),
            plain(file.group),
            ", ".join(stat),
            tuple(map(plain, file.notes)),
            lines,
            tuple(self._passage(number, file, passage, offsets) for passage in file.passages),
        )

    def _passage(
        self, number: int, file: FileReview, passage: Passage, offsets: Sequence[int]
    ) -> Markup:
        anchors = {use.line: _anchor(number, use.line) for use in passage.uses}
        at = passage.hunk.old_start - 1
        offset = offsets[at] if 0 <= at < len(offsets) else 0
        code = hunk_markup(passage, file.change.before, offset, anchors)
        rules = {self._rules[edit.rule] for edit in passage.edits}
        data = Markup("") if passage.uses else self._data(file, rules)
        return passage_markup(passage, data, code, self._material.rules)


def _height(passage: Passage) -> int:
    """Give the lines that a passage takes side by side, so that the page has its length at once."""
    context = sum(line.kind is LineKind.CONTEXT for line in passage.hunk.lines)
    return context + max(passage.hunk.gone, passage.hunk.came)


def _anchor(file: int, line: int) -> str:
    return f"L{file}-{line}"
