# SPDX-License-Identifier: GPL-2.0-only
"""spatch's command line: each call beside spatch's own, and what is so without it."""

from __future__ import annotations

from pathlib import Path

import pytest
from spatch_calls import FILES, SPATCH, Called, lay_out, ours, theirs

from vmaconv.cocci.spatch.arguments import UsageError
from vmaconv.cocci.spatch.spatch_options import TABLE, parse, spelt

needs_spatch = pytest.mark.skipif(
    SPATCH is None, reason="spatch is not installed (Debian: coccinelle): nothing to compare with"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    lay_out(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(words: str) -> Called:
    return ours(words.split())


ALIKE = """
--sp-file rename.cocci d/a.c
-sp_file rename.cocci d/a.c --very-quiet
--cocci-file rename.cocci d/a.c -very_quiet
rename.cocci d/a.c --very-quiet
d/a.c rename.cocci --quiet
--sp-file rename.cocci ./d/a.c
--sp-file rename.cocci d//a.c --very-quiet
--sp-file rename.cocci d/c.c
--sp-file rename.cocci nosuch.c
--sp-file rename.cocci
--sp-file nosuch.cocci d/a.c
--sp-file bad.cocci d/a.c
--sp-file empty.cocci d/a.c
--sp-file nothing.cocci d/a.c
--sp-file rename.cocci --dir nosuch
--sp-file rename.cocci --dir empty
--sp-file rename.cocci --dir d
--sp-file rename.cocci --dir d/
--sp-file rename.cocci --dir ./d
--sp-file rename.cocci --dir d/a.c
--sp-file rename.cocci d
--sp-file rename.cocci --dir i --include-headers --ignore i/a.c --ignore i/z.h
--sp-file options.cocci --dir i --ignore i/a.c --ignore i/z.h
--sp-file rename.cocci --dir d --ignore d/sub
--sp-file rename.cocci --dir d --ignore sub
--sp-file rename.cocci --dir d --dir d/sub
--sp-file rename.cocci --dir d --no-show-diff
--sp-file rename.cocci --dir d --no-show-diff --show-diff
--sp-file rename.cocci d/a.c d/sub/b.c
--sp-file group.cocci d/a.c d/sub/b.c
--sp-file group.cocci --dir d
--sp-file group.cocci --file-groups groups
--sp-file star.cocci d/a.c
--sp-file star.cocci --dir d
--sp-file star.cocci --dir d --patch .
--sp-file place.cocci --dir d
--sp-file place.cocci --dir ./d --no-show-diff
--sp-file place.cocci ./d/a.c
--sp-file exit.cocci --dir d
--sp-file merge.cocci --dir d
--sp-file merge.cocci --dir d -j 1
--sp-file virtual.cocci d/a.c
--sp-file virtual.cocci d/a.c -D patch
--sp-file virtual.cocci d/a.c -D report
--sp-file virtual.cocci d/a.c -D patch -D report
--sp-file virtual.cocci d/a.c -D nosuch
--sp-file virtual.cocci d/a.c -Dpatch
--sp-file value.cocci d/a.c -D f=foo
--sp-file value.cocci d/a.c -D f=foo -D patch
--sp-file rename.cocci d/a.c -U 0
--sp-file rename.cocci d/a.c -U 1
--sp-file rename.cocci d/a.c -U0
--sp-file rename.cocci long.c
--sp-file rename.cocci torn.c
--sp-file rename.cocci d/a.c -j2
--sp-file rename.cocci d/a.c -j 2 --chunksize 1
--sp-file rename.cocci d/a.c --jobs 2
--sp-file rename.cocci d/a.c -j x
--sp-file rename.cocci d/a.c -I include -I nosuch
--sp-file rename.cocci d/a.c -Iinclude
--sp-file rename.cocci d/a.c -I
--sp-file rename.cocci d/a.c --include d/x.h
--sp-file rename.cocci i/a.c
--sp-file rename.cocci i/a.c --no-includes
--sp-file rename.cocci i/a.c --local-includes
--sp-file rename.cocci i/a.c --local-includes --include-headers-for-types
--sp-file rename.cocci i/a.c --local-includes --no-includes
--sp-file rename.cocci i/a.c --no-includes --include i/z.h
--sp-file rename.cocci --dir i --local-includes
--sp-file rename.cocci i/a.c i/b.c --local-includes
--sp-file place.cocci i/a.c --local-includes
--sp-file typed.cocci i/a.c
--sp-file typed.cocci i/a.c --no-includes
--sp-file rename.cocci --dir d --patch .
--sp-file rename.cocci --dir d --patch d
--sp-file rename.cocci d/a.c --patch d
--sp-file rename.cocci d/a.c --patch d/
--sp-file rename.cocci d/a.c --patch nosuch
--sp-file rename.cocci --dir d --max 2 --index 0
--sp-file rename.cocci --dir d --max 2 --index 1
--sp-file rename.cocci --dir d --max 2 --index 2
--sp-file rename.cocci --dir d --max 2
--sp-file rename.cocci --dir d --index 0
--sp-file rename.cocci --dir d --max 2 --index 0 --mod-distrib
--sp-file rename.cocci d/a.c --timeout 10
--sp-file rename.cocci d/a.c --timeout 0
--sp-file rename.cocci d/a.c --timeout x
--sp-file rename.cocci d/a.c --iso-file nosuch.iso
--sp-file rename.cocci d/a.c --disable-iso nosuch
--sp-file rename.cocci d/a.c --disable-iso paren
--sp-file rename.cocci d/a.c --macro-file nosuch.h
--sp-file rename.cocci d/a.c --macro-file-builtins d/x.h
--sp-file rename.cocci d/a.c --keep-comments
--sp-file rename.cocci d/a.c --linux-spacing --force-diff --use-gitgrep --profile --quiet
--sp-file rename.cocci d/a.c --selected-only
--sp-file rename.cocci --opt-c d/a.c
--sp-file rename.cocci --opt-c nosuch.c
--sp-file rename.cocci d/a.c --ignore-unknown-options --bogus
--sp-file rename.cocci d/a.c --bogus
--sp-file rename.cocci d/a.c --print-options-only
--parse-cocci bad.cocci
--parse-cocci nosuch.cocci
--parse-c nosuch.c
-h
""".strip().split("\n")


@needs_spatch
@pytest.mark.parametrize("line", ALIKE)
def test_prints_and_exits_as_spatch(line: str, folder: Path) -> None:
    words = line.split()
    peer, own = theirs(words, folder), ours(words)
    assert (own.out, own.status) == (peer.out, peer.status), peer.err + own.err


BODIES = """int top;

int f(int n)
{
	if (n)
		g(n,
		  1);
	if (n) {
		h();
		return 1;
	}
	return 0;
}
"""


@needs_spatch
@pytest.mark.parametrize(
    "rule",
    [
        "expression e;\n@@\n* if (e) { ... }\n",
        "expression e;\n@@\n* if (e) {\n* ...\n* return 1;\n* }\n",
        "identifier f;\n@@\n* f(...) { ... }\n",
        "expression e;\n@@\n  if (e) {\n* h();\n  ...\n  }\n",
    ],
)
def test_stars_show_what_dots_and_braces_stand_for(rule: str, folder: Path) -> None:
    (folder / "bodies.cocci").write_text(f"@@\n{rule}")
    (folder / "d/a.c").write_text(BODIES)
    words = ["--sp-file", "bodies.cocci", "d/a.c"]
    peer = theirs(words, folder)
    assert ours(words).out == peer.out != ""


@needs_spatch
@pytest.mark.parametrize(
    ("options", "names"),
    [
        ("--in-place", ["d/a.c", "d/sub/b.c"]),
        ("--in-place --suffix .orig", ["d/a.c", "d/sub/b.c", "d/a.c.orig", "d/sub/b.c.orig"]),
        ("--out-place", ["d/a.c.cocci_res", "d/sub/b.c.cocci_res"]),
        ("--out-place --suffix .new", ["d/a.c.new", "d/sub/b.c.new"]),
    ],
)
def test_writes_what_spatch_writes(options: str, names: list[str], folder: Path) -> None:
    words = ["--sp-file", "rename.cocci", "--dir", "d", "--no-show-diff", *options.split()]
    theirs(words, folder)
    expected = {name: (folder / name).read_bytes() for name in names}
    for name in names:
        (folder / name).unlink()
    lay_out(folder)
    assert ours(words).status == 0
    found = {name: (folder / name).read_bytes() for name in names}
    assert found == expected
    untouched = {"d/a.c", "d/c.c"} - set(names)
    assert all((folder / name).read_text() == FILES[name] for name in untouched)


def test_output_goes_to_the_named_file(folder: Path) -> None:
    called = call("--sp-file rename.cocci d/a.c -o new.c --very-quiet")
    assert (called.status, called.err) == (0, "")
    assert (folder / "new.c").read_text() == FILES["d/a.c"].replace("foo", "bar")
    assert (folder / "d/a.c").read_text() == FILES["d/a.c"]


def test_output_of_several_changed_files_is_refused(folder: Path) -> None:
    called = call("--sp-file rename.cocci --dir d -o new.c --very-quiet")
    assert called.status == 255
    assert "multiple modified files" in called.err
    assert not (folder / "new.c").exists()


def test_an_unchanged_file_is_no_error_of_output(folder: Path) -> None:
    # spatch exits with 255 here; vmaconv leaves "nothing to do" a success.
    called = call("--sp-file rename.cocci d/c.c -o new.c --very-quiet")
    assert (called.status, called.out) == (0, "")
    assert not (folder / "new.c").exists()


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("--bogus", "unknown option '--bogus'. (found on the command line)"),
        ("--sp-fil", "did you mean '--sp-file'?"),
        ("--no_show_dif", "did you mean '--no-show-diff'?"),
        ("-Dpatch", "write '-D patch'"),
        ("-Iinclude", "write '-I include'"),
        ("--reverse", "not done here"),
        ("-o", "needs an argument"),
        ("--jobs=x", "expects an integer"),
        ("--in-place=x", "takes no value"),
    ],
)
def test_a_command_line_that_is_not_understood_is_told(word: str, said: str) -> None:
    called = ours(["--sp-file", "rename.cocci", "d/a.c", word])
    assert (called.status, called.out) == (2, "")
    assert said in called.err
    assert "Usage: vmaconv-spatch" in called.err


