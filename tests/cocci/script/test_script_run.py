# SPDX-License-Identifier: GPL-2.0-only
"""Running blocks: what they see, what they print, and what comes out of them."""

from __future__ import annotations

import pytest
from script_blocks import HERE, Run, block, rule_file

from vmaconv.cocci.script.script_values import (
    BlockOutcome,
    CommentText,
    Iterate,
    Merged,
    ScriptBinding,
    ScriptPosition,
    Terms,
)
from vmaconv.cocci.smpl.rule import CodeRule, Metavariable, ScriptRule, SmplError


def scripts(text: str) -> list[ScriptRule]:
    return [rule for rule in rule_file(text).rules if isinstance(rule, ScriptRule)]


def metavariables(text: str) -> dict[str, Metavariable]:
    rules = [rule for rule in rule_file(text).rules if isinstance(rule, CodeRule)]
    return {meta.name: meta for rule in rules for meta in rule.metavariables}


def test_a_position_has_texts_in_every_field() -> None:
    run = Run()
    run(
        "q = p[0]\nprint(q.file, q.line, q.column, q.line_end, q.column_end, q.current_element)\n"
        "print(q.current_element_line, q.current_element_column_end, type(q.line) is str)\n"
        "print(len(p), isinstance(p, tuple))",
        p=HERE,
    )
    assert run.text == "a.c 5 1 5 2 f\n3 1 True\n1 True\n"


def test_a_list_can_be_printed_and_indexed() -> None:
    run = Run()
    run("print(es, es[1], es.expr, es.elements, [e for e in es])", es=Terms("x , y", ("x", "y")))
    assert run.text == "x , y y x , y ('x', 'y') ['x', 'y']\n"
    outcome = run("len(es)", es=Terms("", ()))
    assert outcome.error is not None
    assert "TypeError" in outcome.error.message


def test_comments_are_shown_as_spatch_shows_them() -> None:
    run = Run()
    run("print(c[0].before, c[0].middle, c[0].after)", c=(CommentText("/* a */", "", "// b"),))
    assert run.text == "/* a */  // b\n"


def test_globals_live_as_long_as_the_session() -> None:
    run = Run()
    run("n = 0\ndef count():\n    global n\n    n += 1\n    return n")
    run("count()")
    run("m = count()")
    run("print(n, m)")
    assert run.text == "2 2\n"
    other = Run()
    assert other("print(n)").error is not None


def test_what_is_stored_in_coccinelle_becomes_a_global_again_before_each_block() -> None:
    run = Run()
    run("coccinelle.keep = 'h'")
    run("print(keep)\nkeep = 'changed'\nprint(keep)")
    run("print(keep, coccinelle.keep)")
    assert run.text == "h\nchanged\nh h\n"


def test_an_input_is_gone_from_coccinelle_in_the_next_block() -> None:
    run = Run()
    run("print(coccinelle.x)", x="one")
    run("print(hasattr(coccinelle, 'x'))")
    assert run.text == "one\nFalse\n"


def test_virtual_names_are_texts_of_themselves() -> None:
    run = Run(names=("after_start", "org"))
    run("print(after_start, org)", org="mine")
    assert run.text == "after_start mine\n"


def test_defaults_and_virtual_values_stand_in_for_what_is_not_bound() -> None:
    text = (
        (
            "virtual v\n@r@\nexpression x;\nposition p;\nidentifier i = virtual.name;\n@@\ni@p(x)\n"
            '@script:python@\nx << r.x = "none";\np << r.p = [];\nn << virtual.name;\n@@\n'
            "print(x, p, n)\n"
        )
        .replace("identifier i = virtual.name;", "identifier virtual.name;")
        .replace("i@p", "name@p")
    )
    (rule,) = scripts(text)
    run = Run(virtual={"name": "foo"})
    assert run.session.run(rule, {}) == BlockOutcome()
    assert run.text == "none () foo\n"


