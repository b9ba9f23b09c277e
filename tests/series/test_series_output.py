# SPDX-License-Identifier: GPL-2.0-only
"""Writing a directory whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from vmaconv.series.output import write_series
from vmaconv.series.series_error import OutputFailed, OutputNotEmpty

FILES = {"0001-a.patch": b"a\n", "batch-2/0001-b.patch": b"b\n"}


def present(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".vmaconv" not in path.parts
    }


def test_new_empty_and_nested_directories(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("new", "empty", "deep/er/new"):
        write_series(tmp_path / name, FILES)
        assert present(tmp_path / name) == FILES
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "empty", "new"]


def test_what_lies_there_for_mail_is_only_patches(tmp_path: Path) -> None:
    """git send-email takes every file of a directory: our notes are in a folder below."""
    write_series(tmp_path / "o", {"0001-a.patch": b"a\n"})
    assert [path.name for path in (tmp_path / "o").iterdir() if path.is_file()] == ["0001-a.patch"]


def test_files_of_others_are_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    for force in (False, True):
        with pytest.raises(OutputNotEmpty, match="did not write"):
            write_series(tmp_path, FILES, force=force)
    assert present(tmp_path) == {"mine.txt": b"x"}


def test_an_earlier_series_is_replaced_only_with_force(tmp_path: Path) -> None:
    out = tmp_path / "o"
    write_series(out, FILES)
    with pytest.raises(OutputNotEmpty, match="earlier series"):
        write_series(out, {"0001-c.patch": b"c\n"})
    assert present(out) == FILES
    write_series(out, {"0001-c.patch": b"c\n"}, force=True)
    assert present(out) == {"0001-c.patch": b"c\n"}


@pytest.mark.parametrize("harm", ["edit", "add", "remove"])
def test_an_earlier_series_that_was_edited_is_never_replaced(tmp_path: Path, harm: str) -> None:
    out = tmp_path / "o"
    write_series(out, FILES)
    if harm == "edit":
        (out / "0001-a.patch").write_bytes(b"edited by hand\n")
    elif harm == "add":
        (out / "notes.txt").write_bytes(b"x")
    else:
        (out / "0001-a.patch").unlink()
    before = present(out)
    with pytest.raises(OutputNotEmpty, match="changed since"):
        write_series(out, FILES, force=True)
    assert present(out) == before


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "o").write_text("x")
    with pytest.raises(OutputNotEmpty, match="is a file"):
        write_series(tmp_path / "o", FILES)
    with pytest.raises(OutputFailed):
        write_series(tmp_path / "o" / "below", FILES)


def test_a_symbolic_link_leads_to_the_real_place(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    write_series(tmp_path / "link", FILES)
    assert (tmp_path / "link").is_symlink() and present(tmp_path / "real") == FILES


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", ["write", "rename"])
def test_a_full_disk_or_ctrl_c_leaves_what_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    out = tmp_path / "o"
    write_series(out, FILES)
    real_write, real_rename = Path.write_bytes, Path.rename

    def write(self: Path, data: bytes) -> int:
        if step == "write" and "batch-2" in self.parts:
            raise error
        return real_write(self, data)

    def rename(self: Path, target: Path) -> Path:
        if step == "rename" and self.name == "new":
            raise error
        return real_rename(self, target)

    monkeypatch.setattr(Path, "write_bytes", write)
    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises((OutputFailed, KeyboardInterrupt)):
        write_series(out, {**FILES, "0002-x.patch": b""}, force=True)
    monkeypatch.undo()
    assert present(out) == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["o"]
