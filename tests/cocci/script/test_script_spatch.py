# SPDX-License-Identifier: GPL-2.0-only
"""The same blocks under spatch 1.1.1, and byte for byte the same output.

The C file has one match, whose metavariables are given to the session by hand, as spatch prints
them.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from script_blocks import Run, rule_file

from vmaconv.cocci.script.script_values import ScriptPosition, Terms, Value
from vmaconv.cocci.smpl.rule import ScriptRule
from vmaconv.cocci.spatch.command import main

C = """struct foo { int a; char *b; };

int f(int x, char *y)
{
	g(x+1 ,y,a[ 3 ], "s", m->n);
	return 0;
}
"""

CODE_RULE = """@r@
expression list es;
expression e;
position p;
@@
g@p(e, es)
"""

TAB = (ScriptPosition("a.c", 5, 1, 5, 2, "f", 3, 0, 7, 1),)
BINDINGS: dict[str, Value] = {
    "p": TAB,
    "e": "x + 1",
    "es": Terms('y , a [ 3 ] , "s" , m -> n', ("y", "a [ 3 ]", '"s"', "m -> n")),
}

SCRIPT = "@script:python@\np << r.p;\ne << r.e;\nes << r.es;\n@@\n"

BLOCKS = {
    "position": "q = p[0]\nprint([q.file, q.line, q.column, q.line_end, q.column_end])\n"
    "print(q.current_element)\n"
    "print([q.current_element_line, q.current_element_column, q.current_element_line_end,"
    " q.current_element_column_end])",
    "kind of a position": "print(type(p).__name__, len(p), type(p[0]).__name__, type(p[0].line))",
    "terms": "print(e, es, es[2], es.elements, es.expr, '%s' % es, [x for x in es])",
    "report": 'coccilib.report.print_report(p[0])\ncoccilib.report.print_report(p[0], "a %s" % e)\n'
    "print(coccilib.report.build_report(p[0], es))",
    "org": "o = coccilib.org\nfor f in [o.print_todo, o.print_link,"
    " o.print_safe_todo, o.print_safe_link]:\n"
    '    f(p[0])\n    f(p[0], "a[1] b")\n    f(p[0], "a[1]", "ovl-face9")\n'
    'print(o.build_link(p[0], "m", "c"))',
    "main and secondary": 'cocci.print_main("", p)\ncocci.print_main("m [x]", p)\n'
    'cocci.print_main("m", p, "col")\ncocci.print_sec("", p)\ncocci.print_sec("s", p, "c")\n'
    'cocci.print_secs("ss", p + p)\ncocci.print_secs("", p)',
    "org functions": "from coccilib.org import *\nprint_main('a', p)\nprint_sec('b', p)\n"
    "print_secs('c', p)",
    "print": 'print("x", 1, None, sep="-", end="!\\n")\nprint()\nprint("é")',
    "stdout": 'import sys\nsys.stdout.write("a\\n")\nsys.stdout.flush()\nprint("b")',
    "register": "class V:\n    def __init__(self, t): self.t = t\n"
    "    def __str__(self): return self.t\n"
    'v = cocci.combine(V("vv"), p)\nprint(v.location.line, len(v.locations))\n'
    'cocci.register_match(True, [(v, "said"), (v, "again")])\n'
    'cocci.register_match(False, [(v, "no")])',
    "environment": 'print(cocci.has_env_binding("r", "e"), cocci.has_env_binding("r", "zz"))\n'
    "print(cocci.files(), cocci.cocci_file)",
    "next block": "print('here')\ncocci.include_match(False)\n" + SCRIPT + "print('not here')",
    "leaving the file": "print('here')\ncocci.exit()\n" + SCRIPT + "print('not here')",
    "leaving spatch": "import sys\nprint('here')\nsys.exit(3)\n" + SCRIPT + "print('not here')",
    "globals": "n = 1\ncoccinelle.k = e\n"
    + SCRIPT
    + "n += 1\nprint(n, k)\nk = 2\n"
    + SCRIPT
    + "print(n, k, hasattr(coccinelle, 'k'))",
    "outputs": "print(e)\n@script:python s@\np << r.p;\nmine;\n@@\nprint(mine)\n"
    "coccinelle.mine = 'x'\n"
    "print(mine)",
    "defaults": "print(e)\n@u@\nidentifier zz;\nposition w;\n@@\nnowhere@w(zz)\n@script:python@\n"
    'zz << u.zz = "none";\nw << u.w = [];\np << r.p;\n@@\nprint(zz, w)',
    "comments": "print(e) // cut\n// all of it\nprint('a // b') # do not // x\n"
    "x = 9 // 2\nprint(x)",
    "virtual": "print(org, type(org).__name__)",
}


def run_here(rules: str) -> tuple[str, int]:
    """Run the script blocks in order, as an engine with one environment would."""
    run = Run(names=("org",))
    status = 0
    for rule in rule_file(rules).rules:
        if not isinstance(rule, ScriptRule):
            continue
        wanted = {taken.local: BINDINGS.get(taken.local) for taken in rule.inputs}
        bindings = {name: value for name, value in wanted.items() if value is not None}
        outcome = run.session.run(rule, bindings, frozenset({("r", "p"), ("r", "e"), ("r", "es")}))
        assert outcome.error is None, outcome.error
        status = outcome.exit_status or 0
        if not outcome.keep or outcome.stop_file or outcome.exit_status is not None:
            break
    return run.text, status


@pytest.mark.skipif(shutil.which("spatch") is None, reason="spatch is not installed")
@pytest.mark.parametrize("code", BLOCKS.values(), ids=BLOCKS)
def test_the_output_is_that_of_spatch(code: str, tmp_path: Path) -> None:
    rules = f"virtual org\n{CODE_RULE}{SCRIPT}{code}\n"
    (tmp_path / "a.c").write_text(C)
    (tmp_path / "rule.cocci").write_text(rules)
    command = ["spatch", "--very-quiet", "--no-show-diff", "--sp-file", "rule.cocci", "a.c"]
    theirs = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert theirs.stdout, theirs.stderr
    assert run_here(rules) == (theirs.stdout, theirs.returncode)


CONSTRAINT_CODE = "@initialize:python@\n@@\ndef rel(*a):\n    print(a)\n    return True\n"


@pytest.mark.skipif(shutil.which("spatch") is None, reason="spatch is not installed")
def test_a_constraint_sees_what_it_sees_in_spatch(tmp_path: Path) -> None:
    rules = (
        f"{CONSTRAINT_CODE}@r@\n"
        "position p : script:python() { rel(p[0].line, p[0].column_end, len(p)) };\n"
        "@@\ng@p(...)\n@script:python@\np << r.p;\n@@\npass\n"
    )
    (tmp_path / "a.c").write_text(C)
    (tmp_path / "rule.cocci").write_text(rules)
    command = ["spatch", "--very-quiet", "--no-show-diff", "--sp-file", "rule.cocci", "a.c"]
    theirs = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    run = Run()
    initialize, rule, _ = rule_file(rules).rules
    assert isinstance(initialize, ScriptRule) and not isinstance(rule, ScriptRule)
    run.session.run(initialize, {})
    (meta,) = rule.metavariables
    assert meta.constraint is not None
    assert run.session.constraint(meta, meta.constraint, TAB, {}) is True
    assert run.text == theirs.stdout.split("\n")[0] + "\n", theirs.stderr


COMMENTED = """void f(void)
{
	/* one */
	g(1 /* in it */); // behind
	/* two */ h /* at h */ (2);
}
"""
COMMENTS = """@r@
comments c;
statement S;
@@
S@c

