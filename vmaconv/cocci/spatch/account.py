# SPDX-License-Identifier: GPL-2.0-only
"""`--account`: for each rule, every place where its rarest word stands, and what became of it.

In: a `Job`. Out: lines of text: how many places matched, how many did not and why, grouped, with
places to look at. A rule that silently finds nothing is told from one that has nothing to find.
Nothing is changed, and no diff is printed. The rules run over each file once, as `vmaconv explain`
has them, and are asked about each of its places; no more than `MOST` of a rule are looked into.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct, field

from vmaconv.cocci.engine.explain.explanation import Explanation, Relaxations, explain_lines
from vmaconv.cocci.engine.explain.explanation_text import verdict_text
from vmaconv.cocci.engine.file_result import Refusal
from vmaconv.cocci.engine.program import CodeStep
from vmaconv.cocci.match.prefilter.required import Clause
from vmaconv.cocci.smpl.rule import SmplError
from vmaconv.cocci.spatch.group_run import GroupRunner
from vmaconv.cocci.spatch.job import Job
from vmaconv.cocci.text.clock import Limit, TimedOut
from vmaconv.cocci.text.trivia import blank_out
from vmaconv.cocci.text.word_places import WordPlaces

MOST = 300
"""How many places of one rule are looked into."""

SHOWN = 3
"""How many places are named for one reason."""

Spot = tuple[str, int]
"""A file, and a line of it from 1."""

Became = tuple[str, str]
"""Why a rule did not match at a place, or that it did, and what more there is to say of it."""


class _Count(Struct):
    """Where the words of a rule's clauses stand."""

    step: CodeStep
    spots: dict[Clause, list[Spot]] = field(default_factory=dict)

    def rarest(self) -> Clause | None:
        """Return the clause whose words stand in the fewest places."""
        return min(self.spots, key=lambda c: (len(self.spots[c]), sorted(c)), default=None)


def account(job: Job, out: BinaryIO) -> int:
    """Print the account of a job's rules, and return spatch's exit status."""
    paths = list(dict.fromkeys(path for group in job.groups for path in group))
    # Steps may run in another order than the rules stand in.
    order = {id(rule): number for number, rule in enumerate(job.program.file.rules)}
    steps = sorted(job.program.code_steps(), key=lambda step: order[id(step.source)])
    counts = [_Count(step, {c: [] for c in _words(step)}) for step in steps]
    worker = GroupRunner(job)
    worker.initialize()
    for path in paths:
        text = blank_out(worker.text(path), strings=True)
        places = WordPlaces(text, 0, len(text))
        for count in counts:
            for clause, spots in count.spots.items():
                spots += [(path, line) for line in _lines(text, places, clause)]
    looker = _Looker(job, worker)
    for path in paths:
        looker.look(path, counts)
    for count in counts:
        for line in _told(looker, count):
            out.write(f"{line}\n".encode(errors="surrogateescape"))
        out.flush()
    return 0


def _words(step: CodeStep) -> list[Clause]:
    """Return the clauses of a rule that are words: operators stand everywhere."""
    return [c for c in step.pattern.clauses if all(re.fullmatch(rb"\w+", word) for word in c)]


def _lines(text: bytes, places: WordPlaces, clause: Clause) -> Iterator[int]:
    """Yield the line of each place where a word of a clause stands in code."""
    at, line = 0, 1
    for offset in sorted(offset for word in clause for offset in places.of(word)):
        line += text.count(b"\n", at, offset)
        at = offset
        yield line


def _told(looker: _Looker, count: _Count) -> Iterator[str]:
    rule = count.step.source
    name = rule.name if not rule.named else f"rule {rule.name}, line {rule.place.line}"
    clause = count.rarest()
    if clause is None:
        files = looker.files[rule.name]
        found = f"it matched in {files} file{'s' * (files != 1)}"
        yield f"{name}: no word is common to all that it matches; {found}"
        return
    spots = count.spots[clause]
    word = " or ".join(sorted(f"`{w.decode(errors='replace')}`" for w in clause))
    yield f"{name}: {word} stands in {len(spots)} place{'s' * (len(spots) != 1)}"
    groups: dict[str, list[Spot]] = {}
    examples: dict[str, str] = {}
    refused = {key: list(reasons) for key, reasons in looker.refused.items()}
    for spot in spots[:MOST]:
        key = id(count.step.source), spot
        reason, example = looker.became.get(key, _ENDED)
        if reasons := refused.get(key):
            reason, example = _REFUSED, reasons.pop()
        groups.setdefault(reason, []).append(spot)
        examples.setdefault(reason, example)
    for reason, members in sorted(groups.items(), key=lambda g: (g[0] != _MATCHED, -len(g[1]))):
        yield f"  {len(members):5} {_agreeing(reason, len(members))}"
        if reason != _MATCHED:
            yield f"        {_named(members)}"
        if examples[reason]:
            yield f"        the first: {examples[reason]}"
    if len(spots) > MOST:
        yield f"  {len(spots) - MOST:5} not looked into: run it on fewer files"


