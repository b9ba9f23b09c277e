# SPDX-License-Identifier: GPL-2.0-only
"""Running a rule file over several files at once.

In: a `Runner` for each file of a group. Out: their `FileResult`s. Each rule runs over all files before
the next one does, and what it binds in one file, later rules see in every file: a function found in
`a.c` can be renamed where `b.c` calls it, and its prototypes change with it wherever they stand. So
does spatch with the files of one command line.
"""

from __future__ import annotations

from collections.abc import Sequence

from vmaconv.cocci.engine.environment import Environment
from vmaconv.cocci.engine.file_result import FileResult
from vmaconv.cocci.engine.matches import functions_of, lasting
from vmaconv.cocci.engine.program import CodeStep
from vmaconv.cocci.engine.run import Runner, advanced
from vmaconv.cocci.smpl.rule import ScriptRule


def run_group(
    runners: Sequence[Runner], steps: Sequence[CodeStep | ScriptRule] | None = None
) -> list[FileResult]:
    """Run the rules that the runners share over all their files, and return the results in order.

    `steps` are those that can come to something in a file that is the only one, if that is known.
    """
    if not runners:
        return []
    if len(runners) == 1:
        return [runners[0].run(steps)]
    first = runners[0]
    ever: set[str] = set()
    for runner in runners:
        environments = runner.begin(ever)
    for step in first.program.steps:
        if isinstance(step, CodeStep):
            environments = _step(step, runners, environments)
        elif step.phase == "script" and first.scripts is not None:
            environments = runners[-1].script(step, environments)
            if first.scripts.stopped:
                break
    return [runner.finish() for runner in runners]


def _step(
    step: CodeStep, runners: Sequence[Runner], environments: list[Environment]
) -> list[Environment]:
    looked = [runner.look(step, environments, sparing=True) for runner in runners]
    functions = [[lasting(f) for f in functions_of(step, matches)] for _, matches in looked]
    longer: dict[int, list[Environment]] = {}
    for place, (runner, (found, matches)) in enumerate(zip(runners, looked, strict=True)):
        elsewhere = [f for other, few in enumerate(functions) if other != place for f in few]
        runner.change(step, matches, elsewhere)
        for key, made in found.items():
            longer.setdefault(key, []).extend(made)
    return advanced(environments, longer)
