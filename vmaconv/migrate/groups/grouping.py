# SPDX-License-Identifier: GPL-2.0-only
"""Groups: edits in an order in which the tree compiles after each.

In: the steps of a plan, each with its owner, and who goes with whom. Out: `Group`s: title,
reason, and for each file its bytes before and after, sequentially applicable.

The edits all count from the original text. A group's state of a file is the original with the edits
of that group and of all before it, laid out; so a later group never sees where an earlier one moved
things.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum, auto
from types import MappingProxyType

from msgspec import Struct, field

from vmaconv.cocci.rewrite.edit import Edit, Moves, Overlap, apply
from vmaconv.cocci.rewrite.lines.layout import wrap
from vmaconv.cocci.tree.unit import Unit
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.migrate.decide.trial import EditStep
from vmaconv.migrate.migration_error import MigrationError
from vmaconv.migrate.write.alignment import adopted, realigned


class GroupKind(StrEnum):
    """What a group is about, by the word that a recipe's order has for it."""

    OTHER = ""
    SPARSE = auto()
    HELPERS = auto()
    TESTS = auto()
    RENAMES = auto()
    CONVERSIONS = auto()
    MASKS = auto()
    USES = auto()
    TWINS = auto()
    FUNCTIONS = auto()
    UNION = auto()
    REMOVAL = auto()


class Group(Struct, frozen=True):
    """One step of the series: `changes` has a file's bytes before and after it.

    `title` is for a commit's summary, `why` the flow that forces it, `body` says both in sentences;
    `notes` say of each subject what becomes of it. The files of an `independent` group need not
    change at once; `home` are those that a group is about, if not all. `kind` is what the recipe
    calls such changes; with `is_whole` the title has its prefix already. `name` is how a person picks
    the group, `uses` how many declarations and uses it changes. `own_notes` say of a file what is not
    said of the others.
    """

    title: str
    why: str
    changes: Mapping[str, tuple[bytes, bytes]]
    subjects: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    body: str = ""
    independent: bool = False
    home: tuple[str, ...] = ()
    kind: GroupKind = GroupKind.OTHER
    is_whole: bool = False
    name: str = ""
    uses: int = 0
    own_notes: Mapping[str, tuple[str, ...]] = MappingProxyType({})


class Draft(Struct):
    """A group in the making: its steps, in the order in which insertions at one place follow."""

    title: str
    why: str
    steps: list[EditStep] = field(default_factory=list)
    subjects: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    body: str = ""
    independent: bool = False
    home: tuple[str, ...] = ()
    kind: GroupKind = GroupKind.OTHER
    is_whole: bool = False
    name: str = ""
    uses: int = 0
    own_notes: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    dropped: list[EditStep] = field(default_factory=list)
    """Steps of earlier drafts that are taken back: what stood in for something until now."""


def build_groups(texts: Mapping[str, bytes], drafts: Sequence[Draft]) -> list[Group]:
    """Make the groups; raise `MigrationError` where two edits want the same bytes."""
    made: dict[str, list[Edit]] = {}
    state: dict[str, bytes] = {}
    groups: list[Group] = []
    for draft in drafts:
        changes: dict[str, tuple[bytes, bytes]] = {}
        for path in dict.fromkeys(step.path for step in (*draft.steps, *draft.dropped)):
            edits = made.setdefault(path, [])
            for step in draft.dropped:
                if step.path == path:
                    edits.remove(step.edit)
            edits += [s.edit for s in draft.steps if s.path == path]
            before = state.get(path, texts[path])
            after = lay_out(path, texts[path], edits)
            if after != before:
                changes[path] = (before, after)
                state[path] = after
        if changes:
            groups.append(
                Group(
                    draft.title,
                    draft.why,
                    dict(sorted(changes.items())),
                    draft.subjects,
                    draft.notes,
                    draft.body,
                    draft.independent,
                    draft.home,
                    draft.kind,
                    draft.is_whole,
                    draft.name,
                    draft.uses,
                    draft.own_notes,
                )
            )
    return groups


def lay_out(path: str, text: bytes, edits: Iterable[Edit]) -> bytes:
    """Return `text` with `edits` made, aligned and wrapped."""
    try:
        merged = merge(edits)
        moves = Moves(merged)
    except Overlap as overlap:
        line = Unit(path, text).line(overlap.second.start)
        what = f"two changes of the same text: {overlap.first.rule} and {overlap.second.rule}"
        remedy = "report this; meanwhile, keep one of the two with a plan file"
        raise MigrationError("overlap", str(HeaderPlace(path, line)), what, remedy) from overlap
    merged = merge([*merged, *realigned(text, merged)])
    moves = Moves(merged)
    new = apply(text, merged)
    spans = [
        span
        for span, edit in zip(moves.written(), merged, strict=True)
        if edit.rule not in ("helpers", "conversion text")
    ]
    return apply(new, adopted(new, wrap(new, spans)))


def merge(edits: Iterable[Edit]) -> list[Edit]:
    """Return the edits in order, equal ones once, and insertions at one place as one."""
    unique = list(dict.fromkeys(edits))
    inserted: dict[int, Edit] = {}
    out: list[Edit] = []
    for edit in unique:
        if edit.start != edit.end:
            out.append(edit)
        elif edit.start in inserted:
            first = inserted[edit.start]
            both = Edit(edit.start, edit.end, first.text + edit.text, first.rule)
            inserted[edit.start] = both
        else:
            inserted[edit.start] = edit
    replaced = {edit.start: edit for edit in out}
    for at, edit in inserted.items():
        if at in replaced:
            # Inserted right before what is replaced: one edit of both.
            own = replaced[at]
            out.remove(own)
            out.append(Edit(own.start, own.end, edit.text + own.text, own.rule))
        else:
            out.append(edit)
    return sorted(out)
