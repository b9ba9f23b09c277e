# SPDX-License-Identifier: GPL-2.0-only
"""Which files a configuration compiles, as the Makefiles say."""

from __future__ import annotations

import pytest
from command_line import KERNEL

from vmaconv.prove.configuration.built_files import BuiltFiles
from vmaconv.prove.trees.tree_text import Folder, Replaced

MAKEFILE = b"""# SPDX-License-Identifier: GPL-2.0
pages-y := nopages.o
pages-$(CONFIG_MMU) := pages.o
always-y += $(pages-y)
obj-y := always.o quill.o
obj-$(CONFIG_A) += a.o many.o
many-y := one.o
many-$(CONFIG_B) += two.o	# only sometimes
ifdef CONFIG_64BIT
obj-$(CONFIG_A) += wide.o
else
obj-y += narrow.o
endif
ifeq ($(CONFIG_C),y)
obj-y += c.o
endif
ifneq ($(CONFIG_C),)
obj-y += d.o
endif
"""


@pytest.mark.parametrize(
    ("name", "configuration", "is_built"),
    [
        ("always.c", "", True),
        ("nopages.c", "", True),
        ("pages.c", "", False),
        ("pages.c", "MMU", True),
        ("a.c", "", False),
        ("a.c", "A", True),
        ("one.c", "A", True),
        ("one.c", "B", False),
        ("two.c", "A", False),
        ("two.c", "A B", True),
        ("wide.c", "A", False),
        ("wide.c", "A 64BIT", True),
        ("narrow.c", "64BIT", False),
        ("narrow.c", "", True),
        ("c.c", "C", True),
        ("c.c", "", False),
        ("d.c", "", False),
        ("d.c", "C", True),
        ("nobody.c", "", True),
        ("a.h", "", True),
    ],
)
def test_a_file_is_built_where_its_makefile_says(
    name: str, configuration: str, is_built: bool
) -> None:
    symbols = {f"CONFIG_{word}" for word in configuration.split()}
    built = BuiltFiles(Replaced(Folder(KERNEL), {"lib/Makefile": MAKEFILE}))
    assert built.is_built(f"lib/{name}", lambda s: s in symbols) is is_built


@pytest.mark.parametrize(
    ("path", "configuration", "is_built"),
    [
        ("arch/arm64/mm/fault.c", "ARM64", True),
        ("arch/arm64/mm/fault.c", "X86", False),
        ("arch/arm64/include/asm/mman.h", "X86", False),
        ("arch/x86/mm/fault.c", "X86", True),
        ("arch/x86/um/vdso/vma.c", "UML", True),
        ("arch/alpha/mm/fault.c", "", True),
    ],
)
def test_the_files_of_an_architecture_are_built_for_it(
    path: str, configuration: str, is_built: bool
) -> None:
    symbols = {f"CONFIG_{word}" for word in configuration.split()}
    assert BuiltFiles(Folder(KERNEL)).is_built(path, lambda s: s in symbols) is is_built