def test_an_input_without_value_is_an_error() -> None:
    run = Run()
    outcome = run.session.run(block("print(x)", ("x",)), {})
    assert outcome.error is not None
    assert outcome.error.code == "script-unbound-input"


OUTPUTS = {
    "text": ("coccinelle.y = 'a b'", ScriptBinding("identifier", "a b")),
    "nothing": ("pass", ScriptBinding("unset", "initial value: consider using coccinelle.varname")),
    "local only": (
        "y = 'a'",
        ScriptBinding("unset", "initial value: consider using coccinelle.varname"),
    ),
    "identifier": ("coccinelle.y = cocci.make_ident('a')", ScriptBinding("identifier", "a")),
    "expression": ("coccinelle.y = cocci.make_expr('a + b')", ScriptBinding("expression", "a + b")),
    "statement": ("coccinelle.y = cocci.make_stmt('f();')", ScriptBinding("statement", "f();")),
    "statement with declarations": (
        "coccinelle.y = cocci.make_stmt_with_env('int c;', 'f(c);')",
        ScriptBinding("statement", "f(c);", "int c;"),
    ),
    "type": ("coccinelle.y = cocci.make_type('int *')", ScriptBinding("type", "int *")),
    "pragma": ("coccinelle.y = cocci.make_pragmainfo('once')", ScriptBinding("pragmainfo", "once")),
    "length": ("coccinelle.y = cocci.make_listlen(3)", ScriptBinding("length", "3")),
    "position": (
        "coccinelle.y = cocci.make_position('a.c', 'f', 1, 4, 2, 7)",
        ScriptBinding("position", position=ScriptPosition("a.c", 1, 4, 2, 7, "f")),
    ),
}


@pytest.mark.parametrize(("code", "made"), OUTPUTS.values(), ids=OUTPUTS)
def test_outputs(code: str, made: ScriptBinding) -> None:
    outcome = Run()(code, ("y",))
    assert outcome == BlockOutcome({"y": made})


def test_an_output_is_initialised_for_each_run() -> None:
    run = Run()
    rule = block("print(y)\nif x == '1': coccinelle.y = 'set'", ("x",), ("y",))
    assert run.session.run(rule, {"x": "1"}).outputs["y"].text == "set"
    assert run.session.run(rule, {"x": "2"}).outputs["y"].kind == "unset"
    assert run.text == "initial value: consider using coccinelle.varname\n" * 2


@pytest.mark.parametrize("code", ["coccinelle.y = 12", "coccinelle.y = None", "del coccinelle.y"])
def test_an_output_has_to_be_a_text_or_something_made(code: str) -> None:
    outcome = Run()(code, ("y",))
    assert outcome.error is not None
    assert outcome.error.code == "script-output-value"


def test_the_callers_parser_is_asked_about_terms() -> None:
    asked: list[tuple[str, str, str]] = []

    def parse(kind: str, text: str, declarations: str) -> str | None:
        asked.append((kind, text, declarations))
        return "unfinished" if text.endswith("<") else None

    run = Run(parse=parse)
    outcome = run("cocci.make_stmt_with_env('int c;', 'c;')\ncocci.make_expr('x <')")
    assert asked == [("statement", "c;", "int c;"), ("expression", "x <", "")]
    assert outcome.error is not None
    assert outcome.error.place.line == 6
    assert "unfinished" in outcome.error.message


def test_include_match_and_exit() -> None:
    run = Run()
    assert run("cocci.include_match(False)", ("y",)) == BlockOutcome(keep=False)
    assert run("cocci.include_match(True)") == BlockOutcome()
    assert run("cocci.exit()\nprint('still here')") == BlockOutcome(stop_file=True)
    assert run.text == "still here\n"
    outcome = run("cocci.include_match(0)")
    assert outcome.error is not None and "True or False" in outcome.error.message


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        ("import sys\nsys.exit(3)", 3, ""),
        ("exit()", 0, ""),
        ("raise SystemExit('foo')", 1, "foo\n"),
    ],
)
def test_leaving_the_program(code: str, status: int, said: str) -> None:
    run = Run()
    assert run(code) == BlockOutcome(exit_status=status)
    assert "".join(run.err) == said


