# SPDX-License-Identifier: GPL-2.0-only
"""Every kind of token after every mark, at a line's start: the rule runs, or is an error."""

from __future__ import annotations

import pytest

from vmaconv.cocci.engine.program import compile_file
from vmaconv.cocci.engine.run import Runner
from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.cocci.match.graph.flow_style import FlowStyle
from vmaconv.cocci.smpl.parse import parse_text
from vmaconv.cocci.smpl.rule import SmplError
from vmaconv.cocci.smpl.shipped_isomorphisms import standard_isomorphisms
from vmaconv.cocci.tree.unit import Unit

TOKENS = (
    *("@", "@@", "@p", "(", ")", "|", "&", "\\(", "\\|", "\\)", "...", "<...", "...>", "<+..."),
    *("{", "}", "[", "]", ";", ",", ":", "e", "f", "S", "T", "e@p", "1", "1.0f", '"s"', "'c'", '"'),
    *("#define X", "#include <a.h>", "#", "#if 0", "if", "else", "for", "do", "while", "switch"),
    *("case 1:", "default:", "return", "goto l;", "l:", "sizeof", "int", "struct s", "union", "*"),
    *(
        "enum e {",
        "typedef",
        "&&",
        "||",
        "!",
        "-",
        "+",
        "++",
        "--",
        "->",
        ".",
        "=",
        "==",
        "+=",
        "<<",
    ),
    *(
        "?",
        "when != e",
        "when any",
        "/*",
        "*/",
        "//",
        "\\",
        "~",
        "^",
        "%",
        "%d",
        "`",
        "$",
        "\t",
        "",
    ),
    *("é", "__attribute__((x))", "asm", "static", "virtual v", "expression e;", "const", "......"),
)

BODIES = {
    "statement": "- f(e);\nHERE\n",
    "expression": "- f(e)\nHERE\n",
    "arm": "(\n- f(e);\nHERE\n|\n- g(e);\n)\n",
    "nest": "<...\n- f(e)\nHERE\n...>\n",
}

HEAD = "@r@\nexpression e; statement S; type T; position p;\n@@\n"

C = b"""int k(int e)
{
	int x = 1;

	if (f(e)) {
		f(e);
		return e;
	}
	f(e);
	g(e);
	while (x)
		f(x);
	return f(a);
}
"""

STYLES = (
    MatchOptions(macros=True),
    MatchOptions(tidy=False, macros=True, flow=FlowStyle(torn=True)),
)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("mark", ["+", "-", "*", ""])
def test_each_is_run_or_refused_with_its_place(body: str, mark: str) -> None:
    for token in TOKENS:
        for rest in ("", " e"):
            text = HEAD + body.replace("HERE", mark + token + rest)
            try:
                program = compile_file(
                    parse_text(text, "r.cocci"), standard_isomorphisms(), frozenset()
                )
            except SmplError as error:
                assert 1 <= error.place.line <= text.count("\n") + 1, text
                assert error.place.column >= 0, text
                continue
            # Both ways to write take their turns: a run of each for all takes a minute.
            style = STYLES[(len(token) + len(rest)) % 2]
            Runner(program, Unit("a.c", C, program.names), [], style).run()
