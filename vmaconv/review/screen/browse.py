# SPDX-License-Identifier: GPL-2.0-only
"""Where a reviewer is, and what they look at.

In: material, decisions, a filter.  Out: the passages in view and the way from one to the next.
Nothing here knows a screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from msgspec import Struct

from vmaconv.review.material.decisions import Decisions, PassageState
from vmaconv.review.material.passages import FileReview, Material, Passage
from vmaconv.review.screen.draw import searchable

#: The states that a filter can ask for.
STATES = ("open", "accepted", "skipped", "edited", "left")
NO_SUBSYSTEM = "none in MAINTAINERS"


class Filter(Struct, frozen=True):
    """What is wanted in view; an empty word wants everything."""

    state: str = ""
    rule: str = ""
    subsystem: str = ""

    def __str__(self) -> str:
        return ", ".join(word for word in (self.state, self.rule, self.subsystem) if word)


def grouped(files: Iterable[FileReview]) -> dict[str, list[FileReview]]:
    """Put files under what they belong to: what must land together, or else their subsystem.

    Names and the files below them keep the order in which they come; what belongs to nothing comes
    last.
    """
    groups: dict[str, list[FileReview]] = {}
    for file in files:
        groups.setdefault(file.group or file.subsystem or NO_SUBSYSTEM, []).append(file)
    if NO_SUBSYSTEM in groups:
        groups[NO_SUBSYSTEM] = groups.pop(NO_SUBSYSTEM)
    return groups


@dataclass(slots=True)
class View:
    """A walk through the passages in the order of the list of files.

    `at` is the index of the one that is looked at.
    """

    material: Material
    decisions: Decisions
    filter: Filter = Filter()
    needle: str = ""
    at: int = 0
    _passages: tuple[Passage, ...] = field(init=False)
    _files: list[FileReview] = field(init=False)
    _order: list[int] = field(init=False)
    _rank: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self._passages = self.material.passages
        self._files = [file for file in self.material.files for _ in file.passages]
        groups = grouped(self.material.files).values()
        self._order = [p.index for group in groups for file in group for p in file.passages]
        self._rank = {index: rank for rank, index in enumerate(self._order)}
        self.at = self._order[0] if self._order else 0

    @property
    def number(self) -> int:
        """Return the number, from 1, of the passage that is looked at."""
        return self._rank.get(self.at, -1) + 1

    @property
    def here(self) -> Passage | None:
        """Return the passage that is looked at; None where there is nothing to review."""
        return self._passages[self.at] if self._passages else None

    def file_of(self, index: int) -> FileReview:
        """Return a passage's file."""
        return self._files[index]

    def fits(self, index: int) -> bool:
        """Return whether a passage is in view."""
        passage, wanted = self._passages[index], self.filter
        if wanted.rule and wanted.rule not in passage.rules:
            return False
        if wanted.subsystem:
            name = self._files[index].subsystem or NO_SUBSYSTEM
            if name != wanted.subsystem:
                return False
        return not wanted.state or wanted.state in self._states(index)

    def _states(self, index: int) -> set[str]:
        passage, made = self._passages[index], self.decisions[index]
        states = {"left"} if passage.left else set()
        if passage.changes or made.edited is not None:
            states.add(made.state.value)
        return states | {"edited"} if made.edited is not None else states

    def visible(self) -> list[int]:
        """Return the passages in view."""
        return [index for index in self._order if self.fits(index)]

    def choices(self) -> dict[str, list[str]]:
        """Return the values that each filter can take here."""
        subsystems = {file.subsystem or NO_SUBSYSTEM for file in self.material.files}
        return {
            "state": list(STATES),
            "rule": [rule.name for rule in self.material.rules],
            "subsystem": sorted(subsystems),
        }

    # --- Moving; each tells whether there was somewhere to go

    def move(self, step: int) -> bool:
        """Go to the next passage in view, or the previous one."""
        return self._to(self._onward(step, self.fits))

    def move_file(self, step: int) -> bool:
        """Go to the first passage in view of the next file, or of the previous one."""
        if not self._passages:
            return False
        here = self._files[self.at]
        found = self._onward(step, lambda n: self.fits(n) and self._files[n] is not here)
        if found is None:
            return False
        file = self._files[found]
        first = next(p.index for p in file.passages if self.fits(p.index))
        return self._to(first)

    def next_open(self) -> bool:
        """Go to the next hunk to decide on, from the end on to the first."""

        found = self._onward(1, self.is_open)
        if found is None:
            found = next((n for n in self._order if self.is_open(n)), None)
        return self._to(found)

    def is_open(self, index: int) -> bool:
        """Return whether a passage in view is a hunk to decide on."""
        undecided = self.decisions[index].state is PassageState.OPEN
        return self._passages[index].changes and undecided and self.fits(index)

    def go_to(self, index: int) -> bool:
        """Go to a passage."""
        return self._to(index if 0 <= index < len(self._passages) else None)

    def jump(self, wanted: str) -> bool:
        """Go to a passage by its number (from 1), or by a part of its path, `:line` behind it."""
        wanted = wanted.strip()
        if wanted.isdigit():
            there = 1 <= int(wanted) <= len(self._order)
            return self._to(self._order[int(wanted) - 1] if there else None)
        path, _, line = wanted.partition(":")
        found = [p for p in self._passages if path and path in p.path]
        if not found:
            return False
        if line.isdigit():
            same = [p for p in found if p.path == found[0].path]
            found = sorted(same, key=lambda p: abs(p.line - int(line)))
        return self._to(found[0].index)

    def search(self, needle: str, step: int = 1) -> bool:
        """Go to the next passage in view that has a text, round from the end to the first."""
        self.needle = needle
        wanted = needle.lower()
        around = [
            *self._ahead(step),
            *self._ahead(-step)[::-1],
            *self._order[self.number - 1 : self.number],
        ]
        return self._to(next((n for n in around if self.fits(n) and wanted in self._text(n)), None))

    def _text(self, index: int) -> str:
        return searchable(self._passages[index], self._files[index])

    def settle(self) -> bool:
        """Go to something in view where the filter hides the passage that was looked at."""
        if self._passages and self.fits(self.at):
            return True
        return self.move(1) or self.move(-1)

    def _onward(self, step: int, wanted: Callable[[int], bool]) -> int | None:
        return next((index for index in self._ahead(step) if wanted(index)), None)

    def _ahead(self, step: int) -> list[int]:
        """Return the passages that lie ahead, the nearest first."""
        here = self._rank.get(self.at, 0)
        return self._order[here + 1 :] if step > 0 else self._order[:here][::-1]

    def _to(self, index: int | None) -> bool:
        if index is None:
            return False
        self.at = index
        return True
