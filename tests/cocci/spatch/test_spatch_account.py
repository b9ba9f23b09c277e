# SPDX-License-Identifier: GPL-2.0-only
"""`--account`: every place where a rule's rarest word stands is accounted for."""

from __future__ import annotations

from pathlib import Path

import pytest
from spatch_calls import ours

RULE = """\
virtual patch
@r depends on patch@
struct dev *d;
expression e;
@@
- old_set(d, e);
+ new_set(d, e);

@s@
@@
  nowhere(...)

@w@
expression e;
@@
  e + e
"""
CODE = """\
void f(struct dev *a, long b)
{
	old_set(a, 1); /* old_set */
	old_set(b, 2);
	old_set(a);
	log("old_set");
}
int g( { old_set(a, 3); }
#define X old_set
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    Path("rule.cocci").write_text(RULE)
    Path("in.c").write_text(CODE)
    return tmp_path


def account(*words: str) -> str:
    called = ours(["--account", "rule.cocci", "in.c", "--very-quiet", *words])
    assert (called.status, called.err) == (0, "")
    return called.out


def test_each_place_is_counted_once_with_what_became_of_it() -> None:
    told = account("-D", "patch").split("rule s, line 9:")[0].splitlines()
    assert told[0] == "rule r, line 2: `old_set` stands in 5 places"
    counts = [int(line.split()[0]) for line in told[1:] if line[:7].strip()]
    assert sum(counts) == 5
    assert told[1] == "      1 matched"
    text = "\n".join(told)
    assert "would match, but for the type\n        in.c:4\n" in text
    assert "in.c:5" in text


def test_a_word_that_stands_nowhere_and_a_rule_without_one() -> None:
    told = account("-D", "patch")
    assert "rule s, line 9: `nowhere` stands in 0 places\n" in told
    assert (
        "rule w, line 13: no word is common to all that it matches; it matched in 0 files\n" in told
    )


def test_nothing_is_printed_of_the_changes_or_written() -> None:
    assert "+++" not in account("-D", "patch", "--in-place")
    assert Path("in.c").read_text() == CODE


def test_a_match_that_was_not_applied_has_a_row_of_its_own() -> None:
    Path("rule.cocci").write_text("@r@\nexpression e;\n@@\n- twice(e)\n+ once(e)\n")
    Path("in.c").write_text("int f(int a)\n{\n\tg(twice(a));\n\treturn twice(twice(a));\n}\n")
    told = account().splitlines()
    assert told[0] == "rule r, line 1: `twice` stands in 3 places"
    assert told[1] == "      2 matched"
    assert told[2] == "      1 matched, and was not applied"
    assert told[3] == "        in.c:4"
    assert "overlaps another change" in told[4]


def test_what_stands_in_the_way_is_grouped_by_line_of_the_rule() -> None:
    rule = "@r@\nexpression e;\n@@\n- g(one(e))\n+ h(e)\n\n@w@\nexpression e, f;\n@@\n- e + f\n+ f - e\n"
    Path("rule.cocci").write_text(rule)
    lines = "".join(f"\tg(two{i}(a));\n\tone(a);\n" for i in range(3))
    Path("in.c").write_text(f"int f(int a)\n{{\n{lines}\treturn a + 1;\n}}\n")
    told = account().splitlines()
    assert told[0] == "rule r, line 1: `g` stands in 3 places"
    assert told[1].startswith("      3 do not match: ")
    assert len([line for line in told if line[:7].strip().isdigit()]) == 1
    assert "no word is common to all that it matches; it matched in 1 file" in told[-1]
