# SPDX-License-Identifier: GPL-2.0-only
"""Options that say how results are printed or scripts are read, beside spatch where it has them."""

from __future__ import annotations

from pathlib import Path

import pytest
from spatch_calls import SPATCH, ours, theirs

RULE = """\
virtual old, new

@@
expression e;
@@
- drop(e);

@r@
expression e;
@@
- set(e);
+ if (e   ==  0)
+    set2( e );

@script:python depends on old@
e << r.e;
@@
print "old", e

@script:python depends on new@
e << r.e;
@@
print("new " + e)
"""
CODE = "void g(void)\n{\n\ta();\n\n\t/* why */\n\tdrop(1);\n\n\tset(3);\n}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.c").write_text(CODE)
    (tmp_path / "rule.cocci").write_text(RULE)
    return tmp_path


def words(*more: str) -> list[str]:
    return ["--sp-file", "rule.cocci", "in.c", "--very-quiet", "-o", "out.c", *more]


@pytest.mark.skipif(SPATCH is None, reason="spatch is not installed: nothing to compare with")
@pytest.mark.parametrize("option", ["--smpl-spacing", "--keep-comments"])
def test_an_option_of_printing_is_spatchs(option: str) -> None:
    assert ours(words(option)).status == 0
    have = Path("out.c").read_text()
    theirs(words(option), Path.cwd())
    assert have == Path("out.c").read_text()
    ours(words())
    assert have != Path("out.c").read_text(), "the option changes nothing"


def test_python_2_that_does_not_run_does_not_matter() -> None:
    called = ours(words("-D", "new"))
    assert (called.status, called.err) == (0, "")
    assert "new 3\n" in called.out
    refused = ours(words("-D", "old"))
    assert refused.status == 255
    assert "this is Python 2" in refused.err


def test_python_2_ends_the_run_only_where_it_has_to_run() -> None:
    Path("other.c").write_text("void h(void)\n{\n\tdrop(2);\n}\n")
    called = ours(["--sp-file", "rule.cocci", "other.c", "-D", "old"])
    assert called.status == 0
    assert "-\tdrop(2);" in called.out
    assert "rule.cocci:18:1: this is Python 2" in called.err
    assert "--python2" in called.err
    stopped = ours(words("-D", "old"))
    assert stopped.status == 255
    assert stopped.out == "" and not Path("out.c").exists()


def test_a_block_of_another_phase_is_read_before_anything_runs() -> None:
    Path("rule.cocci").write_text(RULE + '\n@initialize:python@\n@@\nprint "first"\n')
    Path("other.c").write_text("void h(void)\n{\n\tdrop(2);\n}\n")
    called = ours(["--sp-file", "rule.cocci", "other.c", "-D", "new"])
    assert (called.status, called.out) == (255, "")
    assert "rule.cocci:27:1: this is Python 2" in called.err


def test_what_python_3_fails_at_is_told_before_anything_runs() -> None:
    Path("rule.cocci").write_text(RULE.replace('print "old", e', "print(xrange(3))"))
    Path("other.c").write_text("void h(void)\n{\n\tdrop(2);\n}\n")
    called = ours(["--sp-file", "rule.cocci", "other.c", "-D", "old"])
    assert (called.status, called.out) == (255, "")
    assert "write range" in called.err


def test_python_2_is_read_where_that_is_asked_for() -> None:
    called = ours(words("-D", "old", "--python2"))
    assert (called.status, called.err) == (0, "")
    assert "old 3\n" in called.out
