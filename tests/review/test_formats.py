# SPDX-License-Identifier: GPL-2.0-only
"""The formats that programs read: JSON of diff and scan, SARIF of the uses left."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TREE = ROOT / "fixtures/kernel"
VMACONV = [sys.executable, "-c", "from vmaconv.cli import main; main()"]


def output(*words: str) -> dict[str, object]:
    done = subprocess.run([*VMACONV, *words], capture_output=True, text=True, check=True)
    data = json.loads(done.stdout)
    assert isinstance(data, dict)
    return data


def test_sarif_has_every_use_that_scan_does_not_convert() -> None:
    sarif = output("scan", str(TREE), "--format", "sarif")
    scan = output("scan", str(TREE), "--format", "json")
    (run,) = sarif["runs"]  # type: ignore[misc, attr-defined]
    rules = run["tool"]["driver"]["rules"]
    found = []
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        found.append((place["artifactLocation"]["uri"], place["region"]["startLine"]))
    wanted = [(u["file"], u["line"]) for u in scan["uses"] if u["outcome"] != "converted"]  # type: ignore[attr-defined]
    assert found == wanted
    assert len(found) == scan["left"] + scan["unjudged"]  # type: ignore[operator]


def test_diff_json_holds_the_plain_diff() -> None:
    data = output("diff", str(TREE), "mm", "--format", "json")
    plain = subprocess.run([*VMACONV, "diff", str(TREE), "mm"], capture_output=True, check=True)
    files = data["files"]
    assert isinstance(files, list) and len(files) > 3
    assert "".join(f["diff"] for f in files) == plain.stdout.decode()
    assert all(change["rule"] and change["line"] > 0 for f in files for change in f["changes"])


@pytest.mark.parametrize("style", ["json", "sarif"])
def test_formats_do_not_depend_on_workers(style: str) -> None:
    one = output("scan", str(TREE), "--format", style, "-j", "1")
    assert one == output("scan", str(TREE), "--format", style, "-j", "2")
