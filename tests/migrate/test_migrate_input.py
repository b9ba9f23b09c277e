# SPDX-License-Identifier: GPL-2.0-only
"""What a person gets wrong: seeds, recipes and plans that cannot be used, trees that are half
converted.

In: small trees. Out: a `MigrationError` with its code and place, and nothing written; or a stop
that names the place.
"""

# The C text below has tabs, as C has.
# ruff: noqa: E101, W191
from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from migrate_trees import KERNEL, MEMBER, after, make_tree, recipe, run, write
from msgspec.structs import replace

from vmaconv.cocci.text.tree_error import SourceError
from vmaconv.flags.helpers.generation import parse_override
from vmaconv.migrate.migration import migrate
from vmaconv.migrate.migration_error import MigrationError
from vmaconv.migrate.plan import check_used, fingerprint, read_plan, write_plan
from vmaconv.migrate.recipe import DEFAULT, find_recipe, read_recipe

INCLUDES = b"#include <linux/errno.h>\n#include <linux/fs.h>\n#include <linux/mm.h>\n\n"
TWO = (
    INCLUDES
    + b"""\
int a_check(vm_flags_t flags, vm_flags_t more);

int a_check(vm_flags_t flags, vm_flags_t more)
{
	return flags & VM_READ && more & VM_WRITE;
}
"""
)
STATIC = (
    INCLUDES
    + b"""\
static int check(vm_flags_t flags, int n)
{
	return flags & VM_READ ? n : 0;
}

int %s_prepare(struct vm_area_desc *desc)
{
	return check(desc->vm_flags, 2);
}
"""
)


def statics(tmp_path: Path) -> Path:
    return make_tree(tmp_path / "t", {"fs/a.c": STATIC % b"a", "fs/b.c": STATIC % b"b"})


def test_seed_that_is_no_seed(tmp_path: Path) -> None:
    with pytest.raises(MigrationError) as caught:
        run(make_tree(tmp_path / "t", {}), "vm_flags in struct vm_area_desc")
    assert caught.value.code == "bad-seed"


@pytest.mark.parametrize(
    ("seed", "what"),
    [
        ("struct no_such.vm_flags", "defines no struct no_such"),
        ("no_such_function(1)", "no function no_such_function is declared"),
        ("a_check(3)", "a_check() has 2 parameters"),
        ("vma_desc_size", "no parameter of vma_desc_size() is of type vm_flags_t"),
    ],
)
def test_seed_that_names_nothing(tmp_path: Path, seed: str, what: str) -> None:
    tree = make_tree(tmp_path / "t", {"fs/a.c": TWO})
    with pytest.raises(MigrationError) as caught:
        run(tree, seed)
    assert caught.value.code == "nothing"
    assert what in str(caught.value)


def test_seed_with_several_parameters(tmp_path: Path) -> None:
    with pytest.raises(MigrationError) as caught:
        run(make_tree(tmp_path / "t", {"fs/a.c": TWO}), "a_check")
    assert caught.value.code == "several"
    assert "1, 2" in str(caught.value)


def test_seed_that_names_several_functions(tmp_path: Path) -> None:
    tree = statics(tmp_path)
    with pytest.raises(MigrationError) as caught:
        run(tree, "check(1)")
    assert caught.value.code == "several"
    assert "fs/a.c, fs/b.c" in str(caught.value)
    migration = run(tree, "fs/b.c:check(1)")
    assert b"check(vma_flags_t flags" in after(migration, tree, "fs/b.c")
    assert b"check(vm_flags_t flags" in after(migration, tree, "fs/a.c")


def test_half_converted_function(tmp_path: Path) -> None:
    text = STATIC % b"a"
    prototype = b"static int check(vma_flags_t flags, int n);\n\nstatic int check("
    tree = make_tree(tmp_path / "t", {"fs/a.c": text.replace(b"static int check(", prototype, 1)})
    migration = run(tree, "fs/a.c:check(1)")
    (stop,) = migration.stops
    assert "half converted: vma_flags_t here, not so in fs/a.c:7 (fs/a.c:5)" in str(stop[1])
    assert migration.final() == {}


@pytest.mark.parametrize(
    ("parameter", "argument"),
    [(b"vma_flags_t flags", b"desc->vma_flags"), (b"const vma_flags_t *f", b"&desc->vma_flags")],
)
def test_caller_of_a_converted_function(tmp_path: Path, parameter: bytes, argument: bytes) -> None:
    body = STATIC % b"a"
    body = body.replace(b"vm_flags_t flags", parameter).replace(b"flags & VM_READ ? n : 0", b"n")
    tree = make_tree(tmp_path / "t", {"fs/a.c": body})
    migration = run(tree, MEMBER)
    assert migration.left == []
    assert b"return check(" + argument + b", 2);" in after(migration, tree, "fs/a.c")


