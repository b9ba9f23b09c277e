# SPDX-License-Identifier: GPL-2.0-only
"""The parser of the minus slice: one cursor, and a part for each kind of construct.

In: arranged tokens and the names of the rule. Out: the parts that read from one cursor; each takes
what it does not know itself from another part: `grammar.expressions.assignment()`.
"""

from __future__ import annotations

from collections.abc import Sequence

from vmaconv.cocci.smpl.kinds import RuleNames
from vmaconv.cocci.smpl.minus.cursor import Cursor
from vmaconv.cocci.smpl.minus.declarations import Declarations
from vmaconv.cocci.smpl.minus.declarators import Declarators
from vmaconv.cocci.smpl.minus.expression_lists import Lists
from vmaconv.cocci.smpl.minus.expressions import Expressions
from vmaconv.cocci.smpl.minus.groups import Groups
from vmaconv.cocci.smpl.minus.preprocessor import Directives
from vmaconv.cocci.smpl.minus.statements import Statements
from vmaconv.cocci.smpl.minus.type_names import TypeReader
from vmaconv.cocci.smpl.rule_lexer import Text, Token


class Grammar:
    """All parts of the parser over one cursor."""

    def __init__(self, text: Text, tokens: Sequence[Token], names: RuleNames) -> None:
        self.cursor = Cursor(text, tokens, names)
        self.types = TypeReader(self)
        self.declarators = Declarators(self)
        self.lists = Lists(self)
        self.expressions = Expressions(self)
        self.declarations = Declarations(self)
        self.directives = Directives(self)
        self.groups = Groups(self)
        self.statements = Statements(self)

    def let_go(self) -> None:
        """Let go of the tokens, and of what could not be read; nothing is read any more.

        The parts hold each other: all that would stay until the garbage is searched.
        """
        self.cursor.tokens = ()
        self.cursor.furthest = None
