# SPDX-License-Identifier: GPL-2.0-only
"""Checks of what the process of the scripts sends back, and what is sent to it.

In: values of `script_values`; messages of a process that nothing is taken on trust from. Out: the
same as plain data; `BlockOutcome`s, or None for what no block can have made.
"""

from __future__ import annotations

from collections.abc import Mapping

from vmaconv.cocci.script.inside.plain_data import Json, encode
from vmaconv.cocci.script.script_values import (
    MADE_KINDS,
    BlockOutcome,
    CommentText,
    Iterate,
    Merged,
    ScriptBinding,
    ScriptPosition,
    Terms,
    Value,
)
from vmaconv.cocci.smpl.rule import RulePlace, SmplError

MAX_TEXT = 1000
"""Characters of a message of the process that are shown."""

MAX_LINE = 1 << 31

ERRORS = frozenset(
    (
        *("script-error", "script-denied", "script-recursion", "script-output-value"),
        *("script-time-limit", "script-memory-limit", "script-output-limit"),
    )
)
"""Kinds of error that the process may name."""

Answer = Mapping[str, object]


def shown(value: Value) -> list[Json]:
    """Return a value as the process takes it; `inside.script_host.script_side` reads it."""
    match value:
        case str():
            return ["text", value]
        case Terms(text, elements):
            return ["terms", text, [*elements]]
        case Merged(parts):
            return ["merged", [encode(part) for part in parts]]
    places = [_fields(item) for item in value if isinstance(item, ScriptPosition)]
    if places:
        return ["positions", [*places]]
    comments = [item for item in value if isinstance(item, CommentText)]
    return ["comments", [[c.before, c.middle, c.after] for c in comments]]


def default_value(text: str) -> list[Json]:
    """Return what `"text"` or `[]` after the `=` of an input stands for."""
    if text.strip() == "[]":
        return ["comments", []]
    return ["text", text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text]


def _fields(place: ScriptPosition) -> list[Json]:
    """Return the fields of a `Location`, in the order of its constructor."""
    extent = (
        place.element_line,
        place.element_column,
        place.element_line_end,
        place.element_column_end,
    )
    ends = (place.line, place.column, place.line_end, place.column_end)
    return [place.file, place.element, *map(str, extent), *map(str, ends)]


def error_of(answer: Answer, block: RulePlace) -> SmplError | None:
    """Return the error that an answer tells of, placed in the rule file, or None."""
    match answer.get("error"):
        case [str(code), int() | None as line, str(message), str(remedy)] if code in ERRORS:
            told = isinstance(line, int) and 0 < line < MAX_LINE
            place = RulePlace(block.file, line, 0) if told and line is not None else block
            return SmplError(code, place, message[:MAX_TEXT], remedy[:MAX_TEXT])
    return None


def outcome_of(
    answer: Answer, outputs: Mapping[str, RulePlace], file: str
) -> BlockOutcome | SmplError:
    """Return what running a block came to.

    `outputs` are the names that the block makes, with the places of their declarations. Errors:
    `script-output-value` for a term that was spoilt, `script-error` for what is no answer at all.
    """
    if isinstance(status := answer.get("exit"), int):
        return BlockOutcome(exit_status=status)
    made, keep, stop = answer.get("made"), answer.get("keep"), answer.get("stop")
    asked = _iterations(answer.get("iterations"), file)
    if not (isinstance(made, dict) and isinstance(keep, bool) and isinstance(stop, bool)):
        return _no_answer(file)
    if asked is None or (made and set(made) != set(outputs)):
        return _no_answer(file)
    terms: dict[str, ScriptBinding] = {}
    for name, place in outputs.items() if made else ():
        term = _made(made[name])
        if term is None:
            message = f"coccinelle.{name} was given a term that was changed"
            remedy = "give it a text, or what a function like cocci.make_expr makes"
            return SmplError("script-output-value", place, message, remedy)
        terms[name] = term
    return BlockOutcome(terms, keep, stop, None, asked)


def _no_answer(file: str) -> SmplError:
    return SmplError("script-error", RulePlace(file, 1, 0), "the script sent what is no answer")


def _made(value: object) -> ScriptBinding | None:
    match value:
        case ["unset", str(text)]:
            return ScriptBinding("unset", text)
        case ["identifier", str(text)]:
            return ScriptBinding("identifier", text)
        case ["position", "", "", [str(file), *numbers, str(element)]]:
            match numbers:
                case [int(line), int(column), int(line_end), int(column_end)]:
                    place = ScriptPosition(file, line, column, line_end, column_end, element)
                    return ScriptBinding("position", position=place)
        case [str(kind), str(text), str(declarations), None]:
            known = kind in MADE_KINDS and kind != "position"
            return ScriptBinding(kind, text, declarations) if known else None
    return None


def _iterations(value: object, file: str) -> tuple[Iterate, ...] | None:
    if not isinstance(value, list):
        return None
    found = [_iteration(item, file) for item in value]
    return tuple(one for one in found if one is not None) if None not in found else None


def _iteration(value: object, file: str) -> Iterate | None:
    match value:
        case [list() | None as names, list(rules), list(pairs), bool(extend), int(line)]:
            files = None if names is None else _texts(names)
            virtual = _texts(rules)
            values = [_texts(pair) if isinstance(pair, list) else None for pair in pairs]
            if virtual is None or (names is not None and files is None):
                return None
            identifiers: list[tuple[str, str]] = []
            for pair in values:
                if pair is None or len(pair) != 2:
                    return None
                identifiers.append((pair[0], pair[1]))
            place = RulePlace(file, line if 0 < line < MAX_LINE else 1, 0)
            return Iterate(files, virtual, tuple(identifiers), extend, place)
    return None


def _texts(values: list[object]) -> tuple[str, ...] | None:
    texts = [value for value in values if isinstance(value, str)]
    return tuple(texts) if len(texts) == len(values) else None
