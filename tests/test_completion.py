# SPDX-License-Identifier: GPL-2.0-only
"""What a shell is told of words that are half typed."""

from __future__ import annotations

import pytest
from click.shell_completion import BashComplete

from vmaconv.cli.main import group


@pytest.mark.parametrize(
    ("words", "typed", "wanted"),
    [
        (["diff", "--rules"], "vma-", {"vma-bits", "vma-desc", "vma-hooks", "vma-words"}),
        (["review", "--recipe"], "v", {"vma-flags"}),
        (["migrate", "--recipe"], "v", {"vma-flags"}),
        (["hooks", "--recipe"], "h", {"hooks"}),
        (["series", "--api"], "v", {"v7.0", "v7.1"}),
        (["migrate", "--api"], "v7.1", {"v7.1"}),
        (["explain"], "vma-d", {"vma-desc"}),
        (["rules", "show"], "vma-b", {"vma-bits"}),
    ],
)
def test_names_that_ship_are_completed(words: list[str], typed: str, wanted: set[str]) -> None:
    made = BashComplete(group, {}, "vmaconv", "_VMACONV_COMPLETE").get_completions(words, typed)
    found = {item.value for item in made}
    assert wanted <= found and all(name.startswith(typed) for name in found)
