# SPDX-License-Identifier: GPL-2.0-only
"""What a review remembers from one time to the next.

In: a tree and what was decided.  Out: a file below $XDG_STATE_HOME, and from it the decisions
again.  A decision belongs to a path and a hunk's text: where the text has changed, nothing is
remembered of it and the hunk is asked again.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field

from vmaconv.cocci.diff.hunk import Hunk
from vmaconv.cocci.text.atomic import write_whole
from vmaconv.cocci.text.tree_file import read_regular
from vmaconv.review.material.decisions import PassageDecision, PassageState
from vmaconv.review.material.hunk_editor import BadEdit, parse_edited
from vmaconv.review.material.passages import Material

SCHEMA = 1
#: Decisions on hunks that a run does not have (other paths, other rules) are kept up to here.
_MOST = 20_000


class Remembered(Struct, frozen=True):
    """What was found: decisions by key, the passage that was looked at, and how it was shown.

    `others` are entries of the file that fit no passage; `stale` counts those among them whose
    path this review has.  `trouble` says why an earlier review could not be read.
    """

    decisions: Mapping[str, PassageDecision] = field(default_factory=dict)
    at: str = ""
    view: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, object] = field(default_factory=dict)
    stale: int = 0
    trouble: str = ""


def state_path(tree: Path) -> Path:
    """Return the file of a tree's review."""
    base = os.environ.get("XDG_STATE_HOME", "")
    # The XDG specification has relative paths ignored.
    folder = Path(base) if base.startswith("/") else Path.home() / ".local" / "state"
    digest = hashlib.sha256(os.fsencode(tree.resolve())).hexdigest()[:16]
    return folder / "vmaconv" / "review" / f"{digest}.json"


def recall(path: Path, material: Material) -> Remembered:
    """Read what an earlier review of this tree decided; a file that makes no sense is put aside."""
    try:
        found = json.loads(read_regular(path))
        if not isinstance(found, dict) or found.get("schema") != SCHEMA:
            raise ValueError("not written by this version")
        entries = found["decisions"]
        if not isinstance(entries, dict):
            raise ValueError("no decisions in it")
    except FileNotFoundError:
        return Remembered()
    except (OSError, ValueError, KeyError) as error:
        return Remembered(trouble=f"{path} could not be read ({error}): all hunks are open")
    passages = {passage.key: passage for passage in material.passages}
    paths = {file.path for file in material.files}
    decisions: dict[str, PassageDecision] = {}
    others: dict[str, object] = {}
    stale = 0
    for key, entry in entries.items():
        made = _decision(entry, passages[key].hunk) if key in passages else None
        if made is not None:
            decisions[key] = made
        else:
            others[key] = entry
            stale += isinstance(entry, dict) and entry.get("path") in paths
    view = found.get("view")
    shown = {str(k): str(v) for k, v in view.items()} if isinstance(view, dict) else {}
    return Remembered(decisions, str(found.get("at", "")), shown, others, stale)


def _decision(entry: object, hunk: Hunk) -> PassageDecision | None:
    if not isinstance(entry, dict):
        return None
    try:
        state = PassageState(entry.get("state"))
        text = entry.get("edited")
        edited = parse_edited(base64.b64decode(text), hunk) if isinstance(text, str) else None
    except (ValueError, BadEdit):
        return None
    return PassageDecision(state, edited)


def remember(
    path: Path,
    tree: Path,
    made: Mapping[str, tuple[str, PassageDecision]],
    *,
    at: str,
    view: Mapping[str, str],
    others: Mapping[str, object],
) -> None:
    """Write what was decided, whole or not at all.  Raises OSError."""
    entries: dict[str, object] = dict(list(others.items())[-_MOST:])
    for key, (file, decision) in made.items():
        entry = {"path": file, "state": decision.state.value}
        if decision.edited is not None:
            entry["edited"] = base64.b64encode(decision.edited.render()).decode()
        entries[key] = entry
    data = {
        "schema": SCHEMA,
        "tree": str(tree.resolve()),
        "at": at,
        "view": dict(view),
        "decisions": entries,
    }
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, json.dumps(data, indent=1).encode("utf-8", "backslashreplace") + b"\n")
