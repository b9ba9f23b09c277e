# SPDX-License-Identifier: GPL-2.0-only
"""Templates of messages and letters, and what is said of bad ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from vmaconv.series.change import FileChange
from vmaconv.series.letter.cover import BatchPlace, CoverFacts, LetterLeft
from vmaconv.series.letter.template import Template, read_template
from vmaconv.series.letter.writer import CoverWriter, MessageWriter
from vmaconv.series.series_error import BadMessage, BadTemplate
from vmaconv.series.words.message import Trailer
from vmaconv.series.words.prefix import Prefix
from vmaconv.series.words.split import PatchFiles
from vmaconv.series.words.wording import Purpose, Wishes

PART = PatchFiles((FileChange("mm/a.c", b"a", b"b", notes=("Do one", "Do two")),), "MM")
PURPOSE = Purpose("Do it", "Because.", "the tool")


def write(text: str) -> str:
    writer = MessageWriter(Template(text, "my.j2"))
    wishes = Wishes(trailers=(Trailer("Link", "https://x"),))
    return writer(PART, Prefix("mm:"), PURPOSE, wishes).text()


def test_a_message() -> None:
    loop = "{% for n in notes %}\n- {{ n }}\n{% endfor %}\n"
    text = "{{ prefix }} my subject\n\n" + loop + "{{ files|join(' ') }}\n"
    assert write(text) == "mm: my subject\n\n- Do one\n- Do two\nmm/a.c\n\nLink: https://x\n"


def test_what_would_be_written_is_at_hand() -> None:
    assert write("{{ subject }}\n\n{{ body }}\n\nMore.").startswith("mm: do it\n\nBecause.")


def test_filters() -> None:
    assert "\n\n// <smpl>\n    @@ @@\n// </smpl>" in write("x\n\n{{ '@@ @@' | quote }}")
    assert "\na a\na\n" in write("x\n\n{{ 'a a a' | wrap(4) }}")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x\n{{ nothing }}", 2),
        ("{% if %}", 1),
        ("x\n\n{{ 1 / 0 }}", 3),
        ("{{ prefix.__class__.__mro__ }}", 1),
        ("x\n{{ notes['k'].z }}", 2),
    ],
)
def test_bad_templates_are_told_with_their_line(text: str, line: int) -> None:
    with pytest.raises(BadTemplate) as caught:
        write(text)
    assert caught.value.place == f"my.j2:{line}"


def test_a_template_cannot_write_what_git_am_would_cut() -> None:
    with pytest.raises(BadMessage):
        write("x\n\n---\ny")
    with pytest.raises(BadMessage):
        write("")


def test_a_letter() -> None:
    writer = CoverWriter(
        Template("{{ prefix }} {{ summary }}\n\n{{ left|length }} left, {{ patches[0][0] }}")
    )
    facts = CoverFacts("Do it", left=(LetterLeft("a", 1, "f", "r"),))
    patches = (("mm: x", ("mm/a.c",)),)
    assert writer(facts, BatchPlace(), Prefix("mm:"), patches) == ("mm: Do it", "1 left, mm: x")


def test_files(tmp_path: Path) -> None:
    good = tmp_path / "good.j2"
    good.write_text("{{ subject }}")
    assert read_template(good).text == "{{ subject }}"
    bad = tmp_path / "bad.j2"
    bad.write_text("x\n{% for %}")
    with pytest.raises(BadTemplate, match=r"bad\.j2:2: "):
        read_template(bad)
    bad.write_bytes(b"\xff")
    with pytest.raises(BadTemplate, match="not UTF-8"):
        read_template(bad)
    with pytest.raises(BadTemplate, match="No such file"):
        read_template(tmp_path / "none")
