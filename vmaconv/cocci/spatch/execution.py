# SPDX-License-Identifier: GPL-2.0-only
"""A run: reports printed as they come, files written where that was asked for.

In: `Arguments` and the words that they were read from, two streams. Out: an exit status.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from os.path import normpath
from pathlib import Path
from typing import BinaryIO, TextIO

from vmaconv.cocci.smpl.rule import SmplError
from vmaconv.cocci.spatch.arguments import Arguments, UsageError
from vmaconv.cocci.spatch.config_files import config_of
from vmaconv.cocci.spatch.group_result import Changed, GroupReport
from vmaconv.cocci.spatch.job import FAILED, Job, JobError, job_of, rules_of
from vmaconv.cocci.spatch.pool import Pool
from vmaconv.cocci.spatch.spatch_options import USAGE, parse
from vmaconv.cocci.text.atomic import write_whole
from vmaconv.cocci.text.clock import Limit, TimedOut
from vmaconv.cocci.text.tree_file import read_regular

OK = 0

_NO_ITERATION = (
    "Out of place transformation not compatible with iteration. Aborting.\n"
    "consider using --no-show-diff or --in-place\n"
)


def execute(arguments: Arguments, words: Sequence[str], out: BinaryIO, err: TextIO) -> int:
    """Run a rule file over files, or do another action; return the exit status."""
    try:
        if arguments.action in ("run", "account", "options"):
            return _configured(arguments, words, out, err)
        from vmaconv.cocci.spatch import actions

        if arguments.action == "parse-c":
            return actions.parse_c(arguments, out)
        return actions.parse_cocci(arguments, out)
    except SmplError as error:
        err.write(shown(error))
    except TimedOut:
        seconds = arguments.timeout
        spoken = f"{seconds:g} second{'s' * (seconds != 1)}"
        err.write(f"{_rules(arguments)}: not ready to run within {spoken} (--timeout)\n")
    except RecursionError:
        err.write(f"{_rules(arguments)}: a pattern is nested too deeply\n")
        err.write("write the pattern in simpler parts\n")
    except MemoryError:
        err.write(f"{_rules(arguments)}: a pattern takes too much memory\n")
    except JobError as error:
        err.write(f"{error}\n")
        return error.status
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        err.write(f"ERROR: {name}{error.strerror or error}\n")
    return FAILED


def _configured(arguments: Arguments, words: Sequence[str], out: BinaryIO, err: TextIO) -> int:
    """Run with what `.cocciconfig` files say before the command line, or show the options."""
    config = config_of(arguments)
    if config.words:
        words = [*config.words, *words]
        try:
            arguments = parse(words)
        except UsageError as error:
            raise JobError(f"{error} (found in a .cocciconfig file)") from None
    if arguments.action == "options":
        given = " ".join(f"'{word}'" for word in ("vmaconv-spatch", *words))
        err.write(f"options: {given}\n")
        return OK
    for note in config.notes if arguments.verbosity else ():
        err.write(f"{note}\n")
    if arguments.rule_folder is None:
        return _run(arguments, words, out, err)
    if arguments.action == "account":
        raise JobError("--account takes one semantic patch: give --sp-file")
    return _run_folder(arguments, words, out, err)


def _run_folder(arguments: Arguments, words: Sequence[str], out: BinaryIO, err: TextIO) -> int:
    """Run all rule files of a folder in one pass; return 255 if one of them is faulty."""
    from vmaconv.cocci.spatch.folder_job import folder_job
    from vmaconv.cocci.spatch.folder_run import FolderPool

    folder = folder_job(arguments, words)
    lines = [warning for job in (*folder.jobs, *folder.alone) for warning in job.warnings]
    for line in (*(folder.left_out if arguments.verbosity else ()), *lines):
        err.write(f"{line}\n")
    for fault in folder.faults:
        err.write(shown(fault) if isinstance(fault, SmplError) else f"{fault}\n")
    status = FAILED if folder.faults or any(job.undecided for job in folder.jobs) else OK
    runs = [_Execution(job, out, err, labelled=True) for job in folder.jobs]
    handled: set[tuple[str, ...]] = set()
    for number, report in FolderPool(folder, arguments.jobs).run():
        if arguments.verbosity and report.paths and report.paths not in handled:
            handled.add(report.paths)
            err.write(f"HANDLING: {report.name}\n")
        runs[number].show(report)
        if report.exit_status is not None:
            status = max(status, report.exit_status)
    for job in folder.alone:
        status = max(status, _Execution(job, out, err, labelled=True).run())
    return status


def _run(arguments: Arguments, words: Sequence[str], out: BinaryIO, err: TextIO) -> int:
    with Limit(arguments.timeout):
        rule_file = rules_of(arguments)
        job = job_of(arguments, rule_file, words)
    for line in (*job.warnings, *_notes(job.arguments)):
        err.write(f"{line}\n")
    if not job.groups and arguments.folder is None and not arguments.files:
        err.write(f"{USAGE}\nno C file was named, so there is nothing to do\n")
        return OK
    if arguments.action == "account":
        from vmaconv.cocci.spatch.account import account

        return account(job, out)
    return _Execution(job, out, err).run()


def _rules(arguments: Arguments) -> str:
    return str(arguments.rule_path or "--sp")


def _notes(arguments: Arguments) -> Iterator[str]:
    if arguments.verbosity:
        for name in arguments.notes:
            yield (
                f"note: {name} shows spatch's inside, of which there is nothing here; "
                "`vmaconv explain` says why a rule does not match"
            )


class _Execution:
    """One run: prints the reports as they come, writes files, keeps the one for `-o`."""

    def __init__(self, job: Job, out: BinaryIO, err: TextIO, labelled: bool = False) -> None:
        """With `labelled`, each diff comes behind the name of its rule file."""
        self._label = f"Semantic patch: {job.arguments.rule_path}\n" if labelled else ""
        self._job = job
        self._arguments = job.arguments
        self._out = out
        self._err = err
        self._modified: list[Changed] = []
        self._headers: set[str] = set()
        self._shown: set[str] = set()
        self._changed = False

    def run(self) -> int:
        """Run the job and return the exit status."""
        for report in Pool(self._job).run():
            if report.restart and not self._restarts():
                return FAILED
            self._print(report)
            if report.exit_status is not None:
                return report.exit_status
        status = self._write_output()
        return FAILED if self._job.undecided else status

    def _restarts(self) -> bool:
        """Begin a further run, if what the last one changed is either written or left out.

        spatch begins none even where the last one changed nothing.
        """
        if self._changed and self._arguments.show_diff and not self._arguments.in_place:
            self._err.write(_NO_ITERATION)
            return False
        self._modified.clear()
        self._headers.clear()
        self._shown.clear()
        self._changed = False
        return True

    def _print(self, report: GroupReport) -> None:
        arguments, err = self._arguments, self._err
        self._changed |= any(changed.text is not None for changed in report.changed)
        if arguments.verbosity and report.paths:
            err.write(f"{'Skipping' if report.skipped else 'HANDLING'}: {report.name}\n")
        self.show(report)

    def show(self, report: GroupReport) -> None:
        """Print what scripts printed, and the diffs; write what is to be written."""
        arguments, err = self._arguments, self._err
        self._out.write(report.printed.encode(errors="surrogateescape"))
        for changed in report.changed:
            if not self._is_new(changed):
                continue
            if arguments.selected_only:
                err.write(f"selected {changed.path}\n")
                continue
            self._out.write(self._label.encode() if changed.diff else b"")
            self._out.write(changed.diff)
            if changed.text is not None:
                self._write(changed, changed.text)
        self._out.flush()
        err.write(report.printed_to_stderr)
        for complaint in report.complaints:
            err.write(complaint + "\n")
        err.flush()

    def _is_new(self, changed: Changed) -> bool:
        """Whether a changed header has not been shown for another file, or as a file itself.

        A C file may be included like a header, and be among the files as well.
        """
        path = normpath(changed.path)
        known = self._headers | (self._shown if changed.header else set())
        if path in known:
            return False
        (self._headers if changed.header else self._shown).add(path)
        if changed.header and self._arguments.verbosity:
            self._err.write(f"a header file was modified: {Path(changed.path).name}\n")
        return True

    def _write(self, changed: Changed, text: bytes) -> None:
        arguments, path = self._arguments, Path(changed.path)
        if arguments.output is not None:
            self._modified.append(changed)
        try:
            if arguments.out_place:
                write_whole(_suffixed(path, arguments.suffix or ".cocci_res"), text)
            elif arguments.in_place:
                if arguments.suffix:
                    write_whole(_suffixed(path, arguments.suffix), read_regular(path))
                write_whole(path, text)
        except OSError as error:
            self._err.write(f"ERROR: {path} was not written: {error.strerror}\n")

    def _write_output(self) -> int:
        """Write the one changed file to where `-o` says."""
        output = self._arguments.output
        if output is None or not self._modified:
            return OK
        files = [changed for changed in self._modified if not changed.header]
        headers = [changed.path for changed in self._modified if changed.header]
        if headers and len(files) == 1:
            # The one file that was named, with what it includes.
            self._err.write(f"-o takes one file: {', '.join(headers)} changes, too\n")
            self._modified = files
        if len(self._modified) > 1:
            self._err.write("-o can not be applied because there are multiple modified files\n")
            return FAILED
        text = self._modified[0].text
        assert text is not None
        write_whole(output, text)
        return OK


def _suffixed(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def shown(error: SmplError) -> str:
    """Return an error in a rule with its line, a caret below the place, and what to write."""
    line = error.source_line.rstrip("\n")
    lead = "".join("\t" if c == "\t" else " " for c in line[: error.place.column])
    quote = f"  {line}\n  {lead}^\n" if line else ""
    remedy = f"{error.remedy}\n" if error.remedy else ""
    return f"{error}\n{quote}{remedy}"
