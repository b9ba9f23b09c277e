# SPDX-License-Identifier: GPL-2.0-only
"""Running a rule file over files as spatch does.

In: a `Job` and the number of a group of files. Out: a `GroupReport`. This is what a worker process
does; `pool` runs the workers.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from vmaconv.cocci.engine.environment import Environment
from vmaconv.cocci.engine.file_group import run_group
from vmaconv.cocci.engine.file_result import FileResult
from vmaconv.cocci.engine.program import CodeStep
from vmaconv.cocci.engine.run import Runner
from vmaconv.cocci.engine.stretches import UnitItems
from vmaconv.cocci.engine.useful import useful_steps
from vmaconv.cocci.match.attempt.constraint_check import ConstraintJudging
from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.cocci.match.code.context import TruthPlaces
from vmaconv.cocci.match.graph.flow_style import FlowStyle
from vmaconv.cocci.script.script_values import Iterate, Merged, Plain
from vmaconv.cocci.smpl.rule import RulePlace, ScriptRule, SmplError
from vmaconv.cocci.spatch.diff_output import diff, without_lines
from vmaconv.cocci.spatch.group_result import Changed, GroupReport
from vmaconv.cocci.spatch.job import FAILED, PYTHON2, Job, again
from vmaconv.cocci.spatch.units import Units
from vmaconv.cocci.text.clock import Limit, TimedOut
from vmaconv.cocci.types.literals import Widths
from vmaconv.cocci.types.symbols import FileSymbols

if TYPE_CHECKING:
    from vmaconv.cocci.engine.script_rules import Scripts

SCRIPT_LIMIT = 10.0
"""Seconds that one run of a script block may take."""

PEER_TRUTH = TruthPlaces(conversions=False)
"""Where spatch takes truth to be wanted: C's tests, and no conversions to bool."""


