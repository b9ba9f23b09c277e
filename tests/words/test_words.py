# SPDX-License-Identifier: GPL-2.0-only
"""The word of a VMA's flags, converted in a small tree of Linux 7.x's shape.

In: `fixtures/kernel-7` and `fixtures/expected/kernel-7`. Out: that each row of the table gives what was
looked at, means the same in every configuration that the headers can tell apart, and is done once.
"""

from __future__ import annotations

import itertools
import json
import platform
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from command_line import FIXTURES, read_files, run

from vmaconv.cocci.engine.program import compile_file
from vmaconv.flags.kernel_isomorphisms import isomorphisms
from vmaconv.flags.rule_forms import read_rules
from vmaconv.library import shipped

KERNEL = FIXTURES / "kernel-7"
EXPECTED = FIXTURES / "expected" / "kernel-7"
HERE = Path(__file__).parent

# What occurs together: the symbols of a machine, and whether its words have 64 bits.
MACHINES = {
    "x86": (["MMU", "64BIT"], True),
    "x86-shadow": (["MMU", "64BIT", "X86_USER_SHADOW_STACK"], True),
    "arm64": (["MMU", "64BIT", "ARM64"], True),
    "arm64-gcs": (["MMU", "64BIT", "ARM64", "ARM64_GCS"], True),
    "x86-32": (["MMU"], False),
    "parisc": (["MMU", "PARISC", "STACK_GROWSUP"], False),
    "nommu": ([], False),
}
OPTIONAL = ("MEM_SOFT_DIRTY", "USERFAULTFD", "HAVE_ARCH_USERFAULTFD_MINOR")

