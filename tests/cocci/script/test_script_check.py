# SPDX-License-Identifier: GPL-2.0-only
"""What is found in script blocks before anything runs: names, syntax, and what is refused where."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from kernels import KERNEL, MISSING
from script_blocks import block, rule_file

from vmaconv.cocci.script import script_check as check
from vmaconv.cocci.script.cache import Cache
from vmaconv.cocci.script.script_check import check_file, check_script
from vmaconv.cocci.smpl.parse import parse_file

KERNEL_RULES = KERNEL / "scripts/coccinelle"

ALLOWED = {
    "report": 'coccilib.report.print_report(p[0], "WARNING: %s" % (x))',
    "org": 'cocci.print_main("one", p)\ncocci.print_secs("two", p)',
    "loop": "for i in p:\n    if i.line == x: break\nelse:\n    cocci.include_match(False)",
    "function, global": "n = 0\ndef count():\n    global n\n    n += 1\n    return n\ncount()",
    "class": "class A:\n    def __init__(self, v):\n        self._v = v\n    def __str__(self):\n"
    "        return self._v\nprint(A(x))",
    "derived class": "class B(dict):\n    def __init__(self):\n        super().__init__()\nB()",
    "format": 'print("{0.line} {1:>{w}}".format(p[0], x, w=9))',
    "format of a name": 'fmt = "{}"\nprint(fmt.format(x))',
    "regex": "import re\nm = re.compile('[a-z]+', re.I)\nif m.search(x) != None: print(m.pattern)",
    "imports": "import itertools as it, collections\nfrom functools import reduce\n"
    "print(list(it.chain(x)), collections.Counter(x), reduce(max, x))",
    "star import": "from coccilib.report import *\nprint_report(p[0], x)",
    "path": "import os.path\nprint(os.path.basename(p[0].file))",
    "stderr": "import sys\nsys.stderr.write('x')\nprint('y', file=sys.stderr)\nsys.exit(1)",
    "iteration": "it = Iteration()\nit.add_virtual_rule('again')\nit.register()",
    "made": "coccinelle.y = cocci.make_expr(x)\nprint(y)",
    "comprehensions": "print([a for a in x if a], {a: b for a, b in zip(x, x)}, (c for c in x))",
    "walrus, lambda": "print((n := len(x)), (lambda a, *b, **c: a)(n))",
    "getattr": "print(getattr(p[0], 'line'), hasattr(p[0], 'column'), getattr(p[0], x))",
    "with, metaclass": "class A(metaclass=type):\n    def __enter__(self): pass\n"
    "    def __exit__(self, *a): pass\nwith A(): print(x.__class__, A()._p)",
    "names nobody sees": "exec('z = 1')\nprint(z)",
    "shadowed builtin": "def open(name): return name\nprint(open(x))",
    "generator": "def g():\n    yield from x\n    yield 1\nprint(list(g()))",
    "exceptions": "try:\n    int(x)\nexcept (ValueError, TypeError) as e:\n    print(e.args)\n"
    "except:\n    raise\nfinally:\n    pass",
    "SmPL comment": "print(x) // said\n// ---- the end ----\n",
    "main": "if __name__ == '__main__': print(type(x).__name__)",
}


@pytest.mark.parametrize("code", ALLOWED.values(), ids=ALLOWED)
def test_ordinary_python_is_allowed(code: str) -> None:
    assert check_script(block(code, ("p", "x"), ("y",))) == []


REFUSED = {
    "module": ("x = 1\nimport socket", 6, 7, "'socket' is not among"),
    "module in a function": ("def f():\n    import subprocess as s\n", 6, 11, "'subprocess'"),
    "part of a module": ("from os import system", 5, 15, "'system' of the module 'os'"),
    "attribute of a module": ("import os\nos.system('x')", 6, 3, "'system' of the module 'os'"),
    "attribute of an alias": ("import os.path as r\nr.exists(x)", 6, 2, "'exists' of the module"),
    "relative import": ("from . import x", 5, 0, "relative"),
    "file": ("print(open('/etc/passwd').read())", 5, 6, "scripts open no files"),
    "full-width letters": ("ｏpen('x')", 5, 0, "scripts open no files"),
    "match": ("if x:\n match x:\n  case str(format=f): f(x)", 6, 1, "'match'"),
    "firehose": ("import coccilib.xml_firehose", 5, 7, "xml_firehose"),
}


@pytest.mark.parametrize(("code", "line", "column", "why"), REFUSED.values(), ids=REFUSED)
def test_what_is_outside_the_subset_is_refused_with_its_place(
    code: str, line: int, column: int, why: str
) -> None:
    errors = check_script(block(code, ("x", "y")))
    assert errors, "nothing was refused"
    first = errors[0]
    assert first.code == "script-refused"
    assert why in first.message
    assert (first.place.file, first.place.line, first.place.column) == ("rule.cocci", line, column)
    assert "--trust-scripts" in first.remedy


@pytest.mark.parametrize("name", [n for n in REFUSED if n not in ("match", "full-width letters")])
def test_a_trusted_block_is_refused_nothing(name: str) -> None:
    errors = check_script(block(REFUSED[name][0], ("x", "y")), trusted=True)
    assert [error.code for error in errors if error.code == "script-refused"] == []


def test_a_misspelt_input_is_named_with_its_place_and_the_near_name() -> None:
    code = 'msg = "x"\ncoccilib.report.print_report(pos[0], mgs)'
    errors = check_script(block(code, ("poss",)))
    found = [(e.code, e.place.line, e.place.column, e.message, e.remedy) for e in errors]
    assert found == [
        ("script-unknown-name", 6, 29, "'pos' is not defined", "did you mean 'poss'?"),
        ("script-unknown-name", 6, 37, "'mgs' is not defined", "did you mean 'msg'?"),
    ]
    assert errors[0].source_line == code.split("\n")[1]


TWO_BLOCKS = """
@r@
position p;
identifier f;
@@
f@p(...)

