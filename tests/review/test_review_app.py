# SPDX-License-Identifier: GPL-2.0-only
"""The full-screen review, driven by keys as a person would."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from review_trees import KERNEL, fixture_material, hostile_tree, run_over
from textual.pilot import Pilot
from textual.widgets import Static

from vmaconv.cli.material import material_of
from vmaconv.review.material.decisions import PassageState
from vmaconv.review.material.memory import state_path
from vmaconv.review.material.outlet import Outlet
from vmaconv.review.material.passages import Material, Passage
from vmaconv.review.screen.app import ReviewApp
from vmaconv.review.screen.dialogs import ChoiceDialog, WaitDialog
from vmaconv.review.screen.keys import HELP, KEYS
from vmaconv.series.words.wording import Purpose

Drive = Callable[[Pilot[None]], Awaitable[None]]
EXPECTED = KERNEL.parent / "expected" / "kernel"
#: The window that a screenshot is framed in: its buttons and its title.
CHROME = {"ff5f57", "febc2e", "28c840", "c5c8c6"}
PURPOSE = Purpose("Use bits", "Because.", "vmaconv")


@pytest.fixture(scope="module")
def material() -> Material:
    return fixture_material()


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("NO_COLOR", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "state"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of the fixture kernel in a git repository of its own."""
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, "/dev/null")
    monkeypatch.setenv("HOME", str(tmp_path))
    path = tmp_path / "linux"
    shutil.copytree(KERNEL, path)
    git(path, "init", "-q", "-b", "main")
    git(path, "config", "user.name", "Ada Lovelace")
    git(path, "config", "user.email", "ada@example.org")
    git(path, "add", "-A")
    git(path, "commit", "-q", "-m", "start")
    return path


