# SPDX-License-Identifier: GPL-2.0-only
"""Running script blocks for environments.

In: a `script:python` block and the environments that it is to see. Out: for each of them what takes
its place: itself with what the script made, or nothing where the script dropped it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vmaconv.cocci.engine.environment import Environment
from vmaconv.cocci.match.attempt.value import Bindings, BoundValue, words
from vmaconv.cocci.match.attempt.value import CodePosition as Place
from vmaconv.cocci.rewrite.spatch_style.spacing import respaced
from vmaconv.cocci.script.script_session import Session
from vmaconv.cocci.script.script_values import (
    BlockOutcome,
    CommentText,
    Iterate,
    Merged,
    ScriptBinding,
    ScriptPosition,
    Terms,
)
from vmaconv.cocci.script.script_values import Value as ScriptValue
from vmaconv.cocci.smpl.mentions import Name
from vmaconv.cocci.smpl.rule import Constraint, Metavariable, ScriptRule, SmplError
from vmaconv.cocci.tree.node import Node

_RAISED = frozenset({"script-denied", "script-error", "script-recursion"})
"""Codes of errors that are Python's own; what stops a script at our limits is another matter."""


class Scripts:
    """The script blocks of one run, for one file at a time.

    `stopped` is True once a block has called `cocci.exit()`; `status` is the argument of
    `sys.exit`. `failed` is True once a script has raised something: what rests on it is not known.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.stopped = self.failed = False
        self.status: int | None = None
        self.errors: list[SmplError] = []
        self.iterations: list[Iterate] = []
        """Further runs that scripts have asked for, for whoever runs the job."""
        self.merged: Mapping[str, Merged] = {}
        """What all processes have left for `finalize` blocks, by the NAME of `merge.NAME`."""

    def begin(self, files: Sequence[str]) -> None:
        """Begin with the next group of files."""
        self.stopped = self.failed = False
        self.session.begin(files)

    def ask(
        self, meta: Metavariable, constraint: Constraint, value: BoundValue, bindings: Bindings
    ) -> bool:
        """Ask the script of a constraint about a value; one that lacks an input says no."""
        if constraint.op != "script" or constraint.values[0] != "python":
            return False
        inputs: dict[str, ScriptValue] = {}
        for local, rule, name in constraint.script_inputs:
            known = (
                value if rule is None and name == meta.name else bindings.get((rule or "", name))
            )
            if known is None:
                return False
            inputs[local] = script_value(known)
        found = self.session.constraint(meta, constraint, script_value(value), inputs)
        if isinstance(found, SmplError):
            self._fail(found)
            return False
        return found

    def fresh(self, meta: Metavariable, bindings: Bindings) -> str | None:
        """Make a fresh identifier with the script of its seed, or None where that fails."""
        if ("language", "python") not in meta.seed:
            return None
        inputs: dict[str, ScriptValue] = {}
        for kind, text in meta.seed:
            if kind == "input":
                local, _, source = text.partition(" ")
                rule, dot, name = source.rpartition(".")
                known = bindings.get((rule if dot else "", name))
                if known is None:
                    return None
                inputs[local] = script_value(known)
        found = self.session.fresh(meta, inputs)
        if isinstance(found, SmplError):
            self._fail(found)
            return None
        return found

    def run(
        self, rule: ScriptRule, environments: Sequence[Environment]
    ) -> dict[int, list[Environment]]:
        """Run a block once for environments that agree in what it takes.

        The result maps the id of each environment to what takes its place.
        """
        first = environments[0].bindings
        bindings: dict[str, ScriptValue] = {
            i.local: script_value(first[(i.rule, i.name)])
            for i in rule.inputs
            if (i.rule, i.name) in first
        }
        merged = (i for i in rule.inputs if i.rule == "merge" and i.name in self.merged)
        bindings |= {i.local: self.merged[i.name] for i in merged}
        if rule.language != "python":
            return {}
        outcome = self.session.run(rule, bindings, tuple(first))
        if outcome.error is not None:
            self._fail(outcome.error)
            return {}
        if outcome.stop_file or outcome.exit_status is not None:
            self.stopped = True
            self.status = outcome.exit_status
        self.iterations += outcome.iterations
        if not outcome.keep:
            return {id(e): [] for e in environments}
        return {id(e): [_with(e, rule, outcome)] for e in environments}

    def _fail(self, error: SmplError) -> None:
        """Note what went wrong. A script that raises ends the work on these files, as in spatch."""
        self.errors.append(error)
        if error.code in _RAISED:
            self.stopped = self.failed = True


def _with(environment: Environment, rule: ScriptRule, outcome: BlockOutcome) -> Environment:
    made: dict[Name, BoundValue] = {
        (rule.name, name): _made_value(value) for name, value in outcome.outputs.items()
    }
    return Environment({**environment.bindings, **made}, environment.matched | {rule.name})


def _made_value(made: ScriptBinding) -> BoundValue:
    """Return what a script made: a place, or code whose tokens decide equality."""
    where = made.position
    if made.kind == "position" and where is not None:
        # Where in the bytes that is, only a match could say: it is for scripts to read.
        extent = (
            where.element_line,
            where.element_column,
            where.element_line_end,
            where.element_column_end,
        )
        ends = (where.line, where.column, where.line_end, where.column_end)
        place = Place(where.file, *ends, where.element, -1, -1, extent)
        return BoundValue(b"", b"", positions=(place,))
    text = "\n".join(part for part in (made.declarations, made.text) if part).encode()
    # The declarations say what its names are; the statement alone is what code is compared with.
    alone = made.text.encode()
    if made.kind in ("pragmainfo", "unset"):
        return BoundValue(text, text)
    if made.kind != "identifier" and not made.declarations:
        text = respaced(text)
    return BoundValue(b" ".join(words(alone)), text)


def script_value(value: BoundValue) -> ScriptValue:
    """Return what a script sees of a value: a text, a list's elements, or positions."""
    if value.positions:
        return tuple(
            ScriptPosition(
                p.file,
                p.line,
                p.column,
                p.line_end,
                p.column_end,
                p.current_element or "something_else",
                *p.element,
            )
            for p in value.positions
        )
    if value.comments is not None:
        around = value.comments
        texts = (around.before, around.middle, around.after)
        return (CommentText(*(text.decode(errors="replace") for text in texts)),)
    text = value.key.decode(errors="replace")
    if value.nodes is not None:
        elements = tuple(
            b" ".join(n.tokens()).decode(errors="replace") for n in value.nodes if n.text != b","
        )
        return Terms(" , ".join(elements) if _has_commas(value.nodes) else text, elements)
    return text


_COMMA_LISTS = frozenset(
    {"argument_list", "enumerator_list", "initializer_list", "parameter_list", "preproc_params"}
)


def _has_commas(nodes: Sequence[Node]) -> bool:
    """Whether nodes are elements that commas part."""
    around = nodes[0].parent if nodes else None
    # Names are a list's wherever they stand: those of parameters are in their declarators.
    return around is not None and (around.kind in _COMMA_LISTS or nodes[0].kind == "identifier")
