# SPDX-License-Identifier: GPL-2.0-only
"""What a run is for, in the words of its rule files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from vmaconv import __version__
from vmaconv.cocci.smpl.rule import CodeRule
from vmaconv.convert.conversion import ConversionRun
from vmaconv.series.change import FileChange
from vmaconv.series.words.wording import Purpose


def purpose_of(run: ConversionRun) -> Purpose:
    """Return the purpose that the first rule file states: its `Subject:` line and the paragraphs
    below.
    """
    title, _, text = run.description.partition("\n")
    return Purpose(run.subject or title.strip(), text.strip(), f"vmaconv {__version__}")


def file_changes(run: ConversionRun) -> list[FileChange]:
    """Return the changed files with the descriptions of the rules that changed them."""
    changes = []
    for outcome in run.changed():
        notes = tuple(dict.fromkeys(c.rule.description for c in outcome.changes))
        rules = tuple(dict.fromkeys(text_of_rule(c.rule) for c in outcome.changes))
        changes.append(
            FileChange(outcome.path, outcome.before, outcome.after, notes=notes, rules=rules)
        )
    return changes


def text_of_rule(rule: CodeRule) -> str:
    """Return a rule as its file has it: its header and body, without the comment of the next."""
    lines = _lines(rule.place.file)
    end = next((n for n in range(rule.place.line, len(lines)) if _is_header(lines, n)), len(lines))
    body = lines[rule.place.line - 1 : end]
    while body and (not body[-1].strip() or body[-1].startswith("//")):
        body.pop()
    return "\n".join(body)


@cache
def _lines(path: str) -> list[str]:
    return Path(path).read_text("utf-8", "replace").split("\n")


def _is_header(lines: Sequence[str], index: int) -> bool:
    """Whether a rule begins in a line: one with `@` at its start that ends no header."""
    before = "\n".join(lines[:index])
    headers = len(re.findall(r"(?m)^@", before))
    return lines[index].startswith("@") and headers % 2 == 0
