# SPDX-License-Identifier: GPL-2.0-only
"""`--no-loops` and `--no-gotos`: functions with fewer ways through them, beside spatch."""

from __future__ import annotations

from pathlib import Path

import pytest
from spatch_calls import SPATCH, ours, theirs

LOOPS = {
    "while": "while (more(q))",
    "for": "for (i = 0; i < 4; i++)",
    "iterator": "list_for_each_entry(p, q, node)",
}
BODY = """\
	{HEAD} {
		use(p);
		if (last(p))
			continue;
		if (bad(p))
			break;
		drop(p);
	}{TAIL}
"""
CODE = (
    "void {NAME}(struct foo *p, struct foo *q)\n{\n\tint i;\n\n\topen(p);\n{LOOP}\tshut(p);\n}\n\n"
)
JUMPS = """\
int jumps(struct foo *p)
{
	open(p);
	if (bad(p))
		goto out;
again:
	use(p);
	if (more(p))
		goto again;
	drop(p);
out:
	shut(p);
	return 0;
}
"""


def some_way(old: str, new: str, without: str, after: str) -> str:
    """Return a rule for a call after which, on some way without another call, there is a third."""
    minus, plus = f"- {old}(p)\n", f"+ {new}(p)\n"
    return (
        f"@r exists@\nexpression p;\n@@\n{minus}{plus}  ... when != {without}(p)\n  {after}(p);\n"
    )


HEAD = "@@\nexpression p;\n@@\n"
RULES = {
    "back to the head": HEAD + "  drop(p);\n  ...\n- use(p);\n+ used(p);\n",
    "over the loop": HEAD + "- open(p);\n+ opened(p);\n  ... when != drop(p)\n  shut(p);\n",
    "on any way": HEAD + "  drop(p);\n  ... when any\n- use(p);\n+ used(p);\n",
    "on some way": some_way("last", "latest", "shut", "use"),
    "behind the loop": some_way("last", "latest", "drop", "shut"),
    "to the label": some_way("bad", "wrong", "use", "shut"),
    "round by a label": some_way("more", "further", "drop", "use"),
}


def code() -> str:
    made = []
    for name, head in LOOPS.items():
        loop = BODY.replace("{HEAD}", head).replace("{TAIL}", "")
        made.append(CODE.replace("{NAME}", name + "_loop").replace("{LOOP}", loop))
    loop = BODY.replace("{HEAD}", "do").replace("{TAIL}", " while (more(q));")
    made.append(CODE.replace("{NAME}", "do_loop").replace("{LOOP}", loop))
    return "".join(made) + JUMPS


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    Path("in.c").write_text(code())


def changed(rule: str, *options: str, peer: bool = False) -> str:
    """Return what a rule makes of the file."""
    Path("rule.cocci").write_text(rule)
    Path("out.c").unlink(missing_ok=True)
    words = ["--sp-file", "rule.cocci", "in.c", "--very-quiet", "-o", "out.c", *options]
    if peer:
        theirs(words, Path.cwd())
    else:
        assert ours(words).status == 0
    return Path("out.c").read_text() if Path("out.c").exists() else code()


@pytest.mark.skipif(SPATCH is None, reason="spatch is not installed: nothing to compare with")
@pytest.mark.parametrize(
    "options", [(), ("--no-loops",), ("--no-gotos",), ("--no-loops", "--no-gotos")]
)
@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_ways_are_those_of_spatch(rule: str, options: tuple[str, ...]) -> None:
    assert changed(rule, *options) == changed(rule, *options, peer=True)


@pytest.mark.parametrize(
    ("rule", "option"),
    [
        ("on some way", "--no-loops"),
        ("to the label", "--no-gotos"),
        ("round by a label", "--no-gotos"),
    ],
)
def test_an_option_takes_ways_away(rule: str, option: str) -> None:
    kept, less = changed(RULES[rule]).splitlines(), changed(RULES[rule], option).splitlines()
    was = code().splitlines()
    taken = [index for index, line in enumerate(was) if kept[index] != line]
    left = [index for index, line in enumerate(was) if less[index] != line]
    assert set(left) < set(taken)


def test_a_rule_file_among_others_may_ask_for_it(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    for name, line in (("a", ""), ("b", "// Options: --no-loops --no-gotos\n"), ("c", "")):
        text = RULES["on some way"].replace("latest", f"latest_{name}")
        (rules / f"{name}.cocci").write_text(line + text)
    called = ours(["--sp-dir", str(rules), "in.c", "--very-quiet"])
    assert [called.out.count(f"+\t\tif (latest_{name}(p))") for name in "abc"] == [4, 0, 4]
