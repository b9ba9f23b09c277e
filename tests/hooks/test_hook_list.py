# SPDX-License-Identifier: GPL-2.0-only
"""The list of the fixture tree's hooks, in each format, against what was written by hand."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from command_line import git, make_repository, read_files, run
from hook_trees import TREE, convert, copy_tree, write_driver

from vmaconv.cli import exits
from vmaconv.cli.hook_account import hook_material
from vmaconv.hooks.hook_reasons import MEANINGS
from vmaconv.hooks.hook_sites import count_in_text

CONVERTED = [
    *("char/anvil", "char/bellows", "char/chisel", "char/dowel", "char/easel", "char/ferrule"),
    *("char/gimlet", "char/hinge", "char/jigsaw", "char/kiln", "char/nozzle", "char/oar"),
    *(
        "char/pestle",
        "char/quoin",
        "char/rivet",
        "char/sprocket",
        "misc/keel",
        "misc/mortise",
        "fs/larch",
        "fs/maple",
        "fs/willow",
    ),
]
LEFT = {
    "misc/ratchet": "reference",
    "misc/spindle": "reference",
    "misc/trivet": "stores-vma",
    "misc/urn": "lock",
    "misc/vise": "order",
    "misc/wedge": "result-used",
    "misc/xebec": "called-by-name",
    "fs/yew": "hugetlb",
    "fs/zinnia": "stacked",
    "fs/aspen": "state",
    "misc/brace": "allocation",
    "misc/cleat": "no-action",
    "misc/davit": "loop",
    "misc/eyelet": "prot",
    "misc/flange": "size",
    "misc/gusset": "two-actions",
    "misc/halyard": "forwards",
    "misc/ibis": "nommu",
    "misc/jetty": "merge",
    "misc/lantern": "fops-array",
    "misc/mallet": "half-converted",
    "misc/notch": "macro",
    "misc/yoke": "page-array",
}


def short(path: str) -> str:
    return path.removeprefix("drivers/").removesuffix(".c")


def listed(*words: str | Path) -> dict[str, object]:
    done = run("hooks", *words, "--list", "--format", "json")
    assert done.code == exits.OK, done.err
    loaded = json.loads(done.out)
    assert isinstance(loaded, dict)
    return loaded


def test_each_hook_has_its_outcome() -> None:
    found = listed(TREE)
    assert found["schema"] == 1
    assert found["counted"] == len(found["hooks"])  # type: ignore[arg-type]
    outcomes: dict[str, set[str]] = {}
    for hook in found["hooks"]:  # type: ignore[attr-defined]
        code = hook["reason"]["code"] if hook["reason"] is not None else ""
        outcomes.setdefault(short(hook["file"]), set()).add(f"{hook['outcome']} {code}".strip())
    wanted = {name: {"converted"} for name in CONVERTED}
    wanted |= {name: {f"left {code}"} for name, code in LEFT.items()}
    wanted["misc/ogee"] = {"other-struct other-struct"}
    # The inner hook goes first, its caller keeps the VMA.
    wanted["misc/halyard"] |= {"converted"}
    assert outcomes == wanted


def test_a_reason_points_at_its_line() -> None:
    for hook in convert().hooks:
        if hook.outcome == "left" and hook.reason is not None:
            assert hook.reason.code in MEANINGS
            text = (TREE / hook.reason.place.path).read_text("utf-8").splitlines()
            assert 0 < hook.reason.place.line <= len(text)


def test_a_hook_with_a_reference_gets_a_sketch_of_mapped() -> None:
    sketches = {h.site.handler: h.sketch for h in convert().hooks if h.sketch}
    assert "kref_get (drivers/misc/ratchet.c:27) belongs here" in sketches["ratchet_mmap"]
    assert sketches["ratchet_mmap"].startswith("static int ratchet_mapped(unsigned long start,")
    assert "urn_mmap" not in sketches and "trivet_mmap" not in sketches


def test_macros_that_make_hooks_are_named() -> None:
    assert [m["name"] for m in listed(TREE)["macros"]] == ["NOTCH_FOPS"]  # type: ignore[attr-defined]


def test_rust_is_named(tmp_path: Path) -> None:
    tree = write_driver(tmp_path, "")
    text = "const T: file_operations = file_operations {\n    mmap: Some(Self::mmap),\n};\n"
    (tree / "misc.rs").write_text(text, "utf-8")
    make_repository(tree)
    assert listed(tree)["rust"] == [{"file": "misc.rs", "line": 2}]


def test_sarif_has_what_is_left() -> None:
    done = run("hooks", TREE, "--list", "--format", "sarif")
    log = json.loads(done.out)
    results = log["runs"][0]["results"]
    assert {r["ruleId"] for r in results} == set(LEFT.values())
    assert all(r["message"]["text"] for r in results)


def test_the_text_counts_what_the_parser_finds() -> None:
    assert count_in_text(b'x = { .mmap = f, /* .mmap = g */ }; s = ".mmap = h"; y.mmap == z;') == 1


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return copy_tree(tmp_path / "tree")


def test_a_dry_run_writes_nothing_and_git_takes_its_diff(tree: Path, tmp_path: Path) -> None:
    before = read_files(tree)
    done = run("hooks", tree)
    assert done.code == exits.OK
    assert read_files(tree) == before
    (tmp_path / "x.diff").write_bytes(done.out)
    subprocess.run(["git", "apply", str(tmp_path / "x.diff")], cwd=tree, check=True)
    applied = read_files(tree)
    assert applied != before
    for path, (_, after) in convert().final().items():
        assert applied[path] == after


def test_apply_writes_what_the_diff_says_and_a_second_run_nothing(tree: Path) -> None:
    assert run("hooks", tree, "--apply").code == exits.OK
    wanted = {path: after for path, (_, after) in convert().final().items()}
    assert {path: read_files(tree)[path] for path in wanted} == wanted
    assert run("hooks", tree).out == b""


def test_a_path_narrows_what_is_converted(tree: Path) -> None:
    done = run("hooks", tree, "fs/larch.c")
    assert done.out.count(b"diff --git") == 1
    assert "1 of struct file_operations (1 converted, 0 left)" in done.err


def test_uncommitted_changes_are_refused(tree: Path) -> None:
    make_repository(tree)
    path = tree / "fs" / "larch.c"
    path.write_bytes(path.read_bytes() + b"\n")
    before = read_files(tree)
    assert run("hooks", tree, "--apply").code == exits.OUTPUT
    assert read_files(tree) == before


def test_strict_says_that_hooks_are_left() -> None:
    assert run("hooks", TREE, "--strict").code == exits.LEFT
    assert run("hooks", TREE, "fs/larch.c", "--strict").code == exits.OK


def test_a_tree_without_the_new_hook(tmp_path: Path) -> None:
    tree = copy_tree(tmp_path / "tree")
    fs = tree / "include/linux/fs.h"
    fs.write_text(
        fs.read_text("utf-8").replace("	int (*mmap_prepare)(struct vm_area_desc *desc);\n", "")
    )
    done = run("hooks", tree)
    assert (done.code, done.out) == (exits.OK, b"")
    assert "struct file_operations has no mmap_prepare in this tree" in done.err


def test_words_that_do_not_go_together() -> None:
    assert run("hooks", TREE, "--list", "--apply").code == exits.USAGE
    assert run("hooks", TREE, "--format", "json").code == exits.USAGE
    assert run("migrate", TREE, "--recipe", "hooks").code == exits.USAGE


def test_what_is_not_there(tmp_path: Path) -> None:
    assert run("hooks", tmp_path / "nowhere").code == exits.TREE
    assert run("hooks", TREE, "no/such/path").code == exits.TREE
    assert run("hooks", TREE, "--recipe", "none-of-that-name").code != exits.OK


_HEAD = '[hook]\nstruct = "struct file_operations"\nold = "mmap"\nnew = "mmap_prepare"\n'


def test_a_recipe_with_an_error(tmp_path: Path) -> None:
    recipe = tmp_path / "own.toml"
    for text, wanted in (
        ("[hook\n", "this is no TOML"),
        ("[hook]\nold = 1\n", "must have struct"),
        ("[hook]\nwhat = 1\n", "unknown key what"),
        ("[hook]\n[speed]\n", "unknown table [speed]"),
        (_HEAD + '[guards]\n"linux/mutex.h" = "mutex"\n', "[guards] linux/mutex.h must be a list"),
        (_HEAD + "[iterators]\nnames = [1]\n", "[iterators] names must be a list"),
        ("iterators = 3\n" + _HEAD, "iterators must be a table"),
    ):
        recipe.write_text(text, "utf-8")
        done = run("hooks", TREE, "--recipe", recipe)
        assert done.code == exits.TREE
        assert wanted in done.err and "own.toml" in done.err


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [("always", "\tfile_accessed(file);"), ("never", "\tfile_accessed(desc->file);")],
)
def test_the_file_gets_a_local_as_asked(choice: str, wanted: str) -> None:
    done = run("hooks", TREE, "fs/larch.c", "--file-local", choice)
    assert wanted in done.out.decode().replace("\n ", "\n").replace("\n+", "\n")


def test_a_series_has_a_patch_for_each_driver(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, "/dev/null")
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "A Person")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "person@example.org")
    make_repository(tree)
    done = run("patches", tree, "--recipe", "hooks", "-o", tmp_path / "out")
    assert done.code == exits.OK, done.err
    patches = sorted((tmp_path / "out").glob("*.patch"))
    assert len(patches) == len(convert().drivers)
    git(tree, "am", "-q", *map(str, patches))
    assert {p: a for p, (_, a) in convert().final().items()}.items() <= read_files(tree).items()
    text = next(p for p in patches if "chisel" in p.name).read_text("utf-8")
    assert "The driver previously used io_remap_pfn_range(), so this change replaces" in text


def test_the_report_has_the_notes_and_the_reasons(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert run("report", TREE, "--recipe", "hooks", "-o", page).code == exits.OK
    text = page.read_text("utf-8")
    assert "An error of the action is replaced by -EAGAIN" in text
    assert "kref_get() changes a count or a list" in text
    assert "static int ratchet_mapped(unsigned long start" in text
    assert "error_override" in text


def test_a_review_says_what_a_person_should_know() -> None:
    _, material = hook_material(convert())
    notes = {file.change.path: file.notes for file in material.files}
    assert any("becomes mmap_action_simple_ioremap()" in n for n in notes["drivers/char/dowel.c"])
    assert any(
        n.startswith("keel_check() stays for its other callers")
        for n in notes["drivers/misc/keel.c"]
    )


def test_what_the_prover_cannot_decide_stands_in_the_notes_of_its_driver() -> None:
    """When a hook runs is no matter of flags: the prover says that, and never that all is equal."""
    done = run("hooks", TREE, "fs/larch.c", "--prove")
    assert done.code == exits.OK
    _, _, said = done.err.partition("fs/larch.c: replace the deprecated mmap hook")
    assert (
        "  fs/larch.c:17: larch_mmap_prepare() was not proven equal: its flags are as before"
        in said
    )
    assert "it runs before the mapping is made" in said
    assert "0 proven equal" in done.err


def test_what_only_frees_has_no_sketch(tmp_path: Path) -> None:
    text = (
        "static int probe_mmap(struct file *file, struct vm_area_struct *vma)\n{\n"
        "\tkfree(file->private_data);\n\treturn 0;\n}\n\n"
        "static const struct file_operations probe_fops = {\n\t.mmap\t\t= probe_mmap,\n};\n"
    )
    ((hook,),) = [convert(write_driver(tmp_path, text)).hooks]
    assert hook.reason is not None and hook.reason.code == "allocation" and hook.sketch == ""