@script:python@
p << r.p;
f << r.f;
@@
print(p[0].line, f)

@script:python@
p << r.p;
@@
print(p[0].line,
      f)
"""


def test_an_input_of_another_block_has_to_be_declared_again() -> None:
    (error,) = check_file(rule_file(TWO_BLOCKS))
    assert error.code == "script-unknown-name"
    assert error.message == "'f' is an input of another block, not of this one"
    assert error.remedy == "declare it here too: f << r.f;"
    assert (error.place.line, error.place.column) == (18, 6)


SHARED = """
virtual patch
@initialize:python@
@@
seen = {}
coccinelle.table = {}
def note(name):
    print(p[0].line)
    seen[name] = patch
@r@
position p : script:python() { note(p[0].file) == None };
identifier f;
@@
f@p(...)
@script:python@
p << r.p;
@@
note(p[0].file)
print(seen, table, patch, Iteration, coccinelle.other)
"""


def test_globals_are_shared_by_the_blocks_of_a_file() -> None:
    assert check_file(rule_file(SHARED)) == []


def test_a_constraint_is_checked_at_its_metavariable() -> None:
    text = "@r@\nexpression e;\nposition p : script:python(e) { relevant(p, e) };\n@@\ne@p\n"
    (error,) = check_file(rule_file(text))
    assert (error.code, error.message) == ("script-unknown-name", "'relevant' is not defined")
    assert (error.place.line, error.place.column) == (3, 9)


def test_a_seed_is_checked() -> None:
    text = (
        "@@\nidentifier i;\nfresh identifier g = script:python(i) { i + open('x') };\n@@\n- i();\n"
    )
    (error,) = check_file(rule_file(text))
    assert (error.code, error.place.line) == ("script-refused", 3)


@pytest.mark.parametrize(
    ("code", "column", "remedy"),
    [
        ('print "x"', 0, "Python 3"),
        ('import sys\nprint >>sys.stderr, "x"', 0, "file=sys.stderr"),
        ("try: pass\nexcept ValueError, e: pass", 7, "Python 3"),
        ("for i in xrange(3): pass", 9, "write range"),
        ("x = 0777", 4, "Python 3"),
    ],
)
def test_python_2_is_named_as_such(code: str, column: int, remedy: str) -> None:
    (error,) = check_script(block(code))
    assert error.code == "script-python2"
    assert "Python 2" in error.message and "Python 3" in error.message
    assert remedy in error.remedy
    assert (error.place.line, error.place.column) == (4 + len(code.split("\n")), column)


def test_a_syntax_error_has_its_place() -> None:
    (error,) = check_script(block("x = 1\nif x = 2: pass\n"))
    assert (error.code, error.place.line, error.place.column) == ("script-syntax", 6, 3)
    assert error.source_line == "if x = 2: pass"


def test_what_only_the_compiler_sees_is_found_before_anything_runs() -> None:
    (error,) = check_script(block("x = 1\nif x:\n    return x\n"))
    assert (error.code, error.place.line, error.place.column) == ("script-syntax", 7, 4)


def test_a_block_that_cannot_be_read_makes_no_names_unknown() -> None:
    text = "@initialize:python@\n@@\ndef f(:\n@r@ @@\ng();\n@script:python@ @@\nf()\n"
    (error,) = check_file(rule_file(text))
    assert (error.code, error.place.line) == ("script-syntax", 3)


def test_a_floor_division_is_a_comment_as_in_spatch() -> None:
    assert check_script(block("x = 7 // 2\nprint(x)")) == []
    (error,) = check_script(block("print(7 // 2)"))
    assert error.code == "script-syntax"
    assert "starts a comment" in error.remedy


def test_an_unknown_function_of_the_library_is_named() -> None:
    code = "coccilib.report.print_reprot(p[0])\ncocci.include_macht(False)"
    errors = check_script(block(code, ("p",)))
    assert [(e.code, e.place.line, e.place.column, e.remedy) for e in errors] == [
        ("script-unknown-attribute", 5, 16, "did you mean 'print_report'?"),
        ("script-unknown-attribute", 6, 6, "did you mean 'include_match'?"),
    ]


def test_a_module_that_is_not_imported_is_named() -> None:
    (error,) = check_script(block("print(re.match('a', 'b'))"))
    assert error.remedy == "write 'import re' above"


def test_other_languages_are_passed_over_and_need_no_libcst() -> None:
    text = "@initialize:ocaml@\n@@\nlet x = 1\n@@ @@\n- f();\n"
    program = (
        "import sys; from vmaconv.cocci.script.script_check import check_file\n"
        "from vmaconv.cocci.script.script_session import Session\n"
        "from vmaconv.cocci.smpl.parse import parse_text\n"
        f"print(check_file(parse_text({text!r}, 'x')), 'libcst' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "[] False\n", done.stderr


@pytest.mark.skipif(not KERNEL_RULES.is_dir(), reason=MISSING)
def test_the_kernels_own_rules_are_allowed() -> None:
    files = sorted(KERNEL_RULES.rglob("*.cocci"))
    assert len(files) == 75
    found = {str(path): check_file(parse_file(path)) for path in files}
    assert {path: errors for path, errors in found.items() if errors} == {}


def test_a_clean_rule_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path / "cache")
    text = TWO_BLOCKS.replace("      f)", "      p)")
    assert check_file(rule_file(text), cache=cache) == []

    def fail(*_: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(check, "_check", fail)
    assert check_file(rule_file(text), cache=cache) == []
    with pytest.raises(AssertionError, match="read again"):
        check_file(rule_file(text.replace("p[0].line", "p[0].file")), cache=cache)
    with pytest.raises(AssertionError, match="read again"):
        check_file(rule_file(text), cache=cache, trusted=True)


def test_a_faulty_rule_file_is_not_remembered(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    for _ in range(2):
        assert len(check_file(rule_file(TWO_BLOCKS), cache=cache)) == 1


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    text = "@initialize:python@\n@@\nx = 1\n@@ @@\n- f();\n"
    assert check_file(rule_file(text), cache=Cache(tmp_path / "file" / "cache")) == []


DEEP = {
    "brackets": "[" * 150 + "]" * 150,
    "minus": "-" * 60_000 + "1",
    "and": "a and " * 9_000 + "b",
    "strings": "'' " * 20_000,
    "attributes": "a" + ".a" * 30_000,
    "dotted import": "import a" + ".a" * 30_000,
    "pattern": "match x:\n  case " + "[" * 90 + "]" * 90 + ": pass",
    "finally": "".join(" " * i + "try: pass\n" + " " * i + "finally:\n" for i in range(30))
    + " " * 30
    + "pass",
    "list": "x = [" + "1," * 25_000 + "]",
    "long": "x = 1\n" * 20_000,
    "quotes": "'\\" * 32_000,
    "null": "x\0y",
    "surrogate": "x = '\ud800'",
    "encoding": "# -*- coding: utf-7 -*-\n+AG8-pen('x')",
}


VERDICTS = {
    "brackets": "",
    "pattern": "script-refused",
    "quotes": "script-syntax",
    "null": "script-syntax",
    "surrogate": "script-syntax",
    "encoding": "script-unknown-name",
}


@pytest.mark.parametrize("code", DEEP.values(), ids=DEEP)
def test_monstrous_blocks_are_an_error_in_short_time(code: str) -> None:
    program = (
        "import sys; sys.path.insert(0, 'tests/cocci/script')\n"
        "from script_blocks import block; from vmaconv.cocci.script.script_check import check_script\n"
        "code = eval(sys.stdin.read())\n"
        "print(*{e.code for e in check_script(block(code))})"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=repr(code),
        cwd=root,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.returncode == 0, done.stderr[-500:]
    name = next(key for key, value in DEEP.items() if value == code)
    assert done.stdout.strip() == VERDICTS.get(name, "script-too-complex")
