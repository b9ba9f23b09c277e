# SPDX-License-Identifier: GPL-2.0-only
"""A short slice of the fuzzer, with a fixed seed; `make fuzz MINUTES=10` runs it for longer."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "fuzz"))

import run as fuzz_run
import targets

FEW = {"c": 8, "jobs": 2, "mails": 4}


@pytest.mark.parametrize("target", targets.targets(), ids=lambda target: target.name)
def test_mutants_break_nothing(
    target: targets.Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("findings.FOUND", tmp_path)
    assert fuzz_run.turn(target, 20261129, FEW.get(target.name, 25)) is None
    assert fuzz_run.throw(target, 20261130, FEW.get(target.name, 25)) is None


def test_the_oracles_see_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"int f(void)\n{\n\treturn 1;\n}\n"
    for after in (b"int f(void)\n{\n\treturn 1;\n", b"int f(void)\n{\n\treturn;\n}\n"):
        with pytest.raises(targets.Broken):
            targets._check_result(targets.FileResult("a.c", text, after))
    targets._check_result(targets.FileResult("a.c", text, b"/* x */ " + text))
    monkeypatch.setattr(targets, "addressed", lambda *_rest: b"From x\nTo: a\rBcc: b\n\nbody\n")
    with pytest.raises(targets.Broken):
        targets.check_people((targets.KERNEL / "MAINTAINERS").read_bytes(), b"")


def test_a_mutant_that_does_not_end_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless() -> None:
        while True:
            pass

    monkeypatch.setattr(targets, "PATIENCE", 0.05)
    with pytest.raises(targets.Broken, match="no end"):
        targets.Target("x", targets.targets()[0].make, endless).try_one(())
