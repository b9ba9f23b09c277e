# SPDX-License-Identifier: GPL-2.0-only
"""A request of the command line, run where a person watches.

In: a `Request`. Out: the `ConversionRun`, with a bar on stderr while a person at a terminal has to wait.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from msgspec.structs import replace

from vmaconv.convert.request import Request, started

if TYPE_CHECKING:
    from vmaconv.convert.conversion import ConversionRun


def run(request: Request) -> ConversionRun:
    """Start the search, load the rest, and run the request."""
    request = started(request)
    from vmaconv.convert.conversion import run_request

    if sys.stderr.isatty():
        from vmaconv.cli.progress import shown

        request = replace(request, progress=shown)
    return run_request(request)
