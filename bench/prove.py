# SPDX-License-Identifier: GPL-2.0-only
"""What `vmaconv prove` makes of our migration of v6.19, and of wrong ones made from it.

Prints: the verdicts, the time as a ratio to that of making the migration, the peak of memory; and how
many of the wrong conversions are said to differ, kind by kind. `VMACONV_KERNEL` names the tree;
`--wrong N` judges N wrong conversions of each of two generators, from `--first I`, instead of all, and
`--made PATCH` takes a migration that was made before, of which only these are judged then. `--locks
PATCH` judges instead the wrong conversions of a patch to that tree, what `vmaconv diff` of a 7.x makes,
in which a lock is lost, late or another; none may be proven.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "prove"))

import wrong_edits  # noqa: E402
import wrong_kinds  # noqa: E402
import wrong_locks  # noqa: E402
from wrong_edits import Mutant  # noqa: E402

from vmaconv.prove.prover import prove  # noqa: E402
from vmaconv.prove.text_cache import TextCache  # noqa: E402
from vmaconv.prove.trees.patch_reading import after_patches  # noqa: E402
from vmaconv.prove.trees.tree_pair import TreePair, replaced  # noqa: E402
from vmaconv.prove.trees.tree_text import Folder, Replaced  # noqa: E402
from vmaconv.prove.verdict import Judgement, Verdict  # noqa: E402

HEADERS = ("include/linux/mm.h", "include/linux/mm_types.h")
Texts = Mapping[str, bytes | None]


class WordsOnce(Folder):
    """A folder that is searched for a word once: most wrong conversions ask for the same words."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._having: dict[tuple[str, tuple[str, ...]], list[str]] = {}

    def files_with(self, words: Sequence[str], patterns: Sequence[str]) -> list[str]:
        """Return the sorted paths that hold one of `words`."""
        where = tuple(patterns)
        new = [word for word in words if (word, where) not in self._having]
        found = super().files_with(new, patterns) if new else []
        for word in new:
            stands = re.compile(rb"\b%s\b" % re.escape(word.encode()))
            self._having[word, where] = [p for p in found if stands.search(self.read(p) or b"")]
        return sorted({path for word in words for path in self._having[word, where]})


