# SPDX-License-Identifier: GPL-2.0-only
"""How changed files become parts and batches."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vmaconv.series.change import FileChange
from vmaconv.series.words.split import PatchFiles, Split, batches, joined_groups, split_changes

PATHS = ["fs/a/x.c", "fs/a/y.c", "fs/b/x.c", "mm/one.c", "mm/two.c", "odd/z.c"]
CHANGES = [FileChange(path, b"a", b"b") for path in PATHS]


def owner(path: str) -> str:
    if path.startswith("mm/"):
        return "MM"
    return "A" if path.startswith("fs/a/") else ""


def split(by: Split, groups: list[list[str]]) -> list[tuple[str, ...]]:
    return [part.paths for part in split_changes(reversed(CHANGES), by, groups, owner)]


def test_by_file() -> None:
    assert split(Split.FILE, []) == [(path,) for path in PATHS]


def test_by_subsystem_and_folder() -> None:
    wanted = [
        ("fs/a/x.c", "fs/a/y.c"),
        ("fs/b/x.c",),
        ("mm/one.c", "mm/two.c"),
        ("odd/z.c",),
    ]
    assert split(Split.GROUP, []) == wanted
    assert split(Split.SUBSYSTEM, []) == wanted


def test_a_group_is_one_patch_however_the_series_is_split() -> None:
    group = ["mm/one.c", "fs/a/y.c"]
    for by in Split:
        assert split(by, [group])[0] == ("fs/a/y.c", "mm/one.c")
    assert split(Split.GROUP, [group])[1:] == [
        ("fs/a/x.c",),
        ("fs/b/x.c",),
        ("mm/two.c",),
        ("odd/z.c",),
    ]


def test_a_group_in_one_subsystem_joins_it_only_when_split_by_subsystem() -> None:
    group = ["fs/a/x.c", "fs/a/y.c"]
    extra = [*CHANGES, FileChange("fs/a/z.c", b"a", b"b")]
    by_group = split_changes(extra, Split.GROUP, [group], owner)
    assert [part.paths for part in by_group][:2] == [tuple(group), ("fs/a/z.c",)]
    assert by_group[0].together and not by_group[1].together
    by_subsystem = split_changes(extra, Split.SUBSYSTEM, [group], owner)
    assert by_subsystem[0].paths == ("fs/a/x.c", "fs/a/y.c", "fs/a/z.c")


def test_unchanged_files_and_unknown_names_are_left_out() -> None:
    changes = [FileChange("a.c", b"x", b"x"), FileChange("b.c", b"x", b"y")]
    parts = split_changes(changes, Split.GROUP, [["a.c", "b.c", "none.c"]])
    assert [part.paths for part in parts] == [("b.c",)]
    assert split_changes([]) == ()


def test_groups_that_share_files_are_one() -> None:
    groups = [["a", "b"], ["x", "y"], ["c", "d"], ["y", "b"], ["e"]]
    assert joined_groups(groups, "abcdexy") == (("a", "b", "x", "y"), ("c", "d"))


@given(
    groups=st.lists(st.lists(st.sampled_from(PATHS), max_size=4), max_size=5),
    by=st.sampled_from(Split),
)
def test_every_file_is_in_exactly_one_part(groups: list[list[str]], by: Split) -> None:
    parts = split_changes(CHANGES, by, groups, owner)
    assert sorted(path for part in parts for path in part.paths) == sorted(PATHS)
    for group in groups:
        for part in parts:
            assert set(group) <= set(part.paths) or not set(group) & set(part.paths)


@given(count=st.integers(0, 100), most=st.integers(1, 20))
def test_batches_are_even_and_small_enough(count: int, most: int) -> None:
    parts = [PatchFiles((), str(number)) for number in range(count)]
    cut = batches(parts, most)
    assert [part for batch in cut for part in batch] == parts
    sizes = [len(batch) for batch in cut]
    assert all(size <= most for size in sizes)
    assert not sizes or max(sizes) - min(sizes) <= 1
    assert len(cut) == -(-count // most)


def test_no_limit() -> None:
    assert [len(batch) for batch in batches([PatchFiles(())] * 40, 0)] == [40]
