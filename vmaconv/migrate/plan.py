# SPDX-License-Identifier: GPL-2.0-only
"""Plan files: a migration's decisions in TOML, for a person to edit and feed back.

In: a migration, or a plan file. Out: the file's text, or `Overrides`. Only what a person may
decide is read back: what is done with a subject, what it is called, what is done in a place. The
rest of a table is there to be read.

    [[decision]]
    subject = "mlock_future_ok(2)"
    action = "narrow"          # or "keep"
    name = "is_vma_locked"

    [[place]]
    place = "mm/vma.h:246"
    action = "convert"         # or "leave"
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from vmaconv.cocci.text.tree_file import read_given, read_regular
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.flags.helpers.generation import HEADERS
from vmaconv.migrate.decide.settings import Overrides
from vmaconv.migrate.decide.trial import Action, PlanDecision
from vmaconv.migrate.migration import Migration
from vmaconv.migrate.migration_error import MigrationError
from vmaconv.migrate.plan_wording import decision_line

_ACTIONS = {"keep", "migrate", "narrow", "add twin", "use twin", "add union", "rename"}
_PLACES = {"convert", "leave"}
_DECISION = {"subject", "file", "action", "name", "why", "place"}
_PLACE = {"place", "action", "text", "why"}

_HEAD = """\
# A plan of vmaconv migrate. Edit it and feed it back with --plan.
#
# [[decision]]: action is what is done with the subject. "keep" leaves it on the old type; a
# parameter that is only tested for one mask may "narrow" to a bool instead of "migrate". name is
# what it is called afterwards. file is where a static function is, else empty.
# [[place]]: a use of a seed. "convert" puts a conversion to the old type there, "leave" leaves it.
# What is not in this file is decided anew. why, text and a decision's place are for you to read.
"""


_INFERRED = frozenset(
    {Action.CONVERT, Action.BRIDGE, Action.STATE, Action.ASK, Action.ADD_HOLDER, Action.MASK}
)
"""What follows from other decisions: nobody decides it in a plan file."""


def fingerprint(root: Path) -> str:
    """Return what tells one tree from another: a digest of the headers that define the types."""
    digest = hashlib.sha256()
    for header in HEADERS:
        path = root / header
        digest.update(header.encode() + b"\0")
        digest.update(read_regular(path) if path.is_file() else b"")
    return digest.hexdigest()[:16]


def write_plan(migration: Migration) -> str:
    """Return a migration's decisions as the text of a plan file."""
    return "\n".join(_lines(migration))


def _lines(migration: Migration) -> Iterator[str]:
    yield _HEAD
    yield "[plan]"
    yield f"recipe = {_string(migration.recipe.name)}"
    yield f"tree = {_string(fingerprint(migration.root))}"
    for decision in migration.trial.decisions:
        if decision.action in _INFERRED:
            continue
        yield "\n[[decision]]"
        yield f"subject = {_string(decision.subject)}"
        if decision.file:
            yield f"file = {_string(decision.file)}"
        yield f"action = {_string(decision.action)}"
        if decision.name:
            yield f"name = {_string(decision.name)}"
        yield f"why = {_string(decision.why)}"
        if decision.place is not None:
            yield f"place = {_string(str(decision.place))}"
    for decision in migration.trial.decisions:
        if decision.action == Action.CONVERT:
            yield from _place(str(decision.place), "convert", decision.subject, decision.why)
    for left in migration.left:
        yield from _place(str(left.place), "leave", left.text, left.why)
    yield ""


def _place(place: str, action: str, text: str, why: str) -> Iterator[str]:
    yield "\n[[place]]"
    yield f"place = {_string(place)}"
    yield f"action = {_string(action)}"
    yield f"text = {_string(text)}"
    yield f"why = {_string(why)}"


def _string(text: str) -> str:
    # A JSON string is a basic string of TOML, but for a DEL that has to be escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def read_plan(path: Path, root: Path) -> Overrides:
    """Read a plan file for the tree at `root`.

    Raises `MigrationError`, with the line, where it has an error or is for another tree.
    """
    try:
        text = read_given(path).decode()
        data = tomllib.loads(text)
    except OSError as error:
        reason = error.strerror or str(error)
        raise MigrationError("bad-plan", str(path), reason, "see that it can be read") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(path, None, f"this is no TOML: {error}") from error
    for key in data:
        if key not in ("plan", "decision", "place"):
            line = _line(text, rf"\[*{re.escape(key)}\b")
            raise _wrong(path, line, f"unknown table {key}")
    head = data.get("plan", {})
    tree = head.get("tree") if isinstance(head, dict) else None
    if tree is not None and tree != fingerprint(root):
        line = _line(text, r"tree\s*=")
        raise _wrong(path, line, f"the plan is for another tree than {root}", "write a new one")
    overrides = Overrides()
    actions: dict[tuple[str, str], str] = {}
    names: dict[tuple[str, str], str] = {}
    for index, table in enumerate(_tables(path, text, data, "decision", _DECISION)):
        line = _nth(text, "decision", index)
        action = table.get("action", "migrate")
        if action not in _ACTIONS:
            known = ", ".join(sorted(_ACTIONS))
            raise _wrong(path, line, f"unknown action {action!r}; there are {known}")
        if not table.get("subject"):
            raise _wrong(path, line, "the decision has no subject")
        key_of = (table["subject"], table.get("file", ""))
        if key_of in actions:
            raise _wrong(path, line, f"{table['subject']} is decided twice")
        actions[key_of] = action
        if name := table.get("name"):
            names[key_of] = name
    places = dict(_read_places(path, text, data))
    overrides = Overrides(actions, names, places)
    for number, subject in enumerate(actions):
        overrides.lines[subject] = f"{path}:{_nth(text, 'decision', number)}"
    for number, place in enumerate(places):
        overrides.lines[place] = f"{path}:{_nth(text, 'place', number)}"
    return overrides


