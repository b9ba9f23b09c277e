# SPDX-License-Identifier: GPL-2.0-only
"""When a file is built, by its tree's Makefiles and Kconfig files; rules for objects."""

from __future__ import annotations

from pathlib import Path

import pytest

from vmaconv.cocci.smpl.rule import SmplError
from vmaconv.cocci.text.trivia import blank_out
from vmaconv.flags.headers.conditions import ALWAYS, Condition, describe
from vmaconv.flags.headers.header_lines import conditions_in
from vmaconv.flags.helpers.declared_names import declared_names, tree_helpers
from vmaconv.flags.rule_forms import read_rules, with_objects
from vmaconv.flags.sites.kbuild import Kbuild
from vmaconv.flags.sites.kconfig import Kconfig

FILES = {
    "Kconfig": 'source "arch/$(SRCARCH)/Kconfig"\nsource "mm/Kconfig"\n',
    "arch/one/Kconfig": "config ONE\n\tdef_bool y\n\nconfig WIDE\n\tdef_bool y\n",
    "arch/two/Kconfig": (
        'config TWO\n\tdef_bool y\n\nconfig WIDE\n\tbool "wide"\n\n'
        "config ONLY_TWO\n\tbool\n\tselect FORCED\n"
    ),
    "mm/Kconfig": """menu "memory"
	depends on MMU
comment "nothing"
	depends on TWO
config NEEDS
	bool "needs"
	depends on WIDE && (A || B)
	help
	  depends on nothing at all
config FORCED
	bool
	depends on WIDE
config TRI
	tristate "m"
	depends on WIDE
if NEEDS
config INSIDE
	bool
	depends on LEVEL = 3
endif
config DRIVER
	tristate "of one machine"
	depends on ONE || (B && WIDE)
config A
	bool
config B
	bool
endmenu
config OUTSIDE
	bool
""",
    "Makefile": "",
    "mm/Makefile": """obj-y := plain.o both.o
obj-$(CONFIG_NEEDS) += needs.o \\
	whole.o
whole-$(CONFIG_A) += part.o
obj-$(CONFIG_TRI) += module.o
ifdef CONFIG_WIDE
obj-$(CONFIG_A) += narrow.o both.o
else
obj-y += other.o
endif
ifeq ($(CONFIG_A),y)
obj-y += unknown.o
endif
obj-$(CONFIG_B) += sub/
obj-$(CONFIG_DRIVER) += driver.o
obj-$(subst m,y,$(CONFIG_A)) += strange.o
obj-$(CONFIG_A) += included.o
""",
    "mm/sub/Makefile": "obj-$(CONFIG_NEEDS) += deep.o\n",
    "mm/plain.c": '#include "included.c"\n',
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def built(tree: Path, path: str, *symbols: str) -> str:
    return describe(Kbuild(tree, Kconfig(tree)).built(path, frozenset(symbols)))


@pytest.mark.parametrize(
    ("path", "condition"),
    [
        ("mm/plain.c", "always"),
        ("mm/both.c", "always"),
        ("mm/needs.c", "CONFIG_NEEDS && CONFIG_WIDE && (CONFIG_A || CONFIG_B)"),
        ("mm/narrow.c", "CONFIG_WIDE && CONFIG_A"),
        ("mm/other.c", "!CONFIG_WIDE"),
        ("mm/unknown.c", "always"),
        ("mm/strange.c", "always"),
        ("mm/included.c", "always"),
        ("mm/nowhere.c", "always"),
        ("mm/module.c", "(CONFIG_TRI || CONFIG_TRI_MODULE) && CONFIG_WIDE"),
    ],
)
def test_makefiles(tree: Path, path: str, condition: str) -> None:
    assert built(tree, path) == condition


def test_parts_and_folders(tree: Path) -> None:
    assert built(tree, "mm/part.c").startswith("CONFIG_A && CONFIG_NEEDS")
    assert built(tree, "mm/sub/deep.c").startswith("CONFIG_NEEDS && CONFIG_B")


def test_architectures(tree: Path) -> None:
    asked = ("CONFIG_ONE", "CONFIG_TWO", "CONFIG_ONLY_TWO", "CONFIG_WIDE")
    assert built(tree, "arch/one/a.c", *asked) == (
        "CONFIG_ONE && !CONFIG_ONLY_TWO && !CONFIG_TWO && CONFIG_WIDE"
    )
    assert built(tree, "arch/two/a.c", *asked) == "!CONFIG_ONE && CONFIG_TWO"
    assert built(tree, "mm/nowhere.c", *asked) == "always"


def test_what_one_architecture_alone_has_tells_which_it_is(tree: Path) -> None:
    alone = "(CONFIG_DRIVER || CONFIG_DRIVER_MODULE) && (CONFIG_ONE || (CONFIG_B && CONFIG_WIDE))"
    assert built(tree, "mm/driver.c") == alone
    # That architecture has WIDE in any case, and the other way to the driver asks for it.
    assert built(tree, "mm/driver.c", "CONFIG_WIDE") == f"{alone} && CONFIG_WIDE"
    assert built(tree, "mm/driver.c", "CONFIG_ONLY_TWO") == alone


def test_symbols(tree: Path) -> None:
    kconfig = Kconfig(tree)
    # What is selected is set without regard to what it depends on.
    assert describe(kconfig.symbols("FORCED")[0].depends) == "CONFIG_MMU && CONFIG_WIDE"
    assert built(tree, "mm/nowhere.c") == "always"
    assert describe(kconfig.symbols("INSIDE")[0].depends) == (
        "CONFIG_MMU && CONFIG_NEEDS && LEVEL = 3"
    )
    assert describe(kconfig.symbols("OUTSIDE")[0].depends) == "always"
    assert [kconfig.is_bool(name) for name in ("A", "TRI", "NOBODY")] == [True, False, False]


def test_conditions_in_a_file() -> None:
    text = b"""int a;
#ifdef CONFIG_A /* #else */
int b;
#elif defined(CONFIG_B)
int c;
#else
int d;
#endif
int e;
"""
    spans = conditions_in(text)

    def at(word: bytes) -> Condition:
        offset = blank_out(text).index(word)
        return ([ALWAYS] + [condition for start, condition in spans if start <= offset])[-1]

    found = [describe(at(word)) for word in (b"a;", b"b;", b"c;", b"d;", b"e;")]
    assert found == [
        "always",
        "CONFIG_A",
        "!CONFIG_A && CONFIG_B",
        "!CONFIG_A && !CONFIG_B",
        "always",
    ]


def write_header(tree: Path, text: str) -> None:
    """Write the `mm.h` of a tree that has nothing else."""
    header = tree / "include/linux/mm.h"
    header.parent.mkdir(parents=True)
    header.write_text(text)


def test_names_that_headers_declare(tmp_path: Path) -> None:
    write_header(
        tmp_path,
        "#define one(x) two(x)\n/* bool three(int); */\nstatic inline bool\nfour(int x)\n"
        "{\n\treturn five(x);\n}\nstruct vma *six(void);\n",
    )
    names = ["one", "two", "three", "four", "five", "six"]
    assert declared_names(tmp_path, names) == {"one", "four", "six"}


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        ("static inline int get(flags_t f)\n{\n}\n", {"get", "get_of_flags_t"}),
        ("int get(const struct area *a);\n", {"get", "get_of_area"}),
        ("int get(struct area *a);\nint get(flags_t f);\n", {"get"}),
        ("int get(const flags_t *f);\n", {"get"}),
        ("int get(area_t a);\n", {"get"}),
        ("#define get(a) ((a)->x)\n", {"get"}),
        ("int x = get(flags_t);\n", set()),
    ],
    ids=[
        "flags",
        "a pointer",
        "one in each arm",
        "flags behind one",
        "another",
        "a macro",
        "a call",
    ],
)
def test_a_helper_is_told_by_what_it_takes(tmp_path: Path, declared: str, found: set[str]) -> None:
    write_header(tmp_path, declared)
    assert declared_names(tmp_path, ["get", "get_of_flags_t", "get_of_area"]) == found


