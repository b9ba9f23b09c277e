# SPDX-License-Identifier: GPL-2.0-only
"""The tree, as far as a migration has looked at it.

In: a tree's folder. Out: parsed units, the types in scope of each, and which files mention a
name. A name is searched for once, many at a time: `missing` collects the names that were asked
for before anybody searched for them, and `fetch` looks for them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from vmaconv.cocci.text.census import Census
from vmaconv.cocci.text.files import Search
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.merge_conflict import conflict
from vmaconv.cocci.text.tree_error import SourceError
from vmaconv.cocci.text.tree_file import read_file, read_source
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.expression_types import ExpressionTypes
from vmaconv.cocci.types.symbols import FileSymbols
from vmaconv.migrate.facts.first_search import FOREIGN

_INCLUDE = late_regex(rb'^[ \t]*#[ \t]*include[ \t]+(["<])([\w./+-]+)[">]', re.MULTILINE)
_OPENING = late_regex(
    rb"^(?:(?:[A-Za-z_][\w \t*]*[ \t*])?(\w+)\(|[ \t]*#[ \t]*define[ \t]+(\w+))", re.MULTILINE
)
"""What a definition begins with in kernel style: a name in the first column, or with its result's type
before it, and a bracket; or a macro's `#define`."""

DOCUMENTS = (".rst", ".txt")
"""Suffixes of what `Sources.documents` reads."""


