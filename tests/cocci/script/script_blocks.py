# SPDX-License-Identifier: GPL-2.0-only
"""Making and running script blocks in tests."""

from __future__ import annotations

from vmaconv.cocci.script.script_session import Session
from vmaconv.cocci.script.script_values import BlockOutcome, ScriptPosition, Value
from vmaconv.cocci.smpl.parse import parse_text
from vmaconv.cocci.smpl.rule import Metavariable, RuleFile, RulePlace, ScriptInput, ScriptRule

FILE = "rule.cocci"
FIRST_LINE = 5
HERE = (ScriptPosition("a.c", 5, 1, 5, 2, "f", 3, 0, 8, 1),)


def block(
    code: str, inputs: tuple[str, ...] = (), outputs: tuple[str, ...] = (), line: int = FIRST_LINE
) -> ScriptRule:
    """Make a block whose code starts on line 5; each input `x` is declared `x << r.x`."""
    place = RulePlace(FILE, line - 1, 0)
    return ScriptRule(
        "s",
        True,
        "script",
        "python",
        place,
        tuple(ScriptInput(name, "r", name, place) for name in inputs),
        tuple(Metavariable(name, "script", place) for name in outputs),
        code,
        line,
    )


def rule_file(text: str) -> RuleFile:
    """Parse a rule file given as text."""
    return parse_text(text, FILE)


class Run:
    """A session, and what its blocks printed."""

    def __init__(self, **options: object) -> None:
        self.out: list[str] = []
        self.err: list[str] = []
        self.session = Session(
            write=self.out.append,
            write_error=self.err.append,
            cocci_file=FILE,
            **options,  # type: ignore[arg-type]
        )
        self.session.begin(["a.c"])

    @property
    def text(self) -> str:
        """What was printed so far."""
        return "".join(self.out)

    def __call__(
        self,
        code: str,
        outputs: tuple[str, ...] = (),
        environment: frozenset[tuple[str, str]] = frozenset(),
        **bindings: Value,
    ) -> BlockOutcome:
        """Run a block that takes the given bindings."""
        rule = block(code, tuple(bindings), outputs)
        return self.session.run(rule, bindings, environment)
