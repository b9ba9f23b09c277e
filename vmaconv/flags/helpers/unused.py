# SPDX-License-Identifier: GPL-2.0-only
"""Leave out of the helpers those that nothing is going to use.

In: the edits that add helpers, the names that other edits use.  Out: edits without the helpers that
would end unused, and without their tests.  A helper that lists flags and its `_mask` form stay or go
together, and so do those that the only test of a used helper needs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.flags.helpers.helper_patch import FileEdits

_BLOCK = late_regex(
    rb"(?m)^(?=/\*\*$)"
    rb"|^(?=/\* [^\n]*\*/\nstatic bool test_)"
    rb"|^(?<!\*/\n)(?=static bool test_)"
)
_HELPER = late_regex(rb"/\*\*\n \* (\w+) - ")
_TEST = late_regex(rb"(?m)^static bool test_(\w+)\(void\)$")
_CALL = late_regex(rb"\tTEST\((\w+)\);\n")


def without_unused(files: Sequence[FileEdits], used: Collection[bytes]) -> tuple[FileEdits, ...]:
    """Return the edits without helpers that neither `used` nor other helpers name."""
    texts = [edit.text for file in files for edit in file.edits]
    helpers = _Helpers.of(texts)
    kept = helpers.kept(set(used))
    return tuple(
        replace(
            file, edits=tuple(replace(e, text=helpers.pruned(e.text, kept)) for e in file.edits)
        )
        for file in files
    )


def _family(name: bytes) -> bytes:
    return name.removesuffix(b"_mask")


class _Helpers(Struct, frozen=True):
    """The helpers by family, what each mentions, and what each test mentions."""

    families: dict[bytes, frozenset[bytes]]
    tests: dict[bytes, frozenset[bytes]]
    always: frozenset[bytes]
    """What stands outside of both."""

    @classmethod
    def of(cls, texts: Sequence[bytes]) -> _Helpers:
        blocks = [block for text in texts for block in _BLOCK.split(text)]
        families: dict[bytes, frozenset[bytes]] = {}
        tests: dict[bytes, frozenset[bytes]] = {}
        rest: frozenset[bytes] = frozenset()
        for block in blocks:
            words = frozenset(map(_family, re.findall(rb"\w+", block)))
            if helper := _HELPER.match(block):
                family = _family(helper[1])
                families[family] = families.get(family, frozenset()) | words
            elif test := _TEST.search(block):
                tests[test[1]] = words
            else:
                rest |= words
        return cls(families, tests, rest)

    def kept(self, used: set[bytes]) -> frozenset[bytes]:
        """Return the families that stay."""
        wanted = {_family(name) for name in used} | self.always
        kept = self._closed(wanted)
        for words in self.tests.values():
            mentioned = words & self.families.keys()
            covered = {w for ws in self._whole(kept) for w in ws}
            if not mentioned <= kept and mentioned & kept - covered:
                kept = self._closed(kept | mentioned)
        return kept

    def _closed(self, wanted: Collection[bytes]) -> frozenset[bytes]:
        kept: set[bytes] = set()
        waiting = [name for name in wanted if name in self.families]
        while waiting:
            family = waiting.pop()
            if family not in kept:
                kept.add(family)
                waiting += self.families[family] & self.families.keys()
        return frozenset(kept)

    def _whole(self, kept: Collection[bytes]) -> Iterator[frozenset[bytes]]:
        """Yield what the tests mention that need nothing that goes."""
        gone = self.families.keys() - set(kept)
        return (words for words in self.tests.values() if not words & gone)

    def pruned(self, text: bytes, kept: Collection[bytes]) -> bytes:
        """Return the text of an edit without the helpers that go and the tests that need them."""
        gone = self.families.keys() - set(kept)
        dropped = {name for name, words in self.tests.items() if words & gone}
        blocks = [block for block in _BLOCK.split(text) if not self._goes(block, gone, dropped)]
        made = b"".join(blocks)
        return _CALL.sub(lambda call: b"" if call[1] in dropped else call[0], made)

    def _goes(self, block: bytes, gone: Collection[bytes], dropped: Collection[bytes]) -> bool:
        if helper := _HELPER.match(block):
            return _family(helper[1]) in gone
        test = _TEST.search(block)
        return test is not None and test[1] in dropped
