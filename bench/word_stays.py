# SPDX-License-Identifier: GPL-2.0-only
"""Whether a conversion of the word keeps off what has to stay a word.

    vmaconv diff ~/linux | python bench/word_stays.py

In: a diff on stdin. Out: each removed line that is of a kind that must stay, with the kind; exit
code 1 if there are any. The kinds are looked for in the text alone, by what stands there and in which
file, so that nothing is shared with what made the diff: records of trace events (ABI), what is printed
as a number, constants for other languages, static initialisers that would need a call, the helpers
themselves, words whose value counts, members and flags that only look alike.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator

FILES = {
    "trace record": r"include/trace/|_trace\.h$|/trace\.h$",
    "other language": r"\.rs$|^rust/|^tools/|bindings_helper\.h$",
    "not C": r"\.(?:rst|txt|S|py|sh)$",
}
LINES = {
    "printed as a number": r'"[^"]*%#?0?\d*l?l[xu][^"]*".*vm_flags|%pGv',
    "the word's address": r"&\s*\w+(?:->\w+)*(?:->|\.)vm_flags\b(?!\s*[&|])",
    "shifted or computed with": r"vm_flags\b[^;&|]*(?:>>|<<|\^)|~\s*\w+->vm_flags|>>\s*VM_PKEY_SHIFT",
    "switched on": r"\bswitch\s*\(.*vm_flags",
    "asked bit by bit": r"\b1U?L?\s*<<\s*\w+.*vm_flags|vm_flags\s*&\s*\(1U?L?\s*<<",
    "initialised from bits": r"^\s*\.vm_flags\s*=(?!\s*(?:0|VM_NONE)\s*[,}])",
    "a flag of vmalloc": r"\bVM_(?:USERMAP|ALLOC|MAP|IOREMAP|DMA_COHERENT|FLUSH_RESET_PERMS)\b",
    "a key's number": r"\bARCH_VM_PKEY_FLAGS\b|\bVM_PKEY_BIT\d",
    "a helper itself": r"^\s*(?:static inline\s+)?void\s+(?:__)?vm_flags_\w+\(|ACCESS_PRIVATE",
    "another's member": r"\bccw\w*(?:->|\.)vm_flags|\bvm_struct\b",
    "a type": r"\bvm_flags_t\b",
    "seen by the linker": r"\b(?:EXPORT_SYMBOL|BUILD_BUG_ON|static_assert|BTF_ID|DEFINE_\w+)\b",
}


def removed(diff: Iterator[str]) -> Iterator[tuple[str, int, str]]:
    """Yield the removed lines of a diff: file, line in it (from 1), text."""
    path, at = "", 0
    for line in diff:
        line = line.rstrip("\n")
        if line.startswith("--- "):
            path = line[4:].split("\t")[0].removeprefix("a/")
        elif line.startswith("@@"):
            found = re.match(r"@@ -(\d+)", line)
            at = int(found[1]) if found is not None else 0
        elif line.startswith("-"):
            yield path, at, line[1:]
            at += 1
        elif line.startswith(" ") or not line:
            at += 1


def kinds(path: str, text: str) -> list[str]:
    """Return why a line must not change; none for most."""
    code = re.sub(r"/\*.*?\*/|//.*", "", text)
    found = [kind for kind, pattern in FILES.items() if re.search(pattern, path)]
    return found + [kind for kind, pattern in LINES.items() if re.search(pattern, code)]


def main() -> int:
    """Print what should not have been touched."""
    argparse.ArgumentParser(description=__doc__.split("\n\n")[0]).parse_args()
    lines = wrong = 0
    for path, number, text in removed(iter(sys.stdin)):
        lines += 1
        for kind in kinds(path, text):
            wrong += 1
            print(f"{path}:{number}: {kind}: {text.strip()}")
    print(f"{lines} lines changed, {wrong} that should stay")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
