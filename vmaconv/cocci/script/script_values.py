# SPDX-License-Identifier: GPL-2.0-only
"""The input and the output of a script, as values.

In: nothing. Out: the classes that the engine fills (`Value`) and those that it gets back
(`BlockOutcome`). Lines count from 1, columns from 0, ends are exclusive, as spatch counts; texts are
those of the script's side, with spaces between C tokens (`m -> g`), and making them so is the
caller's work.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from vmaconv.cocci.smpl.rule import RulePlace, SmplError

Plain = (
    None
    | bool
    | int
    | float
    | str
    | bytes
    | list["Plain"]
    | tuple["Plain", ...]
    | set["Plain"]
    | frozenset["Plain"]
    | dict["Plain", "Plain"]
)
"""Data that may cross from one process to another."""


class ScriptPosition(Struct, frozen=True):
    """A place in a C file, which scripts see as a `Location` with texts in every field.

    `element` is the top-level item that the place is in, with its own extent in the `element_*`
    fields: a function's, prototype's or variable's name, and `something_else` for anything else (a
    struct, an enum, a macro). So spatch 1.1.1 says; -1 stands for an extent that is not known.
    """

    file: str
    line: int
    column: int
    line_end: int
    column_end: int
    element: str = "something_else"
    element_line: int = -1
    element_column: int = -1
    element_line_end: int = -1
    element_column_end: int = -1


class Terms(Struct, frozen=True):
    """What a list metavariable stands for: the whole text and each element's (`x + 1 , y`)."""

    text: str
    elements: tuple[str, ...]


class CommentText(Struct, frozen=True):
    """The comments before, in and after the code at a `comments` metavariable, lines joined by
    newlines.
    """

    before: str
    middle: str
    after: str


class Merged(Struct, frozen=True):
    """What each process left in `coccinelle.NAME`, taken by `local << merge.NAME`."""

    parts: tuple[Plain, ...]


Value = str | Terms | Merged | tuple[ScriptPosition, ...] | tuple[CommentText, ...]
"""What a metavariable stands for, on the script's side."""


MADE_KINDS = frozenset(
    {"identifier", "expression", "statement", "type", "pragmainfo", "length", "position"}
)
"""The kinds of `ScriptBinding` that a script can make."""


class ScriptBinding(Struct, frozen=True):
    """What a script put into one of its own metavariables.

    `kind` is `identifier` (a text was assigned, or `make_ident`), `expression`, `statement`,
    `type`, `pragmainfo`, `length` (the number is in `text`), `position`, or `unset` if the block
    assigned nothing: spatch then takes `text`, its advice to assign to `coccinelle.NAME`, for an
    identifier.
    """

    kind: str
    text: str = ""
    declarations: str = ""
    """For a statement: the declarations that `make_stmt_with_env` was given."""
    position: ScriptPosition | None = None


class Iterate(Struct, frozen=True, eq=False):
    """A further run over files that a script asked for with `Iteration.register`.

    `files` is None for the files at hand; `extend` keeps the virtual identifiers that are in force;
    `place` is where it was asked for.
    """

    files: tuple[str, ...] | None
    virtual_rules: tuple[str, ...]
    virtual_identifiers: tuple[tuple[str, str], ...]
    extend: bool = False
    place: RulePlace | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Iterate) and self._asked() == other._asked()

    def __hash__(self) -> int:
        return hash(self._asked())

    def _asked(self) -> tuple[object, ...]:
        return self.files, self.virtual_rules, self.virtual_identifiers, self.extend


class BlockOutcome(Struct, frozen=True):
    """What running a block came to.

    `keep` is False after `cocci.include_match(False)`: the environment is dropped. `stop_file` is
    True after `cocci.exit()`: no later rule sees this file. `exit_status` is set if the block
    called `sys.exit`: spatch then ends with that status. `error` excludes the others.
    """

    outputs: Mapping[str, ScriptBinding] = field(default_factory=dict)
    keep: bool = True
    stop_file: bool = False
    exit_status: int | None = None
    iterations: tuple[Iterate, ...] = ()
    error: SmplError | None = None