def test_rules_for_objects() -> None:
    rules = """// Title
// Objects: V W

// Above
@a@
struct s *V;
expression W;
@@
- f(V, V->x, W)
+ g(&V->y)
"""
    text, numbers = with_objects(rules)
    assert text.split("// Above\n")[1] == (
        "@a_of_V@\nstruct s V;\nexpression W;\n@@\n- f(&V, V.x, W)\n+ g(&V.y)\n\n"
    )
    assert text.endswith(rules[rules.index("// Above") :])
    lines = rules.split("\n")
    assert len(numbers) == text.count("\n") + 1
    for line, number in zip(text.split("\n"), numbers, strict=True):
        assert line[:2] == lines[number - 1][:2] or line == ""
    plain = rules.replace("Objects", "Subjects")
    assert with_objects(plain) == (plain, list(range(1, len(lines) + 1)))


def test_errors_and_rules_have_the_lines_of_the_file(tmp_path: Path) -> None:
    rules = "// Title\n// Objects: V\n\n@a@\nstruct s *V;\n@@\n- f(V)\n+ g(V)\n\n@b@\n@@\n- h()\n+ i()\n"
    path = tmp_path / "r.cocci"
    path.write_text(rules)
    assert [(r.name, r.place.line) for r in read_rules(path).rules] == [
        ("a_of_V", 4),
        ("a", 4),
        ("b", 10),
    ]
    path.write_text(rules.replace("- h()", "- h("))
    with pytest.raises(SmplError) as raised:
        read_rules(path)
    assert raised.value.place.line == 12


