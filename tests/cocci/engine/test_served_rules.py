# SPDX-License-Identifier: GPL-2.0-only
"""A rule is looked for where one that its matches serve can match, as the text has branches, and no
report is lost by it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from compiled import interpreted
from script_runs import printed

from vmaconv.cocci.engine.program import CodeStep, compile_file
from vmaconv.cocci.engine.run import Runner
from vmaconv.cocci.engine.stretches import UnitItems
from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.cocci.match.item_index import Index
from vmaconv.cocci.smpl.parse import parse_text
from vmaconv.cocci.smpl.shipped_isomorphisms import standard_isomorphisms
from vmaconv.cocci.text import code_branches
from vmaconv.cocci.tree.unit import Chunk, Unit

TEST = """\
@test@
expression *E;
statement S;
position p;
@@
if@p (E == NULL) S
"""

BAD = """\

@bad exists@
expression test.E;
identifier f;
position test.p, q;
@@
if@p (E == NULL) {
  ...
  E->f@q
  ... when any
}
"""

RETURNS = BAD.replace("when any\n", "when any\n  return ...;\n")

REPORT = """\

@script:python@
q << bad.q;
@@
print(q[0].line)
"""

FUNCTIONS = {
    "use": "if (!p) { g(p->x); }",
    "use of another": "if (!p) { g(q->x); }",
    "use behind": "if (!p) { g(); } h(p->x);",
    "use of a member": "if (!p->next) { g(p->next->x); }",
    "use of the struct": "if (!p->next) { g(p->x); }",
    "test of a number": "if (!p || q->x == 1) { g(q->x); }",
    "other operands": "if (!p || q) { g(p->x); }",
    "operands in others": "if (q || (!p && q->x)) { g(p->x); }",
    "the other way": "if (NULL == p || (q && g(q))) { h(p->x); }",
    "use across lines": "if (!p) { g(p /* it */\n->x); }",
    "use in brackets": "if (!p) { g((p)->x, (*p).x, p[0].x); }",
    "no braces": "if (!p) g(p->x);",
    "deeper": "if (!p) { if (q) while (g()) { h(p->x); } }",
    "else": "if (p) { g(); } else { h(p->x); }",
    "else of a statement": "if (p) g(); else { h(p->x); }",
    "else without braces": "if (p) g(); else h(p->x);",
    "goto": "if (!p) { goto out; } g(); out: h(p->x); return;",
    "goto alone": "if (!p) goto out; g(); out: h(p->x); return;",
    "goto and back": "on: h(p->x); if (q) return; if (!p) { goto out; } g(); out: if (q) goto on;",
    "goto past it": "if (!p) { goto out; } g(p->x); out: return;",
    "loop": "while (q) { if (!p) { g(); continue; } h(p->x); }",
    "torn": "if (!p) {\n#ifdef A\ng(p->x);\n#else\nh(p->x);\n#endif\n}",
    "half a branch": "#ifdef A\nif (!p) {\n#endif\ng(p->x);\n#ifdef A\n}\n#endif",
    "macro": "if (!p) {\n#define A(x) if (x) {\ng(p->x); }",
    "string": 'if (!p) { g("}"); h(p->x); }',
    "comment": "if (!p) { /* } */ h(p->x); }",
}


@interpreted
@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("tested", ["E == NULL", "(E == NULL && ...) || ..."])
@pytest.mark.parametrize("later", [BAD, RETURNS])
def test_nothing_is_lost(
    name: str, tested: str, later: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = (TEST + later + REPORT).replace("E == NULL", tested)
    code = f"void f(struct s *p, struct s *q)\n{{\n{FUNCTIONS[name]}\n}}\n"
    found = printed(tmp_path, rule, code)
    monkeypatch.setattr(code_branches, "branches_of", lambda *_: None)
    assert printed(tmp_path, rule, code) == found


@interpreted
@pytest.mark.parametrize(
    ("later", "names"),
    [
        (
            BAD,
            {
                "use",
                "use of a member",
                "use across lines",
                "use in brackets",
                "no braces",
            },
        ),
        (RETURNS, {"use", "goto", "goto alone", "goto and back"}),
    ],
)
def test_what_cannot_be_a_use_is_not_parsed(
    later: str, names: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []
    of_chunk = UnitItems.of_chunk

    def counted(items: UnitItems, chunk: Chunk) -> list[Index]:
        found = of_chunk(items, chunk)
        parsed.extend(index.function for index in found)
        return found

    monkeypatch.setattr(UnitItems, "of_chunk", counted)
    text = "".join(
        f"void f{number}(struct s *p, struct s *q)\n{{\n{text}\n}}\n"
        for number, text in enumerate(FUNCTIONS.values())
    )
    program = compile_file(parse_text(TEST + later + REPORT, "r.cocci"), standard_isomorphisms())
    Runner(program, Unit("a.c", text.encode()), [], MatchOptions()).run()
    looked_at = {name for number, name in enumerate(FUNCTIONS) if f"f{number}" in parsed}
    assert names <= looked_at
    assert not looked_at & NEVER


NEVER = {"use of another", "use behind", "use of the struct", "goto past it", "loop"}
NEVER |= {"test of a number"}


def serving(later: str) -> dict[str, int]:
    """Return how many rules each serves, of a file's rules, where that is known."""
    text = TEST + later
    steps = compile_file(parse_text(text, "r.cocci"), standard_isomorphisms()).steps
    return {s.rule.name: len(s.serves) for s in steps if isinstance(s, CodeStep) and s.serves}


@pytest.mark.parametrize(
    ("later", "serves"),
    [
        (BAD + REPORT, {"test": 1}),
        # A script that has both has what the one serves.
        (BAD + "\n@script:python@\nq << bad.q;\np << test.p;\n@@\nprint(q[0].line)\n", {"test": 1}),
        # A script asks for the rule's own matches.
        (BAD + "\n@script:python@\np << test.p;\n@@\nprint(p[0].line)\n", {}),
        # Another wants it to have matched.
        (BAD + REPORT + "\n@also depends on test@\n@@\n* other()\n", {}),
        # Another takes its value, and matches wherever that is.
        (BAD + REPORT + "\n@also@\nexpression test.E;\n@@\n* use(E)\n", {}),
        # Another keeps out of its places.
        (BAD + REPORT + "\n@also@\nposition o != test.p;\n@@\n* if@o (...) { ... }\n", {}),
    ],
)
def test_whom_a_rule_serves(later: str, serves: dict[str, int]) -> None:
    assert serving(later) == serves
