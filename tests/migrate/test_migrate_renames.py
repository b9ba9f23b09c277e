# SPDX-License-Identifier: GPL-2.0-only
"""Renames across a tree, all or nothing.

In: small trees that have the old name. Out: every place that names the function renamed, what
only looks like it left alone; nothing renamed where the new name is taken.
"""

# The C text below has tabs, as C has.
# ruff: noqa: E101, W191
from __future__ import annotations

from pathlib import Path

from migrate_trees import KERNEL, after, make_tree, run

HEADER = b"""
static inline bool vma_flag_test_atomic(struct vm_area_struct *vma,
					vma_flag_t bit)
{
	return vma && bit;
}

#endif /* _LINUX_MM_H */
"""

USERS = b"""#include <linux/mm.h>

/* vma_flag_test_atomic() takes no lock. */
#define a_guarded(vma)	vma_flag_test_atomic(vma, VMA_READ_BIT)

struct a_ops {
	int vma_flag_test_atomic;
};

bool a_any(struct vm_area_struct *vma, struct a_ops *ops)
{
	bool (*test)(struct vm_area_struct *, vma_flag_t) = vma_flag_test_atomic;

	if (ops->vma_flag_test_atomic)
		return a_guarded(vma) && vma_flag_test_atomic(vma,
							      VMA_WRITE_BIT);
	return test(vma, VMA_EXEC_BIT);
}

int a_local(int vma_flag_test_atomic)
{
	return vma_flag_test_atomic + 1;
}
"""


def tree_with(tmp_path: Path, users: bytes) -> Path:
    text = (KERNEL / "include/linux/mm.h").read_bytes()
    text = text.replace(b"\n#endif /* _LINUX_MM_H */\n", HEADER)
    files = {"fs/a.c": users, "tools/testing/b.c": b"bool vma_flag_test_atomic(void);\n"}
    tree = make_tree(tmp_path / "t", files)
    (tree / "include/linux/mm.h").write_bytes(text)
    return tree


def test_renames_every_place(tmp_path: Path) -> None:
    tree = tree_with(tmp_path, USERS)
    migration = run(tree)
    text = after(migration, tree, "fs/a.c")
    assert b"/* vma_test_atomic_flag() takes no lock. */" in text
    assert b"#define a_guarded(vma)\tvma_test_atomic_flag(vma, VMA_READ_BIT)" in text
    assert b"vma_flag_t) = vma_test_atomic_flag;" in text
    assert b"\tint vma_flag_test_atomic;\n" in text
    assert b"ops->vma_flag_test_atomic" in text
    assert b"int a_local(int vma_flag_test_atomic)\n{\n\treturn vma_flag_test_atomic + 1;" in text
    header = after(migration, tree, "include/linux/mm.h")
    assert b"static inline bool vma_test_atomic_flag(struct vm_area_struct *vma,\n" in header
    assert after(migration, tree, "tools/testing/b.c") == b"bool vma_test_atomic_flag(void);\n"
    assert migration.groups[0].title == "rename vma_flag_test_atomic()"


def test_continuation_lines_follow_the_bracket(tmp_path: Path) -> None:
    tree = tree_with(tmp_path, USERS.replace(b"vma_flag_test_atomic(vma,", b"f(vma,"))
    header = after(run(tree), tree, "include/linux/mm.h")
    assert b"vma_test_atomic_flag(struct vm_area_struct *vma,\n\t\t\t\t\tvma_flag_t bit)" in header


def test_renames_nothing_where_the_name_is_taken(tmp_path: Path) -> None:
    tree = tree_with(tmp_path, USERS + b"\nint vma_test_atomic_flag;\n")
    migration = run(tree)
    assert not any(d.action == "rename" for d in migration.trial.decisions)
    (stop,) = [str(o) for name, o in migration.stops if name == "vma_flag_test_atomic"]
    assert "vma_test_atomic_flag is a name already (fs/a.c:25)" in stop