def main() -> None:
    """Run it all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--wrong", type=int, metavar="N", help="judge N of each generator")
    parser.add_argument(
        "--locks", type=Path, metavar="PATCH", help="judge wrong locks made from this patch instead"
    )
    parser.add_argument(
        "--made", type=Path, metavar="PATCH", help="judge wrong conversions of this migration only"
    )
    parser.add_argument("--first", type=int, default=0, metavar="I", help="begin with the I-th")
    arguments = parser.parse_args()
    wanted = arguments.wrong
    tree = Path(os.environ["VMACONV_KERNEL"])
    which = slice(arguments.first, None if wanted is None else arguments.first + wanted)
    if arguments.locks is not None:
        wrong_locks_of(tree, arguments.locks, which)
    elif arguments.made is not None:
        wrong_ones(tree, texts_after(tree, arguments.made.read_bytes()), which)
    else:
        wrong_ones(tree, proved_migration(tree), which)


def proved_migration(tree: Path) -> Texts:
    """Make the migration of a tree and prove it; return the files after it."""
    vmaconv = [sys.executable, "-c", "from vmaconv.cli.main import main; main()"]
    start = time.monotonic()
    patch = subprocess.run([*vmaconv, "migrate", str(tree)], capture_output=True).stdout
    made = time.monotonic() - start
    texts = texts_after(tree, patch)
    start = time.monotonic()
    proof = prove(replaced(tree, texts))
    proved = time.monotonic() - start
    counts = Counter(j.verdict.value for j in proof.judgements)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"migration of {tree.name}: {dict(counts)}")
    print(f"proved in {proved / made:.2f} times the time of making it; {memory} MB", flush=True)
    return texts


def texts_after(tree: Path, patch: bytes) -> Texts:
    """Return the files of a tree that a patch changes, without those of userland."""
    return {
        path: text
        for path, text in after_patches(tree, [("the patch", patch)]).items()
        if not path.startswith("tools/")
    }


def wrong_locks_of(tree: Path, patch: Path, which: slice) -> None:
    """Judge wrong conversions around locks, made of what a patch does to a tree."""
    texts = texts_after(tree, patch.read_bytes())
    folder, cache = WordsOnce(tree), TextCache()
    mutants = [
        (path, mutant)
        for path, text in texts.items()
        if text is not None and (before := folder.read(path)) is not None
        for mutant in wrong_locks.mutants(path, before, text)
    ]
    random.Random(5).shuffle(mutants)
    mutants[which] = sorted(mutants[which], key=lambda found: found[0])
    report("around locks", mutants[which], folder, texts, cache)


def wrong_ones(tree: Path, texts: Texts, which: slice) -> None:
    """Judge the wrong conversions of both generators, each on its own."""
    folder, cache = WordsOnce(tree), TextCache()
    for title, made in (("", edits(folder, texts)), ("of further kinds", kinds(folder, texts))):
        mutants = list(made)
        random.Random(5).shuffle(mutants)
        report(title, mutants[which], folder, texts, cache)


def report(
    title: str,
    mutants: Sequence[tuple[str, Mutant]],
    folder: Folder,
    texts: Texts,
    cache: TextCache,
) -> None:
    """Judge wrong conversions and print what was said of them, kind by kind."""
    found: Counter[tuple[str, str]] = Counter()
    for path, mutant in mutants:
        found[mutant.kind, judged(folder, texts, path, mutant, cache)] += 1
    for kind in sorted({kind for kind, _ in found}):
        print(f"  {kind}: { ({v: n for (k, v), n in sorted(found.items()) if k == kind}) }")
    differ = sum(n for (_, verdict), n in found.items() if verdict == "differs")
    proven = sum(n for (_, verdict), n in found.items() if verdict == "proven")
    share = differ / max(found.total(), 1)
    words = f"wrong conversions {title}".strip()
    print(f"{words}: {found.total()}; said to differ {share:.1%}, proven {proven}", flush=True)


def edits(folder: Folder, texts: Texts) -> Iterator[tuple[str, Mutant]]:
    """Yield the wrong conversions of `wrong_edits`, those of headers included."""
    for path, text in texts.items():
        before = folder.read(path)
        if text is not None and before is not None:
            if path in HEADERS:
                made = wrong_edits.header_mutants(before, text)
            else:
                made = wrong_edits.mutants(path, before, text)
            yield from ((path, mutant) for mutant in made)


def kinds(folder: Folder, texts: Texts) -> Iterator[tuple[str, Mutant]]:
    """Yield the wrong conversions of `wrong_kinds`."""
    for path, text in texts.items():
        before = folder.read(path)
        if text is not None and before is not None:
            yield from ((path, mutant) for mutant in wrong_kinds.mutants(path, before, text))


def judged(folder: Folder, texts: Texts, path: str, mutant: Mutant, cache: TextCache) -> str:
    """Return the verdict on a wrong conversion, and print where it is not that it differs."""
    base = {path: mutant.before} if mutant.before is not None else {}
    pair = TreePair(
        Replaced(folder, base),
        Replaced(folder, {**texts, path: mutant.after}),
        tuple((p if folder.read(p) is not None else "", p) for p in texts),
        "",
    )
    proof = prove(
        pair,
        only=lambda file, name: not mutant.function or (file, name) == (path, mutant.function),
        seconds=60,
        cache=cache,
    )
    verdicts = {j.verdict for j in proof.judgements if is_about(j, path, mutant)}
    if Verdict.DIFFERS in verdicts:
        return "differs"
    open_ = Verdict.UNDECIDED in verdicts or Verdict.NOT_JUDGED in verdicts
    verdict = "undecided" if open_ else "proven"
    print(f"    {verdict}: {path} {mutant.function}: {mutant.kind}", flush=True)
    return verdict


def is_about(judgement: Judgement, path: str, mutant: Mutant) -> bool:
    """Return whether a verdict is one on a wrong conversion."""
    if not mutant.function or (judgement.file, judgement.function) == (path, mutant.function):
        return True
    return judgement.verdict is Verdict.DIFFERS and mutant.function in judgement.reason


if __name__ == "__main__":
    main()
