# SPDX-License-Identifier: GPL-2.0-only
"""Make docs/run.svg and docs/review.svg, the README's pictures, from runs on the fixture tree.

usage: python docs/picture.py
"""

import argparse
import asyncio
import io
import os
import pty
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

from vmaconv.cli.migrated_review import reviewed
from vmaconv.cli.options import RecipeChoice
from vmaconv.convert.request import Request
from vmaconv.review.material.outlet import Outlet
from vmaconv.review.screen.app import ReviewApp
from vmaconv.series.words.wording import Purpose

ROOT = Path(__file__).parent.parent
VMACONV = Path(sys.executable).parent / "vmaconv"
COMMANDS = [
    ["diff", "fixtures/kernel", "fs/loamfs/file.c"],
    ["scan", "fixtures/kernel", "fs/tidefs", "mm/vma.c"],
]
WIDTH = 100


def on_a_terminal(command: list[str]) -> str:
    """Return what a command prints on a terminal of WIDTH columns."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "COLUMNS": str(WIDTH), "TERM": "xterm-256color"}
    process = subprocess.Popen(
        [str(VMACONV), *command], cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs, env=env
    )
    os.close(theirs)
    printed = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break
        if not piece:
            break
        printed += piece
    process.wait()
    return printed.decode().replace("\r\n", "\n")


def main() -> None:
    argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0]).parse_args()
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    for command in COMMANDS:
        console.print(Text("$ vmaconv " + " ".join(command), "bold"))
        lines = on_a_terminal(command).splitlines()
        for line in [*lines[:34], *(["…"] if len(lines) > 34 else [])]:
            console.print(Text.from_ansi(line), soft_wrap=True)
    console.save_svg(str(ROOT / "docs" / "run.svg"), title="vmaconv")
    asyncio.run(review())


async def review() -> None:
    """Show the migration of the fixture tree in the full-screen review, some keys later."""
    kernel = ROOT / "fixtures/kernel"
    _, material = reviewed(Request(kernel), RecipeChoice("vma-flags"))
    app = ReviewApp(material, Outlet(kernel, Purpose("", "", "")), None)
    async with app.run_test(size=(120, 32)) as pilot:
        await pilot.press(*["a"] * 4)
        await pilot.pause()
        (ROOT / "docs/review.svg").write_text(app.export_screenshot(title="vmaconv review"))


main()