def _read_places(
    path: Path, text: str, data: dict[str, object]
) -> Iterator[tuple[HeaderPlace, str]]:
    for index, table in enumerate(_tables(path, text, data, "place", _PLACE)):
        line = _nth(text, "place", index)
        where, _, number = table.get("place", "").rpartition(":")
        if not where or not number.isdigit():
            raise _wrong(path, line, "a place is written as path:line")
        action = table.get("action", "")
        if action not in _PLACES:
            raise _wrong(path, line, f"unknown action {action!r}; there are convert, leave")
        yield HeaderPlace(where, int(number)), action


def _tables(
    path: Path, text: str, data: dict[str, object], key: str, known: set[str]
) -> Iterator[dict[str, str]]:
    tables = data.get(key, [])
    if not isinstance(tables, list):
        raise _wrong(path, _line(text, rf"\[{key}\]"), f"write [[{key}]], not [{key}]")
    for index, table in enumerate(tables):
        line = _nth(text, key, index)
        if not isinstance(table, dict):
            raise _wrong(path, line, f"[[{key}]] must be a table")
        for name, value in table.items():
            if name not in known:
                wanted = ", ".join(sorted(known))
                raise _wrong(path, line, f"unknown key {name}; known: {wanted}")
            if not isinstance(value, str):
                raise _wrong(path, line, f"{name} must be a string")
        yield table


def _nth(text: str, key: str, index: int) -> int | None:
    """Return the line (from 1) of the table number `index` of a kind."""
    found = [m.start() for m in re.finditer(rf"(?m)^\s*\[\[\s*{key}\s*\]\]", text)]
    return (
        text.count("\n", 0, found[index]) + 1 + text[found[index] :].startswith("\n")
        if (index < len(found))
        else None
    )


def _line(text: str, pattern: str) -> int | None:
    found = re.search(rf"(?m)^\s*{pattern}", text)
    return text.count("\n", 0, found.end()) + 1 if found is not None else None


def _wrong(
    path: Path, line: int | None, what: str, remedy: str = "see vmaconv migrate --write-plan"
) -> MigrationError:
    place = f"{path}:{line}" if line is not None else str(path)
    return MigrationError("bad-plan", place, what, remedy)


_LIKE = {"use twin": "add twin"}
"""Actions that ask for the same: which of them it is, the tree says."""


def _check_honoured(
    overrides: Overrides, key: tuple[str, str], found: Sequence[PlanDecision], migration: Migration
) -> None:
    """Raise `MigrationError` where something else became of a subject than a plan says."""
    wanted, name = overrides.actions[key], overrides.names.get(key, "")
    became = next((decision for decision in found), None)
    actions = {_LIKE.get(decision.action, decision.action) for decision in found}
    if wanted == "keep":
        what = "cannot be kept" if found else ""
    elif _LIKE.get(wanted, wanted) not in actions:
        what = f"cannot {wanted}"
    elif name and name not in {decision.name for decision in found}:
        what = f"cannot be called {name}"
    else:
        what = ""
    if not what:
        return
    stop = next((str(o) for subject, o in migration.stops if subject == key[0]), "")
    why = decision_line(became, migration.recipe.new) if became is not None else stop
    remedy = "have the plan say what can be done, or take the entry out"
    text = f"{key[0]} {what}{': ' + why if why else ''}"
    raise MigrationError("bad-plan", overrides.lines[key], text, remedy)


def check_used(overrides: Overrides, migration: Migration) -> None:
    """Raise `MigrationError` for what a plan decides and the migration does not do.

    That is about things that do not come up in the tree, or about what cannot be done.
    """
    decided: dict[tuple[str, str], list[PlanDecision]] = {}
    for decision in migration.trial.decisions:
        decided.setdefault((decision.subject, decision.file), []).append(decision)
    for key in overrides.actions:
        if key not in decided and key not in overrides.asked:
            where = f" in {key[1]}" if key[1] else ""
            what = f"{key[0]}{where} is no part of this migration"
            raise MigrationError("bad-plan", overrides.lines[key], what, "see its spelling")
        _check_honoured(overrides, key, decided.get(key, []), migration)
    uses = {left.place for left in migration.left}
    uses |= {d.place for d in migration.trial.decisions if d.place is not None}
    for place in overrides.places:
        if place not in uses and place not in overrides.asked:
            what = f"{place} has no use of a seed that a plan could decide about"
            raise MigrationError("bad-plan", overrides.lines[place], what, "see the line")
