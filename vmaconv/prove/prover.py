# SPDX-License-Identifier: GPL-2.0-only
"""Prove that a change of a tree leaves what flags do as it was, or show where it does not.

In: two texts of a tree (`TreePair`). Out: `Proof`. Every function that the change touches is judged,
and every one, touched or not, that calls a function whose parameters changed or a helper that does
something else than before.
Left to others: where the texts come from (`trees`), printing.

Nothing here knows how conversions are made: it shares no code with what makes them, on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from vmaconv.cocci.types.ctype import CType
from vmaconv.prove.comparing.changed_names import (
    FileChanges,
    changes_of,
    functions_naming,
)
from vmaconv.prove.comparing.function_judging import FunctionJudging, Task, TreeSide, judge
from vmaconv.prove.comparing.hook_judging import judge_hooks
from vmaconv.prove.comparing.left_behind import (
    left_declarations,
    left_initialisers,
    left_uses,
)
from vmaconv.prove.comparing.macro_judging import is_about_flags, judge_macros
from vmaconv.prove.comparing.renamed_names import renamed_functions
from vmaconv.prove.comparing.signature_tie import Passed, Signature, SignatureTie, tie
from vmaconv.prove.comparing.type_judging import judge_types
from vmaconv.prove.configuration.built_files import BuiltFiles
from vmaconv.prove.configuration.condition_value import Ask
from vmaconv.prove.headers.header_index import FoundFunction, HeaderIndex, SourceFile
from vmaconv.prove.headers.overlays import Overlays, overlays
from vmaconv.prove.headers.type_places import TypePlaces
from vmaconv.prove.trees.prove_error import ProveError
from vmaconv.prove.trees.tree_pair import TreePair
from vmaconv.prove.verdict import Judgement, Proof, Verdict

_HEADERS = ("include/*.h", "mm/*.h", "arch/*.h", "fs/*.h")
_USERLAND = ("tools/testing/vma/*.h", "tools/testing/vma/**/*.h")
_SOURCES = ("*.c", "*.h", ":(exclude)tools", ":(exclude)Documentation")
_WORDS = re.compile(r"\w+")
CALLS_MOST = 400
"""Files with callers of what changed that are looked at, in the order of their names."""

Progress = Callable[[int, int], None]
"""Told how many functions are done, and how many there are."""


def prove(
    pair: TreePair,
    *,
    seconds: float | None = None,
    paths: frozenset[str] | None = None,
    progress: Progress = lambda _done, _all: None,
) -> Proof:
    """Return the verdicts on a change.

    `seconds` limits the time that one function may take; with `paths`, only functions of these
    files are judged, by all that changed. Raises `ProveError` where the tree has no
    headers that declare flags.
    """
    kernel: list[tuple[str, str]] = []
    userland: list[tuple[str, str]] = []
    for changed in pair.changed:
        (userland if (changed[1] or changed[0]).startswith("tools/") else kernel).append(changed)
    judgements: list[Judgement] = []
    for group, headers in ((kernel, _HEADERS), (userland, _USERLAND)):
        if group:
            judgements += _Change(pair, tuple(group), headers, seconds, progress).judgements(paths)
    order = {path: i for i, path in enumerate(sorted({j.file for j in judgements}))}
    wrong = {(j.file, j.function) for j in judgements if j.verdict is Verdict.DIFFERS}
    judgements = [
        j
        for j in judgements
        # What is proven of a function's body is nothing to one that does not compile, say.
        if j.verdict is not Verdict.PROVEN or (j.file, j.function) not in wrong
    ]
    judgements.sort(key=lambda j: (order[j.file], j.line, j.function))
    return Proof(pair.base, tuple(judgements))


class _Change:
    """A change of files that see the same headers."""

    def __init__(
        self,
        pair: TreePair,
        changed: tuple[tuple[str, str], ...],
        headers: tuple[str, ...],
        seconds: float | None,
        progress: Progress,
    ) -> None:
        self._pair = pair
        self._progress = progress
        self._unread: dict[str, list[str]] = {}
        """Files with callers that are too many to be looked at, by what they call."""
        self._before = HeaderIndex(pair.before, headers)
        self._after = HeaderIndex(pair.after, headers)
        if not self._before.paths and not self._after.paths:
            raise ProveError(
                "",
                "no header of the tree declares VMA flags",
                "name the top folder of a kernel tree",
            )
        self._files = [self._changes(old, new) for old, new in changed]
        self._pair_moved()
        self._renamed = renamed_functions(*self._one_sided_bodies())
        self._ties = self._changed_signatures()
        self._judging = self._make_judging(seconds)

    def _changes(self, old: str, new: str) -> FileChanges:
        return changes_of(
            self._before.file(old) if old else None, self._after.file(new) if new else None
        )

    # What changed.

    def _one_sided(self, *, is_new: bool) -> Iterator[tuple[FileChanges, str]]:
        for changes in self._files:
            for name in changes.added if is_new else changes.removed:
                yield changes, name

    def _one_sided_bodies(self) -> tuple[Mapping[str, tuple[bytes, ...]], ...]:
        return tuple(
            {name: changes.bodies[name] for changes, name in self._one_sided(is_new=is_new)}
            for is_new in (False, True)
        )

    def _pair_moved(self) -> None:
        """Note the functions that went from one file to another."""
        gone = {name: changes.paths[0] for changes, name in self._one_sided(is_new=False)}
        came = [name for _, name in self._one_sided(is_new=True)]
        self._moved = {name: gone[name] for name in came if name in gone}

    def _changed_signatures(self) -> dict[str, SignatureTie]:
        before: dict[str, list[Signature]] = {}
        after: dict[str, list[Signature]] = {}
        for changes in self._files:
            for side, found in zip((before, after), changes.signatures, strict=True):
                for one in found:
                    side.setdefault(one.name, []).append(one)
        ties: dict[str, SignatureTie] = {}
        for name, signatures in after.items():
            old_name = self._renamed.get(name, name)
            olds = sorted(before.get(old_name, ()), key=lambda s: not s.is_definition)
            news = sorted(signatures, key=lambda s: not s.is_definition)
            for one in news:
                tied = tie(olds[0], one) if olds else None
                if tied is not None and _is_about_flags(tied):
                    ties.setdefault(old_name, tied)
        return ties

    def _make_judging(self, seconds: float | None) -> FunctionJudging:
        members = [set(index.paths) for index in (self._before, self._after)]
        for changes in self._files:
            members[0].add(changes.paths[0])
            members[1].add(changes.paths[1])
        texts = [
            [f.text for path in sorted(paths) if path and (f := index.file(path)) is not None]
            for paths, index in zip(members, (self._before, self._after), strict=True)
        ]
        found = overlays(texts[0], texts[1])
        sides = tuple(
            TreeSide(index, TypePlaces(index), self._only(is_new=is_new))
            for is_new, index in ((False, self._before), (True, self._after))
        )
        self._other_macros = frozenset(m for c in self._files for m in c.macros)
        hot = {*self._ties, *(n for n, old in self._renamed.items() if old in self._ties)}
        hot |= {name.lstrip("*") for name in hot}
        hot |= self._other_macros | _gone_members(found)
        built = BuiltFiles(self._pair.after)
        plain = frozenset(self._plain_macros(hot - self._other_macros))
        return FunctionJudging(
            sides[0],
            sides[1],
            found,
            self._ties,
            frozenset(hot),
            self._renamed,
            built,
            seconds,
            plain,
        )

    def _plain_macros(self, names: set[str]) -> set[str]:
        """Return the changed macros that have nothing to do with flags, or with one of `names`."""
        bodies: dict[str, bytes] = {}
        for changes in self._files:
            for name in changes.macros:
                found = [
                    m.body for file in self._sides(changes.paths) if file for m in file.macros(name)
                ]
                bodies[name] = bodies.get(name, b"") + b" ".join((b"", *found))
        plain = {n for n, body in bodies.items() if not is_about_flags(n, body)}
        while True:
            words = {*names, *(bodies.keys() - plain)}
            reached = {n for n in plain if words & set(_WORDS.findall(bodies[n].decode("latin-1")))}
            if not reached:
                return plain
            plain -= reached

    def _only(self, *, is_new: bool) -> Callable[[str, Ask], FoundFunction | None]:
        """Return what finds a function that only one side has."""
        index = self._after if is_new else self._before
        where: dict[str, str] = {}
        for changes, name in self._one_sided(is_new=is_new):
            known = name in self._moved or name in (
                self._renamed if is_new else self._renamed.values()
            )
            if not known:
                where.setdefault(name, changes.paths[1 if is_new else 0])

        def find(name: str, ask: Ask) -> FoundFunction | None:
            file = index.file(where[name]) if name in where else None
            return next(file.functions(name, ask), None) if file is not None else None

        return find

    # What is judged.

    def judgements(self, paths: frozenset[str] | None) -> list[Judgement]:
        """Return the verdicts, on the functions of some files where `paths` are given."""
        found = judge_macros(self._files, self._before, self._after, self._judging)
        found += judge_hooks(self._files, self._before, self._after, self._judging)
        found += judge_types(self._files, self._judging.overlays)
        found += left_declarations(self._ties, self._mentioning, self._after)
        found += left_initialisers(self._ties, self._mentioning, self._after)
        found += left_uses(self._files, self._before, self._after, self._search)
        tasks = [t for t in self._tasks() if paths is None or t.new.path in paths]
        done: dict[tuple[str, str], Judgement] = {}
        for number, task in enumerate(tasks):
            self._progress(number, len(tasks))
            done[task.new.path, task.name] = judge(task, self._judging)
        wrong = {
            name
            for (path, name), j in done.items()
            if j.verdict is Verdict.DIFFERS and path.endswith(".h") and name not in self._ties
        } | {j.function for j in found if j.verdict is Verdict.DIFFERS}
        if wrong:
            again = replace(self._judging, hot=self._judging.hot | wrong)
            for task in self._callers(frozenset(wrong), set(done)):
                done[task.new.path, task.name] = judge(task, again)
        return [*found, *done.values(), *self._not_judged(), *self._not_read()]

    def _not_read(self) -> Iterator[Judgement]:
        """Say of callers that were not looked at that nothing is known of them."""
        for called, paths in self._unread.items():
            what = f"one of {len(paths)} files that mention {called} and were not looked at"
            reason = f"{what}: more than {CALLS_MOST} do"
            yield Judgement(paths[0], called, 1, Verdict.UNDECIDED, reason)

    def _tasks(self) -> Iterator[Task]:
        seen: set[tuple[str, str]] = set()
        for changes in self._files:
            old, new = self._sides(changes.paths)
            for name in changes.changed:
                if old is not None and new is not None:
                    seen.add((new.path, name))
                    yield Task(old, new, name, name, changes.lines[name])
            for name in changes.added:
                moved = self._moved.get(name)
                old_name = self._renamed.get(name, name)
                source = self._before.file(moved) if moved else old
                if new is not None and source is not None and (moved or name in self._renamed):
                    seen.add((new.path, name))
                    yield Task(source, new, old_name, name, changes.lines[name])
        yield from self._callers(self._called_names(), seen)

    def _called_names(self) -> frozenset[str]:
        names = set(self._ties)
        for new, old in self._renamed.items():
            names.add(old)
            if old in self._ties:
                names.add(new)
        return frozenset(names)

    def _callers(self, names: frozenset[str], seen: set[tuple[str, str]]) -> Iterator[Task]:
        """Yield the functions, changed or not, that name one of some functions."""
        if not names:
            return
        before = {new: old for changes in self._files for old, new in (changes.paths,)}
        known = names == self._called_names()
        paths = self._mentioning if known else self._search(names)
        for path in paths:
            old, new = self._sides((before.get(path, path), path))
            if old is None or new is None:
                continue
            here = frozenset(n for n in names if self._is_seen(n, path))
            for name, line in functions_naming(new, here) if here else ():
                if (path, name) not in seen and name not in names:
                    seen.add((path, name))
                    yield Task(old, new, name, name, line)

    @cached_property
    def _mentioning(self) -> list[str]:
        """The files that mention a function whose parameters or name changed."""
        return self._search(self._called_names())

    def _search(self, names: frozenset[str]) -> list[str]:
        if not names:
            return []
        words = sorted({name.lstrip("*") for name in names})
        found = self._pair.after.files_with(words, _SOURCES)
        if len(found) > CALLS_MOST:
            self._unread[", ".join(words)] = found[CALLS_MOST:]
        return found[:CALLS_MOST]

    def _is_seen(self, name: str, path: str) -> bool:
        """Return whether a name means what changed in a file: a static one is another file's own."""
        found = self._ties.get(name)
        if found is None or not found.after.is_static or found.after.path.endswith(".h"):
            return True
        return found.after.path == path

    def _sides(self, paths: tuple[str, str]) -> tuple[SourceFile | None, SourceFile | None]:
        old = self._before.file(paths[0]) if paths[0] else None
        return old, self._after.file(paths[1]) if paths[1] else None

    def _not_judged(self) -> Iterator[Judgement]:
        for changes in self._files:
            path = changes.paths[1] or changes.paths[0]
            for name, line in changes.variables.items():
                text = "what a variable starts with changed"
                yield Judgement(path, name, line, Verdict.UNDECIDED, text)


def _is_scalar(ctype: CType) -> bool:
    return not ctype.shape and not ctype.base.startswith((b"struct ", b"union "))


def _is_about_flags(found: SignatureTie) -> bool:
    flags = (Passed.SET, Passed.SET_POINTER)
    types = [p for side in (found.before, found.after) for p in side.parameters]
    if any(p.passed in flags or p.ctype.base == b"vm_flags_t" for p in types):
        return True
    pairs = [(found.before.parameters[i], found.after.parameters[j]) for i, j in found.pairs]
    if any(a.ctype != b.ctype and _is_scalar(a.ctype) and _is_scalar(b.ctype) for a, b in pairs):
        # A narrower parameter may have no room for a flag.
        return True
    return any(
        side.returns is not None and side.returns.base in (b"vm_flags_t", b"vma_flags_t")
        for side in (found.before, found.after)
    )


def _gone_members(found: Overlays) -> set[str]:
    gone: set[str] = set()
    for tag, members in found.before.items():
        after = found.after.get(tag, {})
        for name, member in members.items():
            if after and (name not in after or after[name].held != member.held):
                gone.add(name)
    return gone
