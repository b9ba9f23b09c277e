# SPDX-License-Identifier: GPL-2.0-only
"""Converting a tree: the main job.

In: a tree, rule files and what the user asked for. Out: for each file its new text and the account
of its uses. Nothing is written here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from msgspec import Struct, field
from msgspec.structs import replace

from vmaconv.cocci.engine.file_result import AppliedMatch, FileResult, Refusal
from vmaconv.cocci.engine.program import Program
from vmaconv.cocci.engine.run import Runner
from vmaconv.cocci.engine.stretches import UnitItems
from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.cocci.smpl.rule import SmplError
from vmaconv.cocci.text.census import Census
from vmaconv.cocci.text.clock import FILE_LIMIT, Limit, TimedOut
from vmaconv.cocci.text.files import Search, is_under
from vmaconv.cocci.text.merge_conflict import conflict
from vmaconv.cocci.text.tree_error import SourceError
from vmaconv.cocci.text.tree_file import read_source, read_sources
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.tree_run.errand import Errand
from vmaconv.cocci.tree_run.file_run import over_files
from vmaconv.cocci.types.ctype import CType
from vmaconv.cocci.types.expression_types import ExpressionTypes
from vmaconv.cocci.types.scope import MacroParameters
from vmaconv.cocci.types.symbols import FileSymbols
from vmaconv.convert.accounted import Accounted
from vmaconv.convert.carriers import carried_in
from vmaconv.convert.macro_users import (
    MacroArguments,
    MacroParameter,
    macros_naming,
    parameters_with,
)
from vmaconv.convert.use_account import Account, of_mentions, of_uses
from vmaconv.convert.use_search import UseSearch
from vmaconv.flags.flag_metavariables import kinds, words_needed
from vmaconv.flags.helpers.early_headers import EarlyHeaders
from vmaconv.flags.sites.kbuild import Kbuild
from vmaconv.flags.sites.kconfig import Kconfig
from vmaconv.flags.sites.own_masks import OwnMasks
from vmaconv.flags.sites.site import BuildSite
from vmaconv.flags.table.flag_table import FlagTable
from vmaconv.uses.member_uses import Member, find
from vmaconv.uses.named_uses import AccountedNames, NamedExplainer, mentions
from vmaconv.uses.reasons import Explainer
from vmaconv.uses.text_count import count_uses


def words_of(member: Member) -> list[str]:
    """Return the words one of which a file with a use of a member has: the struct's tag, the name.

    >>> words_of(Member(b"struct file", b"f_mode"))
    ['file', 'f_mode']
    """
    return [member.tag.decode(), member.name.decode()]


def search_for(root: Path, kept: Accounted, for_macros: bool) -> UseSearch:
    """Start the search for the files that hold what an account is kept of, a member and names."""
    names = kept.names.functions | kept.names.types | kept.files
    beside = sorted(name.decode() for name in names)
    words = words_of(kept.member) if kept.member is not None else []
    return UseSearch(root, [*words, *beside], for_macros)


class FileOutcome(Struct):
    """What became of one file; `after` equals `before` where nothing was converted.

    `lexical` counts the members of the account's name in the text alone, `others` those of them
    that belong to other structs.
    """

    path: str
    before: bytes
    after: bytes
    account: list[Account] = field(default_factory=list)
    changes: list[AppliedMatch] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    unparsed: dict[str, int] = field(default_factory=dict)
    others: int = 0
    lexical: int = 0
    skipped: str = ""

    def miscounted(self) -> int:
        """Return how many members the text has that the account does not: 0 unless it errs."""
        return self.lexical - self.others - len(self.account)

    def beside(self) -> int:
        """Return how many changes convert what the account is not kept of: no use stands in their lines."""
        lines = {account.line for account in self.account if account.outcome == "converted"}
        spans = (range(c.line, c.line + c.before.count(b"\n") + 1) for c in self.changes)
        return sum(lines.isdisjoint(span) for span in spans)


_Types = dict[MacroParameter, CType]


class Converter:
    """Converts the files of one tree with one program."""

    def __init__(
        self,
        root: Path,
        program: Program,
        options: MatchOptions,
        table: FlagTable,
        kept: Accounted,
        limit: float = FILE_LIMIT,
    ) -> None:
        """`kept` is what an account is kept of; without it the rules' words find the files.

        A file that takes more than `limit` seconds stays as it is, and its outcome says so.
        """
        self._limit = limit
        self._root = root
        self._program = program
        self._options = options
        self._table = table
        self._member = kept.member
        self._names = kept.names
        self._files = kept.files
        self._is_for_macros = "Macros" in program.file.fields
        self._kconfig = Kconfig(root)
        self._kbuild = Kbuild(root, self._kconfig)
        self._census: Census | None = None
        self._headers: list[FileSymbols] = []
        self._reach: frozenset[bytes] = frozenset()
        self._macros: _Types = {}
        self._texts: dict[str, bytes | None] = {}
        self._lines: Mapping[str, bytes] = {}
        self._users: dict[str, bytes] = {}
        self._known_macros: frozenset[bytes] = frozenset()
        self._exclude: Sequence[str] = ()
        self._parameters: set[MacroParameter] = set()
        self.everywhere: Sequence[str] = ()
        """The files that name the account's struct, once `candidates` has run."""

    @property
    def root(self) -> Path:
        """The tree."""
        return self._root

    def search(self, paths: Sequence[str], exclude: Sequence[str]) -> Search:
        """Start the search for the files that `candidates` chooses from, where no account is kept."""
        return Search(self._root, self._program.words_to_search(), paths, exclude)

    def read_configurations(self) -> None:
        """Read what says in which configurations flags are there, if rules ask for such flags.

        Workers that begin later need not read it each for itself.
        """
        steps = self._program.code_steps()
        if any(m.kind == "flag option" for step in steps for m in step.rule.metavariables):
            self._table.read_others()
            self._kconfig.read()

    def know(self, found: Search | UseSearch) -> None:
        """Take over what the search has seen of the tree, before workers begin."""
        self._census = found.census()
        including = found.including() if isinstance(found, UseSearch) else None
        self._kbuild.know(self._census, including)

    def candidates(
        self,
        found: Sequence[str],
        paths: Sequence[str],
        exclude: Sequence[str],
        macros: frozenset[bytes] = frozenset(),
        lines: Mapping[str, bytes] | None = None,
    ) -> list[str]:
        """Return those of the files that a search has found that may hold a use.

        Reads the headers that say so. One that cannot be read is among them: `convert` says why. Of
        `macros` the users are among the files, too. `lines` are those of the files that hold what was
        searched for, as far as they are known: they are looked at sooner than whole texts.
        """
        self._exclude = exclude
        self._lines = lines if lines is not None else {}
        if self._member is None:
            return list(found)
        tag = self._member.tag
        texts = self._texts = read_sources(self._root, found)
        self._take_users(tag, macros)
        held = {path: self._lines.get(path, text or b"") for path, text in texts.items()}
        named = [path for path, text in texts.items() if text is None or tag in held[path]]
        self.everywhere = named
        self._headers = [
            FileSymbols(Unit(path, texts[path] or b"")) for path in named if path.endswith(".h")
        ]
        carriers = sorted(set(self._carriers()))
        self._reach = frozenset([tag, *carriers, *self._files])
        carried = re.compile(rb"\b(?:" + b"|".join(map(re.escape, carriers)) + rb")\b")
        if self._is_for_macros:
            functions = self._names.functions
            self._parameters = parameters_with(texts, self._member, functions, self._lines)
        in_macros = {parameter.path for parameter in self._parameters}
        return [
            path
            for path, text in sorted(texts.items())
            if is_under(path, paths)
            and not is_under(path, exclude, False)
            and (
                text is None
                or path in in_macros
                or (
                    self._member.name in held[path]
                    and (tag in held[path] or (carriers and carried.search(text)))
                )
                or self._names.stand_in(held[path])
                or any(word in held[path] for word in self._files)
            )
        ]

    def _take_users(self, tag: bytes, macros: frozenset[bytes]) -> None:
        """Put aside the files that the search has found for the sake of macros alone."""
        assert self._member is not None
        self._known_macros = macros
        own = self._names
        names = [tag, self._member.name, *own.functions, *own.types, *self._files]
        for path, text in self._texts.items() if macros else ():
            if text is None:
                continue
            held = self._lines.get(path, text)
            if not any(name in held for name in names):
                self._users[path] = text
        for path in self._users:
            del self._texts[path]

    def _types_given(self, wanted: set[MacroParameter], texts: dict[str, bytes | None]) -> _Types:
        """Find out what macros are given whose bodies name the member; may search the tree for them."""
        assert self._member is not None

        def find(words: Sequence[str]) -> list[str]:
            known = [path for path in self._users if not is_under(path, self._exclude, False)]
            others = [word for word in words if word.encode() not in self._known_macros]
            if not others:
                return known
            search = Search(
                self._root, others, exclude=self._exclude, whole=True, census=self._census
            )
            return [*known, *search.result()]

        early = EarlyHeaders(self._root)
        arguments = MacroArguments(
            find,
            lambda path: self._users.get(path) or self._text(path),
            texts,
            self._headers,
            self._kbuild.is_included,
            lambda path: early.is_early(path, self._program.virtual),
            self._known_macros,
            self._lines,
        )
        return arguments.types(wanted, self._member.struct)

    def convert(self, path: str) -> FileOutcome:
        """Convert one file; what cannot be read is an outcome, too."""
        text = self._texts.get(path)
        try:
            text = text if text is not None else read_source(self._root, path)
        except SourceError as error:
            return skipped(path, error.what)
        if (line := conflict(text)) is not None:
            return FileOutcome(
                path, text, text, skipped=f"a merge conflict at line {line}: resolve it first"
            )
        try:
            with Limit(self._limit):
                return self._convert(path, text)
        except RecursionError:
            why = "nested too deeply"
        except TimedOut:
            why = f"the rules had not come to an end after {self._limit:g} seconds"
        except SmplError as error:
            why = str(error)
        return FileOutcome(path, text, text, skipped=why)

    def convert_all(self, paths: Sequence[str], jobs: int = 1) -> Iterator[FileOutcome]:
        """Yield what becomes of each file; `jobs` processes share the work.

        They come in order, those with macros that name the member last: their users are looked for
        meanwhile.
        """
        own, texts = frozenset(paths), self._texts
        self._texts = {path: texts[path] for path in paths if path in texts}
        wanted = {parameter for parameter in self._parameters if parameter.path in own}
        waiting = {parameter.path for parameter in wanted}
        plain = [path for path in paths if path not in waiting]
        if not wanted or jobs == 1:
            self._macros = self._types_given(wanted, texts) if wanted else {}
            yield from self._over(paths, jobs)
            return
        with Errand(lambda: self._types_given(wanted, texts)) as errand:
            yield from self._over(
                [*plain, *(path for path in paths if path in waiting)],
                jobs,
                lambda path: errand.result() if path in waiting else {},
            )

    def _over(
        self, paths: Sequence[str], jobs: int, given: Callable[[str], _Types] | None = None
    ) -> Iterator[FileOutcome]:
        """`given` says what the macros of a file are given, where that is found out meanwhile."""
        # A change names its rule, and an outcome has the text, which each worker has, too.
        shared = [*(step.rule for step in self._program.code_steps()), *self._texts.values()]
        tell = given if given is not None else lambda _path: self._macros
        limit, hear = self._limit, self._hear
        return over_files(paths, self.convert, skipped, jobs, limit, shared, tell, hear)

    def _hear(self, given: object) -> None:
        self._macros = cast(_Types, given)

    def _convert(self, path: str, text: bytes) -> FileOutcome:
        unit = Unit(path, text, self._program.names)
        options = self._options
        if self._member is not None:
            options = replace(
                options, reach=self._reach | set(carried_in(unit, self._member.struct))
            )
        names = self._names.held_in(self._lines.get(path, text))
        if self._is_for_macros and (macros := macros_naming(text, self._member, names)):
            reach, given = options.reach | macros, self._given_in(path)
            options = replace(options, reach=reach, macros=True, given=given)
        kbuild = self._kbuild
        own = OwnMasks(path, text, kbuild.is_included, self._text)
        site = BuildSite(self._table, lambda asked: kbuild.built(path, asked), kbuild.implied, own)
        added = kinds(site)
        options = replace(options, kinds=added, needs=words_needed(site, added))
        items = UnitItems(unit)
        while True:
            runner = Runner(self._program, unit, self._headers, options, items=items)
            result = runner.run()
            half = own.half_turned(result.forward, result.text)
            if not half:
                break
            own.keep(half)
        outcome = FileOutcome(path, text, result.text)
        outcome.changes = result.changes
        outcome.refusals = result.refusals
        outcome.unparsed = result.unparsed
        outcome.account = self._account_of(items, result, outcome, options, site, names)
        # Garbage that is let go of need not be looked for.
        runner.release()
        return outcome

    def _given_in(self, path: str) -> MacroParameters:
        """Return what says what the macros of a file are given."""
        return lambda macro, number: self._macros.get(MacroParameter(path, macro, number))

    def _account_of(
        self,
        items: UnitItems,
        result: FileResult,
        outcome: FileOutcome,
        options: MatchOptions,
        site: BuildSite,
        names: AccountedNames,
    ) -> list[Account]:
        if self._member is None:
            return []
        unit = items.unit
        given = self._given_in(unit.path) if self._is_for_macros else None
        types = ExpressionTypes(unit, self._headers, symbols=items.symbols, given=given)
        found = find(unit, types, self._member, options.reach)
        outcome.others = found.others
        outcome.lexical = count_uses(unit.text, self._member.name, names.functions | names.types)
        explainer = Explainer(site, types, self._options.truth)
        named = NamedExplainer(self._names, explainer, self._member)
        account = [
            *of_uses(unit, found, result, explainer),
            *of_mentions(unit, mentions(unit, names), result, named),
        ]
        return sorted(account, key=lambda a: (a.line, a.kind))

    def _text(self, path: str) -> bytes | None:
        try:
            return read_source(self._root, path)
        except SourceError:
            return None

    def _carriers(self) -> Iterator[bytes]:
        """Yield the names through which a file that does not name the struct may reach one."""
        assert self._member is not None
        for header in self._headers:
            yield from carried_in(header.unit, self._member.struct)


def skipped(path: str, why: str) -> FileOutcome:
    """Return the outcome of a file that nothing could be made of."""
    return FileOutcome(path, b"", b"", skipped=why)
