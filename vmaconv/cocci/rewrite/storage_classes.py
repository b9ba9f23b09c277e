# SPDX-License-Identifier: GPL-2.0-only
"""`static` and its like before what a match takes away or adds.

In: a text, and a region or an edit in it. Out: the region with the storage classes that go with it, and
the edit without those that stand there already.
"""

from __future__ import annotations

from msgspec.structs import replace

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.rewrite.regions import Region
from vmaconv.cocci.text.late_regex import late_regex

_WORD = rb"(static|extern|inline)\b"
_FIRST = late_regex(_WORD + rb"\s*")
_BEFORE = late_regex(rb"(?:\b" + _WORD + rb"\s+)+\Z")
_LONGEST = 80
"""How many bytes a row of storage classes may have."""


def with_storage(region: Region, text: bytes) -> int:
    """Return where a region begins, with the `static` before a function or a declarer's call that
    goes whole.
    """
    name = region.taken[0].node
    whole = name.parent if name is not None else None
    while whole is not None and whole.kind == "call_expression":
        whole = whole.parent
    if name is None or whole is None or whole.end != region.end or name.start != region.start:
        return region.start
    if whole.kind in ("declaration", "function_definition"):
        before = [child for child in whole.children if child.start < region.start]
        storage = all(child.kind == "storage_class_specifier" for child in before)
        return whole.start if storage else region.start
    # Before a declarer's call it stands where the tree does not show it.
    return _begin(text, region.start) if whole.kind == "expression_statement" else region.start


def without_repeated(edit: Edit, text: bytes) -> Edit:
    """Return an edit without the `static` of plus code where what it stands beside has one that stays."""
    first = _FIRST.match(edit.text)
    if first is None or first[1] not in text[_begin(text, edit.start) : edit.start].split():
        return edit
    return replace(edit, text=edit.text[first.end() :])


def _begin(text: bytes, at: int) -> int:
    """Return where the storage classes begin that end before `at`; `at` where there are none."""
    found = _BEFORE.search(text, max(at - _LONGEST, 0), at)
    return found.start() if found is not None else at
