# SPDX-License-Identifier: GPL-2.0-only
"""Attempts to break out of a block, each written so that it only ends without error if it got out.

They are run without `check` before, so that what holds them is the gate and the guards alone.
"""

from __future__ import annotations

import collections
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from script_blocks import FILE, FIRST_LINE, Run, block

from vmaconv.cocci.script import policy
from vmaconv.cocci.script.inside import coccilib, namespace
from vmaconv.cocci.script.script_check import check_file, check_script
from vmaconv.cocci.script.script_values import BlockOutcome
from vmaconv.cocci.smpl.rule import Constraint, Metavariable, RuleFile, RulePlace, SmplError

ESCAPES = {
    "subclasses": "().__class__.__base__.__subclasses__()",
    "getattribute": 'x = ()\nx.__getattribute__("__class__")',
    "getattr": 'getattr((), "__class__")',
    "aliased getattr": 'g = getattr\ng((), "".join(["__cl", "ass__"]))',
    "mapped getattr": 'list(map(getattr, [()], ["__class__"]))',
    "reduced getattr": 'import functools\nfunctools.reduce(getattr, ["__class__"], ())',
    "partial getattr": 'import functools\nfunctools.partial(getattr, ())("__class__")',
    "getattr with a default": 'g = getattr\ng((), "__cl" + "ass__", 1)',
    "getattr of format": 'getattr("{0.__class__}", "format")(())',
    "lying text": "class S(str):\n    def __eq__(self, o): return True\n"
    "    def __hash__(self): return 0\n"
    'g = getattr\ng((), S("__class__"))',
    "lying method": "class S(str):\n    def startswith(self, *a): return False\n"
    '    def endswith(self, *a): return False\ng = getattr\ng((), S("__class__"))',
    "hasattr": 'h = hasattr\nh((), "__cl" + "ass__")',
    "format": '"{0.__class__}".format(())',
    "format of a name": 'f = "{0.__cl" + "ass__}"\nf.format(())',
    "format of the class": 'str.format("{0.__class__}", ())',
    "mapped format": 'list(map(str.format, ["{0.__class__}"], [()]))',
    "bound format": 'f = "{0.__class__}".format\nf(())',
    "nested format": '"{0:{1.__class__}}".format(1, ())',
    "indexed format": '"{0[0].__class__}".format([1])',
    "keyword format": '"{a.__class__}".format(a=1)',
    "format of a subclass": "class S(str): pass\nS('{0.__class__}').format(1)",
    "super format": "class S(str):\n    def g(self, x): return super().format(x)\n"
    'S("{0.__class__}").g(())',
    "format by super of a class": "class S(str):\n    def g(self, x):\n"
    '        return super(S, self).format(x)\nS("{0.__class__}").g(())',
    "lying format": "class S(str):\n    def __str__(self): return ''\n"
    "    def __iter__(self): return iter('')\nS('{0.__class__}').format(1)",
    "format_map": '"{x.__class__}".format_map({"x": ()})',
    "f-string": 'f"{().__class__}"',
    "nested f-string": 'f"{1:{().__class__}}"',
    "pattern": "match ():\n    case object(__class__=c): c",
    "pattern format": 'match "{0.__class__}":\n    case str(format=f): f(())',
    "generator frame": "g = (i for i in [1])\ng.gi_frame",
    "generator code": "def f(): yield 1\ng = f()\ng.gi_code",
    "traceback frame": "try: 1/0\nexcept Exception as e: e.__traceback__.tb_frame",
    "traceback": "try: 1/0\nexcept Exception as e: e.with_traceback(None)",
    "exception context": "try: 1/0\nexcept Exception as e: e.__context__",
    "frame": "import sys\nsys._getframe()",
    "modules": "import sys\nsys.modules",
    "re.sys": "import re\nre.sys",
    "re internals": "import re\nre._compiler",
    "enum of re": 'import re\ntype(re.I)._convert_("X", "os", lambda n: True)',
    "enum as self": 'import re\nself = type(re.I)\nself._convert_("X", "os", lambda n: True)',
    "re flag members": "import re\nre.I.name",
    "os.system": 'import os\nos.system("true")',
    "os from path": "import os\nos.path.os",
    "from os.path import os": "from os.path import os",
    "path functions": 'import os.path as p\np.exists("/")',
    "subprocess": "import subprocess",
    "import function": '__import__("os")',
    "import in a function": "def f():\n    import socket\nf()",
    "star import": "from re import *\n_compiler",
    "builtins dict": '__builtins__["__import__"]',
    "builtins in a function": "def f(): return __builtins__\nf()",
    "builtins default": "def f(x=__builtins__): return x\nf()",
    "builtins by coccinelle": "coccinelle.__builtins__ = {}",
    "builtins by setattr": 's = setattr\ns(coccinelle, "__builtins__", {})',
    "coccinelle dict": "coccinelle.__dict__",
    "open": 'open("/etc/passwd")',
    "open in full width": 'ｏｐｅｎ("/etc/passwd")',
    "dunder in full width": "()._＿class__",
    "exec": 'exec("1")',
    "eval": 'eval("1")',
    "compile": 'compile("1", "", "eval")',
    "globals": "globals()",
    "vars": "vars(coccinelle)",
    "dir": "dir()",
    "input": "input()",
    "type of three": 'type("X", (), {})',
    "type of a class": "type(type(()))",
    "type of type": "type(type)",
    "function type": "type(lambda: 0)",
    "method type": "class A:\n    def f(self): pass\ntype(A().f)",
    "module type": "import re\ntype(re)",
    "term type": "type(cocci.make_ident('x'))",
    "metaclass": "class X(metaclass=print): pass",
    "metaclass of a base": "class M(type): pass",
    "base that is a function": "class M(print): pass",
    "base that is a module": "import re\nclass M(re): pass",
    "base that is an object": "class A:\n    def __init__(self, *a): pass\nclass B(A()): pass",
    "base class hook": "class X:\n    def __init_subclass__(cls): pass",
    "getattr hook": "class X:\n    def __getattr__(self, n): return 1",
    "set hook": "class X:\n    def __setattr__(self, n, v): pass",
    "descriptor": "class X:\n    def __get__(self, *a): return a",
    "exit hook": "class X:\n    def __exit__(self, *a): return True",
    "finaliser": "class X:\n    def __del__(self): pass",
    "reduce hook": "class X:\n    def __reduce__(self): return print, ()",
    "deepcopy hook": "class X:\n    def __deepcopy__(self, m): return m",
    "class attribute dunder": "class X:\n    __slots__ = ()",
    "class dict": "class X:\n    y = 1\nX.__dict__",
    "mangled": "class X:\n    def f(self): return self.__class__\nX().f()",
    "mro": "str.mro()",
    "base exception by mro": "Exception.mro()[1]",
    "function globals": "coccilib.report.print_report.__globals__",
    "builtin self": "print.__self__",
    "closure": "cocci.include_match.__closure__",
    "code": "(lambda: 0).__code__",
    "code store": "def f(): pass\nf.__code__ = 1",
    "code by setattr": 'def f(): pass\ns = setattr\ns(f, "__code__", 1)',
    "patched class": "import collections\ncollections.Counter.update = 1",
    "patched class by setattr": 'import collections\nsetattr(collections.Counter, "update", 1)',
    "patched class as self": "import collections\nself = collections.Counter\nself.update = 1",
    "patched class by loop": "import collections\nfor collections.Counter.update in [1]: pass",
    "patched class by comprehension": "import collections as c\n[0 for c.Counter.update in [1]]",
    "patched class by unpacking": "import collections as c\n(c.Counter.x, *c.Counter.y) = 1, 2",
    "patched class by del": "import collections\ndel collections.Counter.update",
    "patched class by augmenting": "import collections\ncollections.Counter.x += 1",
    "patched class by except": "import collections as c\nc.Counter.update: int = 1",
    "patched module": "import re\nre.compile = 1",
    "patched library": "coccilib.report.print_report = 1",
    "patched cocci": "cocci.include_match = 1",
    "patched Cocci": "Cocci.exit = 1",
    "patched Iteration": "Iteration.register = 1",
    "patched builtin": "print.x = 1",
    "wraps": "import functools\nfunctools.wraps",
    "update_wrapper": "import functools\nfunctools.update_wrapper",
    "attrgetter": "import operator\noperator.attrgetter",
    "methodcaller": "import operator\noperator.methodcaller",
    "Formatter": "import string\nstring.Formatter",
    "Template": "import string\nstring.Template",
    "abc": "from collections import abc",
    "collections internals": "import collections\ncollections._sys",
    "namedtuple internals": 'import collections\ncollections.namedtuple("P", "a")._make',
    "namedtuple code": 'import collections\ncollections.namedtuple("P", ["a):x"])',
    "stream class": "import sys\nsys.stdout.__class__",
    "stream buffer": "import sys\nsys.stdout.buffer",
    "location class": "p[0].__class__",
    "file by print": "print(1, file=cocci)",
    "firehose": "import coccilib.xml_firehose",
    "relative import": "from . import x",
    "async": "async def f(): pass",
    "with": "with 1: pass",
    "exception group": "try: pass\nexcept* ValueError: pass",
    "exception group class": "ExceptionGroup('', [ValueError()])",
    "base exception": "try: 1/0\nexcept BaseException: pass",
    "generator exit": "GeneratorExit",
    "late finally": "def g():\n    try: yield 1\n    finally: pass\nnext(g())",
    "global statement": "global __builtins__",
    "named parameter": "def f(__builtins__): pass",
    "function name": "def __import__(): pass",
    "class name": "class __builtins__: pass",
    "import name": "import re as __builtins__",
    "keyword": "dict(__class__=1)",
    "exception name": "try: 1/0\nexcept ValueError as __class__: pass",
    "lambda": "(lambda x: x.__class__)(1)",
    "default": "def f(x=().__class__): pass",
    "annotation": "def f(x: ().__class__): pass",
    "variable annotation": "x: ().__class__ = 1",
    "decorator": "@getattr\ndef f(): pass",
    "super": "class X:\n    def f(self): return super().__self__\nX().f()",
    "super init": "class X:\n    def __init__(self): super().__init__.__self__\nX()",
    "init of an object": "x = []\nx.__init__([1])",
    "call in a callback": 'import re\nre.sub("a", lambda m: m.re.__class__, "a")',
    "loader": "__loader__",
    "spec": "__spec__",
    "file": "__file__",
    "debug": "print(__debug__)\n__debug__ = 1",
    "encoding cookie": "# -*- coding: utf-7 -*-\n+AG8-pen('/etc/passwd')",
    "carriage return": "x = 1\r().__class__",
    "form feed": "x = 1\n\f\n().__class__",
    "line continuation": "().\\\n__class__",
    "object of an attribute error": "try: coccilib.report.x\nexcept AttributeError as e: e.obj",
    "object by getattr": "try: coccilib.report.x\nexcept AttributeError as e: getattr(e, 'obj')",
    "frame of an asynchronous generator": "g = (i async for i in p)\ng.ag_frame",
    "sorted by format": 'sorted(["{0.__class__}"], key=str.format)',
    "format of a class of one's own": "class S(str):\n    f = str.format\nS('{0.__class__}').f(1)",
    "cut comment": '"" // "\n().__class__ // "',
}