# What a file is built for, as Kconfig and the Makefiles of the tree say.
ONLY = {
    "arch/parisc/mm/fault.c": "PARISC",
    "mm/seal.c": "64BIT",
    "mm/dirty.c": "MEM_SOFT_DIRTY",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    shutil.copytree(KERNEL, tmp_path / "kernel-7")
    return tmp_path / "kernel-7"


def test_apply_gives_what_was_looked_at(tree: Path) -> None:
    done = run("apply", tree, "-j1")
    assert done.code == 0
    want = read_files(KERNEL) | read_files(EXPECTED)
    have = read_files(tree)
    assert have.keys() == want.keys()
    assert [path for path in want if have[path] != want[path]] == []
    assert "rules: vma-bits, as struct vm_area_struct has both vm_flags and flags" in done.err


def test_a_second_run_changes_nothing(tree: Path) -> None:
    run("apply", tree, "-j1")
    before = read_files(tree)
    done = run("apply", tree, "-j1")
    assert done.code == 0
    assert read_files(tree) == before
    assert "0 uses converted" in done.err


def test_account_adds_up() -> None:
    done = run("scan", KERNEL, "--format", "json", "-j1")
    account = json.loads(done.out)
    assert account["left"] + account["converted"] + account["unjudged"] == len(account["uses"])
    assert {use["reason"]["code"] for use in account["uses"] if use["outcome"] == "left"} == {
        "argument",
        "config-dependent-flag",
        "helper",
        "member",
        "parameter",
        "read-once",
        "refused",
        "unhandled-form",
        "unknown-flag",
        "word-used-as-int",
    }


def test_account_lists_calls_and_types_beside_the_member() -> None:
    account = json.loads(run("scan", KERNEL, "--format", "json", "-j1").out)
    setters = [use for use in account["uses"] if "vm_flags_set(" in use["text"]]
    calls = [use for use in setters if use["kind"] == "call"]
    text = "".join(path.read_text() for path in sorted(KERNEL.rglob("*.[ch]")))
    assert len(calls) == len(re.findall(r"\tvm_flags_set\(", text))
    twice = next(use for use in calls if "ccw.area" in use["text"])
    assert twice["reason"]["text"] == (
        "ccw.area would be evaluated twice, to lock it and to change it"
    )
    stranger = next(use for use in calls if "VM_USERMAP" in use["text"])
    assert stranger["reason"]["code"] == "unknown-flag"
    types = {use["reason"]["text"] for use in account["uses"] if use["kind"] == "type"}
    assert "a parameter of vm_flags_set() is a vm_flags_t" in types
    assert "a member of struct vm_area_struct is a vm_flags_t" in types


def test_account_in_figures() -> None:
    account = json.loads(run("scan", KERNEL, "--format", "json", "-j1").out)
    for figures in (account["parts"], account["reasons"]):
        assert sum(row["left"] for row in figures) == account["left"]
    assert sum(row["converted"] for row in account["parts"]) == account["converted"]
    assert {row["name"] for row in account["parts"]} >= {"mm", "drivers/char", "arch/parisc"}
    by_part = run("scan", KERNEL, "--by", "part", "-j1").out.decode().splitlines()
    assert by_part == [
        "\t".join(str(row[key]) for key in ("converted", "left", "unjudged", "name"))
        for row in account["parts"]
    ]


@pytest.mark.parametrize("command", ["diff", "scan"])
def test_what_changes_types_is_said_where_uses_wait_for_it(command: str) -> None:
    said = f"types and signatures: vmaconv migrate {KERNEL} --recipe vma-word\n"
    assert said in run(command, KERNEL, "-j1").err
    assert "vma-word" not in run(command, KERNEL, "arch/parisc", "-j1").err


def configurations() -> list[tuple[str, tuple[str, ...], bool]]:
    found = []
    for name, (symbols, wide) in MACHINES.items():
        for count in range(len(OPTIONAL) + 1):
            for more in itertools.combinations(OPTIONAL, count):
                chosen = {*symbols, *more}
                if "USERFAULTFD" in chosen and "MMU" not in chosen:
                    continue
                if (
                    "HAVE_ARCH_USERFAULTFD_MINOR" in chosen
                    and not {"64BIT", "USERFAULTFD"} <= chosen
                ):
                    continue
                found.append((f"{name}-{count}-{'-'.join(more)}", tuple(sorted(chosen)), wide))
    return found


CONFIGURATIONS = configurations()

with_gcc = pytest.mark.skipif(
    shutil.which("gcc") is None or platform.machine() != "x86_64", reason="needs gcc on x86-64"
)


def compiled(
    tree: Path, sources: list[str], symbols: tuple[str, ...], wide: bool, out: Path, to: str
) -> Path:
    """Compile files of the tree into one object, with `to` before each name that they export."""
    names = {name for source in sources for name in EXPORTED.findall((tree / source).read_text())}
    target = out / f"{to}all.o"
    command = ["gcc", *flags(tree, symbols, wide), "-r", "-nostdlib", "-o", str(target)]
    command += [str(tree / source) for source in sources]
    command += [f"-D{name}={to}{name}" for name in sorted(names)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return target


def flags(tree: Path, symbols: tuple[str, ...], wide: bool) -> list[str]:
    return [
        "-std=gnu11",
        "-nostdinc",
        "-Wall",
        "-Werror",
        "-O1",
        "-ffreestanding",
        "-fno-pie",
        "-fno-stack-protector",
        "-mno-sse",
        "-m64" if wide else "-m32",
        "-I",
        str(tree / "include"),
        *(f"-DCONFIG_{symbol}=1" for symbol in symbols),
    ]


EXPORTED = re.compile(r"^(?:int|const struct file_operations \*const) (\w+)[(\[]", re.MULTILINE)


def functions(sources: list[str], symbols: tuple[str, ...], wide: bool) -> list[str]:
    """Return the functions that a configuration has, as the preprocessor leaves them."""
    paths = [str(KERNEL / source) for source in sources]
    command = ["gcc", "-E", "-P", *flags(KERNEL, symbols, wide), *paths]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return re.findall(r"\bint (\w+)\(struct vm_area_struct \*vma\)\s*\{", text)


@with_gcc
@pytest.mark.parametrize(
    ("symbols", "wide"),
    [pytest.param(symbols, wide, id=name) for name, symbols, wide in CONFIGURATIONS],
)
def test_same_behaviour(symbols: tuple[str, ...], wide: bool, tmp_path: Path) -> None:
    after = tmp_path / "after"
    shutil.copytree(KERNEL, after)
    shutil.copytree(EXPECTED, after, dirs_exist_ok=True)
    found = (path.relative_to(KERNEL).as_posix() for path in sorted(KERNEL.rglob("*.c")))
    sources = [source for source in found if ONLY.get(source) in (None, *symbols)]
    objects = [
        compiled(KERNEL, sources, symbols, wide, tmp_path, "before_"),
        compiled(after, sources, symbols, wide, tmp_path, "after_"),
    ]
    names = functions(sources, symbols, wide)
    (tmp_path / "pairs.h").write_text("".join(f"PAIR({name})\n" for name in names))
    program = tmp_path / "compare"
    link = ["gcc", *flags(KERNEL, symbols, wide), "-I", str(tmp_path), "-nostdlib", "-static"]
    link += ["-no-pie", str(HERE / "compare.c"), *map(str, objects), "-o", str(program)]
    done = subprocess.run(link, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    code = subprocess.run([program], check=False).returncode
    assert code == 0, f"{names[code - 1]}() is not what it was" if code > 0 else f"signal {-code}"


def test_an_int_that_loses_the_flag_stays(tree: Path) -> None:
    source = """#include <linux/mm.h>

int lost(struct vm_area_struct *vma)
{
	int drop = vma->vm_flags & VM_DROPPABLE;
	int exec = vma->vm_flags & VM_EXEC;
	unsigned long wide = vma->vm_flags & VM_DROPPABLE;

	return drop || exec || wide;
}
"""
    (tree / "mm/lost.c").write_text(source)
    assert run("apply", tree, "mm/lost.c").code == 0
    lines = (tree / "mm/lost.c").read_text().splitlines()
    assert lines[4] == "\tint drop = vma->vm_flags & VM_DROPPABLE;"
    assert lines[5] == "\tint exec = vma_test(vma, VMA_EXEC_BIT);"
    assert lines[6] == "\tunsigned long wide = vma_test_single_mask(vma, VMA_DROPPABLE);"


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_rules_that_ship_say_what_to_search_for(path: Path) -> None:
    """Without words every file of a tree is read: a disjunction is one only if all arms are."""
    program = compile_file(read_rules(path), isomorphisms(), frozenset({"v7_0", "v7_1"}), {})
    assert all(program.words_to_search())


MADE = """\
#include <linux/mm.h>

void flush_one(struct mm_struct *mm, unsigned long start)
{
	struct vm_area_struct vma = { .vm_mm = mm, .vm_flags = 0 };
	const struct vm_area_struct other = {
		.vm_flags = VM_NONE,	/* nothing */
		.vm_mm = mm,
	};
	struct vm_area_struct gate = { .vm_flags = VM_READ, };
	struct vm_region region = { .vm_flags = 0, };

	flush_range(&vma, &other, &gate, &region, start);
}
"""


def test_a_vma_that_is_made_without_flags_is_made_without_bits(tree: Path) -> None:
    (tree / "mm/made.c").write_text(MADE)
    done = run("apply", tree, "mm/made.c", "-j1")
    assert done.code == 0, done.err
    want = MADE.replace("mm, .vm_flags = 0 };", "mm, .flags = EMPTY_VMA_FLAGS };")
    want = want.replace(".vm_flags = VM_NONE,", ".flags = EMPTY_VMA_FLAGS,")
    assert (tree / "mm/made.c").read_text() == want
    assert "initialised from VM_READ" in done.err


FLAGS_GIVEN = "static inline pgprot_t vma_get_page_prot(vma_flags_t flags)"
VMA_GIVEN = "static inline pgprot_t vma_get_page_prot(const struct vm_area_struct *vma)"


@pytest.mark.parametrize(
    ("change", "want"),
    [
        ((FLAGS_GIVEN, FLAGS_GIVEN), "vma_get_page_prot(vma->flags)"),
        ((FLAGS_GIVEN, VMA_GIVEN), "vma_get_page_prot(vma)"),
        ((FLAGS_GIVEN, f"{VMA_GIVEN};\n{FLAGS_GIVEN}"), "vm_get_page_prot(vma->vm_flags)"),
        (("vma_get_page_prot", "other_name"), "vm_get_page_prot(vma->vm_flags)"),
    ],
    ids=["flags", "a VMA", "both", "none"],
)
def test_one_name_with_two_meanings(tree: Path, change: tuple[str, str], want: str) -> None:
    header = tree / "include/linux/mm.h"
    text = header.read_text()
    assert change[0] in text
    header.write_text(text.replace(*change))
    done = run("diff", tree, "mm/rows.c", "-j1")
    assert done.code == 0, done.err
    run("apply", tree, "mm/rows.c", "-j1")
    assert f"vma->vm_page_prot = {want};" in (tree / "mm/rows.c").read_text()


NEWER = f"{VMA_GIVEN};\nstatic inline pgprot_t vma_flags_to_page_prot(vma_flags_t flags)"


@pytest.mark.parametrize(
    ("declared", "want"),
    [
        (FLAGS_GIVEN, "vma_get_page_prot(flags)"),
        (NEWER, "vma_flags_to_page_prot(flags)"),
        (VMA_GIVEN, "vm_get_page_prot(vma_flags_to_legacy(flags))"),
    ],
    ids=["older", "newer", "none"],
)
def test_a_protection_is_made_of_the_bitmap_itself(tree: Path, declared: str, want: str) -> None:
    header = tree / "include/linux/mm.h"
    header.write_text(header.read_text().replace(FLAGS_GIVEN, declared))
    text = "#include <linux/mm.h>\n\npgprot_t made(vma_flags_t flags)\n{\n"
    text += "\treturn vm_get_page_prot(vma_flags_to_legacy(flags));\n}\n"
    (tree / "mm/made.c").write_text(text)
    assert run("apply", tree, "mm/made.c", "include/linux/mm.h", "-j1").code == 0
    assert f"\treturn {want};\n" in (tree / "mm/made.c").read_text()
    # The helper itself is made with the word.
    assert "return vm_get_page_prot(vma_flags_to_legacy(flags));" in header.read_text()


def test_a_function_that_is_half_converted_is_finished(tree: Path) -> None:
    half = """#include <linux/mm.h>

int half(struct vm_area_struct *vma)
{
	if (vma_test(vma, VMA_READ_BIT) && !(vma->vm_flags & VM_WRITE))
		return 1;
	vma_start_write(vma);
	vma_set_flags(vma, VMA_IO_BIT);
	vm_flags_set(vma, VM_PFNMAP);
	return !vma_test_any(vma, VMA_READ_BIT, VMA_EXEC_BIT);
}
"""
    (tree / "mm/half.c").write_text(half)
    assert run("apply", tree, "mm/half.c", "-j1").code == 0
    want = half.replace("!(vma->vm_flags & VM_WRITE)", "!vma_test(vma, VMA_WRITE_BIT)")
    have = (tree / "mm/half.c").read_text()
    assert "vm_flags" not in have
    # The lock that is there already is not lost, whatever becomes of the second setter.
    assert have.index("vma_start_write(vma);") < have.index("vma_set_flags(vma, VMA_IO_BIT);")
    assert have.startswith(want[: want.index("\tvm_flags_set")])
    assert "vma_set_flags(vma, VMA_PFNMAP_BIT);" in have


def test_a_flag_that_a_patch_on_top_changes_stays(tree: Path) -> None:
    header = tree / "include/linux/mm.h"
    text = header.read_text()
    line = next(one for one in text.splitlines() if one.startswith("#define VM_PFNMAP"))
    header.write_text(
        text.replace(line, f"#ifdef CONFIG_MMU\n{line}\n#else\n#define VM_PFNMAP\tVM_NONE\n#endif")
    )
    (tree / "drivers/char/top.c").write_text(
        "#include <linux/mm.h>\n\nint top(struct vm_area_struct *vma)\n{\n"
        "\tif (vma->vm_flags & VM_PFNMAP)\n\t\treturn 1;\n"
        "\treturn vma->vm_flags & VM_IO ? 2 : 0;\n}\n"
    )
    done = run("apply", tree, "drivers/char/top.c", "-j1")
    assert done.code == 0, done.err
    have = (tree / "drivers/char/top.c").read_text()
    assert "if (vma->vm_flags & VM_PFNMAP)" in have
    assert "vma_test(vma, VMA_IO_BIT)" in have
    assert "VM_PFNMAP is VM_NONE if !CONFIG_MMU" in done.err


def own(tree: Path, text: str) -> tuple[str, str]:
    """Return what becomes of a file behind its `#include` line, and what is said of it."""
    head = "#include <linux/mm.h>\n"
    (tree / "mm/mine.c").write_text(head + text)
    done = run("apply", tree, "mm/mine.c", "-j1")
    assert done.code == 0, done.err
    return (tree / "mm/mine.c").read_text().removeprefix(head), done.err


TEST = "int f(struct vm_area_struct *vma)\n{\n\treturn vma->vm_flags & MINE ? 1 : 0;\n}\n"


@pytest.mark.parametrize(
    ("text", "want"),
    [
        (
            f"#define MINE (VM_READ)\n{TEST}",
            f"#define MINE mk_vma_flags(VMA_READ_BIT)\n{TEST}".replace(
                "vma->vm_flags & MINE", "vma_test_any_mask(vma, MINE)"
            ),
        ),
        # Another user keeps the word: the bits are written out.
        (
            f"#define MINE (VM_READ)\n{TEST}unsigned long g(void)\n{{\n\treturn MINE;\n}}\n",
            f"#define MINE (VM_READ)\n{TEST}unsigned long g(void)\n{{\n\treturn MINE;\n}}\n".replace(
                "vma->vm_flags & MINE", "vma_test(vma, VMA_READ_BIT)"
            ),
        ),
        # So does another struct's member.
        (
            f"struct s {{ long vm_flags; }};\n#define MINE VM_READ\n{TEST}"
            "int g(struct s *s)\n{\n\treturn s->vm_flags & MINE ? 1 : 0;\n}\n",
            f"struct s {{ long vm_flags; }};\n#define MINE VM_READ\n{TEST}"
            "int g(struct s *s)\n{\n\treturn s->vm_flags & MINE ? 1 : 0;\n}\n".replace(
                "vma->vm_flags & MINE", "vma_test(vma, VMA_READ_BIT)"
            ),
        ),
        # And what is included behind it.
        (
            f'#define MINE (VM_READ)\n{TEST}#include "more.h"\n',
            f'#define MINE (VM_READ)\n{TEST}#include "more.h"\n'.replace(
                "vma->vm_flags & MINE", "vma_test(vma, VMA_READ_BIT)"
            ),
        ),
    ],
    ids=["a mask", "printed", "another struct's", "included behind it"],
)
def test_a_mask_of_the_files_own(tree: Path, text: str, want: str) -> None:
    assert own(tree, text)[0] == want


@pytest.mark.parametrize(
    "define",
    [
        "#define MINE VM_READ | VM_WRITE\n",
        "#define MINE (VM_READ)\n#undef MINE\n#define MINE (VM_WRITE)\n",
        "#ifdef CONFIG_MMU\n#define MINE (VM_READ)\n#endif\n",
        '#define MINE (VM_READ)\n#include "other.h"\n',
        "#define MINE (VM_READ | VM_GROWSUP)\n",
        "#define MINE(x) (VM_READ)\n",
        "#define MINE (VM_READ | OTHER)\n",
        "unsigned long g(unsigned long MINE);\n",
    ],
    ids=["loose", "twice", "in an arm", "included", "conditional", "called", "unknown", "none"],
)
def test_a_mask_that_may_be_something_else_stays(tree: Path, define: str) -> None:
    assert own(tree, define + TEST)[0] == define + TEST


def test_a_mask_that_is_defined_behind_its_use_stays(tree: Path) -> None:
    text = f"{TEST}#define MINE (VM_READ)\n"
    assert own(tree, text)[0] == text


def test_a_helper_of_another_meaning_is_not_called(tree: Path) -> None:
    header = tree / "include/linux/mm.h"
    text = header.read_text()
    old = "bool vma_test(const struct vm_area_struct *vma,"
    assert old in text
    header.write_text(text.replace(old, "bool vma_test(unsigned long vma,"))
    done = run("apply", tree, "mm/rows.c", "-j1")
    assert done.code == 0, done.err
    assert "warning: vma_test() takes unsigned first in this tree's headers" in done.err
    assert not re.search(r"\bvma_test\(", (tree / "mm/rows.c").read_text())


def test_a_mask_of_a_file_that_another_includes_stays(tree: Path) -> None:
    (tree / "mm/all.c").write_text('#include "mine.c"\n')
    have, _ = own(tree, f"#define MINE (VM_READ)\n{TEST}")
    assert have.startswith("#define MINE (VM_READ)\n")
    assert "return vma_test(vma, VMA_READ_BIT) ? 1 : 0;" in have


def test_a_macros_parameter_is_not_what_a_header_declares_by_its_name(tree: Path) -> None:
    header = tree / "include/linux/mm.h"
    text = header.read_text()
    end = text.rindex("#endif")
    more = "struct other {\n\tstruct vm_area_struct *vma;\n\tlong vm_flags;\n};\n"
    more += "extern struct other *vma;\n"
    header.write_text(text[:end] + more + text[end:])
    (tree / "mm/macro.c").write_text(
        "#include <linux/mm.h>\n\n#define may_exec(vma) ((vma)->vm_flags & VM_EXEC)\n"
        "#define other_flags() (vma->vm_flags)\n"
    )
    done = run("scan", tree, "mm/macro.c", "--format", "json", "-j1")
    uses = json.loads(done.out)["uses"]
    assert [(use["line"], use["outcome"], use["function"]) for use in uses] == [
        (3, "unjudged", "may_exec")
    ]


@pytest.mark.parametrize(
    ("header", "turns"), [("int other;\n", True), ("int f = MINE;\n", False), (None, False)]
)
def test_what_is_included_behind_a_mask_is_read(
    tree: Path, header: str | None, turns: bool
) -> None:
    if header is not None:
        (tree / "mm/trace.h").write_text(header)
    have, _ = own(tree, f'#define MINE (VM_READ)\n{TEST}#include "trace.h"\n')
    assert ("vma_test_any_mask(vma, MINE)" in have) == turns
    assert ("#define MINE mk_vma_flags(VMA_READ_BIT)" in have) == turns


def of_macro(tree: Path, body: str, uses: str, more: str = "") -> tuple[str, str]:
    """Return what becomes of a macro `M(v)` in a header, and what is said, where a file has `uses`."""
    header = tree / "include/linux/macro.h"
    header.write_text(f"#define M(v) {body}\n")
    code = f"#include <linux/mm.h>\n#include <linux/macro.h>\n{more}struct other {{ long vm_flags; }};\n"
    code += "void f(struct vm_area_struct *vma, struct vm_fault *vmf, struct other *o)\n{\n"
    (tree / "drivers/char/user.c").write_text(f"{code}\t{uses}\n}}\n")
    done = run("apply", tree, tree / "include/linux/macro.h", "-j1")
    return header.read_text().removeprefix("#define M(v) ").removesuffix("\n"), done.err


IS_READ = "((v)->vm_flags & VM_READ ? 1 : 2)"
TESTED = "(vma_test(v, VMA_READ_BIT) ? 1 : 2)"


@pytest.mark.parametrize(
    ("body", "uses", "more", "want"),
    [
        (IS_READ, "M(vma);", "", TESTED),
        (IS_READ, "M(vmf->vma) + M((vma));", "", TESTED),
        (IS_READ, "N(vma, 1);", "#define N(w, x) (M(w) + (x))\n", TESTED),
        ("do { if (v->vm_flags & VM_READ) g(); } while (0)", "M(vma);", "", None),
        (
            "({ struct vm_area_struct *w = (v); w->vm_flags & VM_READ ? 1 : 2; })",
            "M(vma); M(find_vma(0, 0));",
            "",
            "({ struct vm_area_struct *w = (v); vma_test(w, VMA_READ_BIT) ? 1 : 2; })",
        ),
        # Nobody gives it anything, or it is given what is not known, or another struct.
        (IS_READ, "g(vma);", "", IS_READ),
        (IS_READ, "M(vma); M(unknown);", "", IS_READ),
        (IS_READ, "M(vma); M(o);", "", IS_READ),
        (IS_READ, "M(vma); g(M);", "", IS_READ),
        (IS_READ, "M(vma); L(o);", "#define L M\n", IS_READ),
        (IS_READ, "M(vma); N(o, 1);", "#define N(w, x) (M(w) + (x))\n", IS_READ),
        # What is evaluated may be more than a name.
        (IS_READ, "M(vma++);", "", IS_READ),
        # The word itself is used.
        ("((v)->vm_flags & VM_READ)", "if (M(vma)) g();", "", "((v)->vm_flags & VM_READ)"),
        # `if (x) M(v)` is one statement.
        ("vm_flags_set(v, VM_READ);", "M(vma)", "", "vm_flags_set(v, VM_READ);"),
        ("vm_flags_set(v, VM_READ)", "M(vma);", "", "vm_flags_set(v, VM_READ)"),
        (
            "do { vm_flags_set(v, VM_READ); } while (0)",
            "M(vma);",
            "",
            "do { vma_start_write(v); vma_set_flags(v, VMA_READ_BIT); } while (0)",
        ),
        (
            "do { \\\n\tvm_flags_set(v, VM_READ); \\\n} while (0)",
            "M(vma);",
            "",
            "do { \\\n\tvma_start_write(v); \\\n\tvma_set_flags(v, VMA_READ_BIT); \\\n} while (0)",
        ),
    ],
)
def test_a_macro_whose_users_give_the_same_struct(
    tree: Path, body: str, uses: str, more: str, want: str | None
) -> None:
    if want is None:
        want = body.replace("v->vm_flags & VM_READ", "vma_test(v, VMA_READ_BIT)")
    have, said = of_macro(tree, body, uses, more)
    assert have == want
    assert ("use converted" in said) == (have != body)


def test_another_architectures_users_do_not_see_a_macro(tree: Path) -> None:
    (tree / "arch/arm64/mm").mkdir(parents=True, exist_ok=True)
    (tree / "arch/arm64/mm/other.c").write_text("int g(struct q *q)\n{\n\treturn M(q);\n}\n")
    header = tree / "arch/x86/include/asm/macro.h"
    header.parent.mkdir(parents=True)
    header.write_text(f"#define M(v) {IS_READ}\n")
    (tree / "mm/user.c").write_text("int f(struct vm_area_struct *v)\n{\n\treturn M(v);\n}\n")
    run("apply", tree, "arch/x86", "-j1")
    assert header.read_text() == f"#define M(v) {TESTED}\n"


def test_backslashes_stay_where_they_were(tree: Path) -> None:
    body = "do {\t\t\t\\\n\tif (v->vm_flags & VM_READ)\t\\\n\t\tg();\t\t\t\\\n} while (0)"
    have, _ = of_macro(tree, body, "M(vma);")
    assert have.split("\n")[1] == "\tif (vma_test(v, VMA_READ_BIT))\t\\"
    body = body.replace("if (v->vm_flags & VM_READ)", "if (v->vm_flags & VM_MIXEDMAP)")
    have, _ = of_macro(tree, body, "M(vma);")
    # No room is left in front of the column: one tab.
    assert have.split("\n")[1] == "\tif (vma_test(v, VMA_MIXEDMAP_BIT))\t\\"


def test_a_trace_events_record_is_named(tree: Path) -> None:
    events = tree / "include/trace/events/own.h"
    events.parent.mkdir(parents=True)
    text = "TRACE_EVENT(own,\n\tTP_PROTO(struct vm_area_struct *vma),\n\tTP_ARGS(vma),\n"
    text += "\tTP_STRUCT__entry(__field(vm_flags_t, flags)),\n"
    text += "\tTP_fast_assign(__entry->flags = vma->vm_flags;),\n"
    text += '\tTP_printk("%lx", __entry->flags)\n);\n'
    events.write_text(text)
    done = run("scan", tree, "include/trace", "--format", "json", "-j1")
    uses = json.loads(done.out)["uses"]
    assert {(use["line"], use["outcome"]) for use in uses} == {(4, "left"), (5, "left")}
    assert {use["reason"]["code"] for use in uses} == {"trace-event"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["vma_start_write(vma);", "vma_set_flags(vma, VMA_IO_BIT);"], ""),
        (
            [
                "vma_start_write(vma);",
                "vma_set_flags(vma, VMA_IO_BIT);",
                "vma_clear_flags_mask(vma, VMA_SPECIAL_FLAGS);",
            ],
            "",
        ),
        (["vma_set_flags(vma, VMA_IO_BIT);"], "vma_start_write(vma);"),
        (["vma_start_write(other);", "vma_set_flags(vma, VMA_IO_BIT);"], "vma_start_write(vma);"),
        (
            ["vma_start_write(vma);", "vma_set_flags(other, VMA_IO_BIT);"],
            "vma_start_write(vma);",
        ),
        (
            ["vma_start_write(vma);", "g();", "vma_set_flags(vma, VMA_IO_BIT);"],
            "vma_start_write(vma);",
        ),
    ],
)
def test_a_run_that_is_half_converted_is_locked_once(
    tree: Path, before: list[str], after: str
) -> None:
    head = "#include <linux/mm.h>\n\nvoid f(struct vm_area_struct *vma, struct vm_area_struct *other)\n"
    lines = [*before, "vm_flags_set(vma, VM_PFNMAP);"]
    (tree / "mm/half.c").write_text(head + "{\n" + "".join(f"\t{x}\n" for x in lines) + "}\n")
    run("apply", tree, "mm/half.c", "-j1")
    lines[-1:] = [*([after] if after else []), "vma_set_flags(vma, VMA_PFNMAP_BIT);"]
    want = head + "{\n" + "".join(f"\t{x}\n" for x in lines) + "}\n"
    assert (tree / "mm/half.c").read_text() == want


EARLY = """static inline int early(struct vm_area_struct *vma)
{
	return vma->vm_flags & VM_EXEC ? 1 : 0;
}
"""


@pytest.mark.parametrize(
    ("place", "is_early"),
    [
        ("include/asm-generic/early.h", True),  # included by what mm.h includes first
        ("include/linux/bug.h", True),
        ("include/linux/early.h", False),  # includes mm.h
        ("include/linux/userfaultfd_k.h", False),
    ],
)
def test_a_header_calls_no_helper_before_it_is_declared(
    tree: Path, place: str, is_early: bool
) -> None:
    header = tree / place
    types = tree / "include/linux/types.h"
    types.write_text(f"#include <asm-generic/early.h>\n{types.read_text()}")
    text = header.read_text() if header.is_file() else "#include <linux/mm.h>\n"
    end = text.rindex("#endif") if "#endif" in text else len(text)
    header.write_text(text[:end] + EARLY + text[end:])
    run("apply", tree, place, "-j1")
    assert ("vma->vm_flags & VM_EXEC" in header.read_text()) == is_early


def test_a_helpers_header_calls_it_behind_its_declaration(tree: Path) -> None:
    header = tree / "include/linux/mm.h"
    text = header.read_text()
    place = text.index("static __always_inline bool vma_test(")
    end = text.rindex("#endif")
    header.write_text(
        text[:place] + EARLY + "\n" + text[place:end] + EARLY.replace("early", "late") + text[end:]
    )
    run("apply", tree, "include/linux/mm.h", "-j1")
    have = header.read_text()
    early, late = (have[have.index(f"int {name}(") :].split("}")[0] for name in ("early", "late"))
    assert "vma->vm_flags & VM_EXEC" in early
    assert "vma_test(vma, VMA_EXEC_BIT)" in late


def test_other_languages_are_listed(tree: Path) -> None:
    named = {
        "rust/kernel/mm/virt.rs": "fn flags() -> vm_flags_t { unsafe { (*p).vm_flags } }\n",
        "Documentation/mm/flags.rst": "Call\nvm_flags_set() with the lock held.\n",
        "tools/testing/selftests/bpf/progs/iter.c": "int f(void) { return vma->vm_flags; }\n",
    }
    other = {
        "rust/kernel/mm/page.rs": "let vm_flags_setter = my_vm_flags;\n",
        "tools/testing/vma/vma.c": "int f(void) { return vma->vm_flags; }\n",
    }
    for path, text in (named | other).items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text)
    done = run("scan", tree, "--format", "json", "-j1")
    lines = {(one["file"], one["line"]) for one in json.loads(done.out)["elsewhere"]}
    assert lines == {(path, 2 if path.endswith(".rst") else 1) for path in named}
    assert "  Documentation/mm/flags.rst: line 2\n" in run("scan", tree, "-j1").err
    assert json.loads(run("scan", tree, "mm", "--format", "json", "-j1").out)["elsewhere"] == []


