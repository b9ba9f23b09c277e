# SPDX-License-Identifier: GPL-2.0-only
"""Signatures that take the word, in a tree of Linux 7.x's shape: what an open recipe makes of them.

In: `fixtures/kernel-7` with a few files of our own beside it. Out: the files as they must be afterwards,
groups that build one after the other in each configuration, and parts that are picked.
"""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import run as run_command
from migrate_trees import FIXTURES

from vmaconv.migrate.groups.part import PlanPart
from vmaconv.migrate.migration import Migration, migrate
from vmaconv.migrate.migration_error import MigrationError
from vmaconv.migrate.plan import read_plan, write_plan
from vmaconv.migrate.recipe import read_recipe

HERE = Path(__file__).parent / "word"
KERNEL = FIXTURES / "kernel-7"
PLACES = {"weir.h": "include/linux/weir.h", "weir.c": "mm/weir.c"} | {
    name: f"mm/{name}" for name in ("advise.c", "lock.c", "special.c")
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree whose headers have no mask for two flags that some configurations lack."""
    target = tmp_path / "kernel"
    shutil.copytree(KERNEL / "include", target / "include")
    header = target / "include/linux/mm.h"
    text = re.sub(r"#define VMA_(?:SHADOW_STACK|GROWSUP)\b.*\n", "", header.read_text())
    end = text.rindex("#endif /* _LINUX_MM_H */")
    header.write_text(text[:end] + (HERE / "helpers.h").read_text() + "\n" + text[end:])
    for name, place in PLACES.items():
        (target / place).parent.mkdir(exist_ok=True)
        shutil.copy(HERE / name, target / place)
    return target


def run(tree: Path, part: PlanPart | None = None) -> Migration:
    return migrate(tree, read_recipe(HERE / "word.toml"), part=part)


def test_files_are_as_they_must_be(tree: Path) -> None:
    final = run(tree).final()
    assert {path for path in final if path != "include/linux/mm.h"} == set(PLACES.values())
    for name, place in PLACES.items():
        assert final[place][1].decode() == (HERE / "expected" / name).read_text(), place


def test_helpers_that_take_bits_are_called_where_the_tree_has_them(tree: Path) -> None:
    header = tree / "include/linux/mm.h"
    end = "#endif /* _LINUX_MM_H */"
    macros = (
        f"#define vma_flags_{name}(flags, ...) \\\n"
        f"\tvma_flags_{name}_mask(flags, mk_vma_flags(__VA_ARGS__))\n"
        for name in ("and", "same")
    )
    header.write_text(header.read_text().replace(end, "".join(macros) + end))
    want = (HERE / "expected/advise.c").read_text()
    for before, after in (
        (
            "vma_flags_and_mask(vma_flags,\n\t\t\t\t\t      mk_vma_flags(VMA_SHARED_BIT,\n"
            "\t\t\t\t\t\t\t   VMA_WRITE_BIT));",
            "vma_flags_and(vma_flags, VMA_SHARED_BIT,\n\t\t\t\t\t VMA_WRITE_BIT);",
        ),
        (
            "vma_flags_same_mask(&mask,\n\t\t\t\t mk_vma_flags(VMA_SHARED_BIT, VMA_WRITE_BIT))",
            "vma_flags_same(&mask, VMA_SHARED_BIT, VMA_WRITE_BIT)",
        ),
    ):
        assert before in want
        want = want.replace(before, after)
    assert run(tree).final()["mm/advise.c"][1].decode() == want


def test_missing_masks_stand_beside_their_words(tree: Path) -> None:
    after = run(tree).final()["include/linux/mm.h"][1].decode()
    lines = after.splitlines()
    for word, values in (
        ("SHADOW_STACK", ["mk_vma_flags(VMA_SHADOW_STACK_BIT)", "EMPTY_VMA_FLAGS"]),
        ("GROWSUP", ["mk_vma_flags(VMA_GROWSUP_BIT)", "EMPTY_VMA_FLAGS"]),
    ):
        at = [i for i, line in enumerate(lines) if line.startswith(f"#define VM_{word}\t")]
        assert [lines[i + 1].split(None, 2)[1:] for i in at] == [[f"VMA_{word}", v] for v in values]


def test_what_cannot_change_is_said_and_whole(tree: Path) -> None:
    stops = dict(run(tree).stops)
    assert set(stops) == {"advise_word(1)", "vm_get_page_prot(1)"}
    assert "used as a word in vm_flags >> 4" in str(stops["advise_word(1)"])


def test_bridges_are_in_the_plan(tree: Path) -> None:
    bridges = [d.subject for d in run(tree).trial.decisions if d.action == "bridge"]
    mixed = "VM_READ | VM_EXEC | bits | VM_MAYREAD"
    assert sorted(bridges) == [mixed, "vm_flags", "vm_flags", "weir_bits(advice)"]


CONFIGURATIONS = [
    (["MMU", "64BIT"], "-m64"),
    (["MMU", "64BIT", "X86_USER_SHADOW_STACK"], "-m64"),
    (["MMU", "PARISC", "STACK_GROWSUP"], "-m32"),
    ([], "-m32"),
]


def builds(tree: Path) -> Iterator[str]:
    """Yield what the compiler says of each file in each configuration."""
    for symbols, width in CONFIGURATIONS:
        command = ["gcc", "-std=gnu11", "-nostdinc", "-Wall", "-Werror", "-O1", "-ffreestanding"]
        command += [width, "-fsyntax-only", "-I", str(tree / "include")]
        command += [f"-DCONFIG_{symbol}=1" for symbol in symbols]
        command += [str(path) for path in sorted((tree / "mm").glob("*.c"))]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        yield done.stderr


@pytest.mark.skipif(
    shutil.which("gcc") is None or platform.machine() != "x86_64", reason="needs gcc on x86-64"
)
def test_the_tree_builds_after_each_group(tree: Path) -> None:
    migration = run(tree)
    assert len(migration.groups) > 3
    assert set(builds(tree)) == {""}
    for group in migration.groups:
        for path, (before, after) in group.changes.items():
            assert (tree / path).read_bytes() == before
            (tree / path).write_bytes(after)
        assert set(builds(tree)) == {""}, group.title
    assert run(tree).groups == []


def test_a_group_is_taken_whole_with_what_it_needs(tree: Path) -> None:
    every = {group.name: group for group in run(tree).groups if group.name}
    functions = {"weir_map", "weir_orders", "weir_advise", "weir_lock", "weir_fault"}
    functions |= {"weir_shares", "weir_scanned", "weir_install"}
    assert set(every) == {*functions, "is_weir_mapping", "masks"}
    for name, needs_masks in (("weir_map", True), ("weir_orders", False)):
        picked = run(tree, PlanPart(groups=(name,)))
        assert [g.name for g in picked.groups if g.name] == [name]
        assert ("include/linux/mm.h" in picked.final()) == needs_masks
    by_path = run(tree, PlanPart(only=("mm/advise.c",)))
    assert [g.name for g in by_path.groups if g.name] == ["weir_advise", "is_weir_mapping", "masks"]
    assert "mm/weir.c" in by_path.final()


def test_a_group_is_found_by_a_function_in_it(tree: Path) -> None:
    found = run(tree, PlanPart(groups=("weir_default()",)))
    assert [g.name for g in found.groups if g.name] == ["weir_map"]


def test_groups_of_one_name_are_told_apart_by_their_files(tree: Path) -> None:
    text = (
        "#include <linux/weir.h>\n\nstatic int sluice(struct vm_area_struct *vma, int write)\n{\n"
    )
    text += "\tvm_flags_t vm_flags = VM_READ;\n\n\tif (write)\n\t\tvm_flags = VM_WRITE;\n"
    text += "\treturn !!(vma->vm_flags & vm_flags);\n}\n"
    for name in ("east", "west"):
        (tree / f"mm/{name}.c").write_text(text)
    groups = {g.name: g for g in run(tree).groups if g.name and "sluice" in g.name}
    assert set(groups) == {"mm/east.c:sluice", "mm/west.c:sluice"}
    assert {g.title for g in groups.values()} == {"use vma_flags_t in sluice()"}
    (one,) = (g for g in run(tree, PlanPart(groups=("mm/west.c:sluice",))).groups if g.name)
    assert one.name == "mm/west.c:sluice"


def test_a_result_that_changes_is_named_once(tree: Path) -> None:
    text = "#include <linux/weir.h>\n\nstatic vm_flags_t sluice(int write)\n{\n"
    text += "\tvm_flags_t vm_flags = VM_READ;\n\n\tif (write)\n\t\tvm_flags = VM_WRITE;\n"
    text += "\treturn vm_flags;\n}\n\nint north(struct vm_area_struct *vma)\n{\n"
    text += "\tvm_flags_t vm_flags = sluice(1);\n\n\treturn !!(vma->vm_flags & vm_flags);\n}\n"
    (tree / "mm/north.c").write_text(text)
    (group,) = (g for g in run(tree).groups if "mm/north.c" in g.changes)
    assert group.title == "use vma_flags_t in sluice() and north()"


@pytest.mark.parametrize(
    ("before", "is_locked"),
    [
        ("vma_start_write(vma);", True),
        ("vm_flags_set(vma, VM_IO);", True),
        ("vma_start_write(vma);\n\t/* why */\n\tvma_set_flags(vma, VMA_IO_BIT);", True),
        ("vma_start_write(vma);\n\tvma_set_flags_mask(vma, VMA_SHADOW_STACK);", True),
        ("vma_start_write(other);", False),
        ("vma_set_flags(vma, VMA_IO_BIT);", False),
        ("vma_start_write(vma);\n\tvma_set_flags(other, VMA_IO_BIT);", False),
        ("vma_start_write(vma);\n\tvma = other;", False),
        ("vma_start_write(vma);\n\tsluice_unlock(vma);", False),
        ("if (vm_flags)\n\t\tvma_start_write(vma);", False),
        ("#ifdef CONFIG_MMU\n\tvma_start_write(vma);\n#endif", False),
        ("vma_start_write(vma);\nagain:", False),
    ],
)
def test_a_run_of_setters_is_locked_once(tree: Path, before: str, is_locked: bool) -> None:
    text = "#include <linux/weir.h>\n\nvoid sluice_unlock(struct vm_area_struct *vma);\n\n"
    text += "void sluice(struct vm_area_struct *vma, struct vm_area_struct *other,\n"
    text += f"\t    vm_flags_t vm_flags)\n{{\n\t{before}\n\tvm_flags_set(vma, vm_flags);\n}}\n"
    (tree / "mm/sluice.c").write_text(text)
    have = run(tree).final()["mm/sluice.c"][1].decode()
    lock = "" if is_locked else "vma_start_write(vma);\n\t"
    set_flags = f"{{\n\t{before}\n\t{lock}vma_set_flags_mask(vma, vma_flags);\n}}\n"
    assert have.endswith(set_flags.replace("if (vm_flags)", "if (!vma_flags_empty(&vma_flags))"))


@pytest.mark.parametrize(
    ("body", "want"),
    [
        (
            "unsigned long flags = vma->vm_flags;\n\n\tif (a)\n\t\tflags |= VM_IO;\n"
            "\tvm_flags_init(vma, flags);",
            "vma_flags_t flags = vma->flags;\n\n\tif (a)\n\t\tvma_flags_set(&flags, VMA_IO_BIT);\n"
            "\tvma->flags = flags;",
        ),
        (
            "unsigned long need = VM_READ;\n\n\tif (a)\n\t\tneed = VM_WRITE;\n"
            "\tif (!(vma->vm_flags & need))\n\t\treturn;",
            "vma_flags_t need = mk_vma_flags(VMA_READ_BIT);\n\n\tif (a)\n"
            "\t\tneed = mk_vma_flags(VMA_WRITE_BIT);\n"
            "\tif (!vma_test_any_mask(vma, need))\n\t\treturn;",
        ),
        (
            "unsigned long add;\n\n\tadd = VM_IO;\n\tvm_flags_set(vma, add);",
            "vma_flags_t add;\n\n\tadd = mk_vma_flags(VMA_IO_BIT);\n\tvma_start_write(vma);\n"
            "\tvma_set_flags_mask(vma, add);",
        ),
        ("unsigned int need = VM_READ;\n\n\tif (vma->vm_flags & need)\n\t\treturn;", ""),
        ("unsigned long need = a;\n\n\tif (vma->vm_flags & need)\n\t\treturn;", ""),
        ('unsigned long now = vma->vm_flags;\n\n\tsay("%lx", now);', ""),
        ("unsigned long now = other->vm_flags;\n\n\tif (now & VM_IO)\n\t\treturn;", ""),
        ("unsigned long n = vma->vm_flags >> 4;\n\n\tif (n & VM_IO)\n\t\treturn;", ""),
    ],
    ids=["copy", "mask", "setter", "narrow", "number", "printed", "look-alike", "shifted"],
)
def test_a_plain_word_beside_a_member_turns(tree: Path, body: str, want: str) -> None:
    head = "#include <linux/weir.h>\n\nstruct other {\n\tunsigned long vm_flags;\n};\n\n"
    head += "int say(const char *format, ...);\n\n"
    head += "void sluice(struct vm_area_struct *vma, struct other *other, int a)\n{\n\t"
    (tree / "mm/sluice.c").write_text(f"{head}{body}\n}}\n")
    recipe = tree / "word.toml"
    text = (HERE / "word.toml").read_text()
    member = '"struct vm_area_struct.vm_flags"'
    recipe.write_text(text.replace("declared = true", f"declared = true\nbeside = [{member}]"))
    final = migrate(tree, read_recipe(recipe)).final()
    assert "mm/sluice.c" not in run(tree).final()
    if want:
        assert final["mm/sluice.c"][1].decode() == f"{head}{want}\n}}\n"
    else:
        assert "mm/sluice.c" not in final


def test_a_plain_word_turns_where_a_setter_alone_takes_it(tree: Path) -> None:
    head = "#include <linux/weir.h>\n\nvoid sluice(struct vm_area_struct *vma)\n{\n\t"
    body = "unsigned long flags = VM_IO | VM_READ;\n\n\tvm_flags_init(vma, flags);\n}\n"
    (tree / "mm/sluice.c").write_text(head + body)
    recipe = tree / "word.toml"
    member = '"struct vm_area_struct.vm_flags"'
    text = (HERE / "word.toml").read_text()
    recipe.write_text(text.replace("declared = true", f"declared = true\nbeside = [{member}]"))
    assert migrate(tree, read_recipe(recipe)).final()["mm/sluice.c"][1].decode() == (
        f"{head}vma_flags_t flags = mk_vma_flags(VMA_IO_BIT, VMA_READ_BIT);\n\n"
        "\tvma->flags = flags;\n}\n"
    )


@pytest.mark.parametrize(
    ("path", "copy", "turns"),
    [
        ("mm/vma_weir.c", "", False),
        ("mm/vma_weir.c", "#define append_vma_flags(flags, ...) two(flags)\n", True),
        ("mm/sluice.c", "", True),
    ],
)
def test_what_is_built_in_user_space_calls_what_is_there(
    tree: Path, path: str, copy: str, turns: bool
) -> None:
    header = tree / "tools/testing/vma/include/dup.h"
    header.parent.mkdir(parents=True)
    header.write_text(f"/* Copies. */\n#define VMA_DROPPABLE 1\n{copy}")
    text = "#include <linux/weir.h>\n\nint sluice(vm_flags_t vm_flags)\n{\n"
    (tree / path).write_text(f"{text}\treturn vm_flags & (VM_DROPPABLE | VM_LOCKED) ? 1 : 2;\n}}\n")
    migration = run(tree)
    assert (path in migration.final()) == turns
    said = {subject: str(obstacle) for subject, obstacle in migration.stops}
    assert ("dup.h has no append_vma_flags()" in said.get("sluice(1)", "")) != turns


@pytest.mark.parametrize("word", ["", "#define VM_DROPPABLE INIT_VM_FLAG(DROPPABLE)\n"])
def test_a_mask_that_user_space_lacks_is_added_beside_its_word_there(tree: Path, word: str) -> None:
    header = "tools/testing/vma/include/dup.h"
    (tree / header).parent.mkdir(parents=True)
    (tree / header).write_text(f"/* Copies. */\n{word}")
    text = "#include <linux/weir.h>\n\nint sluice(vm_flags_t vm_flags)\n{\n"
    (tree / "mm/vma_weir.c").write_text(f"{text}\treturn vm_flags & VM_DROPPABLE ? 1 : 2;\n}}\n")
    migration = run(tree)
    final = migration.final()
    assert ("mm/vma_weir.c" in final) == bool(word)
    if word:
        added = "#define VMA_DROPPABLE mk_vma_flags(VMA_DROPPABLE_BIT)\n"
        assert final[header][1].decode() == f"/* Copies. */\n{word}{added}"
        assert f"VMA_DROPPABLE is in the headers already, but not in {header}" in "".join(
            " ".join(group.body.split()) for group in migration.groups
        )
    else:
        said = {subject: str(obstacle) for subject, obstacle in migration.stops}
        assert f"{header} has no VMA_DROPPABLE" in said["sluice(1)"]


@pytest.mark.parametrize(
    ("vma", "target"),
    [
        ("vma", "vma->flags"),
        ("&copy", "copy.flags"),
        ("(&copy)", "copy.flags"),
        ("&copies[1]", "copies[1].flags"),
        ("copies + 1", "(copies + 1)->flags"),
        ("*list", "(*list)->flags"),
        ("list[0]", "list[0]->flags"),
    ],
)
def test_a_setters_object_however_it_is_written(tree: Path, vma: str, target: str) -> None:
    text = (
        "#include <linux/weir.h>\n\nvoid sluice(struct vm_area_struct *vma, vm_flags_t vm_flags)\n"
    )
    text += "{\n\tstruct vm_area_struct copy = *vma, copies[2], **list = &vma;\n\n"
    text += f"\tvm_flags_init({vma}, vm_flags);\n}}\n"
    (tree / "mm/sluice.c").write_text(text)
    have = run(tree).final()["mm/sluice.c"][1].decode()
    assert f"\t{target} = vma_flags;\n" in have


@pytest.mark.parametrize(
    ("helper", "other"),
    [
        (b"vma_flags_test_any", "#define vma_flags_test_any(flags, mask) weir_any(flags, mask)"),
        (b"vma_flags_set", "void vma_flags_set(vma_flags_t *flags, vma_flags_t mask);"),
        (b"vma_flags_same_pair", "bool vma_flags_same_pair(vm_flags_t one, vm_flags_t other);"),
        (b"vma_flags_test_any_mask", ""),
        (b"append_vma_flags", "#define append_vma_flags(flags, mask) weir_two(flags, mask)"),
        (b"mk_vma_flags_from_masks", ""),
    ],
)
def test_a_helper_that_a_tree_has_otherwise_is_not_called(
    tree: Path, helper: bytes, other: str
) -> None:
    header = tree / "include/linux/mm.h"
    name = helper.decode()
    text = re.sub(rf"\b{name}\b", f"weir_{name}", header.read_text())
    end = text.rindex("#endif")
    header.write_text(f"{text[:end]}{other}\n\n{text[end:]}")
    (tree / "mm/sluice.c").write_text(
        "#include <linux/weir.h>\n\nint sluice(vm_flags_t vm_flags)\n{\n"
        "\tif (vm_flags & (VM_DROPPABLE | VM_LOCKED))\n\t\treturn 1;\n"
        "\treturn vm_flags & (VM_SPECIAL | VM_DROPPABLE) ? 2 : 3;\n}\n"
    )
    migration = run(tree)
    final = migration.final()
    said = " ".join(migration.warnings)
    assert (f"{name}() takes" in said and "it is not called" in said) == bool(other)
    called = re.compile(rb"(?<!define )\b" + helper + rb"\(")
    assert final
    for before, after in final.values():
        assert len(called.findall(after)) == len(called.findall(before))


@pytest.mark.parametrize(
    ("holder", "is_asked"),
    [
        (
            "const struct vm_area_struct *vma)\n{\n\treturn is_weir_mapping(vma->vm_flags);\n}\n",
            True,
        ),
        ("vm_flags_t flags)\n{\n\treturn is_weir_mapping(flags);\n}\n", False),
        ("const vma_flags_t *flags)\n{\n\treturn !vma_flags_empty(flags);\n}\n", False),
    ],
    ids=["made with the word", "takes the word", "takes the bitmap"],
)
def test_a_holder_that_a_tree_has_otherwise(tree: Path, holder: str, is_asked: bool) -> None:
    header = tree / "include/linux/weir.h"
    text = header.read_text()
    at = text.index("#ifdef CONFIG_MMU")
    holder = f"static inline bool vma_is_weir_mapping({holder}\n"
    header.write_text(text[:at] + holder + text[at:])
    gate = "#include <linux/weir.h>\n\nint gate(struct vm_area_struct *vma)\n{\n"
    (tree / "mm/gate.c").write_text(f"{gate}\treturn is_weir_mapping(vma->vm_flags);\n}}\n")
    final = run(tree).final()
    have = final["mm/gate.c"][1].decode() if "mm/gate.c" in final else ""
    assert ("return vma_is_weir_mapping(vma);" in have) == is_asked
    texts = final.get("include/linux/weir.h", (b"", header.read_bytes()))
    assert not is_asked or holder in texts[1].decode()


def test_a_group_with_a_part_out_of_sight_stays(tree: Path) -> None:
    (tree / "arch/mips/mm").mkdir(parents=True)
    far = "#include <linux/weir.h>\n\nint far(void)\n{\n\treturn weir_map(1, VM_IO);\n}\n"
    (tree / "arch/mips/mm/far.c").write_text(far)
    migration = migrate(tree, read_recipe(HERE / "word.toml"), exclude=("tools", "arch/mips"))
    names = {group.name for group in migration.groups if group.name}
    assert "weir_map" not in names
    assert "weir_orders" in names
    said = {subject: str(obstacle) for subject, obstacle in migration.stops}
    assert "weir_map() is also in arch/mips/mm/far.c, which is left out" in said["weir_map(2)"]
    assert any(group.name == "weir_map" for group in run(tree).groups)


def test_a_half_converted_function_is_said_to_be(tree: Path) -> None:
    path = tree / "mm/weir.c"
    text = path.read_text()
    old = "unsigned long arch_weir_gap(unsigned long len, vm_flags_t vm_flags)\n{"
    assert old in text
    path.write_text(text.replace(old, old.replace("vm_flags_t", "vma_flags_t")))
    migration = run(tree)
    said = {subject: str(obstacle) for subject, obstacle in migration.stops}
    assert "half converted" in said["arch_weir_gap(2)"]
    assert all(group.name != "weir_map" for group in migration.groups)


def test_a_plan_can_be_fed_back(tree: Path, tmp_path: Path) -> None:
    first = run(tree)
    plan = tmp_path / "plan.toml"
    plan.write_text(write_plan(first))
    again = migrate(tree, read_recipe(HERE / "word.toml"), overrides=read_plan(plan, tree))
    assert again.final() == first.final()
    text = plan.read_text().replace(
        'subject = "weir_orders(2)"\naction = "migrate"',
        'subject = "weir_orders(2)"\naction = "keep"',
    )
    plan.write_text(text)
    kept = migrate(tree, read_recipe(HERE / "word.toml"), overrides=read_plan(plan, tree))
    names = {group.name for group in kept.groups if group.name}
    assert names == {group.name for group in first.groups if group.name} - {"weir_orders"}


def series(tree: Path, *words: str) -> tuple[int, str]:
    made = run_command("series", tree, "--recipe", HERE / "word.toml", *words)
    return made.code, made.err


def test_a_group_as_a_series(tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, said = series(tree, "--group", "weir_advise", "-o", str(out))
    assert code == 0, said
    mails = [path.name for path in sorted(out.glob("*.patch"))]
    assert mails == ["0000-cover-letter.patch", mails[1]]
    text = (out / mails[1]).read_text()
    assert "let weir_advise() and advise_keep() take vma_flags_t" in text.replace("\n ", " ")
    assert "An assignment to vma->flags takes the place of vm_flags_init()." in " ".join(
        text.split()
    )
    assert "advise_word" not in (out / mails[0]).read_text()


def test_parts_go_with_a_recipe(tree: Path, tmp_path: Path) -> None:
    made = run_command("series", tree, "--group", "weir_map", "-o", tmp_path / "out")
    assert made.code == 2
    assert "--group and --only go with --recipe" in made.err


@pytest.mark.parametrize(
    ("part", "code"),
    [(PlanPart(groups=("weir_gates",)), "no-group"), (PlanPart(only=("mm/gates.c",)), "no-path")],
)
def test_a_part_that_is_not_there(tree: Path, part: PlanPart, code: str) -> None:
    with pytest.raises(MigrationError) as raised:
        run(tree, part)
    assert raised.value.code == code


def test_paths_below_which_nothing_changes_say_so_and_why(tree: Path) -> None:
    (tree / "mm/shift.c").write_text(
        "#include <linux/weir.h>\n\nint slide(vm_flags_t vm_flags)\n{\n\treturn vm_flags >> 2;\n}\n"
    )
    recipe = str(HERE / "word.toml")
    done = run_command("migrate", str(tree), "--recipe", recipe, "--only", "mm/shift.c")
    assert done.code == 0
    assert done.out == b""
    assert done.err.splitlines() == [
        "no group changes anything below mm/shift.c",
        "slide(1) stays as it is: used as a word in vm_flags >> 2 (mm/shift.c:5)",
    ]
    # A caller that a person has put out of sight is the reason, wherever it is.
    (tree / "drivers").mkdir()
    (tree / "drivers/pool.c").write_text(
        "#include <linux/weir.h>\n\nint pool(struct vm_area_struct *vma)\n{\n"
        "\treturn weir_advise(vma, 0, 0);\n}\n"
    )
    done = run_command(
        *("migrate", str(tree), "--recipe", recipe, "--only", "mm/advise.c", "--exclude", "drivers")
    )
    assert "weir_advise() is also in drivers/pool.c, which is left out" in done.err
    # What is decided elsewhere is not asked for.
    done = run_command("migrate", str(tree), "--recipe", recipe, "--only", "mm/weir.c")
    assert "stays as it is" not in done.err


@pytest.mark.parametrize("option", ["--group", "--only"])
def test_a_part_that_is_empty_is_not_everything(tree: Path, option: str) -> None:
    done = run_command("migrate", str(tree), "--recipe", str(HERE / "word.toml"), option, " ,")
    assert done.code == 2
    assert f"{option} names nothing" in done.err


@pytest.mark.parametrize("command", ["diff", "report", "scan", "patches"])
def test_every_command_that_takes_a_recipe_takes_a_part(
    tree: Path, tmp_path: Path, command: str
) -> None:
    out = tmp_path / "out"
    more = ["-o", str(out)] if command in ("report", "patches") else []
    word = str(HERE / "word.toml")
    part = run_command(command, tree, "--recipe", word, "--group", "weir_orders", *more)
    assert part.code == 0
    texts = [p.read_bytes() for p in out.glob("*.patch")] if out.is_dir() else [part.out]
    texts = [out.read_bytes()] if out.is_file() else texts
    if command != "scan":
        assert any(b"weir_orders" in text for text in texts)
    assert not any(b"weir_advise(vma_flags_t" in text for text in texts)
    assert run_command(command, tree, "--group", "weir_orders", *more).code == 2
    assert run_command(command, tree, "--recipe", word, "--group", "no", *more).code == 3


def test_a_function_that_stays_is_no_part_and_it_is_said_why(tree: Path) -> None:
    (tree / "fs").mkdir()
    call = "return weir_orders(vma, vma->vm_flags, 3);"
    caller = f"int read_weir(struct vm_area_struct *vma)\n{{\n\t{call}\n}}\n"
    (tree / "fs/weir.c").write_text(f"#include <linux/weir.h>\n\n{caller}")
    word = str(HERE / "word.toml")
    asked = ("migrate", tree, "--recipe", word, "--group", "weir_orders")
    assert run_command(*asked).code == 0
    done = run_command(*asked, "--exclude", "fs")
    assert done.code == 3
    assert done.out == b""
    assert "weir_orders() is also in fs/weir.c, which is left out" in done.err
