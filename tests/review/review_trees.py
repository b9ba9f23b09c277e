# SPDX-License-Identifier: GPL-2.0-only
"""Trees and material for the tests of the review.

In: the fixture kernel.  Out: runs over it, over copies of it, and over a file that would deceive.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from msgspec.structs import replace

from vmaconv.cli.material import material_of
from vmaconv.convert.conversion import ConversionRun, run_request
from vmaconv.convert.request import Request
from vmaconv.review.material.passages import Material

KERNEL = Path(__file__).resolve().parents[2] / "fixtures" / "kernel"

#: What a file may hold that must never reach a screen or a page as it is.
HOSTILE = (
    b"#include <linux/mm.h>\n"
    b"/* </script><script>document.title = 'owned'</script> <img src=x onerror=alert(1)>\n"
    b" * access \xe2\x80\xae level \xe2\x81\xa6 zero\xe2\x80\x8bwidth \xc2\xadsoft\n"
    b" * caf\xe9 \x1b[31mred\x1b[0m \x07 &amp; \"quoted' {{ 7 * 7 }} {% raw %}\n"
    b" */\n"
    b"static int evil_prepare(struct vm_area_desc *desc)\n"
    b"{\n"
    b'\tpr_debug("</style></code>\\n");\t/* \xe2\x80\xae } \xe2\x81\xa6 */\n'
    b"\tif (desc->vm_flags & VM_SHARED)\t// <b onclick='x'> \xff\r\n"
    b"\t\treturn -EINVAL;\n"
    b"\n"
    b"\tdesc->vm_flags |= VM_IO;\t/* <!-- \xe2\x80\x8f --> ]]> */\n"
    b"\treturn take(desc->vm_flags);\n"
    b"}"
)


def run_over(tree: Path, *paths: str) -> ConversionRun:
    return run_request(Request(tree, paths))


def fixture_material() -> Material:
    return material_of(run_over(KERNEL))


def hostile_tree(folder: Path, name: str = "drivers/<b>&amp;\u202e\"'.c") -> Path:
    """Make a tree whose one source file is hostile, by its text and by its name."""
    shutil.copytree(KERNEL / "include", folder / "include")
    target = folder / name
    target.parent.mkdir(parents=True)
    target.write_bytes(HOSTILE)
    return folder


def many(times: int) -> Material:
    """Give the fixture's material as a tree many times its size would."""
    run = run_over(KERNEL)
    run.outcomes = [
        replace(
            outcome,
            path=f"copy{number}/{outcome.path}",
            account=[replace(use, file=f"copy{number}/{use.file}") for use in outcome.account],
        )
        for number in range(times)
        for outcome in run.outcomes
    ]
    return material_of(run)