def test_tree_without_the_member_has_nothing_to_do(tmp_path: Path) -> None:
    tree = statics(tmp_path)
    header = tree / "include/linux/mm_types.h"
    text = header.read_text()
    union = "\tunion {\n\t\tvm_flags_t vm_flags;\n\t\tvma_flags_t vma_flags;\n\t};\n\tpgprot_t page"
    assert union in text
    header.write_text(text.replace(union, "\tvma_flags_t vma_flags;\n\tpgprot_t page"))
    for path in ("fs/a.c", "fs/b.c"):
        (tree / path).write_bytes(INCLUDES)
    assert run(tree, MEMBER).final() == {}


def test_tree_without_the_type(tmp_path: Path) -> None:
    tree = statics(tmp_path)
    header = tree / "include/linux/mm_types.h"
    header.write_text(header.read_text().replace("vma_flags_t", "vmb_flags_t"))
    with pytest.raises(MigrationError) as caught:
        run(tree, MEMBER)
    assert "declares no type vma_flags_t" in str(caught.value)


def test_no_tree(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no such folder"):
        run(tmp_path / "nowhere", MEMBER)


def test_function_that_rust_calls(tmp_path: Path) -> None:
    files = {
        "fs/a.c": TWO,
        "rust/a.rs": b"fn f() { unsafe { bindings::a_check(0, 1) } }\n",
    }
    tree = make_tree(tmp_path / "t", files)
    (stop,) = run(tree, "a_check(1)").stops
    assert "named in a file that is no C (rust/a.rs:1)" in str(stop[1])


# --- Recipes


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("types = 3", "types must be a table"),
        ("[types]\nold = 'a'", "must name old and new"),
        ("[typos]\nold = 'a'", "unknown table [typos]"),
        ("[types]\nold = 'a'\nnew = 'b'\n[names]\nx = 'a b'", "x in [names]"),
        ("[types", "no TOML"),
        ("[types]\nold='a'\nnew='b'\n[conversions.to_wrod]\nname='x'", "unknown key to_wrod"),
    ],
)
def test_recipe_with_an_error(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(MigrationError) as caught:
        read_recipe(path)
    assert str(path) in str(caught.value)
    assert what in str(caught.value)


# --- Plans


def edited(tree: Path, plan: Path, old: str, new: str) -> Path:
    text = write_plan(run(tree, MEMBER))
    assert old in text
    plan.write_text(text.replace(old, new))
    return plan


def test_plan_that_nobody_edited_changes_nothing(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    migration = run(KERNEL)
    plan.write_text(write_plan(migration))
    again = run(KERNEL, overrides=read_plan(plan, KERNEL))
    check_used(again.settings.overrides, again)
    assert again.final() == migration.final()


def test_plan_keeps_a_function(tmp_path: Path) -> None:
    tree, plan = statics(tmp_path), tmp_path / "plan.toml"
    mine = 'subject = "check(1)"\nfile = "fs/a.c"\naction = "migrate"'
    edited(tree, plan, mine, mine.replace("migrate", "keep"))
    migration = run(tree, MEMBER, overrides=read_plan(plan, tree))
    assert b"check(vma_flags_to_legacy(desc->vma_flags)" in after(migration, tree, "fs/a.c")
    assert b"check(vma_flags_t flags" in after(migration, tree, "fs/b.c")


def test_plan_narrows_and_names(tmp_path: Path) -> None:
    tree, plan = statics(tmp_path), tmp_path / "plan.toml"
    mine = 'subject = "check(1)"\nfile = "fs/a.c"\naction = "migrate"'
    edited(tree, plan, mine, mine.replace("migrate", "narrow") + '\nname = "may_read"')
    migration = run(tree, MEMBER, overrides=read_plan(plan, tree))
    text = after(migration, tree, "fs/a.c")
    assert b"check(bool may_read, int n)" in text
    assert b"return may_read ? n : 0;" in text
    assert b"check(vma_desc_test_flags(desc, VMA_READ_BIT), 2)" in text


def test_plan_names_a_variable(tmp_path: Path) -> None:
    tree, plan = statics(tmp_path), tmp_path / "plan.toml"
    mine = 'subject = "check(1)"\nfile = "fs/a.c"\naction = "migrate"'
    edited(tree, plan, mine, mine + '\nname = "vma_bits"')
    migration = run(tree, MEMBER, overrides=read_plan(plan, tree))
    text = after(migration, tree, "fs/a.c")
    assert b"check(vma_flags_t vma_bits, int n)" in text
    assert b"vma_flags_test(&vma_bits, VMA_READ_BIT) ? n" in text


@pytest.mark.parametrize("action", ["convert", "leave"])
def test_plan_decides_about_a_place(tmp_path: Path, action: str) -> None:
    tree, plan = statics(tmp_path), tmp_path / "plan.toml"
    text = write_plan(run(tree, MEMBER))
    plan.write_text(f'{text}\n[[place]]\nplace = "fs/a.c:12"\naction = "{action}"\n')
    migration = run(tree, MEMBER, overrides=read_plan(plan, tree))
    text_after = after(migration, tree, "fs/a.c")
    if action == "leave":
        assert b"check(desc->vm_flags, 2)" in text_after
        assert [str(one.place) for one in migration.left] == ["fs/a.c:12"]
    else:
        assert b"check(vma_flags_to_legacy(desc->vma_flags), 2)" in text_after


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ('action = "migrate"', 'action = "migrat"', "[[decision]]", "unknown action 'migrat'"),
        ('subject = "check(1)"', 'subjekt = "check(1)"', "[[decision]]", "unknown key subjekt"),
        ("[plan]", "[plant]", "[plant]", "unknown table plant"),
        ('action = "migrate"', "action = 3", "[[decision]]", "action must be a string"),
        ("[[decision]]\n", "[[decision]\n", "", "no TOML"),
    ],
)
def test_plan_with_an_error(tmp_path: Path, old: str, new: str, line: str, what: str) -> None:
    tree, plan = statics(tmp_path), tmp_path / "plan.toml"
    edited(tree, plan, old, new)
    with pytest.raises(MigrationError) as caught:
        read_plan(plan, tree)
    assert what in str(caught.value)
    if line:
        number = plan.read_text().splitlines().index(line) + 1
        assert caught.value.path == f"{plan}:{number}"


