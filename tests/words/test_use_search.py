# SPDX-License-Identifier: GPL-2.0-only
"""Files are searched once for uses and for the macros of headers that have uses in their bodies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from vmaconv.cocci.text.tree_error import SourceError
from vmaconv.convert.accounted import Accounted
from vmaconv.convert.macro_users import macros_with
from vmaconv.convert.use_search import UseSearch
from vmaconv.flags.sites.kbuild import Kbuild
from vmaconv.flags.sites.kconfig import Kconfig
from vmaconv.uses.member_uses import Member
from vmaconv.uses.named_uses import AccountedNames

_KEPT = Accounted(
    Member(b"struct file", b"f_mode"), AccountedNames(frozenset({b"mode_set"}), frozenset())
)


def _tree(tmp_path: Path) -> Path:
    files = {
        "include/a.h": "#define may_read(f) ((f)->f_mode & FMODE_READ)\n#define may(f) may_read(f)\n",
        "mm/b.h": "#define turn_on(f) mode_set(f, FMODE_READ)\n",
        "drivers/c.h": "#define here(f) ((f)->f_mode & FMODE_READ)\n",
        "use.c": "int f(struct file *file) { return file->f_mode; }\n",
        "user.c": "int g(void *p) { return may(p); }\n",
        "other.c": "int h(void *p) { return here(p); }\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


_HEADERS = ["drivers/c.h", "include/a.h", "mm/b.h"]


def test_users_of_the_macros_of_shared_headers_are_found(tmp_path: Path) -> None:
    search = UseSearch(_tree(tmp_path), ["f_mode", "mode_set"], for_macros=True)
    search.go_on(lambda texts: macros_with(texts, _KEPT))
    assert search.result() == [*_HEADERS, "use.c", "user.c"]
    assert search.macros == {b"may_read", b"may", b"turn_on"}


def test_the_lines_that_include_c_files_are_found(tmp_path: Path) -> None:
    tree = _tree(tmp_path)
    (tree / "drivers/core.c").write_text('int i;\n# include "part.c"\n#include <lib/more.c>\n')
    (tree / "drivers/own" / ".git").mkdir(parents=True)
    (tree / "drivers/own/top.c").write_text('#include "own.c"\n')
    search = UseSearch(tree, ["f_mode", "mode_set"], for_macros=True)
    search.go_on(lambda texts: macros_with(texts, _KEPT))
    assert search.result() == [*_HEADERS, "use.c", "user.c"]
    kbuild = Kbuild(tree, Kconfig(tree))
    kbuild.know(search.census(), search.including())
    asked = ["drivers/part.c", "drivers/more.c", "drivers/own.c", "drivers/core.c", "mm/part.c"]
    assert [path for path in asked if kbuild.is_included(path)] == asked[:3]


def test_without_macros_there_is_one_search(tmp_path: Path) -> None:
    search = UseSearch(_tree(tmp_path), ["f_mode"], for_macros=False)
    search.go_on(lambda texts: macros_with(texts, _KEPT))
    assert search.result() == ["drivers/c.h", "include/a.h", "use.c"]
    assert not search.macros


def test_what_goes_wrong_with_the_headers_is_said(tmp_path: Path) -> None:
    def fail(_: Mapping[str, bytes | None]) -> Iterable[bytes]:
        raise SourceError("no-tree", "x", "it went away", "look for it")

    search = UseSearch(_tree(tmp_path), ["f_mode"], for_macros=True)
    search.go_on(fail)
    with pytest.raises(SourceError):
        search.result()


def test_a_macro_that_names_itself_ends() -> None:
    texts = {"a.h": b"#define twice(f) (twice(f), (f)->f_mode)\n", "b.h": None, "c.c": b"#define"}
    assert macros_with(texts, _KEPT) == {b"twice"}
