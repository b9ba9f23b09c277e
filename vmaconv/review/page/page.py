# SPDX-License-Identifier: GPL-2.0-only
"""The review as one page that needs nothing but itself.

In: `Material`.  Out: HTML as text: summary, account with filters, diffs side by side.  The
templates, the style and the script lie in `page/`.

All text of the tree goes through `html.escape` or Jinja2's autoescape; the page's content
policy allows no script but ours, by its hash, and no request to anywhere.  The same material gives
the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from msgspec import Struct

from vmaconv import __version__
from vmaconv.cocci.text.visible import plain
from vmaconv.convert.use_account import Account
from vmaconv.counting import counted
from vmaconv.review.look.palette import COLOURS
from vmaconv.review.material.passages import FlagNote, Material
from vmaconv.review.page.views import NO_SUBSYSTEM, OUTCOMES, SourceLink, Views

_PAGE = Path(__file__).parent


_NO_SOURCE = SourceLink()


def render_report(
    material: Material,
    *,
    title: str = "",
    source: SourceLink = _NO_SOURCE,
    made: Sequence[tuple[str, str]] = (),
) -> str:
    """Write the page; `made` says what it was made of, and when: names and texts."""
    views = Views(material, source)
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
        facts=[
            ("Tree", plain(str(material.tree))),
            *((name, plain(text)) for name, text in made),
            ("Helpers", material.generation or "none"),
        ],
        warnings=material.warnings,
        tiles=_tiles(material),
        subsystems=_by_subsystem(material),
        reasons=_by_reason(material.uses),
        skipped=[(plain(path), why) for path, why in material.skipped],
        choices=_choices(material, views.subsystems),
        uses=views.uses(),
        accounted=bool(material.uses),
        files=list(views.files()),
        rules=material.rules,
        flags=_flags(material),
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


class _Tile(Struct, frozen=True):
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


class _Row(Struct):
    """A line of the table by subsystem."""

    name: str
    files: int = 0
    hunks: int = 0
    converted: int = 0
    left: int = 0
    unjudged: int = 0


def _by_subsystem(material: Material) -> list[_Row]:
    rows: dict[str, _Row] = {}
    changed: set[str] = set()
    for file in material.files:
        name = file.subsystem or NO_SUBSYSTEM
        row = rows.setdefault(name, _Row(name))
        counts = Counter(use.outcome for use in file.uses)
        if file.change.changed and file.path not in changed:
            # A file that several groups change is one.
            changed.add(file.path)
            row.files += 1
        row.hunks += len(file.hunks)
        row.converted += counts["converted"]
        row.left += counts["left"]
        row.unjudged += counts["unjudged"]
    return sorted(rows.values(), key=lambda row: row.name)


def _by_reason(uses: Sequence[Account]) -> list[tuple[str, int]]:
    found = Counter(use.reason.code.replace("-", " ") for use in uses if use.reason is not None)
    return found.most_common()


class _Choice(Struct, frozen=True):
    """A filter's list of values."""

    id: str
    label: str
    options: tuple[tuple[str, str], ...]


def _choices(material: Material, subsystems: Mapping[str, int]) -> list[_Choice]:
    """Return the filters that have more than one value to choose from."""
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


def _flags(material: Material) -> list[FlagNote]:
    """Return the flag table's entries that the edits rest on, by name."""
    notes = {
        note
        for file in material.files
        for passage in file.passages
        for edit in passage.edits
        for note in edit.flags
    }
    return sorted(notes, key=lambda note: note.word)


def _style() -> str:
    """Return the style with the colours filled in."""
    text = (_PAGE / "report.css").read_text("utf-8")
    for index, theme in enumerate(("light", "dark")):
        colours = " ".join(f"--{name}: {pair[index]};" for name, pair in COLOURS.items())
        text = text.replace("{{ " + theme + " }}", colours)
    return text
