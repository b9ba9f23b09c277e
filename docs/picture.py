"""Make docs/run.svg, the README's picture, from real runs on the fixture tree.

usage: python docs/picture.py
"""

import io
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parent.parent
VMACONV = Path(sys.executable).parent / "vmaconv"
COMMANDS = [
    ["diff", "--color=always", "fixtures/kernel", "fs/loamfs/file.c"],
    ["scan", "fixtures/kernel", "fs/loamfs", "mm/vma.c"],
]


def main() -> None:
    console = Console(record=True, width=100, file=io.StringIO(), force_terminal=True)
    for command in COMMANDS:
        console.print(Text("$ vmaconv " + " ".join(command).replace(" --color=always", ""), "bold"))
        done = subprocess.run(
            [str(VMACONV), *command], cwd=ROOT, capture_output=True, text=True, check=True
        )
        lines = (done.stdout + done.stderr).splitlines()
        for line in [*lines[:34], *(["…"] if len(lines) > 34 else [])]:
            console.print(Text.from_ansi(line), soft_wrap=True)
    console.save_svg(str(ROOT / "docs" / "run.svg"), title="vmaconv")


main()
