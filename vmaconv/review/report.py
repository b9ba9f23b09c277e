"""The review as one page that needs nothing but itself.

In: `Material`.  Out: HTML as text: summary, account with filters, diffs side by side.  The template,
the style and the script lie in `page/`.

All text of the tree goes through `html.escape` or Jinja2's autoescape; the page's content policy
allows no script but ours, by its hash, and no request to anywhere.  The same material gives the same
bytes.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from vmaconv import __version__
from vmaconv.kernel.conversion import Account
from vmaconv.review.draw import draw_hunk
from vmaconv.review.block import line_offsets
from vmaconv.review.material import Edit, FileReview, Material, Passage
from vmaconv.review.palette import COLOURS
from vmaconv.review.visible import plain

_PAGE = Path(__file__).parent / "page"
_OUTCOMES = {"converted": "converted", "left": "left to a person", "unjudged": "not judged"}
_NO_SUBSYSTEM = "none in MAINTAINERS"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the tree's source can be read: a URL with `{path}` and `{line}` in it; empty for none."""

    template: str = ""

    def link(self, path: str, line: int) -> str:
        """Give the URL of a line."""
        return self.template.replace("{path}", path).replace("{line}", str(line))


def render_report(material: Material, *, title: str = "", source: Source = Source()) -> str:
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