@pytest.mark.parametrize("name", sorted(TABLE))
def test_each_option_is_spelt_as_it_is_looked_up(name: str) -> None:
    assert spelt(name) == name
    assert spelt("-" + name.strip("-").replace("-", "_")) in (name, name.lstrip("-"), spelt(name))


def test_what_shows_spatchs_inside_says_that_it_shows_nothing() -> None:
    called = call("--sp-file rename.cocci d/a.c --show-bindings --no-scanner")
    assert "note: --show-bindings shows spatch's inside" in called.err
    assert "--no-scanner" not in called.err
    quiet = call("--sp-file rename.cocci d/a.c --show-bindings --very-quiet")
    assert quiet.err == ""


@pytest.mark.parametrize(
    "option",
    [
        "--no-saved-typedefs",
        "-noif0_passing",
        "--defined X",
        "--iso-limit=3",
        "--c++",
        "--c++=11",
        "--max-width 90",
    ],
)
def test_what_would_change_a_result_and_is_not_done_is_refused(option: str) -> None:
    called = call(f"--sp-file rename.cocci d/a.c {option} --very-quiet")
    assert (called.status, called.out) == (2, "")
    assert "is spatch's, and not done here" in called.err
    Path("r.cocci").write_text(f"# spatch {option}\n{FILES['rename.cocci']}")
    called = call("--sp-file r.cocci d/a.c --very-quiet")
    assert (called.status, called.out) == (255, "")
    assert "r.cocci:1:1: the option" in called.err