DEFAULTS = """#include <linux/mm.h>

int defaults(struct vm_area_struct *vma, struct mm_struct *mm, struct other *other)
{
	mm->def_flags &= ~VM_LOCKED_MASK;
	if (mm->def_flags & VM_LOCKED)
		mm->def_flags |= VM_READ | VM_EXEC;
	current->mm->def_flags |= VM_LOCKONFAULT;
	mm->def_flags = 0;
	other->def_flags |= VM_READ;
	if ((mm->def_flags & VM_SPECIAL) != 0)
		return mm->def_flags & VM_READ;
	if (vma->vm_flags & ~VM_READ)
		return 3;
	if ((mm->def_flags & (VM_READ | VM_IO)) == 0)
		return 1;
	return 2;
}
"""


@pytest.mark.parametrize("has_bitmap", [True, False])
def test_flags_that_new_vmas_get(tree: Path, has_bitmap: bool) -> None:
    types, header = tree / "include/linux/mm_types.h", tree / "include/linux/mm.h"
    text = types.read_text()
    end = text.rindex("#endif")
    word = "\t\tvm_flags_t def_flags;\n" + "\t\tvma_flags_t def_vma_flags;\n" * has_bitmap
    more = f"struct mm_struct {{\n\tunion {{\n{word}\t}};\n}};\n"
    more += "struct other {\n\tunsigned long def_flags;\n};\n"
    types.write_text(text[:end] + more + text[end:])
    text = header.read_text()
    end = text.rindex("#endif")
    helpers = (HERE.parent / "migrate/word/helpers.h").read_text()
    header.write_text(text[:end] + helpers + text[end:])
    (tree / "mm/defaults.c").write_text(DEFAULTS)
    run("apply", tree, "mm/defaults.c", "-j1")
    want = DEFAULTS
    for old, new in {
        "mm->def_flags &= ~VM_LOCKED_MASK;": "vma_flags_clear_mask(&{}, VMA_LOCKED_MASK);",
        "mm->def_flags & VM_LOCKED)": "vma_flags_test(&{}, VMA_LOCKED_BIT))",
        "mm->def_flags |= VM_READ | VM_EXEC;": "vma_flags_set(&{}, VMA_READ_BIT, VMA_EXEC_BIT);",
        "current->mm->def_flags |= VM_LOCKONFAULT;": (
            "vma_flags_set(&current->{}, VMA_LOCKONFAULT_BIT);"
        ),
        "mm->def_flags = 0;": "{} = EMPTY_VMA_FLAGS;",
        "(mm->def_flags & VM_SPECIAL) != 0": "vma_flags_test_any_mask(&{}, VMA_SPECIAL_FLAGS)",
        "(mm->def_flags & (VM_READ | VM_IO)) == 0": (
            "!vma_flags_test_any(&{}, VMA_READ_BIT, VMA_IO_BIT)"
        ),
    }.items():
        want = want.replace(old, new.format("mm->def_vma_flags")) if has_bitmap else want
    assert (tree / "mm/defaults.c").read_text() == want


