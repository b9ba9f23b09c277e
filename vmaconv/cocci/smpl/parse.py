# SPDX-License-Identifier: GPL-2.0-only
"""Rule files: the entry points of the SmPL parser.

In: a `.cocci` file or its text. Out: a `RuleFile`, or `SmplError`s with place, message and remedy.
What the rules match is left to `match`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from msgspec.structs import replace

from vmaconv.cocci.smpl.attachment import marked
from vmaconv.cocci.smpl.checks.bindings import check_bindings
from vmaconv.cocci.smpl.checks.habits import check_habits
from vmaconv.cocci.smpl.checks.plus_form import check_plus_form
from vmaconv.cocci.smpl.depends import Dependency, DependsAll, DependsAny, DependsNot, DependsOn
from vmaconv.cocci.smpl.header.metavariables import MetavariableParser
from vmaconv.cocci.smpl.header.prologue import comment_above, parse_prologue
from vmaconv.cocci.smpl.header.rule_header import Header, HeaderParser
from vmaconv.cocci.smpl.header.script_header import ScriptParser
from vmaconv.cocci.smpl.header.sections import RuleSection, sections, starts
from vmaconv.cocci.smpl.kinds import RuleNames
from vmaconv.cocci.smpl.minus.arrange import arrange
from vmaconv.cocci.smpl.minus.grammar import Grammar
from vmaconv.cocci.smpl.minus.pattern import parse_pattern
from vmaconv.cocci.smpl.plus import plus_blocks
from vmaconv.cocci.smpl.rule import CodeRule, Metavariable, RuleFile, ScriptRule, SmplError
from vmaconv.cocci.smpl.rule_lexer import Text, Token, lex_body, lex_lines
from vmaconv.cocci.text.confinement import is_below
from vmaconv.cocci.text.tree_file import read_regular


def parse_file(path: Path, *, kinds: Collection[str] = frozenset()) -> RuleFile:
    """Parse the rule file at `path`.

    `kinds` are kinds of metavariables that an extension adds (`flag`, `flag list`): they are
    declared like any other and stand where an expression may. Raises `SmplError` at the first
    error, `OSError` if the file cannot be read.
    """
    return parse_text(_read(path), str(path), kinds)


def parse_text(
    text: str, path: str, kinds: Collection[str] = frozenset(), numbers: Sequence[int] = ()
) -> RuleFile:
    """Parse the text of a rule file; `path` is what errors name, and where includes are looked for.

    `numbers` has the number, from 1, that each line of the text has in that file, if they differ.

    >>> parse_text("@r@ expression e; @@\\n- f(e)\\n+ g(e)\\n", "x.cocci").rules[0].name
    'r'
    """
    reader = _RuleFileReader(text, path, kinds, None, numbers=numbers)
    return reader.read()


def check_text(text: str, path: str, kinds: Collection[str] = frozenset()) -> list[SmplError]:
    """Return all errors of a rule file: after an error in a rule, the next rule is read."""
    errors: list[SmplError] = []
    _RuleFileReader(text, path, kinds, errors).read()
    return errors


def _read(path: Path) -> str:
    return read_regular(path).decode("utf-8", "surrogateescape").replace("\r\n", "\n")


class _RuleFileReader:
    """Reads one file, rule by rule."""

    def __init__(
        self,
        text: str,
        path: str,
        kinds: Collection[str],
        errors: list[SmplError] | None,
        including: tuple[Path, ...] = (),
        numbers: Sequence[int] = (),
    ) -> None:
        self.text = Text(text, path, numbers)
        self.kinds = kinds
        self.errors = errors
        self.including = (*including, Path(path).absolute())
        self.file = RuleFile(path)
        """The file but for its rules and warnings, which come one by one."""
        self.read_rules: list[CodeRule | ScriptRule] = []
        self.warnings: list[SmplError] = []
        self.names = RuleNames()
        self.rules: dict[str, dict[str, Metavariable]] = {}
        self.lines: dict[str, int] = {}
        self.positions: set[str] = set()
        """The rules whose positions may be inherited: no later rule has changed the code."""

    def read(self) -> RuleFile:
        """Read all of the file; errors are raised, or collected if a list was given."""
        self._read_all()
        return replace(self.file, rules=tuple(self.read_rules), warnings=tuple(self.warnings))

    def _read_all(self) -> None:
        try:
            found = self._prologue()
        except SmplError as error:
            self._refuse(error)
            return
        for section in found:
            try:
                self._rule(section)
            except SmplError as error:
                self._refuse(error)
            except RecursionError:
                self._refuse(
                    self.text.error(
                        "nested-too-deeply",
                        section.line,
                        0,
                        "the rule's code is nested too deeply",
                        "write the pattern in simpler parts",
                    )
                )

    def _refuse(self, error: SmplError) -> None:
        if self.errors is None:
            raise error
        self.errors.append(error)

    def _prologue(self) -> list[RuleSection]:
        text = self.text
        first = next((line - 1 for line in starts(text)), len(text.lines))
        prologue = parse_prologue(text, first)
        self.file = replace(
            self.file,
            spatch_options=tuple(word for word, _ in prologue.options),
            option_places=tuple(place for _, place in prologue.options),
            description=prologue.description,
            fields=prologue.fields,
            isomorphisms=tuple(prologue.isomorphisms),
            virtual=tuple(prologue.virtual),
        )
        self.names.ocaml = "--ocaml-regexps" in self.file.spatch_options
        for path, token in prologue.includes:
            self._include(path, token)
        return sections(text)

    def _include(self, name: str, token: Token) -> None:
        """Read an included rule file; its rules come before those of this one."""
        found = self._find(name)
        if found is None or found.absolute() in self.including:
            what = "includes itself" if found is not None else "cannot be found"
            if found is None and self._find(name, anywhere=True) is not None:
                what = "lies outside the folder of this one, and is not read"
            raise self.text.error(
                "bad-include",
                token.line,
                token.column,
                f"the rule file {name} {what}",
                "name a rule file beside this one",
            )
        reader = _RuleFileReader(_read(found), str(found), self.kinds, self.errors, self.including)
        reader.rules, reader.names, reader.lines = self.rules, self.names, self.lines
        reader.positions = self.positions
        included, file = reader.read(), self.file
        self.read_rules.extend(included.rules)
        self.warnings.extend(included.warnings)
        self.file = replace(
            file,
            includes=(*file.includes, str(found), *included.includes),
            isomorphisms=(*file.isomorphisms, *included.isomorphisms),
            virtual=tuple(dict.fromkeys((*included.virtual, *file.virtual))),
        )

    def _find(self, name: str, *, anywhere: bool = False) -> Path | None:
        """Return an included file below the folder of the rule file that was named, or below the
        current one; a rule file from a stranger must not have others read.

        `tests/b.cocci` is one beside `tests/a.cocci`, wherever the run begins.
        """
        tops = (self.including[0].parent, Path.cwd())
        beside = self.including[-1].absolute().parent
        for folder in (self.including[-1].parent, Path(), beside.parent):
            path = folder / name
            if path.is_file() and (anywhere or is_below(path, tops)):
                return path
        return None

    # Rules.

    def _rule(self, section: RuleSection) -> None:
        text = self.text
        end = _end(text, section.header_last, section.header_end)
        tokens = _cut(lex_lines(text, section.line, section.column, section.header_last), end)
        known = {*self.rules, *self.file.virtual}
        header = HeaderParser(text, tokens, end, known).parse()
        if header.name_token is not None:
            self._check_name(header, section)
        if header.phase:
            self._script(section, header)
        else:
            self._code(section, header)

    def _check_name(self, header: Header, section: RuleSection) -> None:
        token = header.name_token
        assert token is not None
        earlier = self.lines.get(header.name)
        if earlier is not None or header.name in self.file.virtual:
            where = f"a rule on line {earlier}" if earlier is not None else "a virtual rule"
            raise self.text.error(
                "duplicate-rule",
                token.line,
                token.column,
                f"{where} has the name {header.name} already",
                "give each rule a name of its own",
            )
        self.lines[header.name] = section.line

    def _declarations(self, section: RuleSection) -> tuple[list[Token], Token]:
        end = _end(self.text, section.metavariables_last, section.metavariables_end)
        tokens = lex_lines(
            self.text, section.header_last, section.header_end + 1, section.metavariables_last
        )
        return _cut(tokens, end), end

    def _script(self, section: RuleSection, header: Header) -> None:
        text = self.text
        tokens, end = self._declarations(section)
        parser = ScriptParser(text, tokens, end, self.rules)
        if header.name:
            self.rules[header.name] = {}
        parser.parse()
        first = section.metavariables_last
        rest = text.lines[first - 1][section.metavariables_end + 2 :]
        lines = [rest, *text.lines[first : section.body_last]]
        if not rest.strip():
            lines, first = lines[1:], first + 1
        if section.body_last == len(text.lines) and lines and not lines[-1]:
            lines.pop()  # what follows the last line's end
        rule = ScriptRule(
            header.name or f"script starting on line {section.line}",
            bool(header.name),
            header.phase,
            header.language,
            text.place(section.line, 0),
            tuple(parser.inputs),
            tuple(parser.outputs),
            "".join(line + "\n" for line in lines),
            first,
            header.depends,
            header.depends_in_all,
        )
        self.read_rules.append(rule)
        if header.name:
            self.rules[header.name] = {v.name: v for v in parser.outputs}
            self.positions.add(header.name)

    def _variables(
        self, section: RuleSection, header: Header, names: RuleNames
    ) -> list[Metavariable]:
        """Read a rule's declarations into `names`; what is read is known to later rules."""
        known: dict[str, Metavariable] = {}
        if header.name:
            self.rules[header.name] = known
            self.positions.add(header.name)
        inherited: list[Metavariable] = []
        if header.extends is not None:
            for variable in self.rules.get(header.extends, {}).values():
                inherited.append(replace(variable, rule=header.extends))
                names.declare(inherited[-1])
        tokens, end = self._declarations(section)
        parser = MetavariableParser(
            self.text, tokens, end, names, self.rules, self.kinds, self.positions
        )
        try:
            return [*inherited, *parser.parse()]
        finally:
            known.update((n, v) for n, v in names.table.items() if v.rule is None)

    def _code(self, section: RuleSection, header: Header) -> None:
        text = self.text
        names = self.names.for_rule()
        variables = self._variables(section, header, names)
        slices = lex_body(
            text, section.metavariables_last, section.metavariables_end + 2, section.body_last
        )
        if slices.star and slices.transforms:
            self._refuse_mixed(section)
        minus = arrange(text, slices, names.table)
        grammar = Grammar(text, minus, names)
        plain, body = parse_pattern(grammar, header.kind)
        grammar.let_go()
        pattern, plus = marked(plain, plus_blocks(text, slices.plus, minus, plain, names))
        rule = CodeRule(
            name=header.name or f"rule starting on line {section.line}",
            named=bool(header.name),
            place=text.place(section.line, 0),
            metavariables=tuple(variables),
            pattern=pattern,
            body=body,
            plus=plus,
            depends=header.depends,
            depends_in_all=header.depends_in_all,
            quantifier=header.quantifier,
            disable=header.disable,
            using=header.using,
            extends=header.extends,
            kind=header.kind,
            star=slices.star,
            changes=slices.transforms,
            description=comment_above(text, section.line),
        )
        self.warnings.extend(check_bindings(text, rule, names.symbols))
        begin = (section.metavariables_last, section.metavariables_end + 2, section.body_last)
        self.warnings.extend(check_habits(text, rule, self.rules, begin))
        self.warnings.extend(check_plus_form(text, rule, slices))
        self.read_rules.append(rule)
        if rule.changes and not _is_conditional(header.depends, self.file.virtual):
            self.positions.clear()

    def _refuse_mixed(self, section: RuleSection) -> None:
        raise self.text.error(
            "mixed-marks",
            section.line,
            0,
            "the rule has both * lines and - or + lines",
            "a rule either reports (*) or transforms (- and +): write two rules",
        )


def _is_conditional(depends: Dependency | None, virtual: Collection[str]) -> bool:
    """Whether a rule may be switched off by a virtual rule: then its changes may not happen."""
    match depends:
        case DependsOn(rule=rule):
            return rule in virtual
        case DependsNot(part=part):
            return _is_conditional(part, virtual)
        case DependsAll(parts=parts) | DependsAny(parts=parts):
            return any(_is_conditional(part, virtual) for part in parts)
    return False


def _end(text: Text, line: int, column: int) -> Token:
    return Token("end", "", line, column, text.offset(line, column))


def _cut(tokens: list[Token], end: Token) -> list[Token]:
    """Return the tokens that stand before `end`."""
    return [t for t in tokens if (t.line, t.column) < (end.line, end.column)]


__all__ = ["check_text", "parse_file", "parse_text", "starts"]