@script:python@
c << r.c;
@@
for x in c: print(x.before, "|", x.middle, "|", x.after)

@s@
comments c;
@@
h@c(2)

@script:python@
c << s.c;
@@
print(len(c), c[0].before, c[0].middle, c[0].after)
"""


@pytest.mark.skipif(shutil.which("spatch") is None, reason="spatch is not installed")
def test_a_script_sees_the_comments_that_it_sees_in_spatch(tmp_path: Path) -> None:
    (tmp_path / "a.c").write_text(COMMENTED)
    (tmp_path / "rule.cocci").write_text(COMMENTS)
    words = ["--very-quiet", "--no-show-diff", "--sp-file"]
    command = ["spatch", *words, "rule.cocci", "a.c"]
    theirs = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    out = io.BytesIO()
    assert (
        main([*words, str(tmp_path / "rule.cocci"), str(tmp_path / "a.c")], out, io.StringIO()) == 0
    )
    assert sorted(out.getvalue().decode().split("\n")) == sorted(theirs.stdout.split("\n"))


BOUND_LATER = """@@
expression size;
identifier get : script:python(size) { get.endswith(size) };
@@
- get(size)
+ get_sized(get, size)

@@
expression dst;
expression src : script:python(dst) { src > dst };
position p : script:python(dst) { dst != "skipped" };
@@
- copy@p(src, dst)
+ copy_up(src, dst)
"""


@pytest.mark.skipif(shutil.which("spatch") is None, reason="spatch is not installed")
def test_a_constraint_waits_for_what_is_bound_later(tmp_path: Path) -> None:
    calls = ("get_k(k)", "get_k(n)", "copy(n, k)", "copy(k, n)", "copy(tail, skipped)")
    code = "".join(f"\t{call};\n" for call in calls)
    (tmp_path / "a.c").write_text(f"void f(int k, int n)\n{{\n{code}}}\n")
    (tmp_path / "rule.cocci").write_text(BOUND_LATER)
    words = ["--very-quiet", "--sp-file", str(tmp_path / "rule.cocci"), str(tmp_path / "a.c"), "-o"]
    subprocess.run(["spatch", *words, str(tmp_path / "theirs.c")], check=True, timeout=60)
    assert main([*words, str(tmp_path / "ours.c")], io.BytesIO(), io.StringIO()) == 0
    ours = (tmp_path / "ours.c").read_text()
    assert ours == (tmp_path / "theirs.c").read_text()
    assert "get_sized(get_k, k)" in ours and "copy_up(n, k)" in ours and ours.count("get_k(n)") == 1