class GroupRunner:
    """Runs the job's program over one group of files after another.

    `first` is the job of the command line, where scripts have asked for `job`.
    """

    def __init__(
        self,
        job: Job,
        first: Job | None = None,
        units: Units | None = None,
        at_once: bool = True,
    ) -> None:
        """`units` are shared with runners that have other rule files for the same files; the process
        of the scripts starts `at_once` or when it is needed.
        """
        self._units = units or Units()
        self._first = first or job
        self._job = job
        self._begun: set[RulePlace] = set()
        self._printed = io.StringIO()
        self._complained = io.StringIO()
        words = job.program.file.spatch_options
        self._options = MatchOptions(
            truth=PEER_TRUTH,
            tidy=False,
            macros=True,
            flow=FlowStyle(torn=True, loops=job.arguments.loops, gotos=job.arguments.gotos),
            widths=_widths(words),
            as_written=job.arguments.as_written,
            keep_comments=job.arguments.keep_comments,
            judging=ConstraintJudging(ocaml="--ocaml-regexps" in words),
        )
        self._scripts = self._session(at_once)
        self._take(job)

    def _take(self, job: Job) -> None:
        self._job = job
        self._names = job.program.names | job.macros
        self._words = frozenset(word.encode() for word in job.program.words_to_search())
        self._header_words = [word.encode() for word in job.program.words_to_search(alone=False)]

    @property
    def has_scripts(self) -> bool:
        """Whether the rule file has any script."""
        return self._scripts is not None

    def initialize(self, held: bool = False) -> GroupReport:
        """Run the `initialize` blocks that the virtual rules let run, and that have not run.

        Where scripts cannot be held, none is run and the report ends the run; `held` says that it is
        known that they can.
        """
        if self._scripts is not None and not held:
            error = self._scripts.session.ready()
            if error is not None:
                return GroupReport(
                    complaints=[_complaint(error, "")], failed=True, exit_status=FAILED
                )
        return self._phase("initialize")

    def restart(self, asked: Iterate, groups: Sequence[tuple[str, ...]]) -> GroupReport:
        """Go over to a further run that a script asked for; the scripts keep what they know."""
        self._take(replace(again(self._first, asked), groups=groups))
        if self._scripts is not None:
            self._scripts.session.define(self._job.program.words)
        return self.initialize()

    def _phase(self, phase: str) -> GroupReport:
        for rule in self._job.program.steps:
            if not isinstance(rule, ScriptRule) or rule.phase != phase or self._scripts is None:
                continue
            if phase == "initialize" and rule.place in self._begun:
                continue
            self._begun.add(rule.place)
            self._scripts.run(rule, [Environment({}, frozenset())])
        return self._finish(GroupReport())

    def exported(self) -> dict[str, list[Plain]]:
        """Return what this worker has for the `finalize` blocks, by the NAME of `merge.NAME`."""
        found: dict[str, list[Plain]] = {}
        for rule in self._job.program.file.rules:
            if isinstance(rule, ScriptRule) and rule.phase == "finalize" and self._scripts:
                copied = self._scripts.session.exported(rule)
                if isinstance(copied, SmplError):
                    self._scripts.errors.append(copied)
                else:
                    found.update({name: [value] for name, value in copied.items()})
        return found

    def finalize(self, merged: Mapping[str, Sequence[Plain]]) -> GroupReport:
        """Run the `finalize` blocks with what all workers have left."""
        if self._scripts is not None:
            self._scripts.merged = {name: Merged(tuple(v)) for name, v in merged.items()}
        return self._phase("finalize")

    def text(self, path: str) -> bytes:
        """Return what a file holds; raises OSError."""
        return self._units.text(path)

    def runner_of(self, path: Path) -> Runner:
        """Return what runs the rules over one file, for whoever asks why they do not match."""
        items = self._units.of(str(path), self._names)
        if self._scripts is not None:
            self._scripts.begin((str(path),))
        return self._runner(items, self._job.includes.of(path, items.unit.text))

    def run(self, index: int) -> GroupReport:
        """Run the rules over one group of files; whatever goes wrong is in the report."""
        self._units.forget()
        return self.run_over(self._job.groups[index])

    def run_over(self, group: tuple[str, ...]) -> GroupReport:
        """Run the rules over the files of a group."""
        report = GroupReport(group)
        try:
            files = [self._units.of(path, self._names) for path in report.paths]
            steps = self._steps_in(files)
            if steps is not None and not steps:
                # So it is with most rule files and files.
                report.skipped = True
                return report
            report.skipped = not any(items.held.in_text([self._words]) for items in files)
            if self._scripts is not None or not report.skipped:
                with Limit(self._job.arguments.timeout * len(report.paths)):
                    self._run(report, files, steps)
        except TimedOut:
            seconds = self._job.arguments.timeout
            _fail(report, f"no end within {seconds:g} seconds (--timeout)")
        except SmplError as error:
            report.complaints.append(_complaint(error, report.name))
            report.failed = True
        except RecursionError:
            _fail(report, "nested too deeply")
        except MemoryError:
            _fail(report, "out of memory")
        except OSError as error:
            _fail(report, f"{error.filename}: {error.strerror}" if error.filename else str(error))
        except Exception as error:
            _fail(report, f"{type(error).__name__}: {error} (a bug of vmaconv: please report it)")
        return self._finish(report)

    def _steps_in(self, files: Sequence[UnitItems]) -> Sequence[CodeStep | ScriptRule] | None:
        """Return the steps that can come to something in a file that no other runs with.

        None for several files, headers among them: what one lacks, another may have.
        """
        if len(files) != 1:
            return None
        held = files[0].held
        if self._job.arguments.matches_headers and held.in_text([self._words]):
            return None
        return useful_steps(self._job.program, held)

    def _run(
        self,
        report: GroupReport,
        files: Sequence[UnitItems],
        steps: Sequence[CodeStep | ScriptRule] | None,
    ) -> None:
        if self._scripts is not None:
            self._scripts.begin(report.paths)
        units = [items.unit for items in files]
        includes = [self._job.includes.of(Path(unit.path), unit.text) for unit in units]
        runners = [self._runner(i, headers) for i, headers in zip(files, includes, strict=True)]
        if not report.skipped:
            runners += self._header_runners(includes, {Path(path) for path in report.paths})
        # spatch shows the files of a group from the last to the first.
        for result in reversed(run_group(runners, steps)):
            self._judge(report, result)

    def _header_runners(
        self, includes: Sequence[Sequence[FileSymbols]], given: Collection[Path]
    ) -> Iterator[Runner]:
        """Yield runners for the headers that hold a word of the rules, from last to first, but for
        those that were `given` as files: a patch that changes one twice does not apply."""
        seen = {header.unit.path: headers for headers in includes for header in headers}
        for path, headers in reversed(seen.items()):
            if Path(path) in given or not self._job.arguments.matches_header(path):
                continue
            unit = next(header.unit for header in headers if header.unit.path == path)
            if any(word in unit.text for word in self._header_words):
                yield self._runner(self._units.header(path, unit.text, self._names), headers)

    def _runner(self, items: UnitItems, headers: Sequence[FileSymbols]) -> Runner:
        job, options = self._job, self._options
        return Runner(job.program, items.unit, headers, options, self._scripts, items)

    def _judge(self, report: GroupReport, result: FileResult) -> None:
        path = result.path
        arguments = self._job.arguments
        for refusal in result.refusals:
            report.complaints.append(
                f"{path}:{refusal.line}: rule {refusal.rule}: {refusal.reason}"
            )
        if arguments.unparsed:
            for function, line in result.unparsed.items():
                name = f"{function}()" if function else "this"
                report.complaints.append(f"{path}:{line}: {name} does not parse, and was left out")
        star = any(result.starred)
        if not star and result.text == result.before:
            return
        changed = Changed(path, text=None if star else result.text)
        changed.header = path not in report.paths
        if arguments.show_diff:
            after = without_lines(result.text, result.starred) if star else result.text
            changed.diff = diff(
                path,
                result.before,
                after,
                arguments.context,
                arguments.patch,
                arguments.folder,
                star,
            )
        report.changed.append(changed)

    def _finish(self, report: GroupReport) -> GroupReport:
        report.printed = _taken(self._printed)
        report.printed_to_stderr = _taken(self._complained)
        if self._scripts is not None:
            errors = self._scripts.errors
            report.complaints += [_complaint(e, report.name) for e in errors]
            unread = any(error.code == PYTHON2 for error in errors)
            failed = self._scripts.failed
            # As spatch: in a folder the other files are looked at all the same.
            ends = unread or (failed and not (report.paths and self._job.arguments.folder))
            errors.clear()
            report.iterations = tuple(self._scripts.iterations)
            self._scripts.iterations.clear()
            report.exit_status = FAILED if ends else self._scripts.status
            if unread or failed:
                # What rests on the block is not known: nothing is made of these files.
                report.changed.clear()
                report.failed = True
            report.spent = self._scripts.session.broken
        return report

    def _session(self, at_once: bool) -> Scripts | None:
        job = self._job
        if not job.program.file.has_scripts:
            return None
        # Only for rule files with scripts: it takes a while to load.
        from vmaconv.cocci.engine.script_rules import Scripts
        from vmaconv.cocci.script.script_check import virtual_names
        from vmaconv.cocci.script.script_session import Session

        return Scripts(
            Session(
                write=self._printed.write,
                write_error=self._complained.write,
                cocci_file=job.program.file.path,
                names=virtual_names(job.program.file),
                virtual=job.program.words,
                trusted=job.arguments.trust_scripts,
                at_once=at_once,
                time_limit=SCRIPT_LIMIT,
            )
        )


def _fail(report: GroupReport, why: str) -> None:
    report.complaints.append(f"EXN: {why} in {report.name}")
    report.failed = True


def _taken(stream: io.StringIO) -> str:
    text = stream.getvalue()
    stream.seek(0)
    stream.truncate()
    return text


def _widths(words: Sequence[str]) -> Widths | None:
    """Return what `--int-bits` and `--long-bits` say of a rule file's `#spatch` line."""
    said = dict(zip(words, words[1:], strict=False))
    found = [said.get(option, "") for option in ("--int-bits", "--long-bits")]
    bits = [int(text) if text.isdecimal() else 0 for text in found]
    if not any(bits):
        return None
    # What is not told is taken to be as on most machines.
    return Widths(bits[0] or 32, bits[1] or max(bits[0], 64))


def _complaint(error: SmplError, files: str) -> str:
    remedy = f" ({error.remedy})" if error.remedy else ""
    return f"{error}{remedy}" + (f", for {files}" if files else "")
