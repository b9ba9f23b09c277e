"""Running a rule file over files as spatch does.

In: a `Job`. Out: for each file its output, in order, and the exit status. Workers take files; what
they print comes back with the file.
"""

from __future__ import annotations

import io
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from types import FrameType

from vmaconv.engine.environment import Environment
from vmaconv.engine.program import Program
from vmaconv.engine.run import Result, Runner
from vmaconv.engine.scripts import Scripts, has_scripts
from vmaconv.match.constraints import Judging
from vmaconv.match.context import Truth
from vmaconv.match.state import Options
from vmaconv.script.run import Session
from vmaconv.smpl.rule import RuleFile, ScriptRule, SmplError
from vmaconv.source.unit import Unit
from vmaconv.spatch.files import Includes
from vmaconv.spatch.output import diff, without_lines

SCRIPT_LIMIT = 10.0
"""Seconds that one run of a script block may take."""

PEER_TRUTH = Truth(conversions=False)
"""Where spatch takes truth to be wanted: C's tests, and no conversions to bool."""


@dataclass(frozen=True, slots=True)
class Job:
    """A rule file, files, and what to do with them."""

    program: Program
    files: Sequence[Path]
    includes: Includes
    folder: Path | None = None
    output: Path | None = None
    in_place: bool = False
    show_diff: bool = True
    context: int = 3
    patch: str | None = None
    timeout: float = 300.0
    jobs: int = 1
    trusted: bool = False


@dataclass(slots=True)
class Report:
    """What became of one file: what scripts printed, the diff, complaints, the new text."""

    path: Path
    printed: str = ""
    diff: bytes = b""
    complaints: list[str] = field(default_factory=list)
    result: Result | None = None
    status: int | None = None
    failed: bool = False


class TimedOut(BaseException):
    """A file took longer than --timeout; not an Exception, so that no script can catch it."""


class Worker:
    """Runs the job's program over one file after another."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._printed = io.StringIO()
        ocaml = "--ocaml-regexps" in job.program.file.spatch_options
        judging = Judging(ocaml=ocaml)
        self._options = Options(truth=PEER_TRUTH, tidy=False, macros=True, judging=judging)
        self._scripts = _scripts(job.program.file, job, self._printed.write)

    def phase(self, phase: str) -> Report:
        """Run the `initialize` or `finalize` blocks."""
        for rule in self._job.program.file.rules:
            if isinstance(rule, ScriptRule) and rule.phase == phase and self._scripts is not None:
                self._scripts.run(rule, [Environment({}, frozenset())])
        return self._finish(Report(Path()))

    def run(self, path: Path) -> Report:
        """Run the rules over one file."""
        report = Report(path)
        try:
            text = path.read_bytes()
        except OSError as error:
            report.complaints.append(f"ERROR: {path}: {error.strerror}")
            report.failed = True
            return report
        if self._scripts is not None:
            self._scripts.begin([str(path)])
        headers = self._job.includes.of(path, text)
        runner = Runner(
            self._job.program,
            Unit(str(path), text, self._job.program.names),
            headers,
            self._options,
            self._scripts,
        )
        try:
            with _limit(self._job.timeout):
                report.result = runner.run()
        except TimedOut:
            report.complaints.append(f"EXN: {path}: no end within {self._job.timeout:g} seconds")
            report.failed = True
        except RecursionError:
            report.complaints.append(f"EXN: {path}: nested too deeply")
            report.failed = True
        if report.result is not None:
            self._judge(report, text)
        return self._finish(report)

    def _judge(self, report: Report, text: bytes) -> None:
        job, result = self._job, report.result
        assert result is not None
        after = without_lines(result.text, result.starred) if result.starred else result.text
        for refusal in result.refusals:
            report.complaints.append(
                f"{report.path}:{refusal.line}: rule {refusal.rule}: {refusal.reason}"
            )
        if job.show_diff and after != text:
            report.diff = diff(report.path, text, after, job.context, job.patch, job.folder)

    def _finish(self, report: Report) -> Report:
        report.printed = self._printed.getvalue()
        self._printed.seek(0)
        self._printed.truncate()
        if self._scripts is not None:
            report.complaints += [_complaint(error) for error in self._scripts.errors]
            self._scripts.errors.clear()
            report.status = self._scripts.status
        return report


def _complaint(error: SmplError) -> str:
    return f"{error}" + (f" ({error.remedy})" if error.remedy else "")


def _scripts(file: RuleFile, job: Job, write: object) -> Scripts | None:
    if not has_scripts(file):
        return None
    assert callable(write)
    session = Session(
        write=write,
        write_error=sys.stderr.write,
        cocci_file=file.path,
        names=file.virtual,
        virtual=job.program.words,
        trusted=job.trusted,
        hard_limit=SCRIPT_LIMIT * 2 if job.jobs > 1 else None,
        time_limit=SCRIPT_LIMIT,
    )
    return Scripts(session)


class _limit:
    """Raise `TimedOut` in the block if it takes longer than some seconds (0: no limit)."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        if self._seconds > 0:
            self._old = signal.signal(signal.SIGALRM, self._expire)
            signal.setitimer(signal.ITIMER_REAL, self._seconds)

    def __exit__(self, *_: object) -> None:
        if self._seconds > 0:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._old)

    @staticmethod
    def _expire(_signal: int, _frame: FrameType | None) -> None:
        raise TimedOut


_worker: Worker | None = None


def _start(job: Job) -> None:
    global _worker
    sys.setrecursionlimit(20000)
    _worker = Worker(job)
    _worker.phase("initialize")


def _run(path: Path) -> Report:
    assert _worker is not None
    return _worker.run(path)


def run(job: Job) -> Iterator[Report]:
    """Yield the reports of all files, in order, then what the finalize blocks print."""
    sys.setrecursionlimit(20000)
    if job.jobs > 1 and len(job.files) > 1:
        context = get_context("fork")
        with ProcessPoolExecutor(job.jobs, context, _start, (job,)) as pool:
            yield from pool.map(_run, job.files, chunksize=4)
        return
    worker = Worker(job)
    yield worker.phase("initialize")
    for path in job.files:
        yield worker.run(path)
    yield worker.phase("finalize")