def git(tree: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=tree, capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace")


def drive(app: ReviewApp, steps: Drive | str, *, size: tuple[int, int] = (80, 24)) -> ReviewApp:
    """Run the review, press keys (one a word) or do what a function says."""

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            if isinstance(steps, str):
                await pilot.press(*steps.split())
                await pilot.pause()
            else:
                await steps(pilot)

    asyncio.run(run())
    return app


def review(material: Material, tree: Path = KERNEL, **more: object) -> ReviewApp:
    return ReviewApp(material, Outlet(tree, PURPOSE), None, **more)  # type: ignore[arg-type]


def shown(app: ReviewApp, name: str) -> str:
    return str(app.screen_stack[0].query_one(name, Static).content)


def here(app: ReviewApp) -> Passage:
    passage = app.view.here
    assert passage is not None
    return passage


# --- Deciding and moving


def test_accept_skip_and_undo(material: Material) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        first = here(app)
        assert first.path == "arch/x86/kernel/enclave.c"
        await pilot.press("a")
        assert app.decisions[first.index].state is PassageState.ACCEPTED
        second = here(app)
        assert second.changes and second is not first
        await pilot.press("s")
        assert app.decisions[second.index].state is PassageState.SKIPPED
        assert "2 of 48 hunks decided · 1 accepted, 1 skipped, 46 open" in shown(app, "#bar")
        await pilot.press("u")
        assert here(app) is second
        assert app.decisions[second.index].state is PassageState.OPEN
        await pilot.press("u", "u")
        assert "0 of 48" in shown(app, "#bar")

    app = review(material)
    drive(app, steps)


def test_every_place_is_passed_in_the_order_of_the_list(material: Material) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        seen = [here(app).index]
        for _ in range(len(material.passages) - 1):
            await pilot.press("j")
            seen.append(here(app).index)
        assert sorted(seen) == list(range(65))
        assert shown(app, "#bar").startswith("65/65")
        await pilot.press("j")
        assert here(app).index == seen[-1]
        await pilot.press("k", "K")
        assert here(app).path != material.passages[seen[-1]].path
        names = [app.view.file_of(n).subsystem for n in seen]
        runs = [name for n, name in enumerate(names) if n == 0 or names[n - 1] != name]
        assert len(runs) == len(set(runs)), "a subsystem is left and entered again"

    app = review(material)
    drive(app, steps)


def test_a_whole_file_at_once_and_back_in_one_step(material: Material) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await pilot.press("g", *"foowide", "enter")
        assert here(app).path == "drivers/char/foowide.c"
        await pilot.press("A")
        assert app.decisions.progress().accepted == 4
        await pilot.press("u")
        assert app.decisions.progress().accepted == 0

    app = review(material)
    drive(app, steps)


def test_what_was_left_has_nothing_to_accept(material: Material) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await pilot.press("g", *"fooodd.c:23", "enter")
        assert not here(app).changes
        assert shown(app, "#where").startswith("[left to a person]")
        assert "somebody may write through the pointer" in shown(app, "#reasons")
        await pilot.press("a")
        assert app.decisions.progress().accepted == 0

    app = review(material)
    drive(app, steps)


def test_the_reasons_name_rule_bindings_and_the_header(material: Material) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await pilot.press("g", *"fooport.c:14", "enter")
        words = " ".join(shown(app, "#reasons").split())
        assert "change: Set and clear flags in a descriptor through its helpers (vma-desc" in words
        assert "line 14: D = desc, M = VMA_REMAP_FLAGS" in words
        place = re.search(r"VM_REMAP_FLAGS is VMA_REMAP_FLAGS: .*? \((\S+):(\d+)\)", words)
        assert place is not None
        line = (KERNEL / place[1]).read_text().split("\n")[int(place[2]) - 1]
        assert line.split()[:2] == ["#define", "VM_REMAP_FLAGS"]

    app = review(material)
    drive(app, steps)


# --- Searching and filtering


def test_search_goes_round_and_marks(material: Material) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await pilot.press("slash", *"vm_locked_mask", "enter")
        first = here(app)
        assert b"VM_LOCKED_MASK" in first.hunk.render()
        await pilot.press("n", "N")
        assert here(app) is first
        await pilot.press("slash", *["backspace"] * 20, *"no such text", "enter")
        assert here(app) is first

    app = review(material)
    drive(app, steps)


def test_filters_by_state_rule_and_subsystem(material: Material) -> None:
    async def choose(pilot: Pilot[None], words: str) -> None:
        await pilot.press("f")
        dialog = app.screen.query_one("#choices")
        options = [str(o.prompt).strip(" *") for o in dialog.options]  # type: ignore[attr-defined]
        dialog.highlighted = options.index(words)  # type: ignore[attr-defined]
        await pilot.press("enter")
        await pilot.pause()

    async def steps(pilot: Pilot[None]) -> None:
        await choose(pilot, "TIDEFS FILE SYSTEM")
        assert {app.view.file_of(n).subsystem for n in app.view.visible()} == {"TIDEFS FILE SYSTEM"}
        assert here(app).path.startswith("fs/tidefs/")
        await choose(pilot, "change")
        assert all("change" in material.passages[n].rules for n in app.view.visible())
        assert "only change, TIDEFS FILE SYSTEM" in shown(app, "#bar")
        await pilot.press("F")
        assert len(app.view.visible()) == 65
        await choose(pilot, "left")
        assert all(material.passages[n].left for n in app.view.visible())
        await pilot.press("F")
        await choose(pilot, "accepted")
        assert len(app.view.visible()) == 65, "a filter that nothing fits is not taken"
        await choose(pilot, "open")
        await pilot.press("a")
        assert len(app.view.visible()) == 47
        assert app.decisions[here(app).index].state is PassageState.OPEN

    app = review(material)
    drive(app, steps)


# --- Editing


def test_an_edited_hunk_is_accepted_as_it_was_edited(material: Material) -> None:
    def edit(text: bytes) -> bytes:
        return text.replace(b"VMA_IO_BIT);", b"VMA_IO_BIT); /* mine */")

    async def steps(pilot: Pilot[None]) -> None:
        at = here(app).index
        await pilot.press("e")
        assert app.decisions[at].state is PassageState.ACCEPTED
        assert shown(app, "#where").startswith("[accepted, edited]")
        (change,) = app.decisions.changes()
        assert b"VMA_DONTDUMP_BIT, VMA_IO_BIT); /* mine */\n" in change.after
        await pilot.press("r")
        assert app.decisions[at].state is PassageState.OPEN
        assert not app.decisions.changes()
        await pilot.press("u")
        assert b"/* mine */" in app.decisions.changes()[0].after

    app = review(material, edit=edit)
    drive(app, steps)


def test_an_edit_that_does_not_fit_changes_nothing(material: Material) -> None:
    def edit(text: bytes) -> bytes:
        return text.replace(b" static int", b" extern int")

    async def steps(pilot: Pilot[None]) -> None:
        await pilot.press("e")
        await pilot.pause()
        assert app.decisions.progress().accepted == 0
        said = shown(app, "#said")
        assert "not taken: line 21 of the file" in said

    app = review(material, edit=edit)
    drive(app, steps)


def test_an_edit_that_breaks_the_syntax_is_taken_with_a_word(material: Material) -> None:
    def edit(text: bytes) -> bytes:
        return text.replace(b"VMA_IO_BIT);", b"VMA_IO_BIT;")

    async def steps(pilot: Pilot[None]) -> None:
        await pilot.press("e")
        await pilot.pause()
        said = shown(app, "#said")
        assert "does not parse in line 28 as it was edited" in said
        assert app.decisions.progress().edited == 1

    app = review(material, edit=edit)
    drive(app, steps)


def test_a_use_left_to_a_person_can_be_converted_by_hand(material: Material) -> None:
    def edit(text: bytes) -> bytes:
        line = b"\treturn &desc->vm_flags;\n"
        assert b" " + line in text
        return text.replace(b" " + line, b"-" + line + b"+\treturn NULL;\n")

    async def steps(pilot: Pilot[None]) -> None:
        await pilot.press("g", *"fooodd.c:23", "enter", "e")
        (change,) = app.decisions.changes()
        before = (KERNEL / "drivers/char/fooodd.c").read_bytes()
        assert change.after == before.replace(b"return &desc->vm_flags;", b"return NULL;")
        assert app.decisions.progress().hunks == 49

    app = review(material, edit=edit)
    drive(app, steps)


def test_the_editor_is_run_and_its_failure_told(
    material: Material, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "my editor"
    script.write_text("#!/bin/sh\nsed -i 's/VMA_IO_BIT);/VMA_IO_BIT);;/' \"$1\"\n")
    script.chmod(0o755)
    monkeypatch.setenv("EDITOR", f"'{script}'")
    app = drive(review(material), "e")
    assert b"VMA_IO_BIT);;\n" in app.decisions.changes()[0].after
    for wanted in ("false", "/no/such/editor", "'unbalanced"):
        monkeypatch.setenv("EDITOR", wanted)
        app = drive(review(material), "e")
        assert app.decisions.progress().accepted == 0


# --- Coming back


def test_quit_and_come_back_where_you_were(tree: Path) -> None:
    material = material_of(run_over(tree))
    outlet = Outlet(tree, PURPOSE)

    def edit(text: bytes) -> bytes:
        return text.replace(b"VMA_IO_BIT);", b"VMA_IO_BIT); /* \xe9 */")

    app = drive(ReviewApp(material, outlet, state_path(tree), edit), "e j a s v c q")
    left_at = here(app).index
    made = app.decisions.by_key()
    assert len(made) == 3
    back = drive(ReviewApp(material, outlet, state_path(tree)), "")
    assert here(back).index == left_at
    assert dict(back.decisions.by_key()) == dict(made)
    assert back.theme == "vmaconv-light"
    assert b"/* \xe9 */" in back.decisions.changes()[0].after


def test_a_hunk_whose_text_changed_is_asked_again_and_others_are_not(tree: Path) -> None:
    memory = state_path(tree)
    material = material_of(run_over(tree))
    app = drive(ReviewApp(material, Outlet(tree, PURPOSE), memory), "a a a a q")
    assert app.decisions.progress().accepted == 4
    path = tree / "drivers/char/foonvram.c"
    text = path.read_bytes()
    path.write_bytes(b"/* moved */\n" + text.replace(b"return -ENOSYS;", b"return -ENODEV;"))
    again = material_of(run_over(tree))

    async def steps(pilot: Pilot[None]) -> None:
        await pilot.pause()
        said = shown(back, "#said")
        assert "1 earlier decision fit no hunk any more" in said

    back = ReviewApp(again, Outlet(tree, PURPOSE), memory)
    drive(back, steps)
    states = {
        f"{p.path}:{p.line}": back.decisions[p.index].state
        for p in again.passages
        if p.path in ("arch/x86/kernel/enclave.c", "drivers/char/foonvram.c") and p.changes
    }
    # The first hunk moved by a line and is the same; the second one has another text around it.
    assert states == {
        "arch/x86/kernel/enclave.c:23": PassageState.ACCEPTED,
        "drivers/char/foonvram.c:13": PassageState.ACCEPTED,
        "drivers/char/foonvram.c:29": PassageState.OPEN,
    }


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 99}', '{"schema": 1}', "\x00"])
def test_a_state_that_makes_no_sense_is_said_and_the_review_goes_on(
    material: Material, tmp_path: Path, text: str
) -> None:
    memory = tmp_path / "state.json"
    memory.write_text(text)
    app = drive(ReviewApp(material, Outlet(KERNEL, PURPOSE), memory), "a q")
    assert app.decisions.progress().accepted == 1
    assert '"accepted"' in memory.read_text()


def test_a_state_that_cannot_be_written_is_said_and_the_review_goes_on(
    material: Material, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    memory = tmp_path / "file" / "state.json"

    async def steps(pilot: Pilot[None]) -> None:
        await pilot.press("a", "s")
        await pilot.pause()
        assert app.decisions.progress().open == 46
        assert "remembered" in shown(app, "#said")

    app = ReviewApp(material, Outlet(KERNEL, PURPOSE), memory)
    drive(app, steps)


# --- Writing


def accept_all(app: ReviewApp) -> None:
    app.decisions.decide([p.index for p in app._material.passages], PassageState.ACCEPTED)


async def write(pilot: Pilot[None], how: int, path: Path | None = None) -> None:
    """Choose what to write in the dialog, and wait until it is written, however slow the machine."""
    await pilot.press("w")
    await until(pilot, lambda: isinstance(pilot.app.screen, ChoiceDialog))
    await pilot.press(*["down"] * how, "enter")
    if path is not None:
        await until(pilot, lambda: bool(pilot.app.screen.query("#line")))
        pilot.app.screen.query_one("#line").value = str(path)  # type: ignore[attr-defined]
        await pilot.press("enter")
        await until(pilot, lambda: not pilot.app.screen.query("#line"))
    await pilot.pause(0.1)
    await until(pilot, lambda: not isinstance(pilot.app.screen, WaitDialog))
    await pilot.pause(0.1)


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Wait for what a thread of the app brings about; the driver's own limit ends a hang."""
    for _ in range(600):
        if holds():
            return
        await pilot.pause(0.05)
    raise AssertionError("it did not come to that in half a minute")


def test_apply_writes_what_was_accepted(tree: Path) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        accept_all(app)
        await write(pilot, 0)

    app = review(material_of(run_over(tree)), tree)
    drive(app, steps)
    for expected in EXPECTED.rglob("*.[ch]"):
        name = expected.relative_to(EXPECTED)
        assert (tree / name).read_bytes() == expected.read_bytes(), name
    assert len(git(tree, "diff", "--name-only").split()) == 32


def test_apply_in_part_and_take_back(tree: Path) -> None:
    path = tree / "drivers/char/foonvram.c"
    before = path.read_bytes()

    async def steps(pilot: Pilot[None]) -> None:
        await pilot.press("g", *"foonvram", "enter", "a")
        await write(pilot, 0)
        assert b"vma_desc_test_flags(desc, VMA_EXEC_BIT)" in path.read_bytes()
        assert b"desc->vm_flags & VM_SHARED" in path.read_bytes()
        await pilot.press("u")
        await write(pilot, 0)
        assert path.read_bytes() == before

    app = review(material_of(run_over(tree)), tree)
    drive(app, steps)


def said(app: ReviewApp) -> str:
    """Give the text of the dialog that is open."""
    return "\n".join(str(s.content) for s in app.screen.query(Static))


def test_a_tree_that_changed_since_is_not_written_to(tree: Path) -> None:
    changed = tree / "mm/vault.c"

    async def steps(pilot: Pilot[None]) -> None:
        accept_all(app)
        changed.write_bytes(changed.read_bytes() + b"/* new */\n")
        await write(pilot, 0)
        assert "mm/vault.c changed since the review began; nothing was written" in said(app)

    app = review(material_of(run_over(tree)), tree)
    drive(app, steps)
    assert git(tree, "diff", "--name-only").split() == ["mm/vault.c"]


def test_uncommitted_changes_are_refused(tree: Path) -> None:
    path = tree / "mm/vault.c"
    path.write_bytes(path.read_bytes() + b"/* mine */\n")
    material = material_of(run_over(tree))

    async def steps(pilot: Pilot[None]) -> None:
        accept_all(app)
        await write(pilot, 0)
        if not app._outlet.force:
            assert "uncommitted changes in mm/vault.c" in said(app)

    app = review(material, tree)
    drive(app, steps)
    assert git(tree, "diff", "--name-only").split() == ["mm/vault.c"]
    app = ReviewApp(material, Outlet(tree, PURPOSE, force=True), None)
    drive(app, steps)
    assert len(git(tree, "diff", "--name-only").split()) == 32


def test_patches_series_and_diff_hold_what_was_accepted(tree: Path, tmp_path: Path) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await pilot.press("a", "a", "s")
        await write(pilot, 1, tmp_path / "patches")
        await write(pilot, 2, tmp_path / "series")
        await write(pilot, 3, tmp_path / "accepted.diff")
        await write(pilot, 1, tmp_path / "patches")
        assert "Not written" in said(app)

    app = review(material_of(run_over(tree)), tree)
    drive(app, steps)
    wanted = {change.path: change.after for change in app.decisions.changes()}
    assert len(wanted) == 2
    git(tree, "apply", str(tmp_path / "accepted.diff"))
    assert {path: (tree / path).read_bytes() for path in wanted} == wanted
    git(tree, "checkout", "-q", ".")
    for folder in ("patches", "series"):
        mails = sorted((tmp_path / folder).glob("*.patch"))
        git(tree, "checkout", "-q", "-B", folder, "main")
        git(tree, "am", "-q", *(str(m) for m in mails if "cover-letter" not in m.name))
        assert {path: (tree / path).read_bytes() for path in wanted} == wanted
    cover = next((tmp_path / "series").glob("*cover*")).read_text()
    assert "2 hunks accepted in review" in cover
    assert "not accepted in review" in cover


# --- The screen


@pytest.mark.parametrize(("size", "small"), [((59, 24), True), ((80, 15), True), ((60, 16), False)])
def test_a_terminal_that_is_too_small_is_told_so(
    material: Material, size: tuple[int, int], small: bool
) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await pilot.pause()
        words = app.query_one("#small")
        assert words.display is small
        assert app.query_one("#all").display is not small
        if small:
            assert f"The terminal is {size[0]} x {size[1]}" in shown(app, "#small")
        await pilot.resize_terminal(100, 30)
        await pilot.pause()
        assert app.query_one("#all").display

    app = review(material)
    drive(app, steps, size=size)


def lines(app: ReviewApp) -> list[str]:
    """Give the screen's rows as text."""
    width, height = app.size
    strips = app.screen._compositor.render_strips()
    assert len(strips) == height
    rows = ["".join(segment.text for segment in strip) for strip in strips]
    assert all(len(row) <= width for row in rows)
    return rows


def test_eighty_by_twenty_four_shows_code_reasons_and_keys(material: Material) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await pilot.pause()
        rows = lines(app)
        assert rows[1].startswith("[open] arch/x86/kernel/enclave.c:23")
        assert any(re.match(r"23 - \s+if \(desc->vm_flags & VM_MAYEXEC", row) for row in rows)
        assert any(re.match(r"23 \+ \s+if \(vma_desc_test_flags\(desc,", row) for row in rows)
        assert any("D = desc" in row for row in rows)
        assert rows[-1].rstrip().endswith("? help  q quit")
        await pilot.press("t")
        await pilot.pause()
        assert any("FOORAM DRIVERS" in row for row in lines(app))
        await pilot.press("down", "enter")
        await pilot.pause()
        assert not any("FOORAM DRIVERS" in row for row in lines(app))
        assert here(app).path == "drivers/char/foonvram.c"

    app = review(material)
    drive(app, steps)


def test_two_sides_where_there_is_room_and_when_asked_for(material: Material) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await pilot.pause()
        row = next(row for row in lines(app) if "VM_MAYEXEC &&" in row)
        assert "vma_desc_test_flags(desc, VMA_MAYEXEC_BIT)" in row.partition("│")[2]
        assert "FOORAM DRIVERS" in "".join(lines(app))
        await pilot.press("v")
        await pilot.pause()
        row = next(row for row in lines(app) if "VM_MAYEXEC &&" in row)
        assert "vma_desc_test_flags" not in row

    app = review(material)
    drive(app, steps, size=(200, 40))


def test_without_colour_marks_say_it_all(
    material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def steps(pilot: Pilot[None]) -> None:
        await pilot.press("a", "g", "1", "enter")
        await pilot.pause()
        strips = app.screen._compositor.render_strips()
        changed = [
            segment.style
            for strip in strips
            for segment in strip
            if "VM_MAYEXEC" in segment.text and segment.style
        ]
        assert changed and all(style.bold and style.underline for style in changed)
        assert "[accepted] arch/x86/kernel/enclave.c" in "\n".join(lines(app))
        svg = app.export_screenshot()
        colours = set(re.findall(r"fill: ?#([0-9a-f]{6})", svg))
        assert colours and all(c[:2] == c[2:4] == c[4:] for c in colours - CHROME), colours

    app = review(material)
    drive(app, steps)


def test_what_is_said_covers_nothing(material: Material) -> None:
    """Words have a row of their own between the reasons and the keys, for as long as they are needed."""

    async def steps(pilot: Pilot[None]) -> None:
        await pilot.pause()
        before = lines(app)
        await pilot.press("n")
        await pilot.pause()
        rows = lines(app)
        said = next(n for n, row in enumerate(rows) if "search with / first" in row)
        assert said == len(rows) - 2 and rows[-1] == before[-1]
        reasons = [row for row in before if re.search("D = desc|VM_MAYEXEC is", row)]
        assert reasons and all(row in rows for row in reasons)

    app = review(material)
    drive(app, steps)


def test_more_of_the_file_around_a_hunk_and_less(material: Material) -> None:
    before = (KERNEL / "arch/x86/kernel/enclave.c").read_bytes()

    async def steps(pilot: Pilot[None]) -> None:
        await pilot.press("minus")
        await pilot.pause()
        assert "+ shows more" in shown(app, "#said")
        assert not any("enclave_backing" in row for row in lines(app))
        await pilot.press("plus", "home")
        await pilot.pause()
        rows = [row.strip() for row in lines(app)]
        assert any(re.search("10   struct file .enclave_backing", row) for row in rows)
        assert any(re.search(r"23 - \s+if \(desc", row) for row in rows)
        await pilot.press("minus")
        await pilot.pause()
        assert not any("enclave_backing" in row for row in lines(app))
        await pilot.press("plus", "a")
        await pilot.pause()
        assert app.decisions.changes()[0].after[:500] == before[:500]
        assert here(app).path != "arch/x86/kernel/enclave.c"

    app = review(material)
    drive(app, steps, size=(100, 48))


def test_two_sides_are_offered_where_they_can_be_read(material: Material) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await pilot.press("v")
        await pilot.pause()
        assert "side by side needs 120 columns; the terminal has 80" in shown(app, "#said")
        assert not any("\u2502" in row for row in lines(app))
        await pilot.resize_terminal(120, 30)
        await pilot.press("v")
        await pilot.pause()
        assert any("\u2502" in row for row in lines(app))
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert not any("\u2502" in row for row in lines(app))

    app = review(material)
    drive(app, steps)


def test_it_opens_on_the_first_undecided_hunk(tmp_path: Path) -> None:
    """What was left stands in the list, but there is nothing to decide on it."""
    tree = tmp_path / "linux"
    shutil.copytree(KERNEL, tree)
    first = tree / "arch/x86/kernel/enclave.c"
    text = first.read_text()
    at = text.index("struct file *enclave_backing")
    left = (
        "vm_flags_t *at(struct vm_area_desc *desc)\n{\n\treturn &desc->vm_flags;\n}\n\n\n\n\n\n\n\n"
    )
    first.write_text(text[:at] + left + text[at:])
    made = material_of(run_over(tree))
    app = drive(review(made, tree), "")
    in_order = [made.passages[index] for index in app.view.visible()]
    assert not in_order[0].changes
    assert here(app) is next(passage for passage in in_order if passage.changes)


def test_without_colour_the_terminal_keeps_its_own(
    material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def steps(pilot: Pilot[None]) -> None:
        for keys in ("a", "t", "question_mark"):
            await pilot.press(keys)
            await pilot.pause()
            styles = [
                segment.style
                for row in range(24)
                for segment in app.screen._compositor.render_strips()[row].apply_filter(
                    app._filters[-1], app.background_colors[1]
                )
                if segment.style is not None
            ]
            assert styles
            colours = [c for style in styles for c in (style.color, style.bgcolor)]
            assert all(colour is None or colour.is_default for colour in colours)

    app = review(material)
    drive(app, steps)


def test_nothing_of_a_file_drives_the_terminal(tmp_path: Path) -> None:
    tree = hostile_tree(tmp_path / "hostile")

    async def steps(pilot: Pilot[None]) -> None:
        await pilot.press("j", "k", "t")
        await pilot.pause()
        text = "".join(lines(app))
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
        assert "<U+202E>" in text

    app = review(material_of(run_over(tree)), tree)
    drive(app, steps, size=(120, 40))


def test_the_help_names_every_key() -> None:
    names = {"slash": "/", "question_mark": "?", "space": "Space", "q,ctrl+c": "q"}
    names |= {"plus,equals_sign": "+", "minus": "-"}
    for key in (binding.key for binding in KEYS):
        name = names.get(key, key.partition(",")[0])
        assert re.search(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", HELP), key
    assert all(len(line) <= 74 for line in HELP.split("\n"))


@pytest.mark.parametrize("opener", ["question_mark", "f", "w"])
def test_a_dialog_takes_the_keys_for_itself(material: Material, opener: str) -> None:
    async def steps(pilot: Pilot[None]) -> None:
        await pilot.press("a")
        at = here(app)
        await pilot.press(opener)
        assert len(app.screen_stack) == 2
        await pilot.press("a", "s", "u", "A", "w", "e", "J")
        assert app.decisions.progress().accepted == 1
        assert here(app) is at
        await pilot.press("escape")
        assert len(app.screen_stack) == 1
        await pilot.press("u")
        assert app.decisions.progress().accepted == 0

    app = review(material)
    drive(app, steps)


def test_nothing_to_review(tmp_path: Path) -> None:
    empty = Material(tmp_path, "", (), (), (), ())
    app = drive(review(empty, tmp_path), "a s e u j k J K o n F v w")
    assert app.view.here is None