def test_the_environment_and_the_files_can_be_asked_for() -> None:
    run = Run()
    run(
        "print(cocci.has_env_binding('r', 'x'), cocci.has_env_binding('r', 'z'), cocci.files(),"
        " cocci.cocci_file)",
        environment=frozenset({("r", "x")}),
    )
    assert run.text == "True False ['a.c'] rule.cocci\n"


def test_iteration() -> None:
    run = Run()
    outcome = run(
        "it = Iteration()\nit.set_files(['b.c'])\nit.add_virtual_rule(again)\n"
        "it.add_virtual_identifier('fn', 'g')\nit.register()\n"
        "from coccilib.iteration import Iteration as Other\nOther().register()",
        again="again",
    )
    assert outcome.iterations == (
        Iterate(("b.c",), ("again",), (("fn", "g"),)),
        Iterate(None, (), ()),
    )
    assert run("pass").iterations == ()


@pytest.mark.parametrize(
    "code",
    [
        "Iteration().set_files('a.c')",
        "Iteration().set_files([1])",
        "Iteration().add_virtual_rule(3)",
        "it = Iteration()\nfor v in 'bc': it.add_virtual_identifier('a', v)",
    ],
)
def test_faulty_iterations_are_errors(code: str) -> None:
    error = Run()(code).error
    assert error is not None and error.code == "script-error"


def test_an_exception_has_its_line_in_the_rule_file() -> None:
    run = Run()
    run("def half(x):\n    y = 1\n    return 1 / x")
    error = run("print('before')\n\nhalf(0)").error
    assert error is not None
    assert (error.code, error.place.file, error.place.line) == ("script-error", "rule.cocci", 7)
    assert error.message == "the script failed: ZeroDivisionError: division by zero"
    assert run.text == "before\n"


def test_an_exception_in_the_library_has_the_line_of_the_call() -> None:
    error = Run()("\ncoccilib.report.print_report(1)").error
    assert error is not None
    assert error.place.line == 6


def test_a_block_is_compiled_once() -> None:
    run = Run()
    rule = block("print(x)", ("x",))
    run.session.run(rule, {"x": "1"})
    run.session.run(rule, {"x": "2"})
    assert run.text == "1\n2\n"
    assert len(run.session._blocks) == 1


def test_loading_a_block_tells_what_is_wrong_without_running_it() -> None:
    run = Run()
    assert run.session.load(block("print(1)")) is None
    error = run.session.load(block("print(1"))
    assert error is not None and error.code == "script-syntax"
    assert run.text == ""


CONSTRAINTS = """
@initialize:python@
@@
def relevant(p):
    return p[0].line == "5"
@s@
expression x;
@@
g(x)
@r@
expression s.x;
expression e : script:python(s.x) { e != x };
position p : script:python() { relevant(p) };
position q : script:python() { 3 };
position w : script:python() { undefined(w) };
identifier i;
fresh identifier f = script:python(i) { "fresh_" + i };
fresh identifier h = script:python() { 3 };
@@
e@p@q@w(i)
"""


def test_script_constraints_and_seeds() -> None:
    run = Run()
    (initialize,) = scripts(CONSTRAINTS)
    run.session.run(initialize, {})
    metas = metavariables(CONSTRAINTS)

    def ask(name: str, value: object, **inputs: str) -> bool | SmplError:
        meta = metas[name]
        assert meta.constraint is not None
        return run.session.constraint(meta, meta.constraint, value, inputs)  # type: ignore[arg-type]

    assert ask("e", "a", x="b") is True
    assert ask("e", "a", x="a") is False
    assert ask("p", HERE) is True
    assert ask("p", (ScriptPosition("a.c", 6, 0, 6, 1),)) is False
    three = ask("q", HERE)
    assert isinstance(three, SmplError)
    assert (three.code, three.place) == ("script-constraint-value", metas["q"].place)
    undefined = ask("w", HERE)
    assert isinstance(undefined, SmplError) and "NameError" in undefined.message
    assert run.session.fresh(metas["f"], {"i": "x"}) == "fresh_x"
    wrong = run.session.fresh(metas["h"], {})
    assert isinstance(wrong, SmplError) and wrong.code == "script-output-value"