def test_a_helper_of_another_meaning_is_not_declared(tmp_path: Path) -> None:
    write_header(
        tmp_path,
        "static inline bool vma_test(unsigned long flags, int bit);\n"
        "static inline void vma_start_write(struct vm_area_struct *vma)\n{\n}\n"
        "#define vma_test_any(vma, ...) many(vma, __VA_ARGS__)\n"
        "bool other(unsigned long flags);\n",
    )
    names = ["vma_test", "vma_start_write", "vma_test_any", "other"]
    assert declared_names(tmp_path, names) == {"vma_start_write", "vma_test_any", "other"}
    assert tree_helpers(tmp_path, names).strangers == {"vma_test": "unsigned"}


@pytest.mark.parametrize(
    ("declared", "others"),
    [
        ("bool vma_test(const struct vm_area_struct *vma, vma_flag_t bit);", {}),
        (
            "bool vma_test(const struct vm_area_struct *vma, vma_flags_t flags);",
            {"vma_test": "const struct vm_area_struct *vma, vma_flags_t flags"},
        ),
        ("#define vma_test_any(vma, ...) many(vma, __VA_ARGS__)", {}),
        ("#define vma_test_any(vma, bits...) many(vma, bits)", {}),
        ("#define vma_test_any many", {}),
        ("#define vma_test_any(vma, mask) many(vma, mask)", {"vma_test_any": "vma, mask"}),
        (
            "bool vma_test_any(struct vm_area_struct *vma, vma_flags_t mask);",
            {"vma_test_any": "struct vm_area_struct *vma, vma_flags_t mask"},
        ),
        (
            "void vma_set_flags_mask(struct vm_area_struct *vma,\n\t\tconst vma_flags_t mask);",
            {},
        ),
        (
            "void vma_set_flags_mask(struct vm_area_struct *vma, vm_flags_t mask);",
            {"vma_set_flags_mask": "struct vm_area_struct *vma, vm_flags_t mask"},
        ),
        ("void vma_start_write(struct vm_area_struct *vma);", {}),
    ],
)
def test_a_helper_is_told_by_what_it_takes_second(
    tmp_path: Path, declared: str, others: dict[str, str]
) -> None:
    write_header(tmp_path, f"{declared}\n")
    names = ["vma_test", "vma_test_any", "vma_set_flags_mask", "vma_start_write"]
    helpers = tree_helpers(tmp_path, names)
    assert helpers.others == others
    assert bool(helpers.declared) != bool(others)


@pytest.mark.parametrize(
    ("guard", "partial"),
    [
        ("#ifdef CONFIG_MMU\n{}#endif\n", {"vma_start_write": "CONFIG_MMU"}),
        ("#ifdef CONFIG_MMU\n{0}#else\n{0}#endif\n", {}),
        ("#ifndef _LINUX_MM_H\n#define _LINUX_MM_H\n{}#endif\n", {}),
    ],
    ids=["in one arm", "in each arm", "in the header's guard"],
)
def test_a_helper_that_some_configurations_lack(
    tmp_path: Path, guard: str, partial: dict[str, str]
) -> None:
    write_header(tmp_path, guard.format("void vma_start_write(struct vm_area_struct *vma);\n"))
    helpers = tree_helpers(tmp_path, ["vma_start_write"])
    assert helpers.partial == partial
    assert bool(helpers.declared) != bool(partial)


def test_a_helper_is_needed_only_where_what_it_replaces_is(tmp_path: Path) -> None:
    write_header(
        tmp_path,
        "#ifndef CONFIG_MMU\nbool is_nommu_shared_mapping(vm_flags_t flags);\n"
        "bool is_nommu_shared_vma_flags(const vma_flags_t *flags);\n#endif\n",
    )
    assert declared_names(tmp_path, ["is_nommu_shared_vma_flags"]) == {"is_nommu_shared_vma_flags"}
