# SPDX-License-Identifier: GPL-2.0-only
"""What a prover said, put beside the hunks that it is about.

In: `Material` and judgements. Out: the same material; each passage with a change has the judgements of
the functions, macros and types that its changed lines stand in, and a file those of its functions
that no passage changes: callers of what changed elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from vmaconv.cocci.diff.hunk import LineKind
from vmaconv.prove.headers.header_index import SourceFile
from vmaconv.prove.verdict import Judgement, Verdict
from vmaconv.review.material.passages import FileReview, Material, Passage, ProofNote


def with_proof_notes(material: Material, judgements: Sequence[Judgement]) -> Material:
    """Return a material whose passages and files say what was proven of them."""
    by_path: dict[str, list[Judgement]] = {}
    for judgement in judgements:
        by_path.setdefault(judgement.file, []).append(judgement)
    last = {file.path: number for number, file in enumerate(material.files)}
    placed: dict[str, set[str]] = {}
    files: list[FileReview] = []
    for number, file in enumerate(material.files):
        here = by_path.get(file.path, [])
        noted = _noted(file, here)
        placed.setdefault(file.path, set()).update(n.function for p in noted for n in p.proof)
        # A file may come in several groups: what no hunk shows is said once, with the last.
        rest = [j for j in here if j.function not in placed[file.path]]
        notes = [_words(j) for j in rest if last[file.path] == number and _is_said(j)]
        files.append(replace(file, passages=noted, notes=(*file.notes, *notes)))
    return replace(material, files=tuple(files))


def _noted(file: FileReview, judgements: Sequence[Judgement]) -> tuple[Passage, ...]:
    if not judgements or not file.change.after:
        return file.passages
    source = SourceFile(file.path, file.change.after)
    spans = [
        (name, source.unit.line(spot.start), source.unit.line(spot.end))
        for name, spots in source.spots.items()
        for spot in spots
    ]
    return tuple(
        replace(passage, proof=_of(passage, judgements, spans)) if passage.changes else passage
        for passage in file.passages
    )


def _of(
    passage: Passage, judgements: Sequence[Judgement], spans: Sequence[tuple[str, int, int]]
) -> tuple[ProofNote, ...]:
    """Return what was said of what a hunk's changed lines stand in."""
    lines = _changed_lines(passage)
    names = {name for name, first, last in spans if any(first <= n <= last for n in lines)}
    shown = range(passage.hunk.new_start, passage.hunk.new_start + passage.hunk.new_count)
    functions = {name for name, _, _ in spans}
    found = [
        j
        for j in judgements
        if j.function in names or (j.function not in functions and j.line in shown)
    ]
    return tuple(ProofNote(j.function, j.verdict.value, j.reason) for j in found)


def _changed_lines(passage: Passage) -> set[int]:
    """Return the lines, in the text after, that a hunk changes or takes lines away before."""
    found: set[int] = set()
    at = passage.hunk.new_start
    for line in passage.hunk.lines:
        if line.kind is not LineKind.CONTEXT:
            found.add(at)
        if line.kind is not LineKind.GONE:
            at += 1
    return found


def _is_said(judgement: Judgement) -> bool:
    return judgement.verdict in (Verdict.UNDECIDED, Verdict.DIFFERS)


def _words(judgement: Judgement) -> str:
    what = f"line {judgement.line}: {judgement.function} is {judgement.verdict.value}"
    return f"{what}: {judgement.reason}" if judgement.reason else what
