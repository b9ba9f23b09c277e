# SPDX-License-Identifier: GPL-2.0-only
"""The declarations of a rule's metavariables.

In: the tokens between the header and `@@`, the rules before, and the kinds that extensions add.
Out: `Metavariable`s, entered into the rule's `RuleNames`. Constraints are read by `constraints`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec.structs import replace

from vmaconv.cocci.smpl.header.constraints import (
    BAD_DECLARATION,
    DECLARATIONS_END,
    Constraints,
)
from vmaconv.cocci.smpl.header.metavariable_types import MetavariableTypes
from vmaconv.cocci.smpl.kinds import (
    KEYWORDS,
    KINDS,
    LISTS,
    NAME_ONLY,
    SPELLINGS,
    TYPED,
    RuleNames,
    longest,
)
from vmaconv.cocci.smpl.minus.arrange import pair_brackets
from vmaconv.cocci.smpl.minus.grammar import Grammar
from vmaconv.cocci.smpl.rule import Metavariable
from vmaconv.cocci.smpl.rule_lexer import Text, Token
from vmaconv.cocci.smpl.token_cursor import TokenCursor

_QUALIFIERS = {
    "position any": ("any",),
    "local idexpression": ("local",),
    "global idexpression": ("global",),
    "local function": ("local",),
}
_ENDS = frozenset({",", ";"})


class MetavariableParser:
    """Reads declarations.

    `rules` maps the names of earlier rules to their metavariables by name; `kinds` are the words of
    extensions; `positions` are the rules whose positions no change has made void.
    """

    def __init__(
        self,
        text: Text,
        tokens: list[Token],
        end: Token,
        names: RuleNames,
        rules: Mapping[str, Mapping[str, Metavariable]],
        kinds: Collection[str] = (),
        positions: Collection[str] = (),
    ) -> None:
        tokens = [*_join_inherited(tokens, rules), end]
        pair_brackets(text, tokens)
        self.cursor = TokenCursor(text, tokens, BAD_DECLARATION, DECLARATIONS_END)
        self.constraints = Constraints(self.cursor, rules, names)
        self.names = names
        self.kinds = (*KINDS, *(tuple(kind.split()) for kind in kinds))
        self.types = MetavariableTypes(
            self.cursor, Grammar(text, tokens, names), self.constraints, self.kinds
        )
        self.positions = positions
        self.out: list[Metavariable] = []

    def parse(self) -> list[Metavariable]:
        """Read all declarations. Raises `SmplError`."""
        while self.cursor.token.kind != "end":
            if self.cursor.token.text == "#spatch" or self.cursor.token.text == ";":
                self.cursor.index += 1
                continue
            self._declaration()
        self.types.grammar.let_go()
        return self.out

    # One declaration.

    def _declaration(self) -> None:
        for word in ("pure", "context"):
            if self.cursor.token.text == word and self.cursor.peek().kind == "name":
                self.cursor.index += 1
        kind, qualifiers = self._kind()
        model = Metavariable("", kind, self.cursor.place(self.cursor.token), qualifiers=qualifiers)
        if kind == "typed":
            model = replace(model, ctype=self.types.types())
        elif kind in TYPED:
            model = self._typed(model)
        if kind in LISTS and self.cursor.accept("["):
            model = replace(model, length=self._length())
        elif self.cursor.token.text == ":" and self.cursor.peek().text != "script":
            self.cursor.index += 1
            model = replace(model, bitfield=self._width())
        while True:
            self._name(model)
            if not self.cursor.accept(","):
                break
        if not self.cursor.accept(";"):
            self.cursor.fail("`,` or `;` after a metavariable", "end the declaration with ;")

    def _kind(self) -> tuple[str, tuple[str, ...]]:
        words = []
        for token in self.cursor.tokens[self.cursor.index : self.cursor.index + 4]:
            if token.kind != "name":
                break
            words.append(token.text)
        if not words and self.cursor.token.text == "{":
            return "typed", ()
        if not words:
            self.cursor.fail("the kind of a metavariable", "write as in expression e;")
        count = longest(words, self.kinds)
        if self.names.kind(words[0]) == "type" and count == 1 and len(words) > 1:
            count = 0  # `type list; list x;`
        if not count:
            return "typed", ()
        following = self.cursor.tokens[self.cursor.index + count]
        if count > 1 and following.text in _ENDS | {"=", "!="}:
            count -= 1  # `expression list;`: a metavariable whose name is a word
        declared = " ".join(words[:count])
        self.cursor.index += count
        return SPELLINGS.get(declared, declared), _QUALIFIERS.get(declared, ())

    def _typed(self, model: Metavariable) -> Metavariable:
        """Read what may stand between `expression`, `idexpression` or `constant` and the names."""
        words = []
        while self.cursor.token.text in ("struct", "union", "enum") and (
            self.cursor.peek().text == "*"
            or (model.kind == "expression" and self._names_variable(self.cursor.index + 1))
        ):
            words.append(self.cursor.token.text)
            self.cursor.index += 1
        stars = 0
        while self.cursor.token.text == "*":
            stars += 1
            self.cursor.index += 1
        model = replace(
            model, qualifiers=(*model.qualifiers, *words), pointer=stars > 0, stars=stars
        )
        if words or stars or self._names_variable(self.cursor.index):
            return model
        return replace(model, ctype=self.types.types())

    def _names_variable(self, index: int) -> bool:
        """Whether the token at `index` is the metavariable's name, and not its type."""
        follow = (
            self.cursor.tokens[index + 1]
            if self.cursor.tokens[index].kind != "end"
            else self.cursor.tokens[index]
        )
        return self.cursor.tokens[index].kind == "name" and (
            follow.text
            in (",", ";", "=", "!=", "=~", "!~", "<=", ">=", "<", ">", ":", "!", "(", "==")
            or follow.kind == "end"
        )

    def _length(self) -> int | str:
        token = self.cursor.token
        if token.kind == "number":
            self.cursor.index += 1
            length: int | str = self._number(token)
        else:
            length = self._inline_name(token)
        self.cursor.expect("]", "after the length of the list")
        return length

    def _number(self, token: Token) -> int:
        try:
            return int(token.text, 0)
        except ValueError:
            self.cursor.index -= 1
            self.cursor.fail("a number", "write a whole number")

    def _inline_name(self, token: Token) -> str:
        """Read the name of a length, which declares a metavariable if none has it."""
        if token.kind != "name":
            self.cursor.fail("a number or a name", "write as in expression list[n] es;")
        self.cursor.index += 1
        constraint = None
        if self.cursor.token.text not in ("]", ")"):
            constraint = self.constraints.constraint()
        name = token.text.split(".")[-1]
        if name not in self.names.table and not token.text.startswith("virtual."):
            rule = token.text.split(".")[0] if "." in token.text else None
            if rule is not None:
                self.constraints.lookup(rule, name, token)
            self._enter(
                Metavariable(
                    name, "list length", self.cursor.place(token), rule, constraint=constraint
                )
            )
        return token.text if token.text.startswith("virtual.") else name

    def _width(self) -> int | str:
        token = self.cursor.token
        if token.kind == "number":
            self.cursor.index += 1
            return self._number(token)
        if self.cursor.accept("("):
            name = self._inline_name(self.cursor.token)
            self.cursor.expect(")", "after the width")
            return name
        if token.kind != "name":
            self.cursor.fail("the width of the bitfield", "write a number or a name")
        self.cursor.index += 1
        name = token.text
        if name not in self.names.table:
            self._enter(Metavariable(name, "list length", self.cursor.place(token)))
        return name

    # One name.

    def _name(self, model: Metavariable) -> None:
        token = self.cursor.token
        if token.kind != "name":
            hint = ""
            if token.text == "*":
                hint = "the * belongs to the type and goes for all names: write it before the first"
            self.cursor.fail("the name of a metavariable", hint or "write as in expression e, f;")
        self.cursor.index += 1
        rule, _, name = token.text.rpartition(".")
        if name in KEYWORDS:
            raise self.cursor.text.error(
                "keyword-metavariable",
                token.line,
                token.column,
                f"{name} is a word of C and can't be a metavariable",
                "use another name",
            )
        variable = replace(model, name=name, place=self.cursor.place(token), rule=rule or None)
        if rule and rule != "virtual":
            self._check_inherited(variable, token)
        if model.kind == "fresh identifier" and self.cursor.accept("="):
            variable = replace(variable, seed=self.constraints.seed())
        elif self.cursor.token.text == "[" and self.cursor.peek().text == "]":
            self.cursor.index += 2
            variable = replace(variable, array=True)
        self.constraints.declared = variable
        if self.cursor.token.text not in _ENDS and self.cursor.token.kind != "end":
            variable = replace(variable, constraint=self.constraints.constraint())
        self._enter(variable, token)

    def _check_inherited(self, variable: Metavariable, token: Token) -> None:
        assert variable.rule is not None
        found = self.constraints.lookup(variable.rule, variable.name, token)
        if variable.kind == "position" and variable.rule not in self.positions:
            raise self.cursor.text.error(
                "position-past-change",
                token.line,
                token.column,
                f"the position {token.text} is inherited past a rule that changes code",
                "look for the place again in a rule after the change",
            )
        if not _compatible(found.kind, variable.kind):
            raise self.cursor.text.error(
                "inherited-kind",
                token.line,
                token.column,
                f"{token.text} was declared as {_shown(found)}, not as {_shown(variable)}",
                f"declare it as {_shown(found)}",
            )

    def _enter(self, variable: Metavariable, token: Token | None = None) -> None:
        if (
            token is not None
            and variable.name in self.names.table
            and variable.kind not in NAME_ONLY
        ):
            earlier = self.names.table[variable.name]
            if earlier.kind != "list length":
                raise self.cursor.text.error(
                    "duplicate-metavariable",
                    token.line,
                    token.column,
                    f"{variable.name} is declared already, on line {earlier.place.line}",
                    "use another name, or remove one of the declarations",
                )
        self.names.declare(variable)
        self.out.append(variable)