@pytest.mark.parametrize("code", ESCAPES.values(), ids=ESCAPES)
def test_no_way_out(code: str) -> None:
    outcome = Run()(code, p=())
    assert outcome.error is not None
    assert outcome.error.code in ("script-refused", "script-error", "script-syntax")


@pytest.mark.parametrize("code", ESCAPES.values(), ids=ESCAPES)
def test_what_the_gate_refuses_has_been_refused_before_with_its_place(code: str) -> None:
    rule = block(code, ("p",))
    refused = Run().session.load(rule)
    if refused is not None:
        errors = check_script(rule)
        assert errors
        assert {error.place.file for error in errors} == {FILE}
        assert all(error.place.line >= FIRST_LINE for error in errors)


@pytest.mark.parametrize("name", ["__builtins__", "__vmaconv_write__", "__vmaconv_format__"])
def test_no_variable_of_a_block_hides_a_guard(name: str) -> None:
    taking = block("p.x = 1", (name,))
    making = block("p.x = 1", (), (name,))
    for rule in (taking, making):
        (error,) = check_file(RuleFile(FILE, [rule]))
        assert (error.code, error.place) == ("script-refused", rule.place)
        outcome = Run().session.run(rule, {name: "text"})
        assert outcome.error is not None and outcome.error.code == "script-refused"


