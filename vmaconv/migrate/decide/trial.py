# SPDX-License-Identifier: GPL-2.0-only
"""What a planner has settled so far, and taking it back.

In: steps and decisions, as they are made. Out: the same, in order. A trial may be marked and rolled
back: what was settled after the mark is forgotten as if it had never been.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from enum import Enum, StrEnum, auto

from msgspec import Struct, field

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.migrate.facts.entity import Entity, Function, Member, Parameter
from vmaconv.migrate.facts.operations import Test


class Phase(Enum):
    """A step that belongs to no function or variable."""

    RENAME = auto()
    MASKED_USES = auto()
    CONVERSION = auto()
    HELPERS = auto()
    MASK = auto()
    REMOVAL = auto()
    CUT = auto()


Owner = Entity | Function | Phase
"""What an edit belongs to: an entity that changes type, a function's twin, or a step."""


class Action(StrEnum):
    """What is done with a decision's subject; the value is the plan file's word."""

    MIGRATE = "migrate"
    """Its type changes."""
    NARROW = "narrow"
    """It becomes a bool."""
    ADD_TWIN = "add twin"
    """A function of the new type is added beside it."""
    USE_TWIN = "use twin"
    """One that is there is called."""
    ADD_UNION = "add union"
    """A member gets a twin in a union."""
    CONVERT = "convert"
    """Its value goes through a conversion, in each of its uses."""
    ADD_HOLDER = "add holder"
    """A predicate of a struct is added."""
    MASK = "mask"
    """A flag that some configurations lack becomes a mask."""
    ASK = "ask"
    """Another predicate is asked."""
    STATE = "state"
    """A call becomes a statement."""
    BRIDGE = "bridge"
    """A value goes through a conversion in one place."""
    RENAME = "rename"
    """It gets another name."""


class EditStep(Struct, frozen=True):
    """One edit of one file, and what it is a part of."""

    path: str
    edit: Edit
    owner: Owner


class PlanDecision(Struct, frozen=True):
    """One decision of a plan.

    `action` is what is done with `subject`; `name` a new name, if there is one; `why` the flow that
    forces it, `place` where that is; `less` what the subject does and what stands for it does not.
    """

    action: Action
    subject: str
    owner: Owner
    name: str = ""
    why: str = ""
    place: HeaderPlace | None = None
    file: str = ""
    less: str = ""


class Narrowed(Struct, frozen=True):
    """A parameter that becomes a bool, named `name`, true where `test` would be."""

    parameter: Parameter
    test: Test
    name: bytes


class Settled(Struct):
    """How much was settled at some time."""

    steps: int
    decisions: int
    migrating: int
    links: int
    narrowed: int
    twins: int
    unions: int


class Trial(Struct):
    """What is settled: edits, decisions, who migrates and who goes with whom.

    `migrating` has for each entity what its old names become, `unions` the names of the twins that
    members get, by the file that defines the struct.
    """

    steps: list[EditStep] = field(default_factory=list)
    decisions: list[PlanDecision] = field(default_factory=list)
    migrating: dict[Entity, Mapping[bytes, bytes]] = field(default_factory=dict)
    links: list[tuple[Owner, Owner]] = field(default_factory=list)
    narrowed: dict[Parameter, Narrowed] = field(default_factory=dict)
    twins: dict[Function, Hashable] = field(default_factory=dict)
    unions: dict[tuple[Member, str], bytes] = field(default_factory=dict)

    def mark(self) -> Settled:
        """Remember how much is settled."""
        return Settled(
            len(self.steps),
            len(self.decisions),
            len(self.migrating),
            len(self.links),
            len(self.narrowed),
            len(self.twins),
            len(self.unions),
        )

    def roll_back(self, mark: Settled) -> None:
        """Forget what was settled since `mark`."""
        del self.steps[mark.steps :]
        del self.decisions[mark.decisions :]
        del self.links[mark.links :]
        for table, size in (
            (self.migrating, mark.migrating),
            (self.narrowed, mark.narrowed),
            (self.twins, mark.twins),
            (self.unions, mark.unions),
        ):
            while len(table) > size:
                table.popitem()

    def name_of(self, entity: Entity, own: bytes) -> bytes:
        """Return what `own`, a name of a migrating entity, is called afterwards."""
        return self.migrating[entity].get(own, own)

    def add(self, path: str, edit: Edit | None, owner: Owner) -> bool:
        """Add an edit; False where there is none to add."""
        if edit is not None:
            self.steps.append(EditStep(path, edit, owner))
        return edit is not None

    def supersede(self, path: str, edit: Edit, owner: Owner) -> None:
        """Add an edit that already says what edits within it say; their owners go along.

        >>> from vmaconv.cocci.rewrite.edit import Edit
        >>> trial = Trial()
        >>> _ = trial.add("a.c", Edit(10, 14, b"vma_flags", "rename"), "vm_flags")
        >>> trial.supersede("a.c", Edit(10, 14, b"vma_flags_test(&vma_flags, B)", "narrow"), "f(1)")
        >>> [step.edit.rule for step in trial.steps], trial.links
        (['narrow'], [('f(1)', 'vm_flags')])
        """
        kept: list[EditStep] = []
        for step in self.steps:
            if step.path == path and edit.start <= step.edit.start and step.edit.end <= edit.end:
                if step.owner != owner:
                    self.links.append((owner, step.owner))
            else:
                kept.append(step)
        self.steps = kept
        self.add(path, edit, owner)

    def components(self, owners: Iterator[Owner]) -> dict[Owner, Owner]:
        """Return, for each owner, the one that stands for all that go with it."""
        leader: dict[Owner, Owner] = {owner: owner for owner in owners}

        def find(owner: Owner) -> Owner:
            leader.setdefault(owner, owner)
            while leader[owner] != owner:
                owner = leader[owner]
            return owner

        for first, second in self.links:
            a, b = find(first), find(second)
            if a != b:
                leader[b] = a
        return {owner: find(owner) for owner in leader}