def _join_inherited(
    tokens: list[Token], rules: Mapping[str, Mapping[str, Metavariable]]
) -> list[Token]:
    """Make one token of `rule.name`."""
    out: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if (
            token.kind == "name"
            and index + 2 < len(tokens)
            and tokens[index + 1].text == "."
            and tokens[index + 2].kind == "name"
            and (
                token.text in rules
                or token.text in ("virtual", "merge")
                or not out
                or (
                    out[-1].text in (",", ";", "{", "(", "=", "!=", "<=", "##", "[", "*")
                    or out[-1].kind == "name"
                )
            )
        ):
            joined = Token(
                "name",
                f"{token.text}.{tokens[index + 2].text}",
                token.line,
                token.column,
                token.start,
            )
            out.append(joined)
            index += 3
            continue
        out.append(token)
        index += 1
    return out


def _shown(variable: Metavariable) -> str:
    """Return a metavariable's kind, or its type, as a rule writes it."""
    if not variable.ctype:
        return variable.kind
    return " or ".join(b" ".join(t.tokens()).decode(errors="replace") for t in variable.ctype)


def _compatible(found: str, declared: str) -> bool:
    """Whether a metavariable of kind `found` may be inherited as `declared`; as strict as
    spatch."""
    if found in (declared, "script"):
        return True
    return found == "fresh identifier" and declared == "identifier"