def test_no_virtual_rule_hides_a_guard() -> None:
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
    st.sampled_from(sorted(ESCAPES)),
    st.lists(
        st.tuples(st.integers(0, 80), st.integers(0, 6), st.sampled_from(FRAGMENTS)), max_size=4
    ),
)
def test_mutated_blocks_are_errors_or_run_and_nothing_else(
    name: str, changes: list[tuple[int, int, str]]
) -> None:
    code = ESCAPES[name]
    for place, length, text in changes:
        code = code[:place] + text + code[place + length :]
    rule = block(code, ("p",))
    errors = check_script(rule)
    assert all(isinstance(error, SmplError) for error in errors)
    run = Run(time_limit=0.5)
    refused = run.session.load(rule)
    assert refused is None or errors, "the gate refused what check had not"
    assert isinstance(run.session.run(rule, {"p": ()}), BlockOutcome)


@pytest.mark.parametrize(
    "body", ["1) or ().__class__ or (1", "1)\nimport socket\n(1", "open('x')", "getattr(1, 'real'"]
)
def test_no_constraint_gets_out_of_its_parentheses(body: str) -> None:
    meta = Metavariable("p", "position", RulePlace("rule.cocci", 3, 9))
    result = Run().session.constraint(meta, Constraint("script", ("python", body)), "x", {})
    assert isinstance(result, SmplError)


