# SPDX-License-Identifier: GPL-2.0-only
"""Script blocks in Python 2, as rule files of before 2020 have them.

In: a rule file. Out: the same with its Python blocks rewritten as 2to3 did (fissix goes on with it):
`print x`, `long`, `d.has_key(k)`. What it leaves as it is stays as Python 3 reads it: `/` between
whole numbers does not round down.
"""

from __future__ import annotations

import logging

from fissix.pgen2.parse import ParseError
from fissix.pgen2.tokenize import TokenError
from fissix.refactor import RefactoringTool, get_fixers_from_package
from msgspec.structs import replace

from vmaconv.cocci.smpl.rule import CodeRule, RuleFile, ScriptRule


def modernised(rule_file: RuleFile) -> RuleFile:
    """Return a rule file with its Python blocks in Python 3; what is neither stays as it is."""
    logging.getLogger("fissix").setLevel(logging.ERROR)
    tool = RefactoringTool(get_fixers_from_package("fissix.fixes"))
    return replace(rule_file, rules=tuple(_modern(rule, tool) for rule in rule_file.rules))


def _modern(rule: CodeRule | ScriptRule, tool: RefactoringTool) -> CodeRule | ScriptRule:
    if not isinstance(rule, ScriptRule) or rule.language != "python" or not rule.code.strip():
        return rule
    try:
        tree = tool.refactor_string(rule.code.rstrip() + "\n", rule.name)
    except (ParseError, TokenError, IndentationError):
        # The check says what is wrong with it.
        return rule
    return replace(rule, code=str(tree)) if tree is not None else rule