@pytest.mark.parametrize("is_included", [True, False])
def test_a_macro_of_a_file_that_another_includes(tree: Path, is_included: bool) -> None:
    code = f"#include <linux/mm.h>\n#define M(v) {IS_READ}\n"
    code += "int f(struct vm_area_struct *vma)\n{\n\treturn M(vma);\n}\n"
    (tree / "mm/inner.c").write_text(code)
    include = '#include "inner.c"\n' if is_included else ""
    more = "struct o { long vm_flags; };\nint g(struct o *o)\n{\n\treturn M(o);\n}\n"
    (tree / "mm/outer.c").write_text(include + more)
    run("apply", tree, "mm/inner.c", "-j1")
    assert (TESTED in (tree / "mm/inner.c").read_text()) != is_included


@pytest.mark.parametrize("user", ["include/linux/bug.h", "include/linux/fs.h"])
def test_a_macro_that_an_early_header_uses(tree: Path, user: str) -> None:
    """include/linux/mm.h includes bug.h before it declares helpers, and not fs.h."""
    macro = tree / "include/linux/macro.h"
    macro.write_text(f"#define M(v) {IS_READ}\n")
    header = tree / user
    text = header.read_text()
    end = text.rindex("#endif")
    code = "static inline int early(struct vm_area_struct *vma)\n{\n\treturn M(vma);\n}\n"
    header.write_text(text[:end] + code + text[end:])
    run("apply", tree, "include/linux/macro.h", "-j1")
    assert (TESTED in macro.read_text()) == user.endswith("fs.h")


