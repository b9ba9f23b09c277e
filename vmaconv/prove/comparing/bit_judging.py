# SPDX-License-Identifier: GPL-2.0-only
"""The verdict on bit numbers that a change declares anew.

In: a file that declares bits, before and after. Out: a `Judgement` for each bit that is not declared by
the same text under the same conditions: its number is compared in each configuration.
"""

from __future__ import annotations

from collections.abc import Iterator

from vmaconv.prove.configuration.compiled_text import asker
from vmaconv.prove.configuration.condition_value import Ask
from vmaconv.prove.configuration.configurations import Configuration, TooMany
from vmaconv.prove.headers.header_index import HeaderIndex, SourceFile, Undeclared
from vmaconv.prove.verdict import Example, Judgement, Side, Verdict

_ALIASES = 16
"""How many names a bit may have, one standing for the next."""


def judge_bits(
    old: SourceFile, new: SourceFile, before: HeaderIndex, after: HeaderIndex
) -> Iterator[Judgement]:
    """Yield the verdicts on the bits that a file declares otherwise than before."""
    for name in old.bit_names():
        texts = [
            [(value, side.compiled.conditions_at(offset)) for offset, value in side.bits(name)]
            for side in (old, new)
        ]
        if texts[0] != texts[1]:
            yield _judged(name, old, new, (before, after))


def _judged(
    name: str, old: SourceFile, new: SourceFile, indexes: tuple[HeaderIndex, HeaderIndex]
) -> Judgement:
    place = new.bits(name)
    line = new.unit.line(place[0][0]) if place else 1
    try:
        for configuration in indexes[1].configurations():
            numbers = [_number(index, name, asker(configuration)) for index in indexes]
            if numbers[0] is None or numbers[0] == numbers[1]:
                continue
            is_gone = numbers[1] is None
            reason = "is no longer declared" if is_gone else "the flag is another bit than before"
            example = _example(name, (old, new), numbers, configuration)
            return Judgement(new.path, name, line, Verdict.DIFFERS, reason, example)
    except TooMany:
        reason = "there are too many configurations that can be told apart"
        return Judgement(new.path, name, line, Verdict.UNDECIDED, reason)
    return Judgement(new.path, name, line, Verdict.PROVEN)


def _number(index: HeaderIndex, name: str, ask: Ask) -> int | None:
    found: int | str | None = name
    try:
        for _ in range(_ALIASES):
            if not isinstance(found, str):
                break
            found = index.bit(found, ask)
    except Undeclared:
        return None
    return found if isinstance(found, int) else None


def _example(
    name: str,
    files: tuple[SourceFile, SourceFile],
    numbers: list[int | None],
    configuration: Configuration,
) -> Example:
    sides = []
    for file, number in zip(files, numbers, strict=True):
        spots = file.bits(name)
        value = "not declared" if number is None else f"bit {number}"
        sides.append(Side(file.unit.line(spots[0][0]) if spots else 1, name, value))
    return Example((), configuration.words(), sides[0], sides[1])