_MATCHED = "matched"
_REFUSED = "matched, and was not applied"
_ENDED: Became = ("not looked into: an earlier rule or script ended the run there", "")


def _agreeing(reason: str, number: int) -> str:
    """Return a reason, in the number of what it is about, and with what that stands in."""
    reason = reason.replace("cannot match: it lacks", "cannot match: what is around lacks")
    return re.sub(r"^does not match", "do not match", reason) if number != 1 else reason


def _named(members: Sequence[Spot]) -> str:
    members = list(dict.fromkeys(members))
    shown = ", ".join(f"{path}:{line}" for path, line in members[:SHOWN])
    return shown + (f" and {len(members) - SHOWN} more" if len(members) > SHOWN else "")


class _Looker(Struct):
    """Looks into the files of a job, one after another."""

    job: Job
    worker: GroupRunner
    became: dict[tuple[int, Spot], Became] = field(default_factory=dict)
    """What became of a rule, by its id, at a place."""
    refused: dict[tuple[int, Spot], list[str]] = field(default_factory=dict)
    """Why matches of a rule, by its id, at a place were not applied."""
    files: Counter[str] = field(default_factory=Counter)
    """In how many files a rule, by its name, matched."""
    _known: dict[int, Relaxations] = field(default_factory=dict)

    def look(self, path: str, counts: Sequence[_Count]) -> None:
        """Note what became of the rules at their places in a file."""
        lines: dict[int, list[int]] = {}
        for count in counts:
            clause = count.rarest()
            spots = count.spots[clause][:MOST] if clause is not None else []
            own = list(dict.fromkeys(line for file, line in spots if file == path))
            if own:
                lines[id(count.step.source)] = own
        if not lines and all(count.spots for count in counts):
            return
        problem = self._looked_into(path, lines)
        for rule, asked in lines.items():
            for line in asked:
                self.became.setdefault((rule, (path, line)), problem or _ENDED)

    def _looked_into(self, path: str, lines: Mapping[int, Sequence[int]]) -> Became | None:
        job, known, ever = self.job, self._known, set[str]()
        try:
            with Limit(job.arguments.timeout * max(sum(map(len, lines.values())), 1)):
                runner = self.worker.runner_of(Path(path))
                found = explain_lines(job.program, job.isomorphisms, runner, lines, known, ever)
                matched: dict[tuple[int, Spot], set[tuple[str, int]]] = {}
                for rule, line, told in found:
                    key = id(rule), (path, line)
                    self.became[key] = _reason(told)
                    matched[key] = {(o.rule, o.line) for o in told if o.verdict == "matches"}
                self._refuse(runner.result.refusals, matched)
                self.files.update(ever)
        except TimedOut:
            return "not looked into: it took too long", ""
        except RecursionError:
            return "not looked into: the code is nested too deeply", ""
        except SmplError as error:
            return f"not looked into: {error.message}", ""
        return None

    def _refuse(
        self,
        refusals: Sequence[Refusal],
        matched: Mapping[tuple[int, Spot], set[tuple[str, int]]],
    ) -> None:
        """Note which matches were not applied: of several in one line, some may have been."""
        why: dict[tuple[str, int], list[str]] = {}
        for one in refusals:
            why.setdefault((one.rule, one.line), []).append(one.reason)
        for key, matches in matched.items():
            reasons = [reason for match in sorted(matches) for reason in why.get(match, ())]
            if reasons:
                self.refused[key] = reasons


def _reason(told: Sequence[Explanation]) -> Became:
    if any(one.verdict == "matches" for one in told):
        return _MATCHED, ""
    if not told:
        return _ENDED
    one = min(told, key=lambda e: e.verdict != "near")
    if one.verdict == "nearest":
        expected, found = one.details
        stands = "it fails there" if expected == found else f"`{found}` stands there"
        return f"does not match: line {one.wanted_line} of the rule wants `{expected}`", stands
    shows = one.verdict in ("near", "inherits", "words") and one.details
    return verdict_text(one), one.details[0] if shows else ""
