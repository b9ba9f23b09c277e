# SPDX-License-Identifier: GPL-2.0-only
"""What a change left behind: prototypes of the old type, uses of what is gone.

In: the functions whose parameters changed, the names that are gone, and the files that mention them.
Out: a `Judgement` for each place that no longer fits. Callers are gone through by `function_judging`,
tables of functions by `function_tables`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from vmaconv.prove.comparing.changed_names import FileChanges, declarations_of, functions_naming
from vmaconv.prove.comparing.signature_tie import Signature, SignatureTie, is_of_before
from vmaconv.prove.headers.header_index import TALKS_OF_FLAGS, HeaderIndex, SourceFile
from vmaconv.prove.meaning.side_facts import FLAG_NAME
from vmaconv.prove.verdict import Judgement, Verdict

Search = Callable[[frozenset[str]], Sequence[str]]
"""Returns the files of the tree after the change that mention one of some names."""


def left_declarations(
    ties: Mapping[str, SignatureTie],
    mentioning: Sequence[str],
    before: HeaderIndex,
    after: HeaderIndex,
) -> Iterator[Judgement]:
    """Judge the prototypes, stubs and arms that still take what was taken before."""
    for old_name, changed in ties.items():
        name = changed.after.name
        if name.startswith("*"):
            continue
        for path in seen_from(changed, mentioning):
            file = after.file(path)
            for one in declarations_of(file, name) if file is not None else ():
                is_other = one.is_static and not changed.after.is_static and path.endswith(".c")
                if is_other and path != changed.after.path:
                    # Another file's own function of the same name.
                    continue
                if one.takes() == changed.after.takes():
                    continue
                if is_of_before(one, changed) or not _was_there(one, old_name, before.file(path)):
                    yield _left(one, changed, old_name)


def _was_there(one: Signature, name: str, file: SourceFile | None) -> bool:
    """Return whether a file declared a function the same before: another architecture's own."""
    olds = declarations_of(file, name) if file is not None else ()
    return any(old.takes() == one.takes() for old in olds)


def seen_from(changed: SignatureTie, mentioning: Sequence[str]) -> Sequence[str]:
    """Return the files that can see a function."""
    is_own = changed.after.is_static and changed.after.path.endswith(".c")
    return [changed.after.path] if is_own else mentioning


def _left(one: Signature, changed: SignatureTie, name: str) -> Judgement:
    wrong = next(
        (
            f"takes {a.passed.value} for {a.name or b.name}, and {b.passed.value} at "
            f"{changed.after.path}:{changed.after.line}"
            for a, b in zip(one.parameters, changed.after.parameters, strict=False)
            if a.ctype != b.ctype
        ),
        f"takes other parameters than at {changed.after.path}:{changed.after.line}",
    )
    what = "this definition" if one.is_definition else "this prototype"
    return Judgement(one.path, name, one.line, Verdict.DIFFERS, f"{what} {wrong}")


# Names that are gone.


def left_uses(
    files: Sequence[FileChanges], before: HeaderIndex, after: HeaderIndex, search: Search
) -> Iterator[Judgement]:
    """Judge the functions that use a function, flag or bit that is declared no longer."""
    own: dict[str, set[str]] = {}
    everywhere: set[str] = set()
    known = {name for changes in files for name in (*changes.added, *changes.changed)}
    for changes in files:
        new = after.file(changes.paths[1]) if changes.paths[1] else None
        old = before.file(changes.paths[0]) if changes.paths[0] else None
        for name in (*_gone_functions(changes), *_gone_words(old, new)):
            if name in known or _is_defined(name, new, after):
                continue
            if name in changes.removed and old is not None and _is_own(old, name):
                own.setdefault(changes.paths[1], set()).add(name)
            else:
                everywhere.add(name)
    for path, names in own.items():
        # Hardly any is used still; only for these is the tree gone through.
        used = {name for name in names if path and any(_uses(path, frozenset((name,)), after))}
        if used:
            homes = _homes(used, search(frozenset(used)), after)
            yield from _uses(path, _not_seen(used, path, homes), after)
    if everywhere:
        paths = search(frozenset(everywhere))
        homes = _homes(everywhere, paths, after)
        for path in paths:
            yield from _uses(path, _not_seen(everywhere, path, homes), after)


def _homes(names: set[str], paths: Sequence[str], after: HeaderIndex) -> dict[str, list[str]]:
    """Return the files that define each of some names for others."""
    found: dict[str, list[str]] = {name: [] for name in names}
    for path in paths:
        file = after.file(path)
        if file is None:
            continue
        for name in names:
            is_function = name in file.spots and not _is_own(file, name)
            if is_function or (path.endswith(".h") and any(file.macros(name))):
                found[name].append(path)
    return found


def _not_seen(names: set[str], path: str, homes: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Return the names that nothing defines which a file may see."""
    return frozenset(
        name for name in names if not any(_may_see(path, home) for home in homes[name])
    )


def _may_see(path: str, home: str) -> bool:
    """Return whether a file may use what another one defines: not what another architecture does,
    and not what stands in a header of another driver."""
    here, there = path.split("/"), home.split("/")
    if there[0] == "arch":
        return here[0] != "arch" or here[1] == there[1]
    return there[0] == "include" or home.endswith(".c") or here[:2] == there[:2]


def _gone_functions(changes: FileChanges) -> Iterable[str]:
    return (name for name in changes.removed if " " not in name)


def _gone_words(old: SourceFile | None, new: SourceFile | None) -> Iterator[str]:
    """Yield the flags, masks and bits that a file no longer declares."""
    if old is None:
        return
    macros = set(new.macro_names()) if new is not None else set()
    bits = set(new.bit_names()) if new is not None else set()
    for name in old.macro_names():
        if name not in macros and (
            FLAG_NAME.match(name) or any(TALKS_OF_FLAGS.search(m.body) for m in old.macros(name))
        ):
            yield name
    yield from (name for name in old.bit_names() if name not in bits)


def _is_own(file: SourceFile, name: str) -> bool:
    """Return whether a function can be seen in its own file only."""
    spots = file.spots.get(name, ())
    heads = [file.text[spot.start : spot.body] for spot in spots]
    return file.path.endswith(".c") and all(re.search(rb"\bstatic\b", head) for head in heads)


def _is_defined(name: str, new: SourceFile | None, after: HeaderIndex) -> bool:
    """Return whether something else has the name now."""
    if after.definitions(name, new):
        return True
    word = name.encode()
    headers = [f for p in after.paths if (f := after.file(p)) is not None and word in f.text]
    return any(name in file.spots or file.bits(name) for file in headers)


def _uses(path: str, names: frozenset[str], after: HeaderIndex) -> Iterator[Judgement]:
    file = after.file(path)
    if file is None:
        return
    for name in sorted(names):
        if name in file.spots or file.macros(name):
            continue
        for function, line in functions_naming(file, frozenset((name,))):
            reason = f"it uses {name}, which is no longer there"
            yield Judgement(path, function, line, Verdict.DIFFERS, reason)
