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


def result(folder: Path, rule: str) -> bytes:
    (folder / "swap.iso").write_text(SWAP)
    path = folder / "rule.cocci"
    path.write_text(rule)
    program = compile_file(parse_file(path), standard_isomorphisms())
    return Runner(program, Unit("in.c", CODE), [], MatchOptions()).run().text


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


@pytest.mark.parametrize("head", ['using "lost.iso"\n@@\n', '@a using "lost.iso"@\n'])
def test_one_that_is_not_there_is_an_error(tmp_path: Path, head: str) -> None:
    with pytest.raises(SmplError, match=r"no isomorphism file lost\.iso"):
        result(tmp_path, head + RULE)