def test_comments_in_a_file_of_groups_are_passed_over_and_ranges_refused() -> None:
    Path("groups").write_text("// both\nd/a.c // this\n\n// none\n\nd/sub/b.c\n")
    called = call("--sp-file rename.cocci --file-groups groups --very-quiet")
    assert called.status == 0
    assert called.out.count("+\t") == 2
    Path("groups").write_text("d/a.c: 1-3, -5\n")
    called = call("--sp-file rename.cocci --file-groups groups --very-quiet")
    assert called.status == 255
    assert "groups:1: ranges of lines (`: 1-3, -5`) are not done here" in called.err


def test_values_may_be_joined_with_an_equals_sign() -> None:
    arguments = parse(["--sp-file=a.cocci", "--timeout=7", "-D", "x=1"])
    assert (str(arguments.rule_path), arguments.timeout) == ("a.cocci", 7)
    assert arguments.defines == ("x=1",)


def test_the_last_of_what_contradicts_counts() -> None:
    assert parse(["--all-includes", "--no-includes"]).includes == "no"
    assert parse(["--no-includes", "--recursive-includes"]).includes == "recursive"
    assert parse(["--no-show-diff", "--show-diff"]).show_diff is True
    assert parse(["--dir", "a", "--dir", "b"]).folder == "b"