def test_plan_for_another_tree(tmp_path: Path) -> None:
    tree, plan = statics(tmp_path), tmp_path / "plan.toml"
    edited(tree, plan, fingerprint(tree), "0123456789abcdef")
    with pytest.raises(MigrationError, match="is for another tree"):
        read_plan(plan, tree)


def test_plan_about_what_is_not_there(tmp_path: Path) -> None:
    tree, plan = statics(tmp_path), tmp_path / "plan.toml"
    edited(tree, plan, 'subject = "check(1)"\nfile = "fs/a.c"', 'subject = "chekc(1)"')
    overrides = read_plan(plan, tree)
    with pytest.raises(MigrationError, match=r"chekc\(1\) is no part of this migration"):
        check_used(overrides, run(tree, MEMBER, overrides=overrides))


# --- The command


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "vmaconv", *map(str, arguments)]
    code = "import sys; from vmaconv.cli import main; main(sys.argv[1:])"
    return subprocess.run(
        [sys.executable, "-c", code, *words[3:]],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_command_prints_a_diff_and_writes_nothing(tmp_path: Path) -> None:
    tree = statics(tmp_path)
    before = (tree / "fs/a.c").read_bytes()
    done = command("migrate", tree, "--from", "vm_flags_t", "--to", "vma_flags_t", "--seed", MEMBER)
    assert done.returncode == 0, done.stderr
    assert "+static int check(vma_flags_t flags, int n)" in done.stdout
    assert "check(1) in fs/a.c becomes vma_flags_t" in done.stderr
    assert (tree / "fs/a.c").read_bytes() == before


def test_command_applies_and_the_diff_is_the_same(tmp_path: Path) -> None:
    tree = statics(tmp_path)
    diff = command("migrate", tree).stdout
    other = statics(tmp_path / "other")
    subprocess.run(["git", "apply", "-"], input=diff, text=True, cwd=other, check=True)
    assert command("migrate", tree, "--apply").returncode == 0
    for path in tree.rglob("*.[ch]"):
        assert path.read_bytes() == (other / path.relative_to(tree)).read_bytes()


@pytest.mark.parametrize(
    ("options", "code", "what"),
    [
        (["--seed", "nowhere(1)"], 3, "no function nowhere"),
        (["--recipe", "no-such"], 3, "no such recipe"),
        (["--from", "vm_flags_t"], 2, "--from and --to go together"),
        (["--from", "a", "--to", "b"], 2, "at least one --seed"),
        (["--api", "v9"], 2, "v9"),
    ],
)
def test_command_that_cannot_be_run(
    tmp_path: Path, options: list[str], code: int, what: str
) -> None:
    done = command("migrate", statics(tmp_path), *options)
    assert done.returncode == code, done.stderr
    assert what in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_command_writes_a_plan_that_it_takes_back(tmp_path: Path) -> None:
    tree, plan = statics(tmp_path), tmp_path / "plan.toml"
    first = command("migrate", tree, "--write-plan", plan)
    assert first.returncode == 0
    second = command("migrate", tree, "--plan", plan)
    assert (second.returncode, second.stdout) == (0, first.stdout)


def test_groups_lead_from_the_first_text_to_the_last(tmp_path: Path) -> None:
    tree = statics(tmp_path)
    migration = run(tree)
    texts = {p: (tree / p).read_bytes() for p in migration.final()}
    for group in migration.groups:
        for path, (before, new) in group.changes.items():
            assert texts[path] == before
            texts[path] = new
    assert texts == {path: new for path, (_, new) in migration.final().items()}
    write(tree, migration)
    assert json.dumps(sorted(texts)) == json.dumps(sorted(migration.final()))


# --- Generations


@pytest.mark.parametrize(
    ("api", "one", "several", "twin"),
    [
        ("series-v1", "vma_flags_test(flags, ", "vma_flags_test(flags, ", "vma_flags_t flags)"),
        ("v7.0", "vma_flags_test(&flags, ", "vma_flags_test(&flags, ", "const vma_flags_t *flags)"),
        (
            "v7.1",
            "vma_flags_test(&flags, ",
            "vma_flags_test_any(&flags, ",
            "const vma_flags_t *flags)",
        ),
    ],
)
def test_names_of_a_generation(tmp_path: Path, api: str, one: str, several: str, twin: str) -> None:
    text = (
        INCLUDES
        + b"""\
static inline bool is_big(vm_flags_t flags)
{
	return flags & VM_HUGETLB;
}

static int check(vm_flags_t flags, int n)
{
	if (flags & (VM_READ | VM_WRITE))
		return 2;
	return flags & VM_READ ? n : is_big(flags);
}

int a_prepare(struct vm_area_desc *desc)
{
	return check(desc->vm_flags, is_big(desc->vm_flags));
}
"""
    )
    tree = make_tree(tmp_path / "t", {"fs/a.c": text})
    migration = migrate(tree, recipe(MEMBER), parse_override(api))
    got = after(migration, tree, "fs/a.c").decode()
    assert f"if ({several}VMA_READ_BIT, VMA_WRITE_BIT))" in got
    assert f"return {one}VMA_READ_BIT) ?" in got
    assert f"static inline bool is_big_vma_flags({twin}" in got
    address = "" if api == "series-v1" else "&"
    assert f"is_big_vma_flags({address}desc->vma_flags)" in got


# --- Entries of a recipe, and lines of a plan, that nothing comes of


@pytest.mark.parametrize(
    ("table", "entry", "what"),
    [
        ("seeds", 'functions = ["chekc(1)"]', "no function chekc is declared"),
        ("seeds", 'members = ["struct vm_area_desc.vm_flgas"]', "no member vm_flgas"),
        ("seeds", 'members = ["struct vm_area_dsc.vm_flags"]', "defines no struct vm_area_dsc"),
        ("narrow", 'chekc = "may_read"', "[narrow] names chekc(), and the tree has none"),
        ("twins", 'chekc = "check_vma"', "[twins] names chekc(), and the tree has none"),
        ("renames", 'chekc = "check_all"', "[renames] names chekc(), and the tree has none"),
    ],
)
def test_recipe_that_names_what_is_not_there(
    tmp_path: Path, table: str, entry: str, what: str
) -> None:
    tree, own = statics(tmp_path), tmp_path / "own.toml"
    own.write_text(f"[types]\nold = 'vm_flags_t'\nnew = 'vma_flags_t'\n\n[{table}]\n{entry}\n")
    done = command("migrate", tree, "--recipe", own)
    assert done.returncode == 3 and done.stdout == ""
    assert f"{own}:6: " in done.stderr and what in done.stderr


def test_copy_of_the_recipe_that_ships_takes_what_a_tree_has(tmp_path: Path) -> None:
    tree, own = statics(tmp_path), tmp_path / "own.toml"
    own.write_text(find_recipe(DEFAULT).read_text())
    done = command("migrate", tree, "--recipe", own)
    assert done.returncode == 0, done.stderr
    assert done.stdout == command("migrate", tree).stdout
    assert f"{own}:" in done.stderr and "no parameter of mlock_future_ok()" in done.stderr


def test_recipe_narrows_what_could_change_its_type(tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "t", {"fs/a.c": STATIC % b"a"})
    wanted = replace(recipe(MEMBER), narrow={"check": "may_read"})
    text = after(migrate(tree, wanted), tree, "fs/a.c")
    assert b"check(bool may_read, int n)" in text


def test_what_is_narrowed_is_asked_of_a_local_that_is_renamed(tmp_path: Path) -> None:
    text = (STATIC % b"a").replace(
        b"\treturn check(desc->vm_flags, 2);",
        b"""\
	vm_flags_t vm_flags = desc->vm_flags;

	if (vm_flags & VM_WRITE)
		return 0;
	return check(vm_flags, 2) + check(vm_flags | VM_READ, 3);""",
    )
    tree = make_tree(tmp_path / "t", {"fs/a.c": text})
    wanted = replace(recipe(MEMBER), narrow={"check": "may_read"})
    changed = after(migrate(tree, wanted), tree, "fs/a.c")
    assert b"vma_flags_t vma_flags = desc->vma_flags;" in changed
    assert b"check(vma_flags_test(&vma_flags, VMA_READ_BIT), 2)" in changed
    assert b"check(/* may_read = */ true, 3)" in changed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"flags & VM_READ", b"flags & /* for now */ VM_READ"),
        (b"check(desc->vm_flags, 2)", b"check(desc /* ours */ ->vm_flags, 2)"),
    ],
)
def test_what_would_lose_a_comment_is_not_narrowed(tmp_path: Path, old: bytes, new: bytes) -> None:
    tree = make_tree(tmp_path / "t", {"fs/a.c": (STATIC % b"a").replace(old, new)})
    wanted = replace(recipe(MEMBER), narrow={"check": "may_read"})
    changed = after(migrate(tree, wanted), tree, "fs/a.c")
    assert b"bool may_read" not in changed and b"may_read" not in changed
    assert re.search(rb"/\* \w+ ?\w* \*/", new)[0] in changed  # type: ignore[index]


