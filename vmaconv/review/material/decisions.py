# SPDX-License-Identifier: GPL-2.0-only
"""What a person decided, passage by passage.

In: `Material` and decisions from an earlier time.  Out: decisions that can be undone, progress, and
the changed files that the accepted hunks make.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cocci.diff.hunk import Hunk, apply_hunks
from vmaconv.cocci.diff.merge import merged
from vmaconv.review.material.passages import FileReview, Material, Passage
from vmaconv.series.change import FileChange


class PassageState(Enum):
    """What became of a passage."""

    OPEN = "open"
    ACCEPTED = "accepted"
    SKIPPED = "skipped"


class PassageDecision(Struct, frozen=True):
    """A passage's state; `edited` is what a person made of its hunk, if they did."""

    state: PassageState = PassageState.OPEN
    edited: Hunk | None = None


_UNDECIDED = PassageDecision()


class Progress(Struct, frozen=True):
    """How far a review is: hunks by state; edited ones are accepted ones, too."""

    hunks: int
    accepted: int
    skipped: int
    edited: int

    @property
    def open(self) -> int:
        """Count the hunks to decide on."""
        return self.hunks - self.accepted - self.skipped


class Decisions:
    """The decisions on one material."""

    def __init__(
        self, material: Material, known: Mapping[str, PassageDecision] | None = None
    ) -> None:
        self._material = material
        self._passages = material.passages
        known = known or {}
        self._made = {
            passage.index: known[passage.key]
            for passage in self._passages
            if passage.key in known and known[passage.key] != _UNDECIDED
        }
        self._past: list[dict[int, PassageDecision]] = []

    def __getitem__(self, index: int) -> PassageDecision:
        return self._made.get(index, _UNDECIDED)

    def hunk(self, index: int) -> Hunk:
        """Return a passage's hunk as it stands: edited, or as the rules made it."""
        return self[index].edited or self._passages[index].hunk

    def decide(self, indices: Sequence[int], state: PassageState) -> bool:
        """Accept, skip or reopen passages in one step; tell whether anything changed.

        A place without a change can be accepted only once it has been edited. Of groups in order,
        what is accepted takes along its group and those before it, what is not, those behind it.
        """
        indices = self._with_group(indices, state)
        new = {
            index: replace(self[index], state=state)
            for index in indices
            if self._changes(index) and self[index].state is not state
        }
        return self._set(new)

    def _with_group(self, indices: Sequence[int], state: PassageState) -> Sequence[int]:
        if not self._material.in_order:
            return indices
        order = list(dict.fromkeys(file.group for file in self._material.files))
        at = {p.index: order.index(f.group) for f in self._material.files for p in f.passages}
        wanted = [at[index] for index in indices]
        if not wanted:
            return indices
        if state is PassageState.ACCEPTED:
            return [index for index, group in at.items() if group <= max(wanted)]
        return [index for index, group in at.items() if group >= min(wanted)]

    def edit(self, index: int, hunk: Hunk | None) -> bool:
        """Put an edited hunk in the place of the rules' own and accept it; None takes it back.

        An edit that leaves no change skips the passage; one that says what the rules say is none.
        """
        passage = self._passages[index]
        if self._material.in_order:
            return self._edit_in_order(index, hunk)
        if hunk is None:
            return self._set({index: _UNDECIDED})
        if not hunk.gone and not hunk.came:
            state = PassageState.SKIPPED if passage.changes else PassageState.OPEN
            return self._set({index: PassageDecision(state)})
        edited = None if hunk.lines == passage.hunk.lines else hunk
        return self._set({index: PassageDecision(PassageState.ACCEPTED, edited)})

    def _edit_in_order(self, index: int, hunk: Hunk | None) -> bool:
        """Edit a hunk of a group, which is accepted whole, with those before it."""
        state = PassageState.OPEN if hunk is None else PassageState.ACCEPTED
        around = self._with_group([index], state)
        new = {n: replace(self[n], state=state) for n in around if self._changes(n)}
        edited = hunk if hunk is None or hunk.lines != self._passages[index].hunk.lines else None
        return self._set(new | {index: PassageDecision(state, edited)})

    def fits_in_order(self, index: int, hunk: Hunk) -> bool:
        """Return whether later groups can change a file on top of an edited hunk, too."""
        before = dict(self._made)
        self._made[index] = PassageDecision(PassageState.ACCEPTED, hunk)
        path = self._passages[index].path
        files = [file for file in self._material.files if file.path == path]
        try:
            return self._folded(files) is not None
        finally:
            self._made = before

    def undo(self) -> int | None:
        """Take the last step back and give a passage that it touched; None where there is none."""
        if not self._past:
            return None
        before = self._past.pop()
        self._put(before)
        return min(before)

    def _set(self, new: Mapping[int, PassageDecision]) -> bool:
        new = {index: made for index, made in new.items() if made != self[index]}
        if not new:
            return False
        self._past.append({index: self[index] for index in new})
        self._put(new)
        return True

    def _put(self, made: Mapping[int, PassageDecision]) -> None:
        for index, decision in made.items():
            if decision == _UNDECIDED:
                self._made.pop(index, None)
            else:
                self._made[index] = decision

    def _changes(self, index: int) -> bool:
        return self._passages[index].changes or self[index].edited is not None

    def by_key(self) -> Mapping[str, tuple[str, PassageDecision]]:
        """Return path and decision under each passage's key, to be remembered."""
        return {
            self._passages[index].key: (self._passages[index].path, made)
            for index, made in self._made.items()
        }

    def progress(self, passages: Sequence[Passage] | None = None) -> Progress:
        """Count hunks by state, in all passages or in some."""
        looked_at = self._passages if passages is None else passages
        hunks = [passage.index for passage in looked_at if self._changes(passage.index)]
        states = Counter(self[index].state for index in hunks)
        edited = sum(self[index].edited is not None for index in hunks)
        return Progress(
            len(hunks), states[PassageState.ACCEPTED], states[PassageState.SKIPPED], edited
        )

    def accepted(self, file: FileReview) -> tuple[Passage, ...]:
        """Return a file's accepted passages."""
        return tuple(p for p in file.passages if self[p.index].state is PassageState.ACCEPTED)

    def changes(self) -> tuple[FileChange, ...]:
        """Return the files that the accepted hunks change, as they make them."""
        return tuple(self._changed())

    def _changed(self) -> Iterator[FileChange]:
        if self._material.in_order:
            yield from self._changed_in_order()
            return
        for file in self._material.files:
            accepted = self.accepted(file)
            if accepted:
                notes = dict.fromkeys(e.rule.description for p in accepted for e in p.edits)
                after = apply_hunks(file.change.before, [self.hunk(p.index) for p in accepted])
                yield replace(file.change, after=after, notes=tuple(notes))

    def _changed_in_order(self) -> Iterator[FileChange]:
        """Yield each file from before its first accepted group to after its last."""
        found: dict[str, list[FileReview]] = {}
        for file in self._material.files:
            if self.accepted(file):
                found.setdefault(file.path, []).append(file)
        for files in found.values():
            after = self._folded(files)
            assert after is not None, "an edit that later groups do not fit is not taken"
            yield replace(files[-1].change, before=files[0].change.before, after=after)

    def _folded(self, files: Sequence[FileReview]) -> bytes | None:
        """Return a file after some groups, edits included; None where they do not fit together."""
        text = files[0].change.before
        for file in files:
            before, after = file.change.before, file.change.after
            if any(self[p.index].edited is not None for p in file.passages):
                wanted = [p.index for p in file.passages if self._changes(p.index)]
                after = apply_hunks(before, [self.hunk(index) for index in wanted])
            both = after if text == before else merged(text, before, after)
            if both is None:
                return None
            text = both
        return text

    def partial_groups(self) -> tuple[str, ...]:
        """Name the groups that must land together and are accepted in part only."""
        found = []
        for group in dict.fromkeys(f.group for f in self._material.files if f.group):
            members = [p for f in self._material.files if f.group == group for p in f.hunks]
            accepted = sum(self[p.index].state is PassageState.ACCEPTED for p in members)
            if 0 < accepted < len(members):
                found.append(group)
        return tuple(found)
