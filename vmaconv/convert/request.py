# SPDX-License-Identifier: GPL-2.0-only
"""The request for a conversion.

In: nothing; this is a value. Out: `Request`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from vmaconv.cocci.text.files import check_tree
from vmaconv.convert.use_search import UseSearch

if TYPE_CHECKING:
    from vmaconv.convert.default_rules import RulesChoice
    from vmaconv.convert.tree_conversion import FileOutcome

EXCLUDED = ("tools",)
"""Left out unless a path below it is named: copies of kernel headers for user space tests."""

Progress = Callable[["Iterator[FileOutcome]", int], "Iterator[FileOutcome]"]
"""Takes the outcomes as they come and how many there will be, and passes them on."""


class Request(Struct, frozen=True):
    """A tree, and what is to be converted in it.

    `paths` limits it to files and folders, `rule_names` are rule files or names of those that ship
    (none: what the tree calls for), `api` is a helper generation (`v7.0`; None: the tree's own),
    `defines` are virtual rules (`NAME`) and identifiers (`NAME=VALUE`), `exclude` folders to leave out.
    """

    tree: Path
    paths: tuple[str, ...] = ()
    rule_names: tuple[str, ...] = ()
    api: str | None = None
    defines: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    jobs: int = 1
    progress: Progress | None = None
    search: UseSearch | None = None
    choice: RulesChoice | None = None
    """The rules that the tree calls for, where none are named."""

    def rules(self) -> tuple[str, ...]:
        """Return the rule files to run, by name."""
        return self.rule_names or (self.choice.rules if self.choice is not None else ())


def started(request: Request) -> Request:
    """Return the request with the search for files running, where no rules are named.

    The rest of the program may be loaded meanwhile. Raises `KernelTreeError`, `SourceError`.
    """
    from msgspec.structs import replace

    if request.rule_names:
        return request
    check_tree(request.tree)
    from vmaconv.convert.default_rules import default_rules

    choice = default_rules(request.tree)
    search = None
    if not choice.nothing:
        search = UseSearch(request.tree, choice.words(), choice.are_for_macros())
    return replace(request, choice=choice, search=search)
