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

DEFAULT_RULES = ("vma-desc",)

EXCLUDED = ("tools",)
"""Left out unless a path below it is named: copies of kernel headers for user space tests."""

WORDS = ("vm_area_desc", "vm_flags")
"""The struct and the member of the default rules: what is searched for before they are read."""


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


def run(request: Request) -> Run:
    """Start the search, load the rest, and run the request."""
    from dataclasses import replace

    if not request.rule_names:
        request = replace(request, search=Search(request.tree, WORDS))
    from vmaconv.cli.session import run_request

    return run_request(request)