COW = "\treturn vma_test(vma, VMA_MAYWRITE_BIT) && !vma_test(vma, VMA_SHARED_BIT);\n"
PROT = f"{FLAGS_GIVEN}\n{{\n\treturn vm_get_page_prot(vma_flags_to_legacy(flags));\n"


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        (COW, "\treturn is_cow_mapping(vma->vm_flags);\n", "is_cow_mapping(vma->vm_flags)"),
        (
            PROT,
            f"{VMA_GIVEN}\n{{\n\treturn vm_get_page_prot(vma->vm_flags);\n",
            "vm_get_page_prot(vma->vm_flags)",
        ),
    ],
    ids=["a predicate", "a protection"],
)
def test_a_helper_does_not_come_to_call_itself(tree: Path, old: str, new: str, kept: str) -> None:
    header = tree / "include/linux/mm.h"
    text = header.read_text()
    assert old in text
    cow = re.search(r"static inline bool is_cow_mapping.*?\n}\n\n", text, re.DOTALL)
    assert cow is not None
    text = text.replace(cow[0], "").replace(old, new)
    at = text.index("static inline bool vma_is_cow_mapping")
    header.write_text(text[:at] + cow[0] + text[at:])
    done = run("apply", tree, "-j1")
    assert done.code == 0, done.err
    assert kept in header.read_text()
    assert not re.search(rf"\b{kept.partition('(')[0]}\(", (tree / "mm/rows.c").read_text())


def test_a_helper_in_a_file_does_not_come_to_call_itself(tree: Path) -> None:
    header = tree / "include/linux/mm.h"
    text = header.read_text()
    made = re.search(r"static inline (bool vma_is_cow_mapping.*?)\n{.*?\n}\n", text, re.DOTALL)
    assert made is not None
    header.write_text(text.replace(made[0], f"{made[1]};\n"))
    own = (
        "#include <linux/mm.h>\n\n"
        "static bool by_word(const struct vm_area_struct *vma)\n"
        "{\n\treturn is_cow_mapping(vma->vm_flags);\n}\n\n"
        f"{made[1]}\n{{\n\treturn by_word(vma);\n}}\n\n"
        "int user(struct vm_area_struct *vma)\n{\n\treturn is_cow_mapping(vma->vm_flags);\n}\n"
    )
    (tree / "mm/cow.c").write_text(own)
    done = run("apply", tree, "mm/cow.c", "-j1")
    assert done.code == 0, done.err
    have = (tree / "mm/cow.c").read_text()
    assert have.count("is_cow_mapping(vma->vm_flags)") == 1
    assert "return is_cow_mapping(vma->vm_flags);\n}\n\nbool vma_is" in have
    assert "and would call itself" in done.err
