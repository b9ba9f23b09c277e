# SPDX-License-Identifier: GPL-2.0-only
"""What the documents name is there: paths, names in them, and the README's program."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = ["CONTRIBUTING.md", "README.md", "docs/architecture.md"]
BELOW = [ROOT, ROOT / "vmaconv", ROOT / "vmaconv" / "cocci"]
"""What a path in a document may start from."""
OURS = re.compile(
    r"(?:vmaconv|cocci|prove|flags|uses|convert|migrate|hooks|series|review|cli|tests|docs|bench|fuzz|fast"
    r"|rules|fixtures)/[\w./-]*"
)


def paths(document: str) -> Iterator[str]:
    """Yield the paths of ours that a document has between backticks or behind a link."""
    text = (ROOT / document).read_text("utf-8")
    for inside in re.findall(r"`([^`\n]+)`|\]\(([^)\s]+)\)", text):
        word = inside[0] or inside[1]
        if OURS.fullmatch(word):
            yield word


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_paths_that_a_document_names_are_there(document: str) -> None:
    named = list(paths(document))
    assert named
    assert [path for path in named if not any((top / path).exists() for top in BELOW)] == []


def test_a_name_beside_a_path_stands_in_that_file() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    rows = re.findall(r"^\| .* \| `(\S+\.py)`, `(\w+)` \|$", text, re.MULTILINE)
    assert len(rows) >= 2
    for path, name in rows:
        assert f"def {name}(" in (ROOT / path).read_text("utf-8"), path


def test_the_program_of_the_readme_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    (program,) = re.findall(r"^## From a program\n\n((?: {4}.*\n|\n)+)", text, re.MULTILINE)
    here = re.sub(r"^ {4}", "", program, flags=re.MULTILINE)
    here = here.replace('"linux"', '"fixtures/kernel"').replace("fs/ext4", "fs/tidefs")
    monkeypatch.chdir(ROOT)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(here, "README.md", "exec"), {})
    lines = printed.getvalue().splitlines()
    assert lines[0].startswith("fs/tidefs/")
    assert "b'void f(void) { h(); }'" in lines