PREDICATE = (
    INCLUDES
    + b"""\
static bool may_write(vm_flags_t flags)
{
	return flags & VM_WRITE;
}

static int count(vm_flags_t flags, int n)
{
	return (flags & VM_READ ? n : 0) + (flags & VM_EXEC ? n : 0);
}

int a_prepare(struct vm_area_desc *desc)
{
	return may_write(desc->vm_flags) ? count(desc->vm_flags, 2) : 0;
}
"""
)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('subject = "count(1)"\nfile = "fs/a.c"\naction = "migrate"', "narrow", "cannot narrow"),
        ('subject = "may_write"\nfile = "fs/a.c"\naction = "add twin"', "rename", "cannot rename"),
        ('subject = "may_write"\nfile = "fs/a.c"\naction = "add twin"', "narrow", "cannot narrow"),
    ],
)
def test_plan_that_cannot_be_followed(tmp_path: Path, old: str, new: str, what: str) -> None:
    tree, plan = make_tree(tmp_path / "t", {"fs/a.c": PREDICATE}), tmp_path / "plan.toml"
    edited(tree, plan, old, re.sub('action = ".*"', f'action = "{new}"', old))
    line = plan.read_text().split("\n").index(old.split("\n")[0])
    done = command("migrate", tree, "--plan", plan)
    assert done.returncode == 3 and done.stdout == ""
    assert f"{plan}:{line}: " in done.stderr and what in done.stderr


def test_plan_names_a_twin(tmp_path: Path) -> None:
    tree, plan = make_tree(tmp_path / "t", {"fs/a.c": PREDICATE}), tmp_path / "plan.toml"
    edited(tree, plan, 'name = "may_write_vma_flags"', 'name = "may_write_desc"')
    done = command("migrate", tree, "--plan", plan)
    assert done.returncode == 0, done.stderr
    assert "may_write_desc(&desc->vma_flags)" in done.stdout


def test_plan_gives_a_name_that_is_taken(tmp_path: Path) -> None:
    tree, plan = make_tree(tmp_path / "t", {"fs/a.c": PREDICATE}), tmp_path / "plan.toml"
    edited(tree, plan, 'name = "may_write_vma_flags"', 'name = "count"')
    done = command("migrate", tree, "--plan", plan)
    assert done.returncode == 3 and "may_write cannot" in done.stderr, done.stderr
