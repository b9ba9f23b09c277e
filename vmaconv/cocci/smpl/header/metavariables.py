# SPDX-License-Identifier: GPL-2.0-only
"""The declarations of a rule's metavariables.

In: the tokens between the header and `@@`, the rules before, and the kinds that extensions add.
Out: `Metavariable`s, entered into the rule's `RuleNames`. Constraints are read by `constraints`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import NoReturn

from vmaconv.cocci.smpl.header.constraints import Constraints
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
from vmaconv.cocci.smpl.rule import Metavariable, PNode
from vmaconv.cocci.smpl.rule_lexer import Text, Token

_QUALIFIERS = {
    "position any": ("any",),
    "local idexpression": ("local",),
    "global idexpression": ("global",),
    "local function": ("local",),
}
_ENDS = frozenset({",", ";"})


class MetavariableParser(Constraints):
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
        tokens = [*self._join_inherited(tokens, rules), end]
        pair_brackets(text, tokens)
        super().__init__(text, tokens, rules, names)
        self.kinds = (*KINDS, *(tuple(kind.split()) for kind in kinds))
        self.grammar = Grammar(text, tokens, names)
        self.positions = positions
        self.out: list[Metavariable] = []

    @staticmethod
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

    def parse(self) -> list[Metavariable]:
        """Read all declarations. Raises `SmplError`."""
        while self.token.kind != "end":
            if self.token.text == "#spatch" or self.token.text == ";":
                self.index += 1
                continue
            self._declaration()
        return self.out

    # One declaration.

    def _declaration(self) -> None:
        for word in ("pure", "context"):
            if self.token.text == word and self.tokens[self.index + 1].kind == "name":
                self.index += 1
        kind, qualifiers = self._kind()
        model = Metavariable("", kind, self.place(self.token), qualifiers=qualifiers)
        if kind == "typed":
            model = replace(model, ctype=self._ctype())
        elif kind in TYPED:
            model = self._typed(model)
        if kind in LISTS and self.accept("["):
            model = replace(model, length=self._length())
        elif self.token.text == ":" and self.tokens[self.index + 1].text != "script":
            self.index += 1
            model = replace(model, bitfield=self._width())
        while True:
            self._name(model)
            if not self.accept(","):
                break
        if not self.accept(";"):
            self.fail("`,` or `;` after a metavariable", "end the declaration with ;")

    def _kind(self) -> tuple[str, tuple[str, ...]]:
        words = []
        for token in self.tokens[self.index : self.index + 4]:
            if token.kind != "name":
                break
            words.append(token.text)
        if not words and self.token.text == "{":
            return "typed", ()
        if not words:
            self.fail("the kind of a metavariable", "write as in expression e;")
        count = longest(words, self.kinds)
        if self.names.kind(words[0]) == "type" and count == 1 and len(words) > 1:
            count = 0  # `type list; list x;`
        if not count:
            return "typed", ()
        following = self.tokens[self.index + count]
        if count > 1 and following.text in _ENDS | {"=", "!="}:
            count -= 1  # `expression list;`: a metavariable whose name is a word
        declared = " ".join(words[:count])
        self.index += count
        return SPELLINGS.get(declared, declared), _QUALIFIERS.get(declared, ())

    def _ctype(self) -> tuple[PNode, ...]:
        """Read the type of `struct foo *p;`, or a set of them: `{struct a, struct b} *p;`."""
        if not self.accept("{"):
            return (self._one_type(),)
        types = [self._one_type()]
        while self.accept(","):
            types.append(self._one_type())
        self.expect("}", "after the types")
        stars: list[int] = []
        while self.token.text == "*":
            stars.append(self.index)
            self.index += 1
        for star in reversed(stars):
            for index, node in enumerate(types):
                types[index] = self._pointer(node, star)
        return tuple(types)

    def _pointer(self, node: PNode, star: int) -> PNode:
        """Add the `*` at the token `star` to a type."""
        grammar = self.grammar
        grammar.cursor.index = star
        children = list(node.children)
        inner = children.pop() if children and children[-1].kind.startswith("abstract_") else None
        parts = [grammar.cursor.leaf()]
        if isinstance(inner, PNode):
            parts.append(inner)
        pointer = grammar.cursor.node("abstract_pointer_declarator", parts)
        return grammar.cursor.node("type_descriptor", [*children, pointer])

    def _one_type(self) -> PNode:
        grammar = self.grammar
        grammar.cursor.index = self.index
        token = self.token
        inherited = self._inherited_type(token)
        if inherited is None and token.kind == "name" and not grammar.types.type_begins(self.index):
            if not self._must_be_type(token):
                self._refuse_word(token)
            grammar.cursor.names.typedefs.add(token.text)
        parts = grammar.types.specifiers(storage=False)
        if inherited is not None:
            parts = [
                replace(part, kind="metavar", metavariable=inherited)
                if part.text == token.text.encode()
                else part
                for part in parts
            ]
        if not parts:
            self.index = grammar.cursor.index
            self.fail("the kind or the type of a metavariable", "write as in expression e;")
        declarator = grammar.declarators.abstract_declarator()
        if declarator is not None:
            parts.append(declarator)
        self.index = grammar.cursor.index
        return grammar.cursor.node("type_descriptor", parts)

    def _must_be_type(self, token: Token) -> bool:
        """Whether an unknown word can be nothing but a type: `foo_t x;`, `foo *x;`.

        A slip in a kind, such as `expresion *x;`, is no type.
        """
        follows = self.tokens[min(self.index + 1, len(self.tokens) - 1)]
        if follows.text == "*" or (token.text.endswith("_t") and follows.kind == "name"):
            from difflib import get_close_matches  # only here: it is slow to import

            known = {word for kind in self.kinds for word in kind}
            return not get_close_matches(token.text, sorted(known), 1, 0.8)
        return False

    def _refuse_word(self, token: Token) -> NoReturn:
        if self.index + 1 < len(self.tokens) and self.tokens[self.index + 1].line > token.line:
            raise self.text.error(
                "bad-declaration",
                token.line,
                token.column + len(token.text),
                f"`,` or `;` after {token.text} is expected, but the line ends here",
                "end the declaration with ;",
            )
        from difflib import get_close_matches  # only here: it is slow to import

        known = {word for kind in self.kinds for word in kind}
        close = get_close_matches(token.text, sorted(known), 1)
        hint = f"write {close[0]}, or " if close else ""
        raise self.text.error(
            "unknown-kind",
            token.line,
            token.column,
            f"`{token.text}` is neither a kind of metavariable nor a known type",
            f"{hint}declare the type before: typedef {token.text};",
        )

    def _inherited_type(self, token: Token) -> Metavariable | None:
        if "." not in token.text or token.kind != "name":
            return None
        rule, name = token.text.split(".", 1)
        found = self.lookup(rule, name, token)
        return replace(found, rule=rule) if found.kind == "type" else None

    def _typed(self, model: Metavariable) -> Metavariable:
        """Read what may stand between `expression`, `idexpression` or `constant` and the names."""
        words = []
        while self.token.text in ("struct", "union", "enum") and (
            self.tokens[self.index + 1].text == "*"
            or (model.kind == "expression" and self._names_variable(self.index + 1))
        ):
            words.append(self.token.text)
            self.index += 1
        stars = 0
        while self.token.text == "*":
            stars += 1
            self.index += 1
        model = replace(
            model, qualifiers=(*model.qualifiers, *words), pointer=stars > 0, stars=stars
        )
        if words or stars or self._names_variable(self.index):
            return model
        return replace(model, ctype=self._ctype())

    def _names_variable(self, index: int) -> bool:
        """Whether the token at `index` is the metavariable's name, and not its type."""
        follow = self.tokens[index + 1] if self.tokens[index].kind != "end" else self.tokens[index]
        return self.tokens[index].kind == "name" and (
            follow.text
            in (",", ";", "=", "!=", "=~", "!~", "<=", ">=", "<", ">", ":", "!", "(", "==")
            or follow.kind == "end"
        )

    def _length(self) -> int | str:
        token = self.token
        if token.kind == "number":
            self.index += 1
            length: int | str = self._number(token)
        else:
            length = self._inline_name(token)
        self.expect("]", "after the length of the list")
        return length

    def _number(self, token: Token) -> int:
        try:
            return int(token.text, 0)
        except ValueError:
            self.index -= 1
            self.fail("a number", "write a whole number")

    def _inline_name(self, token: Token) -> str:
        """Read the name of a length, which declares a metavariable if none has it."""
        if token.kind != "name":
            self.fail("a number or a name", "write as in expression list[n] es;")
        self.index += 1
        constraint = None
        if self.token.text not in ("]", ")"):
            constraint = self.constraint()
        name = token.text.split(".")[-1]
        if name not in self.names.table and not token.text.startswith("virtual."):
            rule = token.text.split(".")[0] if "." in token.text else None
            if rule is not None:
                self.lookup(rule, name, token)
            self._enter(
                Metavariable(name, "list length", self.place(token), rule, constraint=constraint)
            )
        return token.text if token.text.startswith("virtual.") else name

    def _width(self) -> int | str:
        token = self.token
        if token.kind == "number":
            self.index += 1
            return self._number(token)
        if self.accept("("):
            name = self._inline_name(self.token)
            self.expect(")", "after the width")
            return name
        if token.kind != "name":
            self.fail("the width of the bitfield", "write a number or a name")
        self.index += 1
        name = token.text
        if name not in self.names.table:
            self._enter(Metavariable(name, "list length", self.place(token)))
        return name

    # One name.

    def _name(self, model: Metavariable) -> None:
        token = self.token
        if token.kind != "name":
            hint = ""
            if token.text == "*":
                hint = "the * belongs to the type and goes for all names: write it before the first"
            self.fail("the name of a metavariable", hint or "write as in expression e, f;")
        self.index += 1
        rule, _, name = token.text.rpartition(".")
        if name in KEYWORDS:
            raise self.text.error(
                "keyword-metavariable",
                token.line,
                token.column,
                f"{name} is a word of C and can't be a metavariable",
                "use another name",
            )
        variable = replace(model, name=name, place=self.place(token), rule=rule or None)
        if rule and rule != "virtual":
            self._check_inherited(variable, token)
        if model.kind == "fresh identifier" and self.accept("="):
            variable = replace(variable, seed=self.seed())
        elif self.token.text == "[" and self.tokens[self.index + 1].text == "]":
            self.index += 2
            variable = replace(variable, array=True)
        self.declared = variable
        if self.token.text not in _ENDS and self.token.kind != "end":
            variable = replace(variable, constraint=self.constraint())
        self._enter(variable, token)

    def _check_inherited(self, variable: Metavariable, token: Token) -> None:
        assert variable.rule is not None
        found = self.lookup(variable.rule, variable.name, token)
        if variable.kind == "position" and variable.rule not in self.positions:
            raise self.text.error(
                "position-past-change",
                token.line,
                token.column,
                f"the position {token.text} is inherited past a rule that changes code",
                "look for the place again in a rule after the change",
            )
        if not _compatible(found.kind, variable.kind):
            raise self.text.error(
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
                raise self.text.error(
                    "duplicate-metavariable",
                    token.line,
                    token.column,
                    f"{variable.name} is declared already, on line {earlier.place.line}",
                    "use another name, or remove one of the declarations",
                )
        self.names.declare(variable)
        self.out.append(variable)


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
