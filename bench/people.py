# SPDX-License-Identifier: GPL-2.0-only
"""What `vmaconv prove` says of what people wrote between two releases.

usage: python bench/people.py OLD NEW [--list] [--path PREFIX]... [--about REGEX]

OLD and NEW are folders of two kernels; nothing is written in either. Both are read whole, so that a
change of a type and its callers is never cut in two, but only the functions are judged, and named,
of files whose path's sha1 begins with an even hex digit: the others are kept for an exam. Files
whose text says nothing of flags before or after are left out, but for headers.

Prints one line for each kind of reason and verdict, with how often and one example, or with `--list`
every function that is not proven. `--about 'desc->vm_flags'` takes the functions alone whose code
before matches: the series that gave descriptors a bitmap, between v6.19 and any 7.x.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import resource
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from vmaconv.prove.headers.header_index import SourceFile
from vmaconv.prove.prover import prove
from vmaconv.prove.trees.tree_pair import TreePair
from vmaconv.prove.trees.tree_text import Folder
from vmaconv.prove.verdict import Judgement, Verdict

WORDS = (
    *("vm_flags", "vma_flags", "flags_t", "vm_flags_t", "vma_flags_t", "def_flags"),
    *("vma_start_write", "VM_READ", "VM_WRITE", "VM_EXEC", "VM_SHARED", "VM_MAYWRITE"),
    *("VM_PFNMAP", "VM_IO", "VM_MIXEDMAP", "VM_HUGETLB", "VM_LOCKED", "VM_SPECIAL"),
    *("VM_ACCOUNT", "VM_NORESERVE", "VM_DONTEXPAND", "VM_DONTDUMP", "VM_GROWSDOWN", "VM_STACK"),
)
PATTERNS = ("*.c", "*.h", ":(exclude)tools", ":(exclude)Documentation", ":(exclude)samples")
HEADERS = ("mm",)


def is_practice(path: str) -> bool:
    """Whether a file may be looked at here."""
    return int(hashlib.sha1(path.encode(), usedforsecurity=False).hexdigest()[0], 16) % 2 == 0


def changed_files(old: Folder, new: Folder) -> Iterator[tuple[str, str]]:
    """Yield the paths before and after of what differs and may have to do with flags."""
    paths = {p for side in (old, new) for p in side.files_with(WORDS, PATTERNS)}
    for side in (old, new):
        for folder in HEADERS:
            paths |= {str(p.relative_to(side.root)) for p in (side.root / folder).glob("*.h")}
    for path in sorted(paths):
        before, after = old.read(path), new.read(path)
        if before != after:
            yield path if before is not None else "", path if after is not None else ""


def functions_about(old: Folder, paths: Sequence[str], about: str) -> set[tuple[str, str]]:
    """Return the functions, by path and name, whose code matches in a tree."""
    pattern = re.compile(about.encode())
    found: set[tuple[str, str]] = set()
    for path in paths:
        text = old.read(path) if is_practice(path) else None
        if text is not None and pattern.search(text):
            file = SourceFile(path, text)
            for name, spots in file.spots.items():
                if any(pattern.search(file.clean, s.start, s.end) for s in spots):
                    found.add((path, name))
    return found


def kind_of(judgement: Judgement) -> str:
    """Return a verdict and its reason without names and numbers."""
    reason = judgement.reason.partition(": ")[2] if ": " in judgement.reason else judgement.reason
    reason = judgement.reason if not judgement.reason.startswith("line ") else reason
    reason = re.sub(r"CONFIG_\w+=[yn](, )?", "", reason.partition(": ")[0])
    reason = re.sub(r"\b[\w>.*-]*[_(>][\w()>.-]*\b(\(\))?|\d+|\([^()]*\)", "N", reason)
    return f"{judgement.verdict.value}: {reason}"


def main() -> None:
    """Judge what changed between two trees."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("old", type=Path, help="kernel tree of before")
    parser.add_argument("new", type=Path, help="kernel tree of after")
    parser.add_argument("--list", action="store_true", help="name what is not proven")
    parser.add_argument(
        "--path", action="append", default=[], metavar="PREFIX", help="judge only files below it"
    )
    parser.add_argument(
        "--about", default="", metavar="REGEX", help="judge only functions whose old text matches"
    )
    arguments = parser.parse_args()
    prefixes = tuple(arguments.path) or ("",)
    old, new = Folder(arguments.old), Folder(arguments.new)
    changed = tuple(changed_files(old, new))
    about = functions_about(old, [p for p, _ in changed], arguments.about)

    def is_judged(path: str, name: str) -> bool:
        is_here = is_practice(path) and path.startswith(prefixes)
        return is_here and (not arguments.about or (path, name) in about)

    start = time.process_time()
    pair = TreePair(old, new, changed, str(arguments.old))
    proof = prove(pair, seconds=60, only=is_judged)
    taken = time.process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    found = [j for j in proof.judgements if is_practice(j.file) and j.file.startswith(prefixes)]
    print(f"{len(changed)} files differ; {taken:.0f} s, {memory} MB")
    kinds: defaultdict[str, list[Judgement]] = defaultdict(list)
    for judgement in found:
        kinds[kind_of(judgement)].append(judgement)
    for verdict in Verdict:
        print(f"{verdict.value}: {sum(j.verdict is verdict for j in found)}")
    for kind, ones in sorted(kinds.items(), key=lambda item: (-len(item[1]), item[0])):
        print(f"{len(ones):4} {kind}; {ones[0].file}:{ones[0].line} {ones[0].function}")
    if arguments.list:
        for j in found:
            if j.verdict is not Verdict.PROVEN:
                print(
                    f"{j.verdict.value}\t{j.file}:{j.line}\t{j.function}\t{j.reason}\t{j.example}"
                )


if __name__ == "__main__":
    main()
