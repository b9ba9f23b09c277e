# SPDX-License-Identifier: GPL-2.0-only
"""`using "file.iso"`: isomorphisms that a rule file brings along."""

from __future__ import annotations

from pathlib import Path

import pytest

from vmaconv.cocci.engine.program import compile_file
from vmaconv.cocci.engine.run import Runner
from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.cocci.smpl.parse import parse_file
from vmaconv.cocci.smpl.rule import SmplError
from vmaconv.cocci.smpl.shipped_isomorphisms import standard_isomorphisms
from vmaconv.cocci.tree.unit import Unit

SWAP = "Expression\n@ swap @\nexpression A, B;\n@@\npair(A, B) <=> pair(B, A)\n"
RULE = "expression e;\n@@\n- pair(e, 0)\n+ one(e)\n"
CODE = b"int x(int a) { return pair(0, a) + pair(a, 0); }\n"


ALONE = "Expression\n@ nothing @\n@@\n0 => NIL\n\nExpression\n@ unit @\n@@\nUNIT <=> 1\n"


def result(folder: Path, rule: str, isos: str = SWAP, code: bytes = CODE) -> bytes:
    (folder / "swap.iso").write_text(isos)
    path = folder / "rule.cocci"
    path.write_text(rule)
    program = compile_file(parse_file(path), standard_isomorphisms())
    return Runner(program, Unit("in.c", code), [], MatchOptions()).run().text


def code_of(*arguments: bytes) -> bytes:
    return b"int x(int a) { " + b" ".join(b"%b;" % one for one in arguments) + b" }\n"


def test_at_the_head_it_goes_for_all_rules(tmp_path: Path) -> None:
    new = result(tmp_path, f'using "swap.iso"\n@@\n{RULE}')
    assert new == b"int x(int a) { return one(a) + one(a); }\n"


def test_in_a_header_it_goes_for_that_rule(tmp_path: Path) -> None:
    new = result(tmp_path, f'@a using "swap.iso"@\n{RULE}\n@b@\n{RULE.replace("pair", "twin")}')
    assert new == b"int x(int a) { return one(a) + one(a); }\n"
    assert result(tmp_path, f"@a@\n{RULE}") == b"int x(int a) { return pair(0, a) + one(a); }\n"


def test_a_rule_may_do_without_it(tmp_path: Path) -> None:
    new = result(tmp_path, f'using "swap.iso"\n@a disable swap@\n{RULE}')
    assert new == b"int x(int a) { return pair(0, a) + one(a); }\n"


def test_a_name_or_number_alone_has_other_spellings(tmp_path: Path) -> None:
    rule = (
        'using "swap.iso"\n@@\nexpression e;\nsymbol UNIT;\n@@\n(\n- put(e, 0)\n+ none(e)\n|\n'
        "- put(e, UNIT)\n+ one(e)\n|\n- put(e->UNIT, 2)\n+ two(e)\n)\n"
    )
    old = code_of(b"put(a, 0)", b"put(a, NIL)", b"put(a, 1)", b"put(NIL, a)", b"put(a->UNIT, 2)")
    new = code_of(b"none(a)", b"none(a)", b"one(a)", b"put(NIL, a)", b"two(a)")
    assert result(tmp_path, rule, ALONE, old) == new
    member = code_of(b"put(a->NIL, 2)")
    assert result(tmp_path, rule, ALONE, member) == member


@pytest.mark.parametrize("head", ['using "lost.iso"\n@@\n', '@a using "lost.iso"@\n'])
def test_one_that_is_not_there_is_an_error(tmp_path: Path, head: str) -> None:
    with pytest.raises(SmplError, match=r"no isomorphism file lost\.iso"):
        result(tmp_path, head + RULE)
