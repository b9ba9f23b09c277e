# SPDX-License-Identifier: GPL-2.0-only
"""What is fuzzed, and what must hold of it.

In: mutants of C, rules, plans, recipes, MAINTAINERS and mails. Out: nothing, or an error that
breaks one of the oracles: no exception but those that become a message, an end, a second run that
changes nothing, no new syntax error, bytes outside of the edits as they were, the same for any
number of workers, headers that hold.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hypothesis import strategies as st
from mutants import Choices, Drawn, Maker, mutant

from vmaconv.cocci.engine.file_result import FileResult
from vmaconv.cocci.engine.program import Program, compile_file
from vmaconv.cocci.engine.run import Runner
from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.cocci.smpl.parse import parse_text
from vmaconv.cocci.smpl.rule import SmplError
from vmaconv.cocci.text.clock import Limit, TimedOut
from vmaconv.cocci.text.deep_recursion import deep_recursion
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.tree_run.file_run import over_files
from vmaconv.cocci.types.symbols import FileSymbols
from vmaconv.flags.flag_metavariables import KIND_WORDS, kinds
from vmaconv.flags.helpers.generation import parse_override
from vmaconv.flags.kernel_isomorphisms import isomorphisms
from vmaconv.flags.rule_forms import read_rules
from vmaconv.flags.sites.site import BuildSite
from vmaconv.flags.table.flag_table import read_flag_table
from vmaconv.flags.truth_macros import TRUTH
from vmaconv.library import find_rules
from vmaconv.migrate.migration_error import MigrationError
from vmaconv.migrate.plan import read_plan
from vmaconv.migrate.recipe import read_recipe
from vmaconv.series.branch.commit import workshop
from vmaconv.series.branch.rangediff import _commit_mails
from vmaconv.series.git.repository import Repository, find_repository
from vmaconv.series.people.mailmap import Mailmap
from vmaconv.series.people.maintainers import parse_maintainers
from vmaconv.series.people.recipients import recipients_of
from vmaconv.series.render import addressed
from vmaconv.series.series_error import MaintainersUnreadable, SeriesError

ROOT = Path(__file__).parents[1]
KERNEL = ROOT / "fixtures/kernel"
CASES = sorted((ROOT / "tests/cases").rglob("rule.cocci"))

PATIENCE = 30.0
"""Seconds of the processor that one mutant may take: far beyond the slowest seen."""


class Broken(Exception):
    """An oracle does not hold."""


@dataclass(frozen=True, slots=True)
class Target:
    """A name, how a mutant is made, and the check that raises for what must not be."""

    name: str
    make: Maker
    check: Callable[..., None]

    @property
    def inputs(self) -> st.SearchStrategy[tuple[bytes, ...]]:
        """What Hypothesis makes."""
        return st.composite(lambda draw: self.make(Drawn(draw)))()

    def try_one(self, given: tuple[bytes, ...]) -> None:
        """Check one input; one that does not end is `Broken`, too."""
        try:
            with Limit(PATIENCE, of_processor=True), deep_recursion():
                self.check(*given)
        except TimedOut:
            raise Broken(f"no end within {PATIENCE:g} seconds") from None


@cache
def _rules() -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in CASES)


@cache
def _sources() -> tuple[bytes, ...]:
    return tuple((path.parent / "in.c").read_bytes() for path in CASES)


@cache
def _kernel() -> tuple[bytes, ...]:
    texts = (path.read_bytes() for path in sorted(KERNEL.rglob("*.c")))
    return tuple(text for text in texts if b"vm_flags" in text)


@cache
def _options() -> MatchOptions:
    return MatchOptions(truth=TRUTH, kinds=kinds(BuildSite(read_flag_table(KERNEL))))


@cache
def _shipped() -> tuple[Program, MatchOptions, tuple[FileSymbols, ...]]:
    rules = read_rules(find_rules("vma-desc"))
    program = compile_file(rules, isomorphisms(), parse_override("v7.0").virtuals())
    headers = [KERNEL / f"include/linux/{name}.h" for name in ("mm", "mm_types", "fs")]
    return program, _options(), tuple(FileSymbols(Unit(p.name, p.read_bytes())) for p in headers)


def _errors(text: bytes) -> int:
    return sum(len(chunk.errors) for chunk in Unit("x.c", text).chunks)


def _check_result(result: FileResult) -> None:
    """No new syntax error; what no edit took is there, in its order.

    Lines may be broken elsewhere, so white space does not count.
    """
    if result.text == result.before:
        return
    if _errors(result.text) > _errors(result.before):
        raise Broken("a syntax error that was not there")
    rest = iter(result.text)
    for offset, byte in enumerate(result.before):
        if byte not in b" \t\n" and result.forward(offset) is not None and byte not in rest:
            raise Broken(f"the byte at {offset} that no edit took is gone")


def _convert(text: bytes) -> FileResult:
    program, options, headers = _shipped()
    return Runner(program, Unit("mutant.c", text), headers, options).run()


def check_c(text: bytes) -> None:
    """The rules that ship, over a file of a kernel."""
    result = _convert(text)
    _check_result(result)
    again = _convert(result.text)
    if again.text != result.text:
        raise Broken("a second run changes what the first one wrote")


def _compiled(rule: bytes) -> Program:
    file = parse_text(rule.decode("utf-8", "surrogateescape"), "mutant.cocci", kinds=KIND_WORDS)
    return compile_file(file, isomorphisms(), frozenset(file.virtual))


_kept = cache(_compiled)


def check_rule(rule: bytes, source: bytes) -> None:
    """A rule over a file: an error with its place, or a run."""
    try:
        program = _kept(rule) if rule in _rules() else _compiled(rule)
    except SmplError as error:
        if error.place.line < 1 or not str(error):
            raise Broken("an error without a place") from error
        return
    if b"script" in rule or b"python" in rule:
        return
    try:
        _check_result(Runner(program, Unit("in.c", source), (), _options()).run())
    except SmplError:
        return


def check_jobs(*texts: bytes) -> None:
    """The same for any number of workers."""
    named = {f"{number}.c": text for number, text in enumerate(texts)}

    def convert(path: str) -> bytes:
        return _convert(named[path]).text

    one, two = (list(over_files(list(named), convert, _lost, jobs)) for jobs in (1, 2))
    if one != two:
        raise Broken("two workers make something else of it than one")


def _lost(path: str, why: str) -> bytes:
    return f"{path}: {why}".encode()


@contextmanager
def _written(text: bytes, name: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(text)
        yield path


def check_recipe(text: bytes) -> None:
    """A recipe: read, or an error."""
    with _written(text, "r.toml") as path:
        try:
            read_recipe(path)
        except MigrationError as error:
            if not str(error):
                raise Broken("an error without words") from error


def check_plan(text: bytes) -> None:
    """A plan: read, or an error."""
    with _written(text, "plan.toml") as path:
        try:
            read_plan(path, KERNEL)
        except MigrationError as error:
            if not str(error):
                raise Broken("an error without words") from error


_HEAD = re.compile(r"(?:[!-9;-~]+: ?(?:[\t -~]*)(?:\n[\t ][\t -~]*)*\n)+")


def check_people(maintainers: bytes, mailmap: bytes) -> None:
    """MAINTAINERS and .mailmap: whoever they name, headers hold."""
    try:
        read = parse_maintainers(maintainers.decode("utf-8", "replace"), KERNEL)
    except MaintainersUnreadable:
        return
    found = recipients_of(read, ["mm/util.c", "fs/tidefs/file.c"], "+x\n", Mailmap(mailmap))
    mail = addressed(b"Subject: subject\n\nbody\n", found).decode()
    head = mail.partition("\n\n")[0] + "\n"
    known = {"Subject", "To", "Cc"}
    if not _HEAD.fullmatch(head) or max(map(len, head.split("\n"))) > 998:
        raise Broken(f"a header that does not hold: {head!r}")
    if {line.partition(":")[0] for line in head.split("\n") if line[:1].strip()} - known:
        raise Broken(f"a header that nobody wrote: {head!r}")


@cache
def _repository() -> tuple[Repository, str]:
    folder = Path(tempfile.mkdtemp(prefix="vmaconv-fuzz-"))
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    (folder / "a.c").write_bytes(b"int a;\n")
    who = ["-c", "user.name=A", "-c", "user.email=a@b"]
    for words in (["init", "-q"], ["add", "-A"], [*who, "commit", "-q", "-m", "start"]):
        subprocess.run(["git", *words], cwd=folder, env=env, check=True)
    for name in ("name", "email"):
        subprocess.run(["git", "config", f"user.{name}", "a@b"], cwd=folder, env=env, check=True)
    found = find_repository(folder)
    assert isinstance(found, Repository)
    return found, "HEAD"


MAIL = b"""From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001
From: Ada <ada@example.org>
Date: Thu, 1 Jan 1970 00:00:00 +0000
Subject: [PATCH 1/2] a: make it long

