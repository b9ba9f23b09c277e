# SPDX-License-Identifier: GPL-2.0-only
"""What `vmaconv prove` makes of our migration of v6.19, and of wrong ones made from it.

Prints: the verdicts, the time as a ratio to that of making the migration, the peak of memory; and how
many of the wrong conversions are said to differ. `VMACONV_KERNEL` names the tree.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "prove"))

from wrong_edits import Mutant, header_mutants, mutants  # noqa: E402

from vmaconv.prove.prover import prove  # noqa: E402
from vmaconv.prove.trees.patch_reading import after_patches  # noqa: E402
from vmaconv.prove.trees.tree_pair import TreePair, replaced  # noqa: E402
from vmaconv.prove.trees.tree_text import Folder, Replaced  # noqa: E402
from vmaconv.prove.verdict import Verdict  # noqa: E402

WANTED = 500


def main() -> None:
    """Run it all."""
    tree = Path(os.environ["VMACONV_KERNEL"])
    vmaconv = [sys.executable, "-c", "from vmaconv.cli.main import main; main()"]
    start = time.monotonic()
    patch = subprocess.run([*vmaconv, "migrate", str(tree)], capture_output=True).stdout
    made = time.monotonic() - start
    texts = {
        path: text
        for path, text in after_patches(tree, [("migration", patch)]).items()
        if not path.startswith("tools/")
    }
    start = time.monotonic()
    proof = prove(replaced(tree, texts))
    proved = time.monotonic() - start
    counts = Counter(j.verdict.value for j in proof.judgements)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"migration of {tree.name}: {dict(counts)}")
    print(f"proved in {proved / made:.2f} times the time of making it; {memory} MB")
    wrong_ones(tree, texts)


def wrong_ones(tree: Path, texts: Mapping[str, bytes | None]) -> None:
    """Judge wrong conversions, in each round one of each function."""
    folder = Folder(tree)
    by_function: dict[tuple[str, str], list[Mutant]] = {}
    for path, text in texts.items():
        before = folder.read(path)
        if text is None or before is None:
            continue
        is_header = path in ("include/linux/mm.h", "include/linux/mm_types.h")
        for mutant in header_mutants(before, text) if is_header else mutants(path, before, text):
            by_function.setdefault((path, mutant.function), []).append(mutant)
    found: Counter[tuple[str, str]] = Counter()
    rounds = max(map(len, by_function.values()))
    for number in range(rounds):
        chosen: dict[str, Mutant] = {}
        waiting = [(key, m[number]) for key, m in by_function.items() if len(m) > number]
        while waiting:
            chosen.clear()
            rest = []
            for (path, function), mutant in waiting:
                if path in chosen:
                    rest.append(((path, function), mutant))
                else:
                    chosen[path] = mutant
            for kind, verdict in judged(folder, texts, chosen):
                found[kind, verdict] += 1
            waiting = rest
            if found.total() >= WANTED:
                break
        if found.total() >= WANTED:
            break
    total = found.total()
    for kind in sorted({kind for kind, _ in found}):
        print(f"  {kind}: { ({v: n for (k, v), n in sorted(found.items()) if k == kind}) }")
    differ = sum(n for (_, verdict), n in found.items() if verdict == "differs")
    proven = sum(n for (_, verdict), n in found.items() if verdict == "proven")
    print(f"wrong conversions: {total}; said to differ {differ / total:.1%}, proven {proven}")


def judged(
    folder: Folder, texts: Mapping[str, bytes | None], chosen: Mapping[str, Mutant]
) -> list[tuple[str, str]]:
    """Return the kind and verdict of one wrong conversion in each of some files."""
    before = Replaced(folder, {p: m.before for p, m in chosen.items() if m.before is not None})
    after = Replaced(folder, {**texts, **{path: m.after for path, m in chosen.items()}})
    changed = tuple((path, path) for path in texts)
    paths = frozenset(chosen) if all(m.function for m in chosen.values()) else None
    proof = prove(TreePair(before, after, changed, ""), paths=paths, seconds=60)
    found = []
    for path, mutant in chosen.items():
        verdicts = {
            j.verdict
            for j in proof.judgements
            if not mutant.function or (j.function == mutant.function and j.file == path)
        }
        others = {j.verdict for j in proof.judgements if mutant.function in j.reason}
        verdict = (
            "differs"
            if Verdict.DIFFERS in verdicts | others
            else "undecided"
            if Verdict.UNDECIDED in verdicts or Verdict.NOT_JUDGED in verdicts
            else "proven"
        )
        if verdict != "differs":
            print(f"    {verdict}: {path} {mutant.function}: {mutant.kind}", flush=True)
        found.append((mutant.kind, verdict))
    return found


if __name__ == "__main__":
    main()
