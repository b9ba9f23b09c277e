# SPDX-License-Identifier: GPL-2.0-only
"""The constraints of a metavariable, and the seeds of fresh identifiers.

In: the tokens after a metavariable's name. Out: a `Constraint` tree, or a seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vmaconv.cocci.smpl.kinds import RuleNames
from vmaconv.cocci.smpl.regex import python_regex
from vmaconv.cocci.smpl.rule import Constraint, Metavariable
from vmaconv.cocci.smpl.rule_lexer import Text, Token
from vmaconv.cocci.smpl.token_cursor import TokenCursor

_COMPARISONS = frozenset({"<", ">", ">=", "<="})
_SETS = frozenset({"=", "==", "!="})
_REGEXES = frozenset({"=~", "!~"})
BAD_DECLARATION = "bad-declaration"
"""The code of an error in declarations."""

DECLARATIONS_END = "the end of the declarations"
ANY_TYPE = "..."
"""Stands in a value for a type metavariable of the rule, which may be any type."""

_REGEX_REMEDY = r"write it as Python does; a bracket that stands for itself is \("


class Constraints:
    """Reads constraints and seeds, and looks up what an earlier rule has."""

    def __init__(
        self,
        cursor: TokenCursor,
        rules: Mapping[str, Mapping[str, Metavariable]],
        names: RuleNames,
    ) -> None:
        self.cursor = cursor
        self.rules = rules
        self.names = names
        self.declared: Metavariable | None = None
        """The metavariable whose constraint is read: its script may name it."""

    def lookup(self, rule: str, name: str, token: Token) -> Metavariable:
        """Return the metavariable `rule.name`. Raises `SmplError` if there is none."""
        if rule in ("virtual", "merge"):
            return Metavariable(name, "metavariable", self.cursor.place(token), rule)
        known = self.rules.get(rule)
        if known is None:
            raise self.cursor.text.error(
                "unknown-rule",
                token.line,
                token.column,
                f"there is no rule {rule} before this one",
                "name an earlier rule",
            )
        if name not in known:
            raise self.cursor.text.error(
                "unknown-metavariable",
                token.line,
                token.column,
                f"the rule {rule} has no metavariable {name}",
                f"it has: {', '.join(sorted(known)) or 'none'}",
            )
        return known[name]

    # Constraints: || binds weaker than &&.

    def constraint(self) -> Constraint:
        """Read a constraint. Raises `SmplError`."""
        parts = [self._all()]
        while self.cursor.accept("||"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Constraint("or", parts=tuple(parts))

    def _all(self) -> Constraint:
        parts = [self._one()]
        while self.cursor.accept("&&"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Constraint("and", parts=tuple(parts))

    def _one(self) -> Constraint:
        if self.cursor.accept("!"):
            return Constraint("not", parts=(self._one(),))
        if self.cursor.accept("("):
            inner = self.constraint()
            self.cursor.expect(")", "after the constraint")
            return inner
        token = self.cursor.token
        op = token.text
        if op in _REGEXES:
            self.cursor.index += 1
            return Constraint(op, (self._regex(),))
        if op in _SETS:
            self.cursor.index += 1
            values, names = self._values()
            return Constraint("=" if op == "==" else op, values, names)
        if op in _COMPARISONS:
            self.cursor.index += 1
            values, names = self._values()
            return Constraint(op, values, names)
        if op == ":":
            self.cursor.index += 1
            return self._script()
        raise self.cursor.failure(
            "a constraint, `,` or `;`", 'write as in identifier f != {a, b}; or f =~ "^re";'
        )

    def _regex(self) -> str:
        first, parts = self.cursor.token, []
        while self.cursor.token.kind == "string":
            parts.append(self.cursor.token.text[1:-1])
            self.cursor.index += 1
        if not parts:
            self.cursor.fail("a regular expression in quotes", 'write as in =~ "^foo_"')
        regex = "".join(parts)
        try:
            python_regex(regex, self.names.ocaml)
        except ValueError as error:
            message = f"this is no regular expression: {error}"
            raise self.cursor.text.error(
                "bad-regex", first.line, first.column, message, _REGEX_REMEDY
            ) from None
        return regex

    def _values(self) -> tuple[tuple[str, ...], tuple[tuple[str | None, str], ...]]:
        values: list[str] = []
        names: list[tuple[str | None, str]] = []
        if not self.cursor.accept("{"):
            self._value(values, names, (",", ";", "&&", "||", ")", "]"))
            return tuple(values), tuple(names)
        while True:
            self._value(values, names, (",", "}"))
            if self.cursor.accept("}"):
                return tuple(values), tuple(names)
            self.cursor.expect(",", "or `}` in a set")

    def _value(
        self, values: list[str], names: list[tuple[str | None, str]], ends: tuple[str, ...]
    ) -> None:
        """Read one value: an operator, number, name, or a type of several tokens."""
        start = self.cursor.index
        self.cursor.index += 1
        if self.cursor.tokens[start].kind == "end":
            self.cursor.index = start
            self.cursor.fail("a value", "write a name, a number or an operator")
        while self.cursor.token.text not in ends and self.cursor.token.kind != "end":
            self.cursor.index += 1
        tokens = self.cursor.tokens[start : self.cursor.index]
        if tokens[0].text == "~" and len(tokens) > 1 and tokens[1].kind == "string":
            self.cursor.index = start
            self.cursor.fail("a value", "write =~ without a blank before a regular expression")
        text = _spaced(tokens)
        known = self.names.table.get(tokens[0].text)
        if known is not None and known.kind == "type" and known.rule is None and len(tokens) > 1:
            # `type P != {T *}`: any type with a star behind it.
            text = f"{ANY_TYPE} {_spaced(tokens[1:])}"
        values.append(text)
        if len(tokens) == 1 and tokens[0].kind == "name":
            rule, _, name = text.rpartition(".")
            if rule:
                self.lookup(rule, name, tokens[0])
                names.append((rule, name))
            elif name in self.names.table:
                names.append((None, name))

    # Scripts.

    def _script(self) -> Constraint:
        language, inputs, code = self.script_code()
        return Constraint("script", (language, code), script_inputs=inputs)

    def script_code(self) -> tuple[str, tuple[tuple[str, str | None, str], ...], str]:
        """Read `script:python(a, r.b) { code }`: its language, inputs and code."""
        self.cursor.expect("script", "after :")
        self.cursor.expect(":", "after script")
        language = self.cursor.token.text
        if language not in ("python", "ocaml"):
            self.cursor.fail("python or ocaml", "scripts are written in python")
        self.cursor.index += 1
        self.cursor.expect("(", "before the script's inputs")
        inputs: list[tuple[str, str | None, str]] = []
        while not self.cursor.accept(")"):
            inputs.append(self._input())
            if not self.cursor.accept(",") and self.cursor.token.text != ")":
                self.cursor.fail("`,` or `)`", "separate the script's inputs with commas")
        opening = self.cursor.token
        if opening.text != "{":
            self.cursor.fail("`{`", "write the script's code in braces")
        closing = self.cursor.tokens[opening.partner]
        self.cursor.index = opening.partner + 1
        return language, tuple(inputs), _between(self.cursor.text, opening, closing)

    def _input(self) -> tuple[str, str | None, str]:
        local = self.cursor.token
        if local.kind != "name":
            self.cursor.fail("the name of a metavariable", "write as in script:python(e) { ... }")
        self.cursor.index += 1
        source = local
        if self.cursor.accept("<<"):
            source = self.cursor.token
            self.cursor.index += 1
        rule, _, name = source.text.rpartition(".")
        if rule:
            self.lookup(rule, name, source)
        elif name not in self.names.table and (self.declared is None or name != self.declared.name):
            raise self.cursor.text.error(
                "unknown-metavariable",
                source.line,
                source.column,
                f"{name} is no metavariable declared before",
                "declare it before this one",
            )
        # A metavariable of the rule may be one that it inherits.
        declared = self.names.table.get(name) if not rule else None
        owner = rule or (declared.rule if declared is not None else None)
        return local.text.rpartition(".")[2], owner or None, name

    def seed(self) -> tuple[tuple[str, str], ...]:
        """Read the seed of a fresh identifier: strings and names joined by `##`, or a script."""
        if self.cursor.token.text == "script":
            language, inputs, code = self.script_code()
            names = tuple(
                ("input", f"{local} {rule}.{name}" if rule else f"{local} {name}")
                for local, rule, name in inputs
            )
            return (("language", language), *names, ("script", code))
        parts = [self._seed_part()]
        while self.cursor.accept("##"):
            parts.append(self._seed_part())
        return tuple(parts)

    def _seed_part(self) -> tuple[str, str]:
        token = self.cursor.token
        self.cursor.index += 1
        if token.kind == "string":
            return ("text", token.text[1:-1])
        if token.kind != "name":
            self.cursor.index -= 1
            self.cursor.fail("a string or a name", 'write as in fresh identifier x = "_" ## y;')
        rule, _, name = token.text.rpartition(".")
        if rule:
            self.lookup(rule, name, token)
            return ("rule.name", token.text)
        if name not in self.names.table:
            raise self.cursor.text.error(
                "unknown-metavariable",
                token.line,
                token.column,
                f"{name} is no metavariable declared before",
                f'declare it before, or quote it: "{name}"',
            )
        owner = self.names.table[name].rule
        return ("rule.name", f"{owner}.{name}") if owner else ("name", name)


def _spaced(tokens: Sequence[Token]) -> str:
    out = ""
    for before, token in zip([None, *tokens], tokens, strict=False):
        if before is not None and (
            before.line != token.line or before.column + len(before.text) < token.column
        ):
            out += " "
        out += token.text
    return out


def _between(text: Text, opening: Token, closing: Token) -> str:
    """Return the text between two brackets."""
    first, last = opening.line, closing.line
    if first == last:
        return text.lines[first - 1][opening.column + 1 : closing.column]
    parts = [text.lines[first - 1][opening.column + 1 :]]
    parts.extend(text.lines[first : last - 1])
    parts.append(text.lines[last - 1][: closing.column])
    return "\n".join(parts)
