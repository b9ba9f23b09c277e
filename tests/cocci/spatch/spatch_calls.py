# SPDX-License-Identifier: GPL-2.0-only
"""Calling spatch and vmaconv-spatch in tests, in a folder with small files."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from vmaconv.cocci.spatch.command import main

SPATCH = shutil.which("spatch")

RENAME = "@@\nexpression x;\n@@\n- foo(x)\n+ bar(x)\n"

FILES = {
    "rename.cocci": RENAME,
    "star.cocci": "@@\nexpression x;\n@@\n* foo(x)\n",
    "virtual.cocci": "virtual patch\nvirtual report\n@depends on patch@\nexpression x;\n@@\n"
    "- foo(x)\n+ bar(x)\n",
    "value.cocci": "virtual patch\n@@\nidentifier virtual.f;\nexpression x;\n@@\n- f(x)\n+ bar(x)\n",
    "place.cocci": "@r@\nexpression x;\nposition p;\n@@\nfoo@p(x)\n@script:python@\np << r.p;\n"
    "x << r.x;\n@@\nprint(p[0].file, p[0].line, x)\n",
    "exit.cocci": "@r@\nexpression x;\n@@\nfoo(x)\n@script:python@\nx << r.x;\n@@\n"
    "import sys\nprint(x)\nsys.exit(3)\n",
    "merge.cocci": "@initialize:python@\n@@\nprint('begin')\ncoccinelle.n = 0\n"
    "def count():\n    coccinelle.n += 1\n@r@\nexpression x;\n@@\nfoo(x)\n"
    "@script:python@\nx << r.x;\n@@\ncount()\n@finalize:python@\nn << merge.n;\n@@\nprint(sum(n))\n",
    "group.cocci": "@r@\nidentifier f;\n@@\nf(...) { ... foo(1); ... }\n@@\nidentifier r.f;\n"
    "expression e;\n@@\n- f(e)\n+ g(e)\n",
    "nothing.cocci": "@r@\nexpression x;\n@@\nfoo(x)\n",
    "bad.cocci": "@@\nexpression x\n@@\n- foo(x)\n",
    "options.cocci": "# spatch --include-headers\n" + RENAME,
    "empty.cocci": "",
    "d/a.c": "void f(void)\n{\n\tfoo(1);\n}\n",
    "d/sub/b.c": "void g(int x)\n{\n\tf(2);\n\tfoo(x);\n}\n",
    "d/c.c": "void h(void)\n{\n\tqux(2);\n}\n",
    "d/x.h": "static inline void i(void)\n{\n\tfoo(3);\n}\n",
    "torn.c": "void f(void) { foo(1); }\nint torn( { )\n void h(void) { foo(2) }\n"
    "void i(void) { foo(3); }\n",
    "long.c": "static struct item *a_function_with_a_name(const char *from, int to)\n{\n"
    + "".join(f"\tint a{i};\n" for i in range(8))
    + "\tfoo(1);\n}\n",
    "typed.cocci": "@@\nstruct own *s;\n@@\n- s->a\n+ s->b\n",
    "i/a.c": '#include "x.h"\nstruct own;\nvoid f(void)\n{\n\tfoo(1);\n\tfind()->a = 1;\n}\n',
    "i/b.c": '#include "x.h"\nvoid g(void)\n{\n\tfoo(2);\n}\n',
    "i/x.h": '#include "z.h"\nstruct own *find(void);\nstatic inline void i(void)\n{\n\tfoo(3);\n}\n',
    "i/z.h": "static inline void z(void)\n{\n\tfoo(4);\n}\n",
    "groups": "d/a.c\nd/sub/b.c\n\nd/c.c\n",
    "empty/none": "",
}


@dataclass(frozen=True)
class Called:
    """What a call came to; the name of spatch's temporary file is made one and the same."""

    status: int
    out: str
    err: str


def lay_out(folder: Path) -> None:
    """Write the files that the calls are about."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def ours(words: list[str]) -> Called:
    """Call vmaconv-spatch in this process, in the folder that is current."""
    out, err = io.BytesIO(), io.StringIO()
    status = main(words, out, err)
    return Called(status, _same(out.getvalue().decode()), err.getvalue())


def theirs(words: list[str], folder: Path) -> Called:
    """Call spatch."""
    assert SPATCH is not None
    done = subprocess.run(
        [SPATCH, *words], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    return Called(done.returncode, _same(done.stdout), done.stderr)


def _same(text: str) -> str:
    return re.sub(r"/tmp/cocci-output-(?:\d+-)?(?:[0-9a-f]{6}-)?", "/tmp/cocci-output-", text)
