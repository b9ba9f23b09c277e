# SPDX-License-Identifier: GPL-2.0-only
"""docs/rules.md is true: its rule is without error or warning, and does what the page says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from command_line import KERNEL, git, make_repository, run

PAGE = (Path(__file__).parents[3] / "docs/rules.md").read_text("utf-8")
HELPERS = """
bool vma_test_flag(struct vm_area_struct *vma, vma_flag_t bit);
bool vma_test_flags(struct vm_area_struct *vma, ...);
"""
USE = """\
#include <linux/mm.h>

int f(struct vm_area_struct *vma)
{
	if (vma->vm_flags & VM_IO)
		return 1;
	if ((vma->vm_flags & VM_READ) != VM_READ)
		return 2;
	return !(vma->vm_flags & (VM_READ | VM_EXEC));
}
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    (text,) = re.findall(r"```cocci\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "my.cocci"
    path.write_text(text)
    return path


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, "/dev/null")
    root = tmp_path / "linux"
    (root / "mm").mkdir(parents=True)
    shutil.copytree(KERNEL / "include", root / "include")
    header = root / "include/linux/mm.h"
    header.write_text(header.read_text() + HELPERS)
    (root / "mm/use.c").write_text(USE)
    return make_repository(root)


def test_the_rule_is_without_a_warning(rules: Path) -> None:
    done = run("rules", "check", rules)
    assert done.code == 0 and done.err == "", done.err


def test_the_rule_does_what_the_page_says(rules: Path, tree: Path) -> None:
    assert run("apply", tree, "mm", "--rules", rules).code == 0
    text = (tree / "mm/use.c").read_text()
    assert "if (vma_test_flag(vma, VMA_IO_BIT))" in text
    assert "if (!vma_test_flag(vma, VMA_READ_BIT))" in text
    assert "return !(vma->vm_flags & (VM_READ | VM_EXEC));" in text
    git(tree, "checkout", "-q", ".")
    assert run("apply", tree, "mm", "--rules", rules, "-D", "everywhere").code == 0
    text = (tree / "mm/use.c").read_text()
    assert "return !vma_test_flags(vma, VMA_READ_BIT, VMA_EXEC_BIT);" in text


def test_a_patch_quotes_the_rules_that_matched(rules: Path, tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ("--rules", rules, "-o", out, "--no-cc", "--quote")
    assert run("series", tree, "mm", *words).code == 0
    text = next(p for p in out.rglob("*.patch") if "cover" not in p.name).read_text()
    assert "    @asked@\n    struct vm_area_struct *V;" in text
    assert "@other" not in text and "Ask it through" not in text and "virtual" not in text
    git(tree, "am", "-q", str(next(p for p in out.rglob("*.patch") if "cover" not in p.name)))


def test_the_templates_names_are_those_of_the_page(rules: Path, tree: Path, tmp_path: Path) -> None:
    table = PAGE[PAGE.index("| name | in a message") :].split("\n\n")[0]
    rows = [row.split("|")[1:4] for row in table.splitlines()[2:]]
    for column, option in ((1, "--template"), (2, "--cover-template")):
        names = [n for row in rows if row[column].strip() for n in re.findall(r"`(\w+)`", row[0])]
        template = tmp_path / "template"
        template.write_text("mm: x\n\n" + " ".join(f"{{{{ {name} }}}}" for name in names))
        words = ("--rules", rules, "-o", tmp_path / f"out{column}", "--no-cc", option, template)
        done = run("series", tree, "mm", *words)
        assert done.code == 0, done.err
    (tmp_path / "template").write_text("mm: x\n\n{{ filez }}\n")
    words = (
        "--rules",
        rules,
        "-o",
        tmp_path / "out3",
        "--no-cc",
        "--template",
        tmp_path / "template",
    )
    done = run("series", tree, "mm", *words)
    assert done.code == 5 and "template:3: " in done.err
    assert "docs/rules.md, Templates" in done.err and "subsystem" in done.err


def test_rules_without_an_account_have_their_places_listed(tree: Path, tmp_path: Path) -> None:
    rules = tmp_path / "own.cocci"
    rules.write_text("@mine@\n@@\n- return 1;\n+ return 3;\n")
    done = run("scan", tree, "--rules", rules)
    assert done.out.decode() == "mm/use.c:6\tf\tmine\tchanged\treturn 1;\n"
    assert "1 place changed in 1 file" in done.err and "counted in the text" not in done.err


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("vmaconv diff --rules vma-", {"vma-desc", "vma-words"}),
        ("vmaconv series --recipe vma", {"vma-flags"}),
        ("vmaconv migrate --recipe vma", {"vma-flags"}),
        ("vmaconv diff --api v7", {"v7.0", "v7.1"}),
    ],
)
def test_the_shell_completes_names(words: str, wanted: set[str]) -> None:
    from click.shell_completion import BashComplete

    from vmaconv.cli.main import group

    *before, typed = words.split()[1:]
    complete = BashComplete(group, {}, "vmaconv", "_VMACONV_COMPLETE")
    assert wanted <= {item.value for item in complete.get_completions(before, typed)}


def test_help_shows_defaults() -> None:
    done = run("series", "--help")
    text = " ".join(done.out.decode().split())
    assert "[default: group]" in text and "[default: PATCH]" in text


def test_the_page_says_of_what_it_is(tree: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert run("report", tree, "-o", page).code == 0
    text = page.read_text("utf-8")
    commit = git(tree, "rev-parse", "HEAD").decode()[:12]
    assert commit in text and "UTC with vmaconv" in text