It is too short.

Signed-off-by: Ada <ada@example.org>
---
 a.c | 2 +-
 1 file changed, 1 insertion(+), 1 deletion(-)

diff --git a/a.c b/a.c
index 1f7a7a4..2f2a1b1 100644
--- a/a.c
+++ b/a.c
@@ -1 +1 @@
-int a;
+long a;
--\x20
2.39.5

"""


def check_mails(*mails: bytes) -> None:
    """The mails of an earlier version: commits for a range-diff, or an error."""
    if not any(b"\ndiff --git " in mail for mail in mails):
        return
    repository, base = _repository()
    try:
        with workshop(repository, "", keep_objects=False) as shop:
            _commit_mails(shop, mails, base)
    except SeriesError as error:
        if not str(error):
            raise Broken("an error without words") from error


PLAN = b"""[plan]
recipe = "vma-flags"
[[place]]
at = "parameter 2 of mlock_future_ok()"
action = "keep"
why = "because"
"""


def targets() -> list[Target]:
    """Return all targets."""
    recipes = tuple(path.read_bytes() for path in sorted((ROOT / "rules").glob("*.toml")))
    people = (KERNEL / "MAINTAINERS").read_bytes()
    mailmap = b"Ada <ada@new> <ada@old>\n<b@new> <b@old>\nC <c@new> D <d@old>\n"

    def c(by: Choices) -> bytes:
        return mutant(by, _kernel(), others=_sources())

    return [
        Target("c", lambda by: (c(by),), check_c),
        Target("rule", lambda by: (mutant(by, _rules()), by.one(_sources())), check_rule),
        Target("case", _case, check_rule),
        Target("jobs", lambda by: tuple(c(by) for _ in range(5)), check_jobs),
        Target("recipe", lambda by: (mutant(by, recipes),), check_recipe),
        Target("plan", lambda by: (mutant(by, (PLAN, *recipes)),), check_plan),
        Target("people", lambda by: (mutant(by, (people,)), mutant(by, (mailmap,))), check_people),
        Target("mails", lambda by: (mutant(by, (MAIL,)), mutant(by, (MAIL,), most=1)), check_mails),
    ]


def _case(by: Choices) -> tuple[bytes, ...]:
    """A rule with a mutant of the C that it is for."""
    number = by.number(0, len(CASES) - 1)
    return _rules()[number], mutant(by, (_sources()[number],), others=_sources())
