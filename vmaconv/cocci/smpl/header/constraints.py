# SPDX-License-Identifier: GPL-2.0-only
"""The constraints of a metavariable, and the seeds of fresh identifiers.

In: the tokens after a metavariable's name. Out: a `Constraint` tree, or a seed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from vmaconv.cocci.smpl.kinds import RuleNames
from vmaconv.cocci.smpl.regex import python_regex
from vmaconv.cocci.smpl.rule import Constraint, Metavariable, RulePlace, SmplError
from vmaconv.cocci.smpl.rule_lexer import Text, Token

_COMPARISONS = frozenset({"<", ">", ">=", "<="})
_SETS = frozenset({"=", "==", "!="})
_REGEXES = frozenset({"=~", "!~"})
ANY_TYPE = "..."
"""Stands in a value for a type metavariable of the rule, which may be any type."""

_REGEX_REMEDY = r"write it as Python does; a bracket that stands for itself is \("


class Constraints:
    """Reads constraints; `metavariables` is built on it."""

    def __init__(
        self,
        text: Text,
        tokens: list[Token],
        rules: Mapping[str, Mapping[str, Metavariable]],
        names: RuleNames,
    ) -> None:
        self.text = text
        self.tokens = tokens
        self.rules = rules
        self.names = names
        self.index = 0
        self.declared: Metavariable | None = None
        """The metavariable whose constraint is read: its script may name it."""

    @property
    def token(self) -> Token:
        """The token to be read next."""
        return self.tokens[self.index]

    def place(self, token: Token) -> RulePlace:
        """Return where `token` stands."""
        return self.text.place(token.line, token.column)

    def fail(self, expected: str, remedy: str) -> NoReturn:
        """Raise the error that `expected` does not stand here."""
        raise self.failure(expected, remedy)

    def failure(self, expected: str, remedy: str) -> SmplError:
        """Make the error that `expected` does not stand here."""
        token = self.token
        shown = "the end of the declarations" if token.kind == "end" else f"`{token.text}`"
        message = f"{expected} is expected, but {shown} stands here"
        return self.text.error("bad-declaration", token.line, token.column, message, remedy)

    def accept(self, text: str) -> bool:
        """Read `text` if it stands here."""
        if self.token.text != text or self.token.kind not in ("punct", "name"):
            return False
        self.index += 1
        return True

    def expect(self, text: str, purpose: str) -> None:
        """Read `text` or fail."""
        if not self.accept(text):
            self.fail(f"`{text}` {purpose}", f"write {text} here")

    def lookup(self, rule: str, name: str, token: Token) -> Metavariable:
        """Return the metavariable `rule.name`. Raises `SmplError` if there is none."""
        if rule in ("virtual", "merge"):
            return Metavariable(name, "metavariable", self.place(token), rule)
        known = self.rules.get(rule)
        if known is None:
            raise self.text.error(
                "unknown-rule",
                token.line,
                token.column,
                f"there is no rule {rule} before this one",
                "name an earlier rule",
            )
        if name not in known:
            raise self.text.error(
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
        while self.accept("||"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Constraint("or", parts=tuple(parts))

    def _all(self) -> Constraint:
        parts = [self._one()]
        while self.accept("&&"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Constraint("and", parts=tuple(parts))

    def _one(self) -> Constraint:
        if self.accept("!"):
            return Constraint("not", parts=(self._one(),))
        if self.accept("("):
            inner = self.constraint()
            self.expect(")", "after the constraint")
            return inner
        token = self.token
        op = token.text
        if op in _REGEXES:
            self.index += 1
            return Constraint(op, (self._regex(),))
        if op in _SETS:
            self.index += 1
            values, names = self._values()
            return Constraint("=" if op == "==" else op, values, names)
        if op in _COMPARISONS:
            self.index += 1
            values, names = self._values()
            return Constraint(op, values, names)
        if op == ":":
            self.index += 1
            return self._script()
        raise self.failure(
            "a constraint, `,` or `;`", 'write as in identifier f != {a, b}; or f =~ "^re";'
        )

    def _regex(self) -> str:
        first, parts = self.token, []
        while self.token.kind == "string":
            parts.append(self.token.text[1:-1])
            self.index += 1
        if not parts:
            self.fail("a regular expression in quotes", 'write as in =~ "^foo_"')
        regex = "".join(parts)
        try:
            python_regex(regex, self.names.ocaml)
        except ValueError as error:
            message = f"this is no regular expression: {error}"
            raise self.text.error(
                "bad-regex", first.line, first.column, message, _REGEX_REMEDY
            ) from None
        return regex

    def _values(self) -> tuple[tuple[str, ...], tuple[tuple[str | None, str], ...]]:
        values: list[str] = []
        names: list[tuple[str | None, str]] = []
        if not self.accept("{"):
            self._value(values, names, (",", ";", "&&", "||", ")", "]"))
            return tuple(values), tuple(names)
        while True:
            self._value(values, names, (",", "}"))
            if self.accept("}"):
                return tuple(values), tuple(names)
            self.expect(",", "or `}` in a set")

    def _value(
        self, values: list[str], names: list[tuple[str | None, str]], ends: tuple[str, ...]
    ) -> None:
        """Read one value: an operator, number, name, or a type of several tokens."""
        start = self.index
        self.index += 1
        if self.tokens[start].kind == "end":
            self.index = start
            self.fail("a value", "write a name, a number or an operator")
        while self.token.text not in ends and self.token.kind != "end":
            self.index += 1
        tokens = self.tokens[start : self.index]
        if tokens[0].text == "~" and len(tokens) > 1 and tokens[1].kind == "string":
            self.index = start
            self.fail("a value", "write =~ without a blank before a regular expression")
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
        self.expect("script", "after :")
        self.expect(":", "after script")
        language = self.token.text
        if language not in ("python", "ocaml"):
            self.fail("python or ocaml", "scripts are written in python")
        self.index += 1
        self.expect("(", "before the script's inputs")
        inputs: list[tuple[str, str | None, str]] = []
        while not self.accept(")"):
            inputs.append(self._input())
            if not self.accept(",") and self.token.text != ")":
                self.fail("`,` or `)`", "separate the script's inputs with commas")
        opening = self.token
        if opening.text != "{":
            self.fail("`{`", "write the script's code in braces")
        closing = self.tokens[opening.partner]
        self.index = opening.partner + 1
        return language, tuple(inputs), _between(self.text, opening, closing)

    def _input(self) -> tuple[str, str | None, str]:
        local = self.token
        if local.kind != "name":
            self.fail("the name of a metavariable", "write as in script:python(e) { ... }")
        self.index += 1
        source = local
        if self.accept("<<"):
            source = self.token
            self.index += 1
        rule, _, name = source.text.rpartition(".")
        if rule:
            self.lookup(rule, name, source)
        elif name not in self.names.table and (self.declared is None or name != self.declared.name):
            raise self.text.error(
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
        if self.token.text == "script":
            language, inputs, code = self.script_code()
            names = tuple(
                ("input", f"{local} {rule}.{name}" if rule else f"{local} {name}")
                for local, rule, name in inputs
            )
            return (("language", language), *names, ("script", code))
        parts = [self._seed_part()]
        while self.accept("##"):
            parts.append(self._seed_part())
        return tuple(parts)

    def _seed_part(self) -> tuple[str, str]:
        token = self.token
        self.index += 1
        if token.kind == "string":
            return ("text", token.text[1:-1])
        if token.kind != "name":
            self.index -= 1
            self.fail("a string or a name", 'write as in fresh identifier x = "_" ## y;')
        rule, _, name = token.text.rpartition(".")
        if rule:
            self.lookup(rule, name, token)
            return ("rule.name", token.text)
        if name not in self.names.table:
            raise self.text.error(
                "unknown-metavariable",
                token.line,
                token.column,
                f"{name} is no metavariable declared before",
                f'declare it before, or quote it: "{name}"',
            )
        owner = self.names.table[name].rule
        return ("rule.name", f"{owner}.{name}") if owner else ("name", name)


def _spaced(tokens: list[Token]) -> str:
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
