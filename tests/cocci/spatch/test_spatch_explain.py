# SPDX-License-Identifier: GPL-2.0-only
"""`vmaconv explain`: what it says of rules that match and of those that nearly do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from kernels import KERNEL, MISSING

from vmaconv.cli.explain import command

FIXTURE = Path(__file__).parents[3] / "fixtures/kernel"

CODE = """\
struct foo { int a; };
struct bar { int a; };

int typed(struct foo *p)
{
	p->a = 1;
	set_up(unknown->a);
	return 0;
}

int called(struct bar *q)
{
	release_it(q);
	return 0;
}

int between(struct bar *q)
{
	lock(q);
	q->a = 2;
	unlock(q);
	return 0;
}

int early(struct bar *q, int x)
{
	lock(q);
	if (x) {
		work(q);
	} else {
		return -1;
	}
	unlock(q);
	return 0;
}

int other(struct bar *q, struct bar *r)
{
	lock(q);
	unlock(r);
	return 0;
}

int twice(struct bar *q)
{
	begin(q);
	begin(q);
	end(q);
	return 0;
}

int torn(int x)
{
	if (x {
		lock(x);
	}
}
"""


def at(text: str) -> int:
    """Return the line that a piece of the code first stands on."""
    return CODE[: CODE.index(text)].count("\n") + 1


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a.c").write_text(CODE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def explained(rule: str, place: str = "a.c", *words: str) -> str:
    """Return what is said, each explanation on one line."""
    Path("r.cocci").write_text(rule)
    done = CliRunner().invoke(command, ["r.cocci", place, *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert max(map(len, done.output.splitlines()), default=0) <= 80
    return " ".join(done.output.split())


def test_a_match_tells_what_is_bound() -> None:
    said = explained("@r@\nexpression e;\n@@\n* work(e)\n")
    assert said == f"rule r, line 1 a.c:{at('work(q)')} in early(): matches e = q"


def test_what_holds_in_some_environments_is_off_for_forall() -> None:
    Path("a.c").write_text("void f(void)\n{\n\told(1);\n\told(2);\n\tgone(1);\n\trun();\n}\n")
    rules = "@a@\nexpression e;\n@@\n  old(e)\n@b@\nexpression a.e;\n@@\n  gone(e)\n"
    last = "@c depends on {} b@\n@@\n- run()\n+ walk()\n"
    assert "rule c, line 9 a.c: not run: rule b did not match" in explained(
        rules + last.format("forall")
    )
    assert "a.c:6 in f(): matches" in explained(rules + last.format("exists"))


def test_a_match_that_is_not_applied_tells_why() -> None:
    Path("a.c").write_text("void f(int n)\n{\n\told(old(n));\n\told(2);\n}\n")
    said = explained("@r@\nexpression e;\n@@\n- old(e)\n+ fresh(e, 1)\n")
    assert "a.c:3 in f(): is not applied: overlaps another change by r in line 3" in said
    assert "a.c:4 in f(): matches" in said
    assert "not applied" not in explained("@r@\nexpression e;\n@@\n- old(e)\n+ fresh(e)\n", "a.c:4")


def test_a_type_that_is_not_the_wanted_one() -> None:
    said = explained("@r@\nstruct bar *p;\n@@\n- p->a = 1\n+ set(p)\n")
    assert "a.c:6 in typed(): would match, but for the type" in said
    assert "`p` would be `p`, which is a `struct foo *`; the rule wants `struct bar *p`" in said


def test_a_type_that_is_not_known() -> None:
    said = explained("@r@\nstruct bar *p;\n@@\n* set_up(p->a)\n")
    assert "`p` would be `unknown`, whose type is not known here" in said


def test_a_constraint_that_is_not_met() -> None:
    said = explained(
        '@r@\nidentifier f =~ "^free_";\nexpression e;\n@@\n* f(e);\n', f"a.c:{at('release_it')}"
    )
    assert f"a.c:{at('release_it')} in called(): would match, but for a constraint" in said
    assert '`f` would be `release_it`, which `=~ "^free_"` does not allow' in said


def test_a_kind_of_metavariable_that_does_not_fit() -> None:
    said = explained("@r@\nconstant C;\n@@\n* work(C)\n")
    assert "would match, but for the kind of metavariable" in said
    assert "`C` would be `q`, which is no constant" in said


RULE = "@r@\nexpression e;\n@@\n- lock(e);\n...%s\n- unlock(e);\n"


def test_a_when_that_is_violated_names_the_line() -> None:
    said = explained(RULE % " when != e->a = 2", f"a.c:{at('q->a = 2')}")
    assert f"a.c:{at('lock(q);')} in between(): would match, but for a `when`" in said
    assert "`when != e->a = 2` (line 5 of the rule) is violated by" in said
    assert f"line {at('q->a = 2')}: q->a = 2;" in said


def test_a_path_that_leaves_early_names_the_line() -> None:
    said = explained(RULE % "", f"a.c:{at('if (x) {')}")
    assert "in early(): would match, but for a path that goes another way" in said
    assert f"some may leave by line {at('return -1')}: return -1;" in said


def test_one_metavariable_for_two_things() -> None:
    said = explained(RULE % "", f"a.c:{at('unlock(r)')}")
    assert "in other(): would match, but for one metavariable for two things" in said
    assert "`e` would be `q` and `r`, which are not the same" in said


def test_dots_that_take_the_shortest_path() -> None:
    said = explained(
        "@r@\nexpression e;\n@@\nint twice(...)\n{\n* begin(e);\n...\nend(e);\n...\n}\n"
    )
    assert "`when any` allows that" in said


def test_what_it_depends_on_is_told() -> None:
    rule = (
        "virtual report\n@a@\n@@\n* nowhere()\n@b depends on a@\n@@\n* work(...)\n"
        "@c depends on report@\n@@\n* work(...)\n@d depends on !e0 && f0@\n@@\n* work(...)\n"
    ).replace("@a@", "@e0@\n@@\n* work(...)\n@f0@\n@@\n* nowhere()\n@a@")
    said = explained(rule)
    assert "not run: rule a did not match" in said.partition("rule b")[2]
    assert "not run: the virtual rule report is off: give -D report" in said
    assert "not run: rule e0 matched; rule f0 did not match" in said
    on = explained(rule, "a.c", "-D", "report")
    assert f"a.c:{at('work(q)')} in early(): matches" in on.partition("rule c")[2]


def test_what_is_inherited_and_not_bound_is_told() -> None:
    rule = "@a@\nexpression x;\n@@\n* nowhere(x)\n@b@\nexpression a.x;\n@@\n* work(x)\n"
    said = explained(rule)
    assert "rule b, line 5 a.c: not run: it inherits what is not bound" in said
    assert "`x` is a.x: rule a did not match" in said


def test_what_is_inherited_and_differs_is_told_at_a_line() -> None:
    rule = "@a@\nexpression x;\n@@\n* release_it(x)\n@b@\nexpression a.x;\n@@\n* unlock(x)\n"
    said = explained(rule)
    assert "rule b" in said
    # Of a whole file, it is not said of all other code that it would do.
    assert "would be" not in said
    said = explained(rule, f"a.c:{at('unlock(r)')}")
    assert "`x` would be `r`; rule a bound it to `q`" in said


def test_a_word_that_is_missing_is_told() -> None:
    said = explained("@r@\n@@\n* nowhere(...)\n")
    assert said == "rule r, line 1 a.c: cannot match: the file lacks `nowhere`"
    said = explained("@r@\n@@\n* work(...)\n", f"a.c:{at('release_it')}")
    assert (
        said == f"rule r, line 1 a.c:{at('int called')} in called(): cannot match: it lacks `work`"
    )


def test_a_function_that_does_not_parse_is_told() -> None:
    said = explained("@r@\n@@\n* lock(...)\n", f"a.c:{at('lock(x)')}")
    assert "in torn(): not looked into: it does not parse" in said


def test_how_far_the_nearest_attempt_got() -> None:
    said = explained("@r@\nexpression e;\n@@\n* work(e, 1)\n")
    assert f"a.c:{at('work(q)')} in early(): does not match: line 4 wants `,`" in said


def test_what_scan_says_of_a_line_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason why a use is left is what a person looks for; how rules fail stands below."""
    monkeypatch.chdir(FIXTURE)
    lines = Path("mm/hugetlb.c").read_text().splitlines()
    line = next(n for n, text in enumerate(lines, 1) if "is_vm_hugetlb_flags(desc->" in text)
    done = CliRunner().invoke(command, ["vma-desc", f"mm/hugetlb.c:{line}"], catch_exceptions=False)
    first, _, rest = done.output.partition("\nrule ")
    assert "left to a person: passed to is_vm_hugetlb_flags()" in " ".join(first.split())
    rest = " ".join(rest.split())
    # For a pointer and for an object, by the lines of one rule.
    assert rest.partition("rule test_v7_0")[0].count("cannot match: it lacks `&=` or `|=`") == 2


def test_rules_see_what_earlier_ones_changed() -> None:
    rule = "@a@\n@@\n- work(q);\n+ done();\n+ play(q);\n@b@\nexpression e;\n@@\n* play(e)\n"
    said = explained(rule, f"a.c:{at('work(q)')}")
    assert f"a.c:{at('work(q)')} in early(): matches e = q" in said.partition("rule b")[2]


def test_script_blocks_run_and_print_nothing() -> None:
    rule = (
        "@a@\nexpression x;\nposition p;\n@@\nlock@p(x)\n@script:python@\nx << a.x;\n@@\n"
        "print('heard')\ncocci.include_match(x == 'nobody')\n"
        "@b@\nexpression a.x;\n@@\n* unlock(x)\n"
    )
    said = explained(rule)
    assert "heard" not in said
    assert "rule b, line 11 a.c: not run: it inherits what is not bound" in said


def test_one_rule_of_the_file_can_be_asked_about() -> None:
    rule = "@a@\n@@\n* work(...)\n@b@\n@@\n* lock(...)\n"
    said = explained(rule, "a.c", "--rule", "b")
    assert "rule b" in said and "rule a" not in said


def test_many_failures_are_cut_off() -> None:
    Path("a.c").write_text("".join(f"void f{i}(int x)\n{{\n\tlock(x);\n}}\n" for i in range(30)))
    rule = "@r@\nstruct foo *x;\n@@\n* lock(x)\n"
    assert "fails in more places: --all tells them" in explained(rule)
    assert explained(rule, "a.c", "--all").count("would match") == 30


def test_a_line_that_is_not_there() -> None:
    Path("r.cocci").write_text("@r@\n@@\n* work(...)\n")
    done = CliRunner().invoke(command, ["r.cocci", "a.c:999"])
    assert done.exit_code != 0


def test_what_is_inherited_from_the_line_asked_about_counts() -> None:
    chain = (
        "@r@\nposition p;\n@@\nlock@p(...)\n\n"
        "@s@\nposition r.p;\nexpression e;\n@@\nlock@p(e);\n...\nnowhere_to_be_seen(e);\n"
    )
    Path("a.c").write_text(
        "int f(int a, int b)\n{\n\tlock(a);\n\tlock(b);\n\tlock(a);\n\tlock(b);\n"
        "\tnowhere_to_be_seen(1);\n\treturn 0;\n}\n"
    )
    said = explained(chain, "a.c:6").partition("rule s, line 6")[2]
    assert said.count("a.c:") == 1
    assert "a.c:6 in f()" in said
    assert "bound it" not in said


def test_the_reader_of_a_pipe_may_go_away() -> None:
    Path("r.cocci").write_text("@r@\nexpression e;\n@@\n* e\n")
    program = Path(sys.executable).with_name("vmaconv")
    line = f"{program} explain r.cocci a.c | head -1"
    done = subprocess.run(line, shell=True, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("rule r, line 1\n", "")


@pytest.mark.skipif(
    not (KERNEL / "scripts/coccinelle").is_dir(),
    reason=MISSING,
)
def test_a_kernel_rule_is_explained() -> None:
    rule = KERNEL / "scripts/coccinelle/api/kstrdup.cocci"
    words = [str(rule), str(KERNEL / "mm/util.c"), "-D", "report"]
    done = CliRunner().invoke(command, words, catch_exceptions=False)
    assert done.exit_code == 0
    assert "the virtual rule patch is off: give -D patch" in " ".join(done.output.split())
    assert "lacks `strcpy`" in done.output
