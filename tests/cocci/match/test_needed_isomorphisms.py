# SPDX-License-Identifier: GPL-2.0-only
"""Isomorphisms that are not read, as no part of a rule is a spelling of a side of theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

from vmaconv.cocci.match.isomorphisms import isomorphism
from vmaconv.cocci.match.isomorphisms.isomorphism import expand
from vmaconv.cocci.match.isomorphisms.isomorphism_index import spelling_any
from vmaconv.cocci.smpl.parse import parse_file, parse_text
from vmaconv.cocci.smpl.rule import CodeRule, SmplError
from vmaconv.flags.kernel_isomorphisms import isomorphisms

ROOT = Path(__file__).parents[3]
RULES = sorted((ROOT / "tests/cases").rglob("*.cocci"))
OF_EACH_MARK = """
@a@ expression e, f; statement S, T; type t; identifier i; constant k; @@
(
  if (e == NULL) S
|
  if (e != 0) S else T
|
- while (!(e->i & k)) { ... S }
|
  i = (t)(e + f) / k;
)
@b@ expression e, f; @@
  f(e);
  ... when != true e
- g(sizeof(e), likely(f), e ? 0 : f);
"""


def code_rules(text: str) -> list[CodeRule]:
    rules = parse_text(text, "r.cocci").rules
    return [rule for rule in rules if isinstance(rule, CodeRule)]


def both(rule: CodeRule, patch: pytest.MonkeyPatch) -> tuple[str, str]:
    """What a rule comes to with those that it needs, and with all."""
    few = repr(expand(rule, isomorphisms()))
    with patch.context() as all_of_them:
        all_of_them.setattr(isomorphism, "spelling_any", lambda isos, _: isos)
        return few, repr(expand(rule, isomorphisms()))


def test_no_spelling_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = code_rules(OF_EACH_MARK)
    for path in RULES:
        try:
            rules += [rule for rule in parse_file(path).rules if isinstance(rule, CodeRule)]
        except SmplError:
            continue  # cases of what is no rule, and of kinds that flags bring along
    assert len(rules) > 300
    for rule in rules:
        few, every = both(rule, monkeypatch)
        assert few == every, f"{rule.place}"


@pytest.mark.parametrize("iso", isomorphisms(), ids=lambda iso: iso.name)
def test_each_side_needs_its_own(iso: object) -> None:
    assert isinstance(iso, isomorphism.Isomorphism)
    if iso.kind not in ("Expression", "Statement"):
        return
    for number, side in enumerate(iso.sides):
        if any(True for _ in iso.reachable(number)):
            assert iso in spelling_any(isomorphisms(), side)


def test_few_are_needed_for_a_call() -> None:
    (rule,) = code_rules("@@ expression e; @@\n- put(e);\n")
    names = {iso.name for iso in spelling_any(isomorphisms(), rule.pattern)}
    assert "paren" in names
    assert names.isdisjoint({"is_null", "neg_if", "bitor_comm", "not_ptr2"})


def test_one_may_bring_in_what_another_needs() -> None:
    (rule,) = code_rules("@@ expression *e; statement S; @@\n if (e) S\n")
    names = {iso.name for iso in spelling_any(isomorphisms(), rule.pattern)}
    assert {"not_ptr2", "is_null", "commneq"} <= names


def test_a_file_that_is_not_ours_is_read_at_once(tmp_path: Path) -> None:
    (tmp_path / "bad.iso").write_text("Expression\n@ x @\nexpression e;\n@@\nf(e) => g(e\n")
    (tmp_path / "r.cocci").write_text('using "bad.iso"\n@@ @@\n- unrelated\n')
    from vmaconv.cocci.engine.program import compile_file

    with pytest.raises(SmplError, match="bad.iso|expected|\\)"):
        compile_file(parse_file(tmp_path / "r.cocci"), isomorphisms())
