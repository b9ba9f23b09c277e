# SPDX-License-Identifier: GPL-2.0-only
"""What is said of uses that stay: the true reason, in words that a maintainer takes.

In: the tree of 7.x's shape, with a file more. Out: why its uses were left.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from command_line import FIXTURES, run

KERNEL = FIXTURES / "kernel-7"
ARGUMENTS = "struct vm_area_struct *vma, unsigned long word, int i"
DECLARED = """
void note(const char *text, ...);
void take(unsigned long flags);
pgprot_t vm_get_page_prot(vm_flags_t vm_flags);
bool is_exec_mapping(vm_flags_t flags);
#define MASK_OF(x) (1UL << (x))
"""

BODIES = [
    # A mask that is a variable, wherever it is used.
    ("return vma->vm_flags & word ? 1 : 2;", ["the flags in word are known only at run time"]),
    (
        "return (vma->vm_flags & word) == VM_READ;",
        ["the flags in word are known only at run time"],
    ),
    ("vm_flags_set(vma, word);", ["the flags in word are known only at run time"]),
    ("vm_flags_reset(vma, word | VM_IO);", ["the flags in word are known only at run time"]),
    (
        "return vma->vm_flags & (1UL << i) ? 1 : 2;",
        ["the flags in 1UL << i are known only at run time"],
    ),
    (
        "return vma->vm_flags & MASK_OF(i) ? 1 : 2;",
        ["the flags in MASK_OF(i) are known only at run time"],
    ),
    (
        "if (word && vma->vm_flags & (VM_IO | VM_READ) & ~word)\n\t\treturn 1;\n\treturn 0;",
        ["no helper tests vma->vm_flags & (VM_IO | VM_READ) & ~word"],
    ),
    # A comparison whose mask holds it back.
    (
        "return (vma->vm_flags & (VM_SEALED | VM_READ)) == VM_READ;",
        ["VM_SEALED is VM_NONE if !CONFIG_64BIT (include/linux/mm.h:139)"],
    ),
    # The value counts.
    (
        "switch (vma->vm_flags & (VM_READ | VM_WRITE)) {\n\tcase VM_READ:\n\t\treturn 1;\n\t}"
        "\n\treturn 0;",
        ["the switch tells values of the masked word apart, not only whether it is zero"],
    ),
    (
        "take(vma->vm_flags & VM_READ);",
        ["take() takes the masked word itself, not only whether it is zero"],
    ),
    # Printed.
    ('note("%lx\\n", vma->vm_flags);', ["printed by note() as a word"]),
    ('note("%d %pGv\\n", i, &vma->vm_flags);', ["printed by note(), which reads a word there"]),
    # Functions of the word.
    ("return !!vm_get_page_prot(word).pgprot;", ["vm_get_page_prot() takes word as a word"]),
    (
        "return !!vm_get_page_prot(VM_READ | VM_WRITE).pgprot;",
        ["vm_get_page_prot() takes VM_READ | VM_WRITE as a word"],
    ),
    (
        "return is_exec_mapping(vma->vm_flags);",
        [
            "no counterpart of is_exec_mapping() for a bitmap is known",
            "passed to is_exec_mapping(), whose parameter is a word",
        ],
    ),
    ("take((unsigned long)vm_flags_set);", ["names vm_flags_set() without calling it"]),
]


def reasons(tree: Path, text: str) -> list[str]:
    (tree / "mm/left.c").write_text(text)
    done = run("scan", tree, "mm/left.c", "--format", "json", "-j1")
    assert done.code == 0, done.err
    uses = json.loads(done.out)["uses"]
    return sorted(use["reason"]["text"] for use in uses if use["kind"] != "type")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    shutil.copytree(KERNEL, tmp_path / "kernel-7")
    return tmp_path / "kernel-7"


@pytest.mark.parametrize(("body", "want"), BODIES)
def test_why_a_use_is_left(tree: Path, body: str, want: list[str]) -> None:
    head = f"#include <linux/mm.h>\n{DECLARED}\n"
    have = reasons(tree, f"{head}int left({ARGUMENTS})\n{{\n\t{body}\n}}\n")
    declared = [one for one in have if one.startswith("declares ")]
    assert [one for one in have if one not in declared] == want


def test_what_is_said_of_the_functions_themselves(tree: Path) -> None:
    text = "#include <linux/mm.h>\n\npgprot_t vm_get_page_prot(vm_flags_t vm_flags);\n"
    text += "pgprot_t vm_get_page_prot(vm_flags_t vm_flags)\n{\n\treturn none;\n}\n"
    text += "EXPORT_SYMBOL(vm_get_page_prot);\n"
    assert reasons(tree, text) == [
        "declares vm_get_page_prot(), which takes a word",
        "defines vm_get_page_prot(), which takes a word",
        "exports vm_get_page_prot(), which takes a word",
    ]


def test_a_constant_is_named(tree: Path) -> None:
    (tree / "mm/left.c").write_text("#include <linux/mm.h>\nconst vm_flags_t OURS = VM_READ;\n")
    done = run("scan", tree, "mm/left.c", "--format", "json", "-j1")
    (use,) = json.loads(done.out)["uses"]
    assert use["reason"]["text"] == "OURS is a vm_flags_t"


def test_a_refusal_is_the_reason_of_a_call(tree: Path) -> None:
    text = "#include <linux/mm.h>\n\n#define vm_flags_set(v, f) own_set(v, f)\n\n"
    text += f"void left({ARGUMENTS})\n{{\n\tvm_flags_set(vma, VM_IO);\n}}\n"
    assert reasons(tree, text) == [
        "defines vm_flags_set(), which takes a word",
        "vm_flags_set() is something else in this file",
    ]
