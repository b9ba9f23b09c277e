# SPDX-License-Identifier: GPL-2.0-only
"""What a program meets that calls vmaconv: values, and errors that it can name and catch.

What each function gives is shown by the doctests of `vmaconv/api.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import vmaconv

KERNEL = Path(__file__).parents[1] / "fixtures" / "kernel"
RULE = "@@ @@\n- g(1);\n+ h();\n"
Call = Callable[[], object]


def test_every_name_of_the_door_is_there() -> None:
    assert {name for name in vmaconv.__all__ if not hasattr(vmaconv, name)} == set()


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: vmaconv.convert_tree("no-tree"), "SourceError", "no-tree"),
        (lambda: vmaconv.convert_tree(KERNEL, paths=["no.c"]), "SourceError", "no.c"),
        (lambda: vmaconv.convert_tree(KERNEL, paths=["/etc"]), "SourceError", "leads out of"),
        (lambda: vmaconv.convert_tree(KERNEL, ["no-rules"]), "SourceError", "vma-desc"),
        (lambda: vmaconv.account("no-tree"), "SourceError", "no-tree"),
        (lambda: vmaconv.plan_migration(KERNEL, "no-recipe"), "MigrationError", "vma-flags"),
        (lambda: vmaconv.plan_migration(KERNEL, "hooks"), "MigrationError", "vmaconv hooks"),
        (lambda: vmaconv.plan_migration(KERNEL, plan="no.toml"), "MigrationError", "no.toml"),
        (lambda: vmaconv.convert_text(b"", "@@ @@\n- g(1;\n"), "SmplError", "2:4"),
    ],
)
def test_an_error_of_the_input_is_of_a_class_that_the_door_gives(
    call: Call, error: str, said: str
) -> None:
    with pytest.raises(getattr(vmaconv, error)) as raised:
        call()
    assert said in f"{raised.value} {raised.value.remedy}"


def test_a_folder_without_the_kernels_headers_is_no_tree(tmp_path: Path) -> None:
    for call in (vmaconv.convert_tree, vmaconv.plan_migration):
        with pytest.raises(vmaconv.KernelTreeError):
            call(tmp_path)


@pytest.mark.parametrize(
    "call",
    [
        lambda: vmaconv.convert_tree(KERNEL, "vma-desc"),
        lambda: vmaconv.convert_tree(KERNEL, paths="mm"),
        lambda: vmaconv.convert_tree(KERNEL, exclude="mm"),
        lambda: vmaconv.convert_tree(KERNEL, defines="report"),
        lambda: vmaconv.account(KERNEL, "vma-desc"),
        lambda: vmaconv.plan_migration(KERNEL, exclude="mm"),
        lambda: vmaconv.convert_text("g(1);", RULE),  # type: ignore[arg-type]
        lambda: vmaconv.convert_text(b"g(1);", RULE.encode()),  # type: ignore[arg-type]
    ],
)
def test_a_string_in_place_of_a_sequence_or_of_bytes_is_a_type_error(call: Call) -> None:
    """A string is a sequence of its letters, and `paths="mm"` would look for two files named `m`."""
    with pytest.raises(TypeError, match=r"(rules|paths|exclude|defines|text): .*not"):
        call()


@pytest.mark.parametrize("jobs", [0, -1])
def test_fewer_than_one_worker_is_a_value_error(jobs: int) -> None:
    with pytest.raises(ValueError, match="jobs"):
        vmaconv.convert_tree(KERNEL, jobs=jobs)
    with pytest.raises(ValueError, match="jobs"):
        vmaconv.account(KERNEL, jobs=jobs)
