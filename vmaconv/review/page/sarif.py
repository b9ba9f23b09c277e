# SPDX-License-Identifier: GPL-2.0-only
"""The uses left to a person, for editors and CI: SARIF 2.1.0.

In: the account. Out: plain data for `json.dump` (OASIS SARIF 2.1.0: one run, a rule for each
reason, a result for each use; lines from 1).
"""

from __future__ import annotations

from collections.abc import Sequence

from vmaconv.convert.use_account import Account
from vmaconv.uses.reasons import CODES

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(accounts: Sequence[Account], version: str) -> dict[str, object]:
    """Return a SARIF log of the uses that are not converted."""
    left = [a for a in accounts if a.outcome != "converted" and a.reason is not None]
    codes = sorted({a.reason.code for a in left if a.reason is not None})
    rules = [{"id": code, "shortDescription": {"text": CODES[code].capitalize()}} for code in codes]
    driver = {"name": "vmaconv", "version": version, "rules": rules}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "utf16CodeUnits",
                "originalUriBaseIds": {"TREE": {"description": {"text": "The kernel tree"}}},
                "results": [_result(a, codes) for a in left],
            }
        ],
    }


def _result(account: Account, codes: Sequence[str]) -> dict[str, object]:
    reason = account.reason
    assert reason is not None
    inside = f" in {account.function}()" if account.function else ""
    location: dict[str, object] = {
        "physicalLocation": {
            "artifactLocation": {"uri": account.file, "uriBaseId": "TREE"},
            "region": {"startLine": account.line, "snippet": {"text": account.text}},
        }
    }
    if account.function:
        location["logicalLocations"] = [{"name": account.function, "kind": "function"}]
    return {
        "ruleId": reason.code,
        "ruleIndex": codes.index(reason.code),
        "level": "warning" if account.outcome == "left" else "note",
        "message": {"text": f"{account.kind}{inside}: {reason.text}"},
        "locations": [location],
    }
