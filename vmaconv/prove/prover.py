# SPDX-License-Identifier: GPL-2.0-only
"""Prove that a change of a tree leaves what flags do as it was, or show where it does not.

In: two texts of a tree (`TreePair`). Out: `Proof`. Every function that the change touches is judged,
and every one, touched or not, that calls a function whose parameters changed or a helper that does
something else than before.
Left to others: where the texts come from (`trees`), printing.

Nothing here knows how conversions are made: it shares no code with what makes them, on purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from msgspec.structs import replace

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.prove.comparing.changed_names import FileChanges, functions_naming
from vmaconv.prove.comparing.changed_signatures import changed_signatures, of_numbers
from vmaconv.prove.comparing.function_judging import FunctionJudging, Task, TreeSide, judge
from vmaconv.prove.comparing.function_tables import left_initialisers
from vmaconv.prove.comparing.hooked_functions import judge_hooks
from vmaconv.prove.comparing.left_behind import left_declarations, left_uses
from vmaconv.prove.comparing.macro_judging import (
    BY_USES,
    hiding_macros,
    is_about_flags,
    judge_macros,
)
from vmaconv.prove.comparing.renamed_names import renamed_functions
from vmaconv.prove.comparing.type_judging import judge_types
from vmaconv.prove.comparing.unseen_mappings import HookFunctions
from vmaconv.prove.comparing.variable_judging import judge_variable
from vmaconv.prove.configuration.built_files import BuiltFiles
from vmaconv.prove.configuration.condition_value import Ask
from vmaconv.prove.headers.enumerators import renumbered
from vmaconv.prove.headers.header_index import (
    FoundFunction,
    HeaderIndex,
    SourceFile,
)
from vmaconv.prove.headers.overlays import Overlays, overlays
from vmaconv.prove.headers.type_places import TypePlaces
from vmaconv.prove.text_cache import TextCache
from vmaconv.prove.trees.prove_error import ProveError
from vmaconv.prove.trees.tree_pair import TreePair
from vmaconv.prove.verdict import Judgement, Proof, Verdict

_HEADERS = ("include/*.h", "mm/*.h", "arch/*.h", "fs/*.h")
_USERLAND = ("tools/testing/vma/*.h", "tools/testing/vma/**/*.h")
_TESTS = ("tools/testing/vma/*.c", "tools/testing/vma/*.h")
_SOURCES = ("*.c", "*.h", ":(exclude)tools", ":(exclude)Documentation")
_WORDS = late_regex(r"\w+")
CALLS_MOST = 400
"""Files with callers of what changed that are looked at, in the order of their names."""

Progress = Callable[[int, int], None]
"""Told how many functions are done, and how many there are."""

Only = Callable[[str, str], bool]
"""Returns whether a function is to be judged, by its path and name after the change."""


def prove(
    pair: TreePair,
    *,
    seconds: float | None = None,
    only: Only = lambda _path, _function: True,
    progress: Progress = lambda _done, _all: None,
    cache: TextCache | None = None,
) -> Proof:
    """Return the verdicts on a change.

    `seconds` limits the time that one function may take; of functions, those are judged which
    `only` takes, by all that changed. `cache` is shared by whoever proves several changes of
    one tree. Raises `ProveError` where the tree has no headers that declare flags.
    """
    read = cache or TextCache(keeps=False)
    kernel: list[tuple[str, str]] = []
    userland: list[tuple[str, str]] = []
    for changed in pair.changed:
        (userland if (changed[1] or changed[0]).startswith("tools/") else kernel).append(changed)
    judgements: list[Judgement] = []
    for group, patterns in ((kernel, (_HEADERS, _SOURCES)), (userland, (_USERLAND, _TESTS))):
        if group:
            judgements += _Change(pair, tuple(group), patterns, seconds, progress, read).judgements(
                only
            )
    order = {path: i for i, path in enumerate(sorted({j.file for j in judgements}))}
    open_ = (Verdict.DIFFERS, Verdict.UNDECIDED)
    wrong = {(j.file, j.function) for j in judgements if j.verdict in open_}
    judgements = [
        j
        for j in dict.fromkeys(judgements)
        # What is proven of a function's body is nothing to one that a table has wrongly, say.
        if j.verdict is not Verdict.PROVEN or (j.file, j.function) not in wrong
    ]
    judgements.sort(key=lambda j: (order[j.file], j.line, j.function))
    return Proof(pair.base, tuple(judgements))


class _Change:
    """A change of files that see the same headers: `patterns` are those of headers, and of all files."""

    def __init__(
        self,
        pair: TreePair,
        changed: tuple[tuple[str, str], ...],
        patterns: tuple[tuple[str, ...], tuple[str, ...]],
        seconds: float | None,
        progress: Progress,
        read: TextCache,
    ) -> None:
        headers, self._sources = patterns
        self._pair = pair
        self._progress = progress
        self._read = read
        self._unread: dict[str, list[str]] = {}
        """Files with callers that are too many to be looked at, by what they call."""
        self._before = HeaderIndex(pair.before, headers, read.sources)
        self._after = HeaderIndex(pair.after, headers, read.sources)
        if not self._before.paths and not self._after.paths:
            raise ProveError(
                "",
                "no header of the tree declares VMA flags",
                "name the top folder of a kernel tree",
            )
        self._files = [self._changes(old, new) for old, new in changed]
        self._pair_moved()
        self._renamed = renamed_functions(*self._one_sided_bodies())
        self._ties = changed_signatures(self._files, self._renamed)
        self._judging = self._make_judging(seconds)

    def _changes(self, old: str, new: str) -> FileChanges:
        sides = self._sides((old, new))
        found = self._read.changes_of(*sides)
        for file in sides:
            if file is not None and file.path.endswith(".c") and not self._read.keeps:
                # Many files change, and one at a time is judged.
                file.release()
        return found

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

    def _make_judging(self, seconds: float | None) -> FunctionJudging:
        members = [set(index.paths) for index in (self._before, self._after)]
        for changes in self._files:
            members[0].add(changes.paths[0])
            members[1].add(changes.paths[1])
        structs = [
            [f.flag_members for p in sorted(paths) if p and (f := index.file(p)) is not None]
            for paths, index in zip(members, (self._before, self._after), strict=True)
        ]
        found = overlays(structs[0], structs[1])
        sides = tuple(
            TreeSide(index, TypePlaces(index), self._only(is_new=is_new), HookFunctions(index))
            for is_new, index in ((False, self._before), (True, self._after))
        )
        self._other_macros = frozenset(m for c in self._files for m in c.macros)
        hot = {*self._ties, *(n for n, old in self._renamed.items() if old in self._ties)}
        hot |= {name.lstrip("*") for name in hot}
        hot |= self._other_macros | _gone_members(found)
        for changes in self._files:
            for name, changed in changes.types.items():
                if name.startswith("enum"):
                    hot |= renumbered(changed.before, changed.after)
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
            of_numbers(self._ties, self._before, self._after, found),
            {name: changes.paths[1] for changes in self._files for name in changes.macros},
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

    def judgements(self, only: Only) -> list[Judgement]:
        """Return the verdicts; of functions, on those that `only` takes."""
        found = judge_macros(self._files, self._before, self._after, self._judging)
        found += judge_hooks(self._files, self._before, self._after, self._judging)
        found += judge_types(self._files, self._judging.overlays, self._files_mentioning)
        found += left_declarations(self._ties, self._mentioning, self._before, self._after)
        found += left_initialisers(self._ties, self._mentioning, self._after)
        found += left_uses(self._files, self._before, self._after, self._search)
        tasks = [t for t in self._tasks() if only(t.new.path, t.name)]
        done: dict[tuple[str, str], Judgement] = {}
        for number, task in enumerate(tasks):
            self._progress(number, len(tasks))
            done[task.new.path, task.name] = judge(task, self._judging)
            is_last = number + 1 == len(tasks) or tasks[number + 1].new is not task.new
            if is_last and task.new.path.endswith(".c") and not self._read.keeps:
                task.old.release()
                task.new.release()
        wrong = {
            name
            for (path, name), j in done.items()
            if j.verdict is Verdict.DIFFERS and path.endswith(".h") and name not in self._ties
        } | {j.function for j in found if j.verdict is Verdict.DIFFERS or j.reason in BY_USES}
        wrong |= set(hiding_macros(self._files, self._before, self._after))
        if wrong:
            names = self._with_macros(frozenset(wrong))
            again = replace(self._judging, hot=self._judging.hot | names)
            # What was equal by its text so far may name one of these.
            known = {key for key in done if not self._names_one(key, names - self._judging.hot)}
            for task in self._callers(names, known):
                if only(task.new.path, task.name):
                    done[task.new.path, task.name] = judge(task, again)
        found = [self._by_its_uses(j, done) for j in found]
        return [*found, *done.values(), *self._variables(), *self._not_read()]

    def _names_one(self, key: tuple[str, str], names: frozenset[str]) -> bool:
        """Return whether a function that was judged names one of some names."""
        file = self._after.file(key[0])
        return (
            bool(names)
            and file is not None
            and any(name == key[1] for name, _ in functions_naming(file, names))
        )

    def _with_macros(self, names: frozenset[str]) -> frozenset[str]:
        """Return names, and the macros that are made of them: whoever uses these uses those."""
        found = names
        while True:
            files = [f for path in self._search(found) if (f := self._after.file(path)) is not None]
            more = {
                name
                for file in files
                for name in file.macro_names()
                if any(
                    found & set(_WORDS.findall(m.body.decode("latin-1"))) for m in file.macros(name)
                )
            }
            if more <= found:
                return found
            found |= more

    def _by_its_uses(
        self, judgement: Judgement, done: Mapping[tuple[str, str], Judgement]
    ) -> Judgement:
        """Return the verdict on a macro: one that is as good as its uses is proven where all are."""
        name = judgement.function
        if judgement.reason not in BY_USES:
            return judgement
        names = self._with_macros(frozenset({name}))
        uses = [done.get((t.new.path, t.name)) for t in self._callers(names, set())]
        if any(name in words.split(", ") for words in self._unread):
            return judgement
        if uses and all(use is not None and use.verdict is Verdict.PROVEN for use in uses):
            return replace(judgement, verdict=Verdict.PROVEN, reason="")
        return judgement

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

    def _files_mentioning(self, name: str) -> Iterator[SourceFile]:
        files = (self._after.file(path) for path in self._search(frozenset({name})))
        return (file for file in files if file is not None)

    def _search(self, names: frozenset[str]) -> list[str]:
        if not names:
            return []
        words = sorted({name.lstrip("*") for name in names})
        found = self._pair.after.files_with(words, self._sources)
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

    def _variables(self) -> Iterator[Judgement]:
        for changes in self._files:
            old, new = self._sides(changes.paths)
            if old is not None and new is not None:
                for name, changed in changes.variables.items():
                    yield judge_variable(name, changed, (old, new), self._judging)


def _gone_members(found: Overlays) -> set[str]:
    gone: set[str] = set()
    for tag, members in found.before.items():
        after = found.after.get(tag, {})
        for name, member in members.items():
            if after and (name not in after or after[name].held != member.held):
                gone.add(name)
    return gone
