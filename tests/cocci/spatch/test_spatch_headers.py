# SPDX-License-Identifier: GPL-2.0-only
"""Headers and C files that a file includes: which are looked into, and that each is shown once."""

from __future__ import annotations

from pathlib import Path

import pytest
from spatch_calls import ours

HEADER = "struct wheel { int on; };\nstatic inline int turn(struct wheel *w) { return old(w); }\n"
CODE = '#include "wheel.h"\nint stop(struct wheel *w)\n{\n\treturn old(w);\n}\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wheel.h").write_text(HEADER)
    (tmp_path / "in.c").write_text(CODE)
    return tmp_path


def changed(declared: str, *words: str) -> list[str]:
    Path("rule.cocci").write_text(f"@@\n{declared};\n@@\n- old(w)\n+ new(w)\n")
    called = ours(["rule.cocci", "--very-quiet", *words])
    assert called.status == 0, called.err
    return [line for line in called.out.splitlines() if line.startswith("+") and "new" in line]


@pytest.mark.parametrize(
    "declared", ["struct wheel *w", "expression *w", "type T; T *w", "idexpression struct wheel *w"]
)
def test_where_types_count_local_headers_are_looked_into(declared: str) -> None:
    assert len(changed(declared, "in.c")) == 2
    assert len(changed(declared, "in.c", "--no-includes")) <= 1


def test_where_none_do_they_are_not() -> None:
    assert changed("expression w", "in.c") == ["+\treturn new(w);"]


@pytest.mark.parametrize("words", [["--local-includes"], ["--all-includes"], ["-j2"]])
def test_a_c_file_that_another_includes_is_shown_once(folder: Path, words: list[str]) -> None:
    (folder / "d").mkdir()
    (folder / "d/main.c").write_text('#include "part.c"\nint a(int x) { return old(x); }\n')
    (folder / "d/part.c").write_text("int b(int x) { return old(x); }\n")
    assert len(changed("expression w", "--dir", "d", *words)) == 2


def test_one_file_is_written_where_a_header_changes_too() -> None:
    Path("rule.cocci").write_text("@@\nstruct wheel *w;\n@@\n- old(w)\n+ new(w)\n")
    called = ours(["rule.cocci", "in.c", "--very-quiet", "-o", "out.c"])
    assert called.status == 0
    assert "wheel.h changes, too" in called.err
    assert "new(w)" in Path("out.c").read_text()


@pytest.mark.parametrize("files", [["in.c", "wheel.h"], ["wheel.h", "in.c"], ["in.c"]])
def test_prototypes_in_other_files_follow_a_function(files: list[str]) -> None:
    Path("wheel.h").write_text("int stop(struct wheel *);\nint go(struct wheel *w);\n")
    Path("rule.cocci").write_text(
        "@@\nidentifier f = {stop}, w;\n@@\n- int f(struct wheel *w)\n"
        "+ int f(struct wheel *w, bool now)\n{ ... }\n"
    )
    called = ours(["rule.cocci", "--very-quiet", "--local-includes", *files])
    assert called.status == 0, called.err
    added = [line for line in called.out.splitlines() if line.startswith("+int")]
    assert sorted(added) == [
        "+int stop(struct wheel *, bool);",
        "+int stop(struct wheel *w, bool now)",
    ]
