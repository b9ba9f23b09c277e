# SPDX-License-Identifier: GPL-2.0-only
"""`--sp-dir`: all rule files of a folder in one pass over the files."""

from __future__ import annotations

from pathlib import Path

import pytest
from spatch_calls import FILES, lay_out, ours

from vmaconv.cocci.script import script_process
from vmaconv.cocci.spatch.arguments import Arguments
from vmaconv.cocci.spatch.folder_job import folder_job
from vmaconv.cocci.spatch.folder_run import initialized, runners_of
from vmaconv.cocci.spatch.group_run import GroupRunner, Units

FOLDER = ("rename", "star", "virtual", "place")
ALONE = ("rename", "star", "place")
"""Those that do something without `-D`."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path))
    lay_out(tmp_path)
    for name in FOLDER:
        path = tmp_path / "rules" / ("sub" if name == "star" else ".") / f"{name}.cocci"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(FILES[f"{name}.cocci"])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lines(text: str) -> list[str]:
    return sorted(line for line in text.splitlines() if not line.startswith("Semantic patch: "))


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_it_finds_what_each_rule_file_finds_alone(jobs: str) -> None:
    called = ours(["--sp-dir", "rules", "--dir", "d", "--very-quiet", "-j", jobs])
    assert (called.status, called.err) == (0, "")
    alone = "".join(
        ours(["--sp-file", f"{name}.cocci", "--dir", "d", "--very-quiet"]).out for name in ALONE
    )
    assert lines(called.out) == lines(alone)
    assert called.out.count("Semantic patch: rules/sub/star.cocci\n") == 2


def test_rule_files_without_the_virtual_rule_are_left_out_and_named() -> None:
    called = ours(["--sp-dir", "rules", "--dir", "d", "-D", "patch"])
    assert called.status == 0
    assert "rules/rename.cocci: left out: it has no virtual rule patch" in called.err
    assert called.out.count("Semantic patch: rules/virtual.cocci") == 2
    assert called.out.count("Semantic patch: ") == 2


def test_a_faulty_rule_file_is_told_and_the_others_run() -> None:
    Path("rules/bad.cocci").write_text(FILES["bad.cocci"])
    called = ours(["--sp-dir", "rules", "--dir", "d", "--very-quiet"])
    assert called.status == 255
    assert "rules/bad.cocci:" in called.err
    assert "Semantic patch: rules/rename.cocci" in called.out


def test_the_options_line_of_a_rule_file_counts() -> None:
    rule = "// Options: --include-headers --no-includes\n\n" + FILES["rename.cocci"]
    Path("rules/rename.cocci").write_text(rule)
    called = ours(["--sp-dir", "rules", "--dir", "d", "--very-quiet"])
    assert "--- a/x.h" in called.out


def test_it_writes_nothing() -> None:
    called = ours(["--sp-dir", "rules", "--dir", "d", "--in-place"])
    assert (called.status, called.out) == (255, "")
    assert "--sp-dir only prints" in called.err


def test_a_file_is_parsed_once_for_all_rule_files() -> None:
    words = ["--sp-dir", "rules", "--dir", "d", "--very-quiet"]
    job = folder_job(Arguments(rule_folder=Path("rules"), folder="d", verbosity=0), words)
    assert len(job.jobs) == len(ALONE)
    units = Units()
    first, *others = (GroupRunner(each, units=units) for each in job.jobs)
    first.run_over(("d/a.c",))
    unit = units.of("d/a.c", first._names)
    for worker in others:
        worker.run_over(("d/a.c",))
        assert units.of("d/a.c", worker._names) is unit


def test_scripts_that_do_not_run_have_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    place = FILES["place.cocci"]
    for name in ("place2", "place3"):
        Path(f"rules/{name}.cocci").write_text(place.replace("foo", "bar"))
    Path("rules/place4.cocci").write_text(place)
    started: list[bool] = []
    spawn = script_process.ScriptProcess._spawn

    def counted(process: script_process.ScriptProcess) -> None:
        started.append(True)
        spawn(process)

    monkeypatch.setattr(script_process.ScriptProcess, "_spawn", counted)
    words = ["--sp-dir", "rules", "--dir", "d", "--very-quiet"]
    job = folder_job(Arguments(rule_folder=Path("rules"), folder="d", verbosity=0), words)
    runners = runners_of(job)
    assert [report.failed for _, report in initialized(runners)] == [False] * len(runners)
    assert len(started) == 1
    printed = [runner.run_over(("d/a.c",)).printed for runner in runners]
    assert sum(text == "d/a.c 3 1\n" for text in printed) == 2
    assert len(started) == 2


def test_where_scripts_cannot_be_held_each_rule_file_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(script_process, "BOUNDARIES", ())
    Path("rules/place2.cocci").write_text(FILES["place.cocci"])
    words = ["--sp-dir", "rules", "--dir", "d", "--very-quiet"]
    job = folder_job(Arguments(rule_folder=Path("rules"), folder="d", verbosity=0), words)
    reports = initialized(runners_of(job))
    assert sum(report.exit_status == 255 for _, report in reports) == 2