MERGE = """
@initialize:python@
@@
coccinelle.seen = {"a": [1, (2.5, None)]}
@r@ @@
f();
@finalize:python@
all << merge.seen;
@@
print(len(all), all)
all[0]["a"].append(3)
"""


def test_what_processes_left_is_merged_in_finalize() -> None:
    run = Run()
    initialize, finalize = scripts(MERGE)
    run.session.run(initialize, {})
    exported = run.session.exported(finalize)
    assert exported == {"seen": {"a": [1, (2.5, None)]}}
    merged = Merged((exported["seen"], {"b": []}))
    assert run.session.run(finalize, {"all": merged}).error is None
    assert run.text == "2 [{'a': [1, (2.5, None)]}, {'b': []}]\n"
    assert exported == {"seen": {"a": [1, (2.5, None)]}}


@pytest.mark.parametrize(
    "code",
    [
        "coccinelle.seen = lambda: 1",
        "class A: pass\ncoccinelle.seen = [A()]",
        "class L(list): pass\ncoccinelle.seen = L()",
        "coccinelle.seen = []\ncoccinelle.seen.append(coccinelle.seen)",
        "x = []\nfor i in range(60): x = [x, x]\ncoccinelle.seen = x",
    ],
)
def test_only_plain_data_crosses_processes(code: str) -> None:
    run = Run()
    (_, finalize) = scripts(MERGE)
    assert run(code).error is None
    exported = run.session.exported(finalize)
    assert isinstance(exported, SmplError)
    assert exported.code == "script-output-value"


def test_trusted_blocks_have_all_of_python() -> None:
    run = Run(trusted=True)
    outcome = run(
        "import sys, os\nprint(os.getpid() > 0, (1).__class__.__name__)\n"
        "sys.stdout.write('out ')\nprint('err', file=sys.stderr)\n"
        "print('{0.__class__}'.format(1))\n"
        "from coccilib.report import build_report\nprint(build_report(p[0], 'm'))\n"
        "with open(os.devnull) as f: coccinelle.y = f.read()",
        ("y",),
        p=HERE,
    )
    assert outcome == BlockOutcome({"y": ScriptBinding("identifier", "")})
    assert run.text == "True int\nout <class 'int'>\na.c:5:1-2: m\n"
    assert "".join(run.err) == "err\n"


def test_classes_and_formats_of_scripts_work() -> None:
    run = Run()
    outcome = run(
        "class Tally:\n"
        "    def __init__(self):\n"
        "        self.counts = {}\n"
        "        self._last = None\n"
        "    def add(self, key):\n"
        "        self.counts[key] = self.counts.get(key, 0) + 1\n"
        "        self._last = key\n"
        "    def __str__(self):\n"
        "        return ', '.join('{}={}'.format(k, v) for k, v in sorted(self.counts.items()))\n"
        "class Loud(Tally):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.loud = True\n"
        "t = Loud()\n"
        "for w in ['b', 'a', 'b']: t.add(w)\n"
        "fmt = '{0} {0.loud:>{w}} {1.line}'\n"
        "print(t, fmt.format(t, p[0], w=3))\n"
        "def f(): f.calls += 1\n"
        "f.calls = 0\nf()\nprint(f.calls, list(map('<{}>'.format, 'xy')))",
        p=HERE,
    )
    assert outcome.error is None
    assert run.text == "a=1, b=2 a=1, b=2   1 5\n1 ['<x>', '<y>']\n"
