# SPDX-License-Identifier: GPL-2.0-only
"""Blocks that reach for the interpreter. They may: what they reach can do nothing.

What the kernel denies them is in test_script_boundary.py. Here: whatever a block does to the Python
that it runs in, our side gets a `BlockOutcome` of plain data, and other sessions go on.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from script_blocks import FILE, Run, block

from vmaconv.cocci.script.script_check import check_file, check_script
from vmaconv.cocci.script.script_values import BlockOutcome
from vmaconv.cocci.smpl.rule import Constraint, Metavariable, RuleFile, RulePlace, SmplError

REACHES = {
    "subclasses": "().__class__.__base__.__subclasses__()",
    "aliased getattr": 'g = getattr\ng((), "".join(["__cl", "ass__"]))',
    "format of a subclass": "class S(str): pass\nS('{0.__class__}').format(1)",
    "lying format": "class S(str):\n    def __str__(self): return ''\n"
    "    def __iter__(self): return iter('')\nS('{0.__class__}').format(1)",
    "nested f-string": 'f"{1:{().__class__}}"',
    "generator frame": "g = (i for i in [1])\ng.gi_frame",
    "traceback frame": "try: 1/0\nexcept Exception as e: e.__traceback__.tb_frame",
    "frame": "import sys\nsys._getframe()",
    "modules": "import sys\nsys.modules",
    "enum of re": 'import re\ntype(re.I)._convert_("X", "os", lambda n: True)',
    "os.system": 'import os\nos.system("true")',
    "path functions": 'import os.path as p\np.exists("/")',
    "subprocess": "import subprocess",
    "import function": '__import__("os")',
    "import in a function": "def f():\n    import socket\nf()",
    "star import": "from re import *\n_compiler",
    "builtins dict": '__builtins__["__import__"]',
    "builtins by coccinelle": "coccinelle.__builtins__ = {}",
    "builtins by setattr": 's = setattr\ns(coccinelle, "__builtins__", {})',
    "coccinelle dict": "coccinelle.__dict__",
    "open": 'open("/etc/passwd")',
    "open in full width": 'ｏｐｅｎ("/etc/passwd")',
    "exec": 'exec("1")',
    "globals": "globals()",
    "input": "input()",
    "type of three": 'type("X", (), {})',
    "function type": "type(lambda: 0)",
    "term type": "type(cocci.make_ident('x'))",
    "metaclass of a base": "class M(type): pass",
    "base that is an object": "class A:\n    def __init__(self, *a): pass\nclass B(A()): pass",
    "base class hook": "class X:\n    def __init_subclass__(cls): pass",
    "finaliser": "class X:\n    def __del__(self): pass",
    "reduce hook": "class X:\n    def __reduce__(self): return print, ()",
    "deepcopy hook": "class X:\n    def __deepcopy__(self, m): return m",
    "code by setattr": 'def f(): pass\ns = setattr\ns(f, "__code__", 1)',
    "function globals": "coccilib.report.print_report.__globals__",
    "closure": "cocci.include_match.__closure__",
    "patched class": "import collections\ncollections.Counter.update = 1",
    "patched module": "import re\nre.compile = 1",
    "patched library": "coccilib.report.print_report = 1",
    "patched cocci": "cocci.include_match = 1",
    "patched Cocci": "Cocci.exit = 1",
    "patched Iteration": "Iteration.register = 1",
    "attrgetter": "import operator\noperator.attrgetter",
    "namedtuple code": 'import collections\ncollections.namedtuple("P", ["a):x"])',
    "stream class": "import sys\nsys.stdout.__class__",
    "file by print": "print(1, file=cocci)",
    "relative import": "from . import x",
    "async": "async def f(): pass",
    "exception group": "try: pass\nexcept* ValueError: pass",
    "base exception": "try: 1/0\nexcept BaseException: pass",
    "late finally": "def g():\n    try: yield 1\n    finally: pass\nnext(g())",
    "function name": "def __import__(): pass",
    "import name": "import re as __builtins__",
    "call in a callback": 'import re\nre.sub("a", lambda m: m.re.__class__, "a")',
    "encoding cookie": "# -*- coding: utf-7 -*-\n+AG8-pen('/etc/passwd')",
    "carriage return": "x = 1\r().__class__",
    "cut comment": '"" // "\n().__class__ // "',
    "answers of the host's": "import sys, json\n"
    "sys.modules['vmaconv.cocci.script.inside.plain_data'].encode = 1\njson.dumps = lambda *a, **k: 'null'",
    "the way out": "import os\nos._exit(0)",
    "the pipe": "import os\nfor n in range(99):\n"
    "    try: os.write(n, b'\\0\\0\\0\\2{}')\n    except OSError: pass",
}


@pytest.mark.parametrize("code", REACHES.values(), ids=REACHES)
def test_what_a_block_reaches_does_no_harm(code: str) -> None:
    rule = block(code, ("p",), ("y",))
    assert all(isinstance(error, SmplError) for error in check_script(rule))
    run = Run(time_limit=2)
    for _ in range(2):
        outcome = run.session.run(rule, {"p": ()})
        assert isinstance(outcome, BlockOutcome)
        assert type(outcome.keep) is bool
        assert all(type(made.text) is str for made in outcome.outputs.values())
    other = Run()
    assert other("coccinelle.y = 'plain'", ("y",)).outputs["y"].text == "plain"


@pytest.mark.parametrize("name", ["__builtins__", "__import__"])
def test_no_variable_of_a_block_hides_pythons_own(name: str) -> None:
    taking = block("p.x = 1", (name,))
    making = block("p.x = 1", (), (name,))
    for rule in (taking, making):
        (error,) = check_file(RuleFile(FILE, (rule,)))
        assert (error.code, error.place) == ("script-refused", rule.place)
        outcome = Run().session.run(rule, {name: "text"})
        assert outcome.error is not None and outcome.error.code == "script-refused"


def test_no_virtual_rule_hides_pythons_own() -> None:
    run = Run(names=("__builtins__", "report"))
    assert run("print(report)").error is None
    assert run.text == "report\n"


FRAGMENTS = (
    *(
        "x",
        "p",
        "__class__",
        "()",
        ".",
        ".format",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "=",
        "'",
    ),
    *(
        '"',
        '"{0.x}"',
        "f'",
        "\n",
        "\n ",
        "\n\t",
        " ",
        "\\",
        "#",
        "//",
        "import ",
        "from ",
        "re",
        "os",
    ),
    *(
        "lambda ",
        "def f",
        "class ",
        "for ",
        " in ",
        "if ",
        "else",
        "yield ",
        "try",
        "finally",
        "with ",
    ),
    *(
        "match ",
        "case ",
        "async ",
        "await ",
        "global ",
        "print",
        "getattr",
        "1",
        "0777",
        "\r",
        "\f",
        "\0",
    ),
    *("é", "＿", "ｏ", "\ud800", "*", "**", ":=", "@", "->", "!", "$", "`", "None", "super"),
)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(
    st.sampled_from(sorted(REACHES)),
    st.lists(
        st.tuples(st.integers(0, 80), st.integers(0, 6), st.sampled_from(FRAGMENTS)), max_size=4
    ),
)
def test_mutated_blocks_are_errors_or_run_and_nothing_else(
    name: str, changes: list[tuple[int, int, str]]
) -> None:
    code = REACHES[name]
    for place, length, text in changes:
        code = code[:place] + text + code[place + length :]
    rule = block(code, ("p",))
    assert all(isinstance(error, SmplError) for error in check_script(rule))
    assert isinstance(Run(time_limit=0.5).session.run(rule, {"p": ()}), BlockOutcome)


@pytest.mark.parametrize(
    "body", ["1)\n(1", "1)\nimport socket\n(1", "open('x')", "getattr(1, 'real'"]
)
def test_no_constraint_gets_out_of_its_parentheses(body: str) -> None:
    meta = Metavariable("p", "position", RulePlace("rule.cocci", 3, 9))
    result = Run().session.constraint(meta, Constraint("script", ("python", body)), "x", {})
    assert isinstance(result, SmplError)


def test_a_made_term_cannot_be_forged() -> None:
    code = (
        "x = cocci.make_ident('a')\n"
        "class A:\n    kind = 'expression'\n    text = 5\ncoccinelle.y = A()"
    )
    outcome = Run()(code, ("y",))
    assert outcome.error is not None and outcome.error.code == "script-output-value"


def test_a_made_term_cannot_be_changed_afterwards() -> None:
    """`super` can be shadowed, and so any object be initialised anew."""
    run = Run()
    change = "x = y = cocci.make_ident('a')\nsuper = lambda: x\ncoccinelle.y = x\n"
    outcome = run(change + "def f(): super().__init__('expression', 'b')\nf()", ("y",))
    assert outcome.outputs["y"].text == "b"
    run("f.again = 1\nsuper().__init__('odd', 5)")
    assert (outcome.outputs["y"].kind, outcome.outputs["y"].text) == ("expression", "b")
    outcome = run(change + "super().__init__('odd', 'a')", ("y",))
    assert outcome.error is not None and outcome.error.code == "script-output-value"
    outcome = run(change + "super().__init__('expression', 5)", ("y",))
    assert outcome.error is not None and outcome.error.code == "script-output-value"


def test_a_text_with_methods_of_its_own_comes_out_plain() -> None:
    code = "class S(str):\n    def __str__(self): return 'other'\ncoccinelle.y = S('plain')"
    outcome = Run()(code, ("y",))
    text = outcome.outputs["y"].text
    assert type(text) is str
    assert text == "plain"
