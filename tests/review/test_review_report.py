# SPDX-License-Identifier: GPL-2.0-only
"""The page as text: what is in it, what is escaped, what refers to what."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from pagetree import Element, read_page
from review_trees import HOSTILE, KERNEL, fixture_material, hostile_tree, many, run_over

from vmaconv.cli.main import group
from vmaconv.cli.material import material_of
from vmaconv.review.look.palette import COLOURS
from vmaconv.review.material.passages import Material
from vmaconv.review.page.page import render_report
from vmaconv.review.page.views import SourceLink


@pytest.fixture(scope="module")
def material() -> Material:
    return fixture_material()


@pytest.fixture(scope="module")
def text(material: Material) -> str:
    return render_report(material)


@pytest.fixture(scope="module")
def page(text: str) -> Element:
    return read_page(text)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    tree = hostile_tree(tmp_path_factory.mktemp("hostile"))
    return render_report(material_of(run_over(tree)))


def test_the_page_asks_for_nothing_from_anywhere(page: Element, text: str) -> None:
    for element in page.all():
        assert element.name not in ("link", "img", "iframe", "object", "embed", "base"), element
        assert "src" not in element.attributes
        assert not [name for name in element.attributes if name.startswith("on")]
        if "href" in element.attributes:
            assert element["href"].startswith("#")
    assert "url(" not in text and "@import" not in text


def test_the_policy_allows_our_script_and_no_other(page: Element) -> None:
    scripts = list(page.all("script"))
    assert len(scripts) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].text.encode()).digest()).decode()
    policy = next(m for m in page.all("meta") if "http-equiv" in m.attributes)["content"]
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")


def test_every_reference_has_its_target_and_every_id_is_unique(page: Element) -> None:
    ids = Counter(e["id"] for e in page.all() if "id" in e.attributes)
    assert [name for name, count in ids.items() if count > 1] == []
    for element in page.all():
        if element.attributes.get("href", "#") != "#":
            assert element["href"][1:] in ids, element["href"]
        for name in ("aria-labelledby", "for"):
            if name in element.attributes:
                assert element[name] in ids, element[name]


def test_headings_go_down_step_by_step_and_fields_have_labels(page: Element) -> None:
    levels = [int(e.name[1]) for e in page.all() if re.fullmatch("h[1-6]", e.name)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    labelled = {e["for"] for e in page.all("label")}
    assert {e["id"] for e in page.all() if e.name in ("input", "select")} == labelled
    for name in ("header", "main", "footer", "nav", "form"):
        assert any(True for _ in page.all(name)), name
    assert next(page.all("html"))["lang"] == "en"
    assert any(e.attributes.get("aria-live") == "polite" for e in page.all())


def test_each_use_has_a_row_that_leads_to_its_line(page: Element, material: Material) -> None:
    rows = list(next(page.all("tbody", id="uses")).all("tr"))
    assert len(rows) == len(material.uses) == 215
    assert Counter(row["data-o"] for row in rows) == {"converted": 155, "left": 56, "unjudged": 4}
    lines = {e["id"]: e for e in page.all("div") if e.attributes.get("id", "").startswith("L")}
    for row, use in zip(rows, material.uses, strict=True):
        link = next(row.all("a"))
        assert link.text == f"{use.file}:{use.line}"
        line = lines[link["href"][1:]]
        assert line["data-n"] == str(use.line)
        code = next(row.all("code")).text
        assert code == " ".join(line.text.removesuffix("^M").split())
        assert code == " ".join(_named(use.text).split()) or "\ufffd" in use.text
        if use.reason is not None:
            assert use.reason.text in row.text


def test_the_diffs_hold_the_lines_of_both_sides(page: Element, material: Material) -> None:
    files = list(page.all("section", class_="file"))
    assert len(files) == len(material.files)
    for shown, file in zip(files, material.files, strict=True):
        old = file.change.before.decode("utf-8", "surrogateescape").split("\n")
        new = file.change.after.decode("utf-8", "surrogateescape").split("\n")
        for side, lines in (("del", old), ("ins", new)):
            for element in shown.all(side):
                for line in element.all("div"):
                    assert line.text == _named(lines[int(line["data-n"]) - 1])
        gone = sum(len(list(e.all("div"))) for e in shown.all("del"))
        came = sum(len(list(e.all("div"))) for e in shown.all("ins"))
        assert (gone, came) == (file.diff.gone, file.diff.came)


def _named(line: str) -> str:
    """Name what the fixtures have of odd bytes: CRLF and Latin-1."""
    line = line.replace("\r", "^M")
    return re.sub("[\udc80-\udcff]", lambda m: f"<{ord(m[0]) - 0xDC00:02X}>", line)


def test_why_an_edit_was_made_is_said(page: Element) -> None:
    article = next(
        e for e in page.all("article") if next(e.all("a")).text == "drivers/char/fooport.c:14"
    )
    why = next(article.all("details")).text
    assert "line 14: rule change with D = desc, M = VMA_REMAP_FLAGS" in why
    assert "desc->vm_flags |= VM_REMAP_FLAGS;" in why
    flag = next(e for e in page.all("tr") if e.attributes.get("id") == "VM_REMAP_FLAGS")
    header, _, line = list(flag.all("td"))[1].text.partition(":")
    declared = (KERNEL / header).read_text().split("\n")[int(line) - 1]
    assert re.match(r"#define\s+VM_REMAP_FLAGS\b", declared)


def test_nothing_of_the_tree_reaches_the_page_as_markup_or_hidden(hostile: str) -> None:
    page = read_page(hostile)
    assert len(list(page.all("script"))) == 1
    assert not list(page.all("img"))
    # No invisible, reordering or control character is left, but line feeds and tabs.
    odd = set(re.findall(r"[^\n\t\x20-\x7e]", hostile))
    assert odd <= set("→·\N{MINUS SIGN}"), odd
    code = "".join(e.text for e in page.all("div", class_="code"))
    for shown in ("</style></code>", "<U+202E>", "<U+2066>", "<FF>", "^M", "<!-- <U+200F> --> ]]>"):
        assert shown in code, shown
    assert "\\ No newline at end of file" in code
    assert "drivers/<b>&amp;<U+202E>\"'.c" in page.text


def test_the_hostile_file_is_what_it_says() -> None:
    assert b"\xe2\x80\xae" in HOSTILE and not HOSTILE.endswith(b"\n")


def test_the_same_material_gives_the_same_bytes(material: Material, text: str) -> None:
    assert render_report(material) == text == render_report(fixture_material())


def test_links_to_the_source_where_they_are_asked_for(material: Material) -> None:
    text = render_report(material, source=SourceLink("https://example.org/?f={path}&l={line}#x"))
    links = [a["href"] for a in read_page(text).all("a") if a.text == "source"]
    assert links[0] == "https://example.org/?f=arch/arm64/mm/guarded.c&l=13#x"
    assert len(links) == 215


SYNTAX = ("text", "comment", "string", "number", "keyword", "type", "constant", "call", "directive")
GROUNDS = ("ground", "gone", "gone-word", "came", "came-word", "mark")

PAIRS: tuple[tuple[str, str], ...] = (
    *((text, ground) for text in (*SYNTAX, "odd") for ground in GROUNDS),
    *(("muted", ground) for ground in ("ground", "panel", "gone", "came", "mark")),
    *(
        (text, ground)
        for text in ("text", "link", "converted", "left", "unjudged")
        for ground in ("ground", "panel", "mark")
    ),
)
"""Text on ground, as they meet in the page."""


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return sum(c * w for c, w in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_contrast(text: str, ground: str) -> None:
    for theme in (0, 1):
        assert contrast(COLOURS[text][theme], COLOURS[ground][theme]) >= 4.5


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#777777", "#ffffff") < 4.5


def test_a_thousand_hunks_stay_a_mail_attachment() -> None:
    material = many(21)
    assert material.counts()["hunks"] == 1008
    assert len(render_report(material)) < 6_000_000


def test_a_tree_without_anything_to_convert(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "mm").mkdir(parents=True)
    (tree / "include/linux").mkdir(parents=True)
    for header in ("mm.h", "mm_types.h"):
        (tree / "include/linux" / header).write_bytes(
            (KERNEL / "include/linux" / header).read_bytes()
        )
    (tree / "mm/empty.c").write_text("int x;\n")
    output = tmp_path / "report.html"
    done = CliRunner().invoke(group, ["report", str(tree), "-o", str(output)])
    assert done.exit_code == 0, done.output
    page = read_page(output.read_text())
    assert "nothing to convert" in page.text
    assert "Nothing changes." in page.text


def test_the_command_replaces_its_file_whole(tmp_path: Path) -> None:
    output = tmp_path / "report.html"
    output.write_text("old")
    done = CliRunner().invoke(group, ["report", str(KERNEL), "-o", str(output)])
    assert done.exit_code == 0, done.output
    assert "155 uses converted in 32 files" in output.read_text()
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]
    for bad in ("javascript:alert(1)", "data:text/html,x"):
        refused = CliRunner().invoke(
            group, ["report", str(KERNEL), "-o", str(output), "--source-url", bad]
        )
        assert refused.exit_code == 2
