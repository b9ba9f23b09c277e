# SPDX-License-Identifier: GPL-2.0-only
"""What the command line asks for, and getting it under way.

In: the words of the command line. Out: a `Request`, with the search for files already running: the
rest of the program is loaded meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vmaconv.cocci.text.files import Search

if TYPE_CHECKING:
    from vmaconv.cli.session import Run
    from vmaconv.convert.default_rules import Choice

EXCLUDED = ("tools",)
"""Left out unless a path below it is named: copies of kernel headers for user space tests."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks for."""

    tree: Path
    paths: tuple[str, ...] = ()
    rule_names: tuple[str, ...] = ()
    api: str | None = None
    defines: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    jobs: int = 1
    progress: bool = True
    search: Search | None = None
    choice: Choice | None = None
    """The rules that the tree calls for, where none are named."""

    def rules(self) -> tuple[str, ...]:
        """Return the rule files to run, by name."""
        return self.rule_names or (self.choice.rules if self.choice is not None else ())


def run(request: Request) -> Run:
    """Start the search, load the rest, and run the request."""
    from dataclasses import replace

    if not request.rule_names:
        if not request.tree.is_dir():
            Search(request.tree, [])
        from vmaconv.convert.default_rules import default_rules

        choice = default_rules(request.tree)
        search = None if choice.nothing else Search(request.tree, choice.words())
        request = replace(request, choice=choice, search=search)
    from vmaconv.cli.session import run_request

    return run_request(request)