class Sources:
    """A tree's C files, read and parsed as they are asked for."""

    def __init__(self, root: Path, exclude: Sequence[str] = ("tools",)) -> None:
        self.root = root
        self.exclude = tuple(exclude)
        self.missing: set[bytes] = set()
        self.unanswered = 0
        """How often a name was asked for that nobody has searched for yet."""
        self.learned = 0
        """How often a search of the tree has brought names in."""
        self.problems: dict[str, str] = {}
        self._units: dict[str, Unit] = {}
        self._symbols: dict[str, FileSymbols] = {}
        self._types: dict[str, ExpressionTypes] = {}
        self._mentions: dict[bytes, tuple[str, ...]] = {}
        self._everywhere: dict[bytes, tuple[str, ...]] = {}
        self._openings: dict[bytes, set[str]] = {}
        self._common: list[str] = []
        self._includes: dict[str, tuple[str, ...]] = {}
        self._census: Census | None = None
        self._knows_documents = False
        self._knows_foreign = False

    def unit(self, path: str) -> Unit:
        """Return a file; one that cannot be read is empty, and `problems` says why.

        Raises `SourceError` for one in the middle of a merge: callers in it would be left behind.
        """
        found = self._units.get(path)
        if found is None:
            found = self._units[path] = Unit(path, self._read(path))
        return found

    def _read(self, path: str) -> bytes:
        try:
            text = read_source(self.root, path)
        except SourceError as error:
            self.problems[path] = error.what
            return b""
        if (line := conflict(text)) is not None:
            where = f"{path}:{line}"
            raise SourceError("conflict", where, "a merge conflict", "resolve it first")
        return text

    def read_header(self, path: str) -> bytes:
        """Return the text of a header that the tree must have.

        Raises `SourceError` where it has none, or one that cannot be read.
        """
        if not (self.root / path).is_file():
            what = f"the tree has no {path}"
            raise SourceError("no-header", str(self.root / path), what, "name a kernel tree")
        text = self.unit(path).text
        if path in self.problems:
            remedy = "no migration can do without it"
            raise SourceError("no-header", str(self.root / path), self.problems[path], remedy)
        return text

    def symbols(self, path: str) -> FileSymbols:
        """Return what a file declares at file level."""
        found = self._symbols.get(path)
        if found is None:
            found = self._symbols[path] = FileSymbols(self.unit(path))
        return found

    def share(self, headers: Iterable[str]) -> None:
        """Let every file see the declarations of these headers, as if it included them."""
        self._common = sorted({*self._common, *headers})
        self._types.clear()

    def types(self, path: str) -> ExpressionTypes:
        """Return the types in scope of a file: its own, its includes' and the shared headers'."""
        found = self._types.get(path)
        if found is None:
            seen = dict.fromkeys([*self.includes(path), *self._common])
            headers = [self.symbols(header) for header in seen if header != path]
            found = self._types[path] = ExpressionTypes(self.unit(path), headers)
        return found

    def includes(self, path: str) -> tuple[str, ...]:
        """Return the files of the tree that a file includes by itself."""
        found = self._includes.get(path)
        if found is None:
            folder = path.rpartition("/")[0]
            out: list[str] = []
            for quote, raw in _INCLUDE.findall(self.unit(path).text):
                name = raw.decode()
                beside = f"{folder}/{name}" if folder else name
                ways = [f"include/{name}"] if quote == b"<" else [beside, f"include/{name}"]
                out += [way for way in ways if ".." not in way and (self.root / way).is_file()][:1]
            found = self._includes[path] = tuple(out)
        return found

    # Who mentions what.

    def fetch(self, names: Iterable[bytes]) -> None:
        """Search the tree for names, all in one go; those known already are not sought again."""
        wanted = sorted(name for name in set(names) if name not in self._mentions)
        self.missing.difference_update(wanted)
        if wanted:
            self.learn(wanted, self._search(wanted, False))

    def seek(self, names: Iterable[bytes]) -> tuple[list[bytes], Search] | None:
        """Begin to search the tree for names that are not known, as whole words; for `learn` to take."""
        wanted = sorted(name for name in set(names) if name not in self._mentions)
        return (wanted, self._search(wanted, True)) if wanted else None

    def fetch_words(
        self, names: Iterable[bytes], meanwhile: Callable[[], object] | None = None
    ) -> None:
        """Search the tree for names as whole words, all in one go.

        A name that is part of longer ones (`_SET`) does not bring their files in, as `fetch` would.
        `meanwhile` is done while git searches.
        """
        wanted = sorted(set(names))
        if wanted:
            self.missing.difference_update(wanted)
            search = self._search(wanted, True)
            if meanwhile is not None:
                meanwhile()
            self.learn(wanted, search)

    def _search(self, names: Sequence[bytes], whole: bool) -> Search:
        words = [name.decode(errors="replace") for name in names]
        return Search(self.root, words, whole=whole, census=self._census, lines=True)

    def seek_documents(self, names: Iterable[bytes]) -> Search | None:
        """Begin to look for the files below Documentation/ that hold one of `names` as a word."""
        wanted = sorted(set(names))
        if not wanted or not (self.root / "Documentation").is_dir():
            return None
        words = [name.decode(errors="replace") for name in wanted]
        return Search(
            self.root,
            words,
            ["Documentation"],
            suffixes=DOCUMENTS,
            whole=True,
            census=self._census if self._knows_documents else None,
        )

    def documents(self, search: Search | None) -> dict[str, bytes]:
        """Return what a search for documents finds, with the files' texts."""
        texts: dict[str, bytes] = {}
        for path in search.result() if search is not None else ():
            try:
                texts[path] = read_file(self.root, path)
            except OSError:
                continue
        return texts

    def search(self, words: Sequence[str], whole: bool = False) -> Search:
        """Start a search of the whole tree; its folders are walked over once a run."""
        return Search(self.root, words, whole=whole, census=self._census)

    def know(self, search: Search, documents: bool = False, foreign: bool = False) -> None:
        """Take over what a search that is done has seen of the tree's folders; whether it has looked
        for `documents` there, and for `foreign` files, too."""
        self._census = search.census()
        self._knows_documents = documents
        self._knows_foreign = foreign

    def learn(self, names: Iterable[bytes], search: Search) -> None:
        """Take the result of a search for `names`; files whose lines it brings are not read."""
        self.learned += 1
        lines = search.lines()
        wanted = {name: re.compile(rb"\b" + re.escape(name) + rb"\b") for name in names}
        found: dict[bytes, list[str]] = {name: [] for name in wanted}
        for path in search.result():
            text = lines[path] if path in lines else self.unit(path).text
            for name, pattern in wanted.items():
                if name in text and pattern.search(text):
                    found[name].append(path)
            for match in _OPENING.finditer(text):
                if (name := match[1] or match[2]) in wanted:
                    self._openings.setdefault(name, set()).add(path)
        for name, files in found.items():
            self._mentions[name] = tuple(f for f in files if not self._is_excluded(f))
            self._everywhere[name] = tuple(files)

    def _is_excluded(self, path: str) -> bool:
        return any(path.startswith(folder.rstrip("/") + "/") for folder in self.exclude)

    def everywhere(self, name: bytes) -> tuple[str, ...]:
        """Return the files in which `name` stands as a word, in excluded folders, too."""
        return self._everywhere.get(name, ()) if self.is_known(name) else ()

    def is_known(self, name: bytes) -> bool:
        """Whether the tree has been searched for `name`; if not, the name is noted as missing."""
        if name in self._mentions:
            return True
        self.missing.add(name)
        self.unanswered += 1
        return False

    def mentioning(self, name: bytes) -> tuple[str, ...]:
        """Return the files in which `name` stands as a word; none before it is fetched."""
        return self._mentions.get(name, ()) if self.is_known(name) else ()

    def may_define(self, path: str, name: bytes) -> bool:
        """Whether a file that mentions `name` has a line that a definition of it may begin with."""
        return path in self._openings.get(name, ())

    def seek_foreign(self, names: Iterable[bytes]) -> Search | None:
        """Begin to look for names in assembly and Rust; None for no names."""
        words = [name.decode(errors="replace") for name in sorted(set(names))]
        census = self._census if self._knows_foreign else None
        return Search(self.root, words, suffixes=FOREIGN, census=census) if words else None

    def foreign(
        self, names: Iterable[bytes], search: Search | None = None
    ) -> dict[bytes, tuple[str, int]]:
        """Look for names in assembly and Rust, by a `search` that has begun, say; return for each a
        file and line (from 1) that has it."""
        wanted = sorted(set(names))
        search = search or self.seek_foreign(wanted)
        if search is None:
            return {}
        pattern = re.compile(rb"\b(?:" + b"|".join(map(re.escape, wanted)) + rb")\b")
        found: dict[bytes, tuple[str, int]] = {}
        for path in search.result():
            try:
                text = read_source(self.root, path)
            except SourceError:
                continue
            for match in pattern.finditer(text):
                found.setdefault(match[0], (path, text.count(b"\n", 0, match.start()) + 1))
        return found
