# SPDX-License-Identifier: GPL-2.0-only
"""The kernel's own scripts/coccicheck with vmaconv-spatch: `make coccicheck SPATCH=vmaconv-spatch`.

The script and the semantic patches are those of the kernel tree that `VMACONV_KERNEL` names;
nothing of them is in this repository.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from kernels import KERNEL, MISSING

PROGRAM = Path(sys.executable).with_name("vmaconv-spatch")
SPATCH = shutil.which("spatch")

pytestmark = [
    pytest.mark.skipif(
        not (KERNEL / "scripts/coccicheck").is_file(),
        reason=MISSING,
    ),
    pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed"),
]
needs_spatch = pytest.mark.skipif(
    SPATCH is None, reason="spatch is not installed (Debian: coccinelle): nothing to compare with"
)

SAMPLE = """\
#include <linux/slab.h>

struct item {
	char *name;
	int size;
};

static char *item_name(const char *from)
{
	char *name;

	name = kmalloc(strlen(from) + 1, GFP_KERNEL);
	if (!name)
		return NULL;
	strcpy(name, from);
	return name;
}

static int item_max(int a, int b)
{
	return a > b ? a : b;
}

static struct item *item_new(const char *from)
{
	struct item *item = kmalloc(sizeof(*item), GFP_KERNEL);

	if (item == 0)
		return 0;
	item->name = item_name(from);
	kfree(from);;
	return item;
}
"""

LINE = SAMPLE.split("\n").index("\tkfree(from);;") + 1
MODES = ("patch", "report", "context", "org")
RULES = ("api/kstrdup", "misc/semicolon", "misc/minmax", "null/badzero")


@dataclass(frozen=True)
class Checked:
    """What coccicheck printed, but for the command that it echoes."""

    status: int
    lines: list[str]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "module"
    (found / "sub").mkdir(parents=True)
    (found / "sample.c").write_text(SAMPLE)
    (found / "sub/other.c").write_text(SAMPLE.replace("item", "thing"))
    return found


def run(command: list[str], folder: Path, **variables: str) -> Checked:
    path = f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}"
    env = os.environ | {"PATH": path, "XDG_CACHE_HOME": str(folder.parent / "cache")} | variables
    done = subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=200, check=False
    )
    lines = re.sub(r"/tmp/cocci-output-\S+-", "/tmp/cocci-output-", done.stdout).splitlines()
    return Checked(done.returncode, [line for line in lines if not re.search(r"spatch -D", line)])


def coccicheck(spatch: str, rule: str, mode: str, folder: Path, *words: str) -> Checked:
    """Run `make coccicheck` over a folder outside the tree, as one checks an own module."""
    cocci = KERNEL / "scripts/coccinelle" / f"{rule}.cocci"
    settings = [f"SPATCH={spatch}", f"COCCI={cocci}", f"MODE={mode}", f"M={folder}", *words]
    make = ["make", "--no-print-directory", "-C", str(KERNEL), "coccicheck", *settings]
    return run(make, folder)


@needs_spatch
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("rule", RULES)
def test_prints_what_spatch_prints(rule: str, mode: str, folder: Path) -> None:
    own, peer = (coccicheck(s, rule, mode, folder, "J=1") for s in ("vmaconv-spatch", "spatch"))
    assert own.status == peer.status == 0
    # spatch takes the files in the order of the file system, vmaconv by name.
    assert sorted(own.lines) == sorted(peer.lines)
    assert "sample.c" in own.text and "other.c" in own.text


def test_report_names_places(folder: Path) -> None:
    found = coccicheck("vmaconv-spatch", "misc/semicolon", "report", folder)
    assert found.status == 0
    assert f"./sample.c:{LINE}:13-14: Unneeded semicolon" in found.lines
    assert f"./sub/other.c:{LINE}:13-14: Unneeded semicolon" in found.lines


def test_org_names_places(folder: Path) -> None:
    found = coccicheck("vmaconv-spatch", "misc/semicolon", "org", folder)
    link = f"[[view:./sample.c::face=ovl-face1::linb={LINE}::colb=13::cole=14]"
    assert any(line.startswith(f"* TODO {link}") for line in found.lines)


def test_the_patch_applies(folder: Path) -> None:
    found = coccicheck("vmaconv-spatch", "misc/semicolon", "patch", folder, "J=1")
    patch = found.text[found.text.index("diff -u -p a/") :] + "\n"
    # The names are as seen from the tree's top, for files elsewhere from the root.
    done = subprocess.run(
        ["patch", "-p1", "--dry-run", "-d", "/"], input=patch, text=True, capture_output=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_context_marks_the_lines(folder: Path) -> None:
    found = coccicheck("vmaconv-spatch", "null/badzero", "context", folder, "J=1")
    assert "-\tif (item == 0)" in found.lines
    assert not any(line.startswith("+") and not line.startswith("+++") for line in found.lines)


def test_several_jobs_find_the_same(folder: Path) -> None:
    one, two = (
        coccicheck("vmaconv-spatch", "api/kstrdup", "report", folder, f"J={n}") for n in (1, 2)
    )
    assert one.lines == two.lines


def test_messages_go_to_the_debug_file(folder: Path) -> None:
    debug = folder.parent / "debug"
    flags = ["SPFLAGS=--profile --show-trying"]
    found = coccicheck(
        "vmaconv-spatch", "misc/semicolon", "report", folder, f"DEBUG_FILE={debug}", *flags
    )
    assert found.status == 0
    assert "vmaconv-spatch -D report" in debug.read_text()
    assert "HANDLING: ./sample.c" in debug.read_text()


def test_a_mode_that_a_rule_has_not_fails(folder: Path) -> None:
    found = coccicheck("vmaconv-spatch", "misc/doubleinit", "patch", folder)
    assert found.status != 0
    assert "virtual rule patch not supported" in found.text
    assert "coccicheck failed" in found.text


def test_chain_takes_the_first_mode_that_there_is(folder: Path) -> None:
    found = coccicheck("vmaconv-spatch", "misc/semicolon", "chain", folder, "J=1")
    assert found.status == 0
    assert "-\tkfree(from);;" in found.lines


@pytest.mark.parametrize("mode", ["report", "patch"])
def test_one_file_as_make_checks_it(mode: str, folder: Path) -> None:
    """`make C=2 CHECK=scripts/coccicheck FILE.o` calls the script with the compiler's words."""
    cocci = KERNEL / "scripts/coccinelle/misc/semicolon.cocci"
    words = ["-D__linux__", "-Wbitwise", "-Wp,-MMD,.a.d", "-nostdinc", "sample.c"]
    settings = {"C": "2", "MODE": mode, "COCCI": str(cocci), "srctree": str(KERNEL)}
    settings |= {"LINUXINCLUDE": f"-I{KERNEL}/include -include {KERNEL}/include/linux/kconfig.h"}
    command = ["bash", str(KERNEL / "scripts/coccicheck"), *words]
    own = run(command, folder, SPATCH="vmaconv-spatch", **settings)
    assert own.status == 0
    wanted = f"sample.c:{LINE}:13-14: Unneeded semicolon" if mode == "report" else "+\tkfree(from);"
    assert wanted in own.lines
    if SPATCH is not None:
        assert own == run(command, folder, SPATCH="spatch", **settings)
