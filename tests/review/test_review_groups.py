# SPDX-License-Identifier: GPL-2.0-only
"""A migration on the screen, on the page, in the plain terminal and in the account.

In: the fixture kernel and the recipe that ships. Out: groups that build on each other are shown with
the flow that forces each, and are decided together.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import KERNEL, read_files, run
from msgspec.structs import replace
from test_review_app import PURPOSE, review
from test_review_choose import Person
from test_review_terminal import seen

from vmaconv.cli.migrated_review import MigratedRun, migrated_material, migrated_run
from vmaconv.cli.options import RecipeChoice
from vmaconv.cocci.diff.hunk import LineKind
from vmaconv.convert.request import Request
from vmaconv.convert.tree_conversion import FileOutcome
from vmaconv.flags.table.flag_table import read_flag_table
from vmaconv.review.look.block import line_offsets
from vmaconv.review.material.decisions import Decisions, PassageState
from vmaconv.review.material.outlet import Outlet
from vmaconv.review.material.passages import Material, Together, gather_in_order
from vmaconv.review.page.page import render_report
from vmaconv.review.prompt.choose_groups import GroupDiff, choose_groups
from vmaconv.review.screen.app import ReviewApp
from vmaconv.review.screen.filelist import FileList
from vmaconv.review.screen.pane import PassagePane
from vmaconv.series.change import FileChange
from vmaconv.series.git.file_diff import file_diff


@pytest.fixture(scope="module")
def migrated() -> MigratedRun:
    return migrated_run(Request(KERNEL), RecipeChoice("vma-flags"))


@pytest.fixture(scope="module")
def material(migrated: MigratedRun) -> Material:
    return migrated_material(migrated)


def final(migrated: MigratedRun, count: int) -> dict[str, bytes]:
    """Return the files that the first groups change, as they leave them."""
    groups = migrated.migration.groups[:count]
    return {path: after for group in groups for path, (_, after) in group.changes.items()}


def test_a_group_says_which_flow_forces_it(migrated: MigratedRun, material: Material) -> None:
    titles = list(dict.fromkeys(file.group for file in material.files))
    groups = migrated.migration.groups
    assert titles[: len(groups)] == [f"{n}. {g.title}" for n, g in enumerate(groups, 1)]
    for group, title in zip(groups, titles, strict=False):
        first = next(file for file in material.files if file.group == title)
        assert first.notes[: 1 + len(group.notes)] == (group.why, *group.notes)


def test_what_is_accepted_takes_along_what_it_builds_on(
    migrated: MigratedRun, material: Material
) -> None:
    groups = list(dict.fromkeys(file.group for file in material.files))
    decisions = Decisions(material)
    third = next(file for file in material.files if file.group == groups[2])
    decisions.decide([third.hunks[0].index], PassageState.ACCEPTED)
    made = {change.path: change.after for change in decisions.changes()}
    assert made == final(migrated, 3)
    second = next(file for file in material.files if file.group == groups[1])
    decisions.decide([second.hunks[0].index], PassageState.SKIPPED)
    assert {c.path: c.after for c in decisions.changes()} == final(migrated, 1)
    decisions.undo()
    assert {c.path: c.after for c in decisions.changes()} == final(migrated, 3)
    last = next(f for f in reversed(material.files) if f.hunks)
    decisions.decide([last.hunks[-1].index], PassageState.ACCEPTED)
    changes = {c.path: (c.before, c.after) for c in decisions.changes()}
    assert changes == migrated.migration.final()
    assert not decisions.partial_groups()


def test_a_file_of_several_groups_is_counted_once(
    migrated: MigratedRun, material: Material
) -> None:
    changed = len(migrated.migration.final())
    assert material.counts()["files"] == changed < len(material.files)
    page = render_report(material)
    assert f"converted in {changed} files" in page


def test_a_file_of_several_groups_is_listed_for_each(material: Material) -> None:
    paths = [file.path for file in material.files]
    path = next(p for p in paths if paths.count(p) > 2)
    app = ReviewApp(material, Outlet(KERNEL, PURPOSE), None)

    async def keys() -> None:
        async with app.run_test(size=(120, 32)) as pilot:
            files = app.screen.query_one(FileList)
            for file in (one for one in material.files if one.path == path):
                app.view.go_to(file.passages[0].index)
                app._show()
                await pilot.pause()
                at = files.highlighted
                assert at is not None and files.chosen(files.get_option_at_index(at)) is file
                app._around = 2
                app._show()
                await pilot.pause()
                shown = app.screen.query_one(PassagePane)
                assert shown._offsets[file.key] == line_offsets(file.change.before)

    asyncio.run(keys())


def test_a_hunk_of_a_group_is_edited_and_the_group_taken_with_it(
    migrated: MigratedRun, material: Material
) -> None:
    """Later groups go on top of the edit, where they change other lines."""

    def edit(text: bytes) -> bytes:
        lines = text.split(b"\n")
        at = next(n for n, line in enumerate(lines) if line[:1] == b"+")
        return b"\n".join([*lines[:at], lines[at] + b" /* mine */", *lines[at + 1 :]])

    app = ReviewApp(material, Outlet(KERNEL, PURPOSE), None, edit)

    async def steps() -> None:
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.press("e")
            await pilot.pause()
            group = material.files[0].group
            first = [p for f in material.files if f.group == group for p in f.hunks]
            assert app.decisions.progress().accepted == len(first)
            path = material.files[0].path
            (made,) = [c for c in app.decisions.changes() if c.path == path]
            assert made.after.count(b" /* mine */") == 1
            last = next(f for f in reversed(material.files) if f.hunks)
            app.decisions.decide([last.hunks[-1].index], PassageState.ACCEPTED)
            after = {c.path: c.after for c in app.decisions.changes()}
            wanted = {p: text for p, (_, text) in migrated.migration.final().items()}
            assert after.pop(path).replace(b" /* mine */", b"") == wanted.pop(path)
            assert after == wanted

    asyncio.run(steps())


def test_an_edit_that_a_later_group_does_not_fit_is_not_taken() -> None:
    """Two groups on one file: the second goes on with a line of the first, and leaves another."""
    texts = [b"int a;\n\n\nint b;\n", b"long a;\n\n\nlong b;\n", b"u64 a;\n\n\nlong b;\n"]
    steps = zip(texts, texts[1:], strict=False)
    groups = [Together(f"g{n}", (), (FileOutcome("a.c", *two),)) for n, two in enumerate(steps)]
    material = gather_in_order(KERNEL, groups, read_flag_table(KERNEL))
    (hunk,) = (passage.hunk for passage in material.files[0].passages)
    decisions = Decisions(material)
    for line, fits in ((b"long a;\n", False), (b"long b;\n", True)):
        lines = tuple(
            replace(one, text=b"s64 " + line[5:])
            if one.kind is LineKind.CAME and one.text == line
            else one
            for one in hunk.lines
        )
        edited = replace(hunk, lines=lines)
        assert decisions.fits_in_order(0, edited) is fits
    assert not decisions.changes()
    decisions.edit(0, edited)
    decisions.decide([1], PassageState.ACCEPTED)
    (made,) = decisions.changes()
    assert made.after == b"u64 a;\n\n\ns64 b;\n"
    decisions.edit(0, None)
    assert not decisions.changes()
    decisions.undo()
    assert decisions.changes() == (made,)


def test_the_account_is_what_the_migration_leaves(migrated: MigratedRun) -> None:
    done = run("scan", KERNEL, "--recipe", "vma-flags", "--format", "json")
    assert done.code == 0, done.err
    data = json.loads(done.out)
    left = {(one.place.path, one.place.line) for one in migrated.migration.left}
    told = [u for u in data["uses"] if u["outcome"] == "left"]
    unjudged = {(u["file"], u["line"]) for u in data["uses"] if u["outcome"] == "unjudged"}
    assert {(u["file"], u["line"]) for u in told} == left - unjudged and told
    whys = {one.why for one in migrated.migration.left}
    assert {u["reason"]["text"] for u in told} <= whys
    rules_alone = json.loads(run("scan", KERNEL, "--format", "json").out)
    assert data["converted"] > rules_alone["converted"]


def test_the_page_has_the_groups(migrated: MigratedRun, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert run("report", KERNEL, "--recipe", "vma-flags", "-o", page).code == 0
    text = page.read_text("utf-8")
    for number, group in enumerate(migrated.migration.groups, 1):
        assert f"{number}. {group.title}" in text


ONE = FileChange("mm/a.c", b"a\n", b"b\n")
TWO = FileChange("mm/a.c", b"b\n", b"c\n")
GROUPS = [
    GroupDiff("1. one", ("because",), (file_diff(ONE),)),
    GroupDiff("2. two", (), (file_diff(TWO),)),
    GroupDiff("3. three", (), (file_diff(ONE), file_diff(TWO))),
]


@pytest.mark.parametrize(
    ("answers", "count"),
    [
        ("y y y", 3),
        ("y n", 1),
        ("n", 0),
        ("q", 0),
        ("", 0),
        ("y a", 3),
        ("y y k n", 1),
        ("? x y q", 1),
        ("k y q", 1),
    ],
)
def test_groups_in_the_plain_terminal(answers: str, count: int) -> None:
    script: Iterator[str] = iter(answers.split())
    person = Person(script)
    assert choose_groups(GROUPS, person, person) == count
    assert person.seen[:3] == ["1. one", "    because", "file mm/a.c"]


def test_the_chosen_groups_are_a_diff(migrated: MigratedRun) -> None:
    output = seen(KERNEL, "diff", "--recipe", "vma-flags", "-i", feed=b"y\ny\nq\n", PAGER="cat")
    count = len(migrated.migration.groups)
    assert f"2 of {count} groups accepted" in output
    for path in final(migrated, 2):
        assert f"diff --git a/{path} b/{path}" in output


def test_without_questions_the_diff_is_that_of_migrate() -> None:
    before = read_files(KERNEL)
    assert run("diff", KERNEL, "--recipe", "vma-flags").out == run("migrate", KERNEL).out
    assert read_files(KERNEL) == before


@pytest.mark.parametrize("command", ["scan", "diff", "report"])
def test_a_plan_needs_its_recipe(command: str, tmp_path: Path) -> None:
    words = ("-o", tmp_path / "page") if command == "report" else ()
    done = run(command, KERNEL, "--plan", "plan.toml", *words)
    assert done.code == 2 and "--plan goes with --recipe" in done.err


def test_migrate_on_a_terminal_pages_the_plan_first() -> None:
    output = seen(KERNEL, "migrate", PAGER="cat", TERM="dumb")
    assert output.index("1. add vma_flags_to_legacy()") < output.index("@@ ")
    assert "\x1b[31m" not in output


def test_what_does_not_parse_is_not_written_without_a_question() -> None:
    from review_trees import fixture_material

    def edit(text: bytes) -> bytes:
        return text.replace(b"VMA_IO_BIT);", b"VMA_IO_BIT;")

    app = review(fixture_material(), edit=edit)

    async def steps() -> None:
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.press("e", "w")
            await pilot.pause()
            dialog = app.screen
            words = " ".join(str(static.content) for static in dialog.query("Static"))
            assert "does not parse in line" in words and "all the same" in words

    asyncio.run(steps())