def found() -> dict[str, Any]:
    """Return the builtins that an untrusted block finds."""
    record = coccilib.Record(FILE, lambda *_: None, lambda _: None)
    modules = coccilib.modules(record, coccilib.Coccinelle())
    stream = namespace.Stream(lambda _: None)
    return namespace.make(modules, stream, stream, trusted=False)["__builtins__"]  # type: ignore


def test_modules_that_are_opened_hold_nothing_else() -> None:
    """Whatever a script reaches in a module is a function, class, number or text: no module."""
    load = found()["__import__"]
    for name in policy.MODULES:
        module = load(name, None, None, ("x",))
        for key, value in vars(module).items():
            if not policy.is_special(key) and f"{name}.{key}" not in policy.MODULES:
                assert type(value).__name__ != "module", f"{name}.{key}"
                assert name == "coccinelle" or key in policy.MODULES[name]
                assert not isinstance(value, re.RegexFlag)


def test_builtins_are_those_of_the_policy_and_the_guards() -> None:
    names = set(found())
    assert names - policy.BUILTINS - {"True", "False", "None"} == {
        "__build_class__",
        "__import__",
        "__name__",
        "__vmaconv_format__",
        "__vmaconv_write__",
    }
    assert not names & set(policy.REFUSED_BUILTINS) - {"__import__"}


def test_no_builtin_is_unknown_to_the_policy() -> None:
    """A builtin of a newer Python is refused until someone has looked at it."""
    assert "BaseException" not in policy.BUILTINS
    assert "ExceptionGroup" not in policy.BUILTINS
    assert "memoryview" not in policy.BUILTINS


def test_a_script_leaves_the_standard_library_as_it_was() -> None:
    before = dict(vars(collections.Counter))
    Run()(
        "import collections\nclass C(collections.Counter):\n    def update(self, *a): self.x = 1\n"
        "C('ab').update('c')"
    )
    assert dict(vars(collections.Counter)) == before


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


def test_format_attributes_are_read_as_python_reads_them() -> None:
    assert namespace.format_attributes("{0.line} {p.file:{w.width}} {x[a.b].c} {{y.z}}") == [
        "line",
        "file",
        "width",
        "c",
    ]