def test_a_number_is_wanted() -> None:
    with pytest.raises(UsageError, match="expects an integer"):
        parse(["--max", "two"])


def test_the_version_is_where_coccicheck_looks_for_it() -> None:
    first = ours(["--version"]).out.splitlines()[0]
    assert first.split()[:3] == ["spatch", "version", "1.1.1"]
    assert "vmaconv" in first


def test_help_names_the_options_that_coccicheck_looks_for() -> None:
    called = ours(["--help"])
    assert called.status == 0
    assert "--jobs" in called.out
    assert max(map(len, called.out.splitlines())) <= 80


def test_files_are_named_as_they_are_handled() -> None:
    called = call("--sp-file rename.cocci --dir d")
    assert called.err == "HANDLING: d/a.c\nSkipping: d/c.c\nHANDLING: d/sub/b.c\n"


def test_a_rule_may_stand_on_the_command_line() -> None:
    starred = ours(["--sp", "foo(1)", "d/a.c"])
    assert "-\tfoo(1);" in starred.out
    changed = ours(["--sp", "- foo(1)\n+ bar(1)", "d/a.c"])
    assert "+\tbar(1);" in changed.out


def test_parse_cocci_lists_the_rules_and_the_words() -> None:
    called = ours(["--parse-cocci", "virtual.cocci"])
    assert called.status == 0
    assert "virtual patch, report" in called.out
    assert "changes code" in called.out
    assert called.out.endswith("Grep query\nfoo\n")


def test_parse_c_says_where_c_does_not_parse() -> None:
    called = ours(["--parse-c", "torn.c", "d/a.c"])
    assert called.status == 0
    assert "torn.c:2: does not parse" in called.out
    assert "NB total files = 2; perfect = 1; pbs = 1" in called.out


def test_functions_that_do_not_parse_are_named_on_request() -> None:
    quiet = call("--sp-file rename.cocci torn.c --very-quiet")
    called = call("--sp-file rename.cocci torn.c --very-quiet --verbose-parsing")
    assert quiet.err == ""
    assert "torn.c:" in called.err and "does not parse, and was left out" in called.err


def test_an_unreadable_file_keeps_the_others(folder: Path) -> None:
    (folder / "d/a.c").unlink()
    (folder / "d/a.c").mkdir()
    called = call("--sp-file rename.cocci d/a.c/../sub/b.c --very-quiet")
    assert called.status == 0
    (folder / "list").write_text("d/a.c\n\nd/sub/b.c\n")
    called = call("--sp-file rename.cocci --file-groups list --very-quiet")
    assert "bar(x);" in called.out
    assert "d/a.c: Is a directory" in called.err


MACROS = "#define ODD\n#define each_foo(x) for (;x;)\n"


def test_a_macro_file_says_what_is_an_attribute(folder: Path) -> None:
    # Without it, two words before the parenthesis are a type and a name, and ODD is the function.
    (folder / "macros.h").write_text(MACROS)
    (folder / "odd.c").write_text("int k(int x)\n{\n\teach_foo(x)\n\t\tfoo(x);\n\treturn 1;\n}\n")
    rule = "@@\nexpression e;\niterator name each_foo;\nstatement S;\n@@\n- each_foo(e) S\n"
    (folder / "each.cocci").write_text(rule)
    called = call("--sp-file each.cocci odd.c --macro-file macros.h --very-quiet")
    assert "-\teach_foo(x)" in called.out


def test_a_rule_files_own_options_name_no_files(folder: Path) -> None:
    rule = (folder / "rename.cocci").read_text()
    lines = "# spatch --ignore-unknown-options --fancy 'no such file' nosuch.c\n# spatch -D x\n"
    (folder / "own.cocci").write_text(lines + "virtual x\n" + rule)
    plain = call("--sp-file rename.cocci d/a.c --very-quiet")
    assert call("--sp-file own.cocci d/a.c --very-quiet").status == plain.status == 0
    assert "nosuch.c" not in call("--sp-file own.cocci d/a.c --very-quiet").err
