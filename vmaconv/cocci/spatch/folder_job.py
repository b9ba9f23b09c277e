# SPDX-License-Identifier: GPL-2.0-only
"""All rule files of a folder, made ready for one run over the same files.

In: `Arguments` with `--sp-dir`. Out: a `FolderJob`: a `Job` for each rule file that the command
line fits, and a line for each that is left out or faulty. As `make coccicheck` does, a rule file's
`// Options:` line is obeyed, as far as its `# spatch` lines are, and those that lack the virtual
rule of `-D` are left out.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from vmaconv.cocci.smpl.rule import RuleFile, RulePlace, ScriptRule, SmplError
from vmaconv.cocci.spatch.arguments import Arguments
from vmaconv.cocci.spatch.iterations import may_iterate
from vmaconv.cocci.spatch.job import Job, JobError, NothingApplies, Walked, job_of, rules_of
from vmaconv.cocci.spatch.option_lines import Source, chosen
from vmaconv.cocci.spatch.spatch_options import parse
from vmaconv.cocci.text.collector import collector_off

Group = tuple[str, ...]


class FolderJob(Struct):
    """The rule files of a folder; `groups` maps each group of files to the numbers of jobs."""

    jobs: list[Job] = field(default_factory=list)
    groups: dict[Group, list[int]] = field(default_factory=dict)
    alone: list[Job] = field(default_factory=list)
    """Those that ask for further runs, or that gather what all files have left at the end."""
    left_out: list[str] = field(default_factory=list)
    faults: list[SmplError | str] = field(default_factory=list)


def rule_files(folder: Path) -> list[Path]:
    """Return the rule files below a folder, sorted."""
    found: list[Path] = []
    for top, subfolders, names in os.walk(folder):
        subfolders.sort()
        found += [Path(top) / name for name in sorted(names) if name.endswith(".cocci")]
    return found


def folder_job(arguments: Arguments, words: Sequence[str]) -> FolderJob:
    """Make ready what a command line with `--sp-dir` asks for; raises `JobError`."""
    folder = arguments.rule_folder
    assert folder is not None
    if not folder.is_dir():
        raise JobError(f"ERROR: {folder}: no such folder of semantic patches")
    if arguments.in_place or arguments.out_place or arguments.output is not None:
        # Each rule file sees the files as they are: two may change the same line.
        raise JobError(
            "--sp-dir only prints: what several semantic patches change in one file may overlap\n"
            "apply the diffs one by one, or run each with --sp-file"
        )
    made = FolderJob()
    walked: Walked = {}
    # What rule files are made into stays, and leaves next to no garbage.
    with collector_off():
        for path in rule_files(folder):
            try:
                _add(made, replace(arguments, rule_path=path), words, walked)
            except SmplError as error:
                made.faults.append(error)
            except NothingApplies as error:
                made.left_out.append(f"{path}: left out: {error}")
            except JobError as error:
                made.faults.append(f"{path}: {error}")
        # All of it is new to the collector, which would look at it at once; so it is made old.
        gc.freeze()
        gc.unfreeze()
    if not made.jobs and not made.alone and not made.faults:
        raise JobError(f"{folder}: no semantic patch is left to run")
    return made


def _add(made: FolderJob, arguments: Arguments, words: Sequence[str], walked: Walked) -> None:
    path = arguments.rule_path
    rule_file = rules_of(arguments)
    lacking = [d for d in arguments.defines if "=" not in d and d not in rule_file.virtual]
    if lacking:
        made.left_out.append(f"{path}: left out: it has no virtual rule {lacking[0]}")
        return
    words = [*_own_options(rule_file), *words]
    given = replace(parse(words), rule_path=path)
    job = job_of(given, rule_file, [*words, "--sp-file", str(path)], walked)
    if may_iterate(rule_file) or _gathers(rule_file):
        made.alone.append(job)
        return
    number = len(made.jobs)
    made.jobs.append(_sharing(job, made.jobs))
    for group in job.groups:
        made.groups.setdefault(group, []).append(number)


def _gathers(rule_file: RuleFile) -> bool:
    phases = (rule.phase for rule in rule_file.rules if isinstance(rule, ScriptRule))
    return "finalize" in phases


def _own_options(rule_file: RuleFile) -> list[str]:
    """Return what the `// Options:` line asks for, as far as a rule file may ask for it."""
    words = rule_file.fields.get("Options", "").split()
    place = RulePlace(rule_file.path, 1, 0)
    obeyed, _ = chosen(words, [place] * len(words), Source("a rule file"))
    return obeyed


def _sharing(job: Job, others: Sequence[Job]) -> Job:
    """Return a job that reads headers together with another that looks for the same ones."""
    for other in others:
        if other.includes.like(job.includes):
            return replace(job, includes=other.includes)
    return job
