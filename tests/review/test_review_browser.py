"""The page in a real browser: filters, layouts, links, and how soon it is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import CHROMIUM, DRIVER, Browser, browser
from trees import fixture_material, hostile_tree, many, run_over

from vmaconv.cli.material import material_of
from vmaconv.review.report import render_report

pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER),
    reason="chromium and chromedriver are not installed: the report is not opened in a browser",
)

SHOWN = "return document.getElementById('shown').textContent"
VISIBLE = """return [...document.querySelectorAll(arguments[0])]
    .filter(e => e.checkVisibility()).map(e => e.textContent)"""


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as one:
        yield one


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(render_report(fixture_material()), "utf-8")
    return path


@pytest.fixture
def opened(window: Browser, page: Path) -> Browser:
    window.size(1400, 1000)
    window.dark(False)
    window.open(Path("/dev/null"))
    window.open(page)
    return window


def choose(window: Browser, field: str, words: str) -> None:
    window.run(
        """const s = document.getElementById(arguments[0]);
        s.value = [...s.options].find(o => o.text === arguments[1]).value;
        s.dispatchEvent(new Event('input', {bubbles: true}))""",
        field,
        words,
    )


def test_filters_show_what_fits_and_say_how_much(opened: Browser) -> None:
    assert opened.run(SHOWN) == "215 of 215 uses and 65 of 65 places shown"
    choose(opened, "outcome", "left")
    opened.wait("return document.getElementById('shown').textContent.startsWith('57 of 215')")
    assert len(opened.run(VISIBLE, "#uses tr")) == 57
    choose(opened, "kind", "set")
    rows = opened.wait(f"const r = (() => {{{VISIBLE}}})(); return r.length < 57 && r") or []
    rows = opened.run(VISIBLE, "#uses tr")
    assert rows and all("left" in row and "set" in row for row in rows)
    opened.type("#q", "fooodd shadow_stack")
    opened.wait("return document.getElementById('shown').textContent.startsWith('0 of')")
    assert opened.run(VISIBLE, "#no-uses") == ["No use fits the filters."]
    assert opened.run(VISIBLE, "#no-files") == ["No change fits the filters."]
    opened.click("#filters button")
    opened.wait("return document.getElementById('shown').textContent.startsWith('215 of')")
    assert len(opened.run(VISIBLE, "#uses tr")) == 215


def test_subsystem_and_rule_filters_reach_the_diffs(opened: Browser) -> None:
    choose(opened, "subsystem", "PLUME GRAPHICS DRIVER")
    opened.wait("return document.querySelectorAll('.file:not([hidden])').length === 2")
    paths = opened.run(VISIBLE, ".file h3")
    assert all(path.startswith("drivers/gpu/plume/") for path in paths)
    choose(opened, "rule", "change")
    opened.wait("return document.querySelectorAll('#uses tr:not([hidden])').length < 29")
    for row in opened.run(VISIBLE, "#uses tr"):
        assert "&=" in row or "|=" in row, row


def test_a_link_shows_its_target_even_when_it_is_filtered_out(opened: Browser) -> None:
    opened.type("#q", "fooport")
    opened.wait("return document.querySelectorAll('.file:not([hidden])').length === 1")
    opened.run("location.hash = '#p0'")
    opened.wait("return document.getElementById('p0').checkVisibility()")
    box = opened.run("return document.getElementById('p0').getBoundingClientRect().top")
    bar = opened.run("return document.getElementById('filters').getBoundingClientRect().bottom")
    assert bar <= box < 1000


def test_a_use_leads_to_its_line_below_the_filters(opened: Browser) -> None:
    opened.run("document.querySelectorAll('#uses a')[100].click()")
    opened.wait("return document.querySelector(':target')")
    place = opened.wait(
        """const box = document.querySelector(':target').getBoundingClientRect();
        const bar = document.getElementById('filters').getBoundingClientRect().bottom;
        return box.top >= bar && box.bottom <= innerHeight"""
    )
    assert place


def test_side_by_side_where_there_is_room_and_unified_on_a_phone(opened: Browser) -> None:
    opened.open(Path("/dev/null"))
    columns = """const block = document.querySelector('#p2 .b:has(del)');
        const [a, b] = [...block.children].map(e => e.getBoundingClientRect());
        return a.right <= b.left + 1 ? 2 : a.bottom <= b.top + 1 ? 1 : 0"""
    wide = Path(opened.run("return location.pathname"))
    assert wide
    for width, phone, expected in ((1400, False, 2), (390, True, 1)):
        opened.size(width, 844, phone=phone)
        opened.open(_page_of(opened), "#p2")
        opened.wait("return document.getElementById('p2').checkVisibility()")
        assert opened.run(columns) == expected
    assert opened.run("return document.documentElement.scrollWidth <= innerWidth")


_pages: dict[str, Path] = {}


def _page_of(_window: Browser) -> Path:
    return _pages["page"]


@pytest.fixture(autouse=True)
def _remember(page: Path) -> None:
    _pages["page"] = page
