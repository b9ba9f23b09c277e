# SPDX-License-Identifier: GPL-2.0-only
"""The contents of a rule file, as values.

In: nothing. Out: the classes that `parse` fills and that `match` and `rewrite` read. Nothing
here knows the kernel; lines are 1-based, columns 0-based, both in the rule file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from msgspec import Struct

from vmaconv.cocci.smpl.depends import Dependency
from vmaconv.cocci.tree.node import Node


class RulePlace(Struct, frozen=True):
    """A place in a rule file: `line` from 1, `column` from 0 (in characters)."""

    file: str
    line: int
    column: int


class SmplError(Exception):
    """A rule file that is not understood.

    `code` names the kind of error (`unknown-metavariable`, `unbalanced-parenthesis`, ...),
    `message` says what is wrong and `remedy` what to write instead; `source_line` is the text of
    the line.
    """

    def __init__(
        self, code: str, place: RulePlace, message: str, remedy: str = "", source_line: str = ""
    ) -> None:
        super().__init__(f"{place.file}:{place.line}:{place.column + 1}: {message}")
        self.code = code
        self.place = place
        self.message = message
        self.remedy = remedy
        self.source_line = source_line


class TokenMark(Enum):
    """The mark of a token in a transformation rule."""

    CONTEXT = " "
    MINUS = "-"
    STAR = "*"


class Constraint(Struct, frozen=True):
    """A constraint on a metavariable, as a tree.

    `op` is one of `=`, `!=` (values: texts, names of metavariables or operators), `=~`, `!~`
    (values: one regex), `<=` (values: names, or an integer), `<`, `>`, `>=`, `script` (values:
    language, source text), `and`, `or`, `not` (parts), `of` (`of`). `names` holds which of `values` are
    inherited or earlier metavariables, as (rule or None, name).
    """

    op: str
    values: tuple[str, ...] = ()
    names: tuple[tuple[str | None, str], ...] = ()
    parts: tuple[Constraint, ...] = ()
    script_inputs: tuple[tuple[str, str | None, str], ...] = ()
    """For `script`: (local name, rule or None, metavariable)."""
    of: Metavariable | None = None
    """For `of`, which no rule file has: one whose constraint looks at this one (`constraint_ties`)."""

    def languages(self) -> Iterator[str]:
        """Yield the languages of its scripts."""
        if self.op == "script":
            yield self.values[0]
        for part in self.parts:
            yield from part.languages()


class Metavariable(Struct, frozen=True):
    """A declared metavariable.

    `kind` is SmPL's word for it: `expression`, `idexpression`, `identifier`, `constant`, `type`,
    `statement`, `statement list`, `expression list`, `parameter`, `parameter list`, `field`, `field
    list`, `declaration`, `initializer`, `initializer list`, `position`, `symbol`, `typedef`,
    `declarer`, `declarer name`, `iterator`, `iterator name`, `attribute`, `attribute name`,
    `assignment operator`, `binary operator`, `unary operator`, `fresh identifier`, `function`,
    `format`, `format list`, `pragmainfo`, `metavariable`, `typed` (`T x;`, `struct foo *p;`),
    `enumerator`, `enumerator list`, `comments`, `identifier list`, `list length` (the `n` of
    `expression list[n] es`), `script` (what a script makes), or a kind that an extension adds.
    """

    name: str
    kind: str
    place: RulePlace
    rule: str | None = None
    """The rule that it is inherited from (`r.x`), or None."""
    ctype: tuple[Node, ...] = ()
    """For typed metavariables and typed constants: one alternative type (a pattern
    `type_descriptor`) each.
    """
    pointer: bool = False
    """`expression *x`."""
    qualifiers: tuple[str, ...] = ()
    """`local`, `global`, `struct`, `union`, `enum` of `idexpression`/`expression`; `any` of
    position.
    """
    constraint: Constraint | None = None
    seed: tuple[tuple[str, str], ...] = ()
    """For a fresh identifier: ('text', s), ('name', n), ('rule.name', ...) or ('script', body)."""
    length: int | str | None = None
    """For lists: a number, or the name of a metavariable that holds it."""
    bitfield: int | str | None = None
    stars: int = 0
    """How many `*` stand in `expression **x` (`pointer` says whether there are any)."""
    array: bool = False
    """`T x[];`: an array of the type."""


class PlusBlock(Struct, frozen=True):
    """Consecutive plus lines.

    `lines` are the texts after the mark, as (text, tokens) in order, where a token is (kind, text,
    column): kind is `name`, `meta` (a metavariable), `punct`, `number`, `string`, `char`,
    `comment`, `space` (layout between tokens is kept in `text`), `directive` (a whole preprocessor
    line). `before` and `after` are the neighbouring tokens of the minus slice (pattern leaves; None
    at the ends). A neighbour that is a whole disjunction, conjunction or nest is that node: plus
    code after the `)` of a disjunction has the `disjunction` as `before`. Plus code in an arm or
    nest has neighbours of that arm only. `previous_line` / `next_line`: whether the neighbour's
    rule line is directly adjacent. `many` is True for `++`. `home` is the arm, nest body or pattern
    that the block stands in: where both neighbours are None it is the (empty) arm that the code
    makes up.
    """

    lines: tuple[PlusLine, ...]
    place: RulePlace
    before: PNode | None = None
    after: PNode | None = None
    many: bool = False
    home: PNode | None = None
    previous_line: bool = False
    next_line: bool = False

    @property
    def code(self) -> list[PlusToken]:
        """The tokens of all lines but blanks and comments."""
        return [token for line in self.lines for token in line.code]

    @property
    def has_directive(self) -> bool:
        """Whether it is a preprocessor line, or has one."""
        return any(token.kind == "directive" for token in self.code)

    @property
    def is_whole(self) -> bool:
        """Whether it ends as a declaration, a statement or a preprocessor line does."""
        last = self.code[-1:]
        return bool(last) and (last[0].kind == "directive" or last[0].text in (";", "}"))


class PlusToken(Struct, frozen=True):
    """A token of plus code; `column` is 0-based after the mark."""

    kind: str
    text: str
    column: int
    metavariable: Metavariable | None = None


class PlusLine(Struct, frozen=True):
    """One plus line, without its mark."""

    text: str
    tokens: tuple[PlusToken, ...]
    place: RulePlace

    @property
    def code(self) -> list[PlusToken]:
        """The tokens but blanks and comments."""
        return [token for token in self.tokens if token.kind not in ("space", "comment")]


@dataclass(frozen=True, slots=True, eq=False, repr=False, init=False)
class PNode(Node):
    """A node of a pattern: a `Node` whose leaves know their mark and place.

    Besides the kinds of `node` there are:

    * `metavar` (leaf): stands for what `metavariable` matches, wherever a node may stand. A
      `statement S` is a bare `metavar`, with no `expression_statement` or `;` around it, and so are
      declarations, parameters, fields, lists and types (a type metavariable stands where the type
      node stands).
    * `dots` (leaf): `...` in any list or in place of an expression or statement, with `whens`.
    * `nest`: `<... body ...>`; `strict` is True for `<+... body ...+>`; `whens` as for dots; its
      children are the body (a `sequence` where it is statements).
    * `disjunction`, `conjunction`: one child an arm; an arm that is several statements (or empty)
      is a `sequence`.
    * `sequence`: statements, or top-level items, in a row.
    * `optional`: `?` before a statement or expression; one child.
    * `variant`: another spelling that an isomorphism made; one child (`isomorphism` makes
      these).
    * `truth`: a variant that matches only where truth is wanted; one child.
    * `attached`: metavariables attached with `@`. A position is on the leaf before the `@`; other
      kinds are on the smallest node of their sort that ends there (`f(x)@e`: the call).
    * `attribute_specifier`: also a name that must be an attribute (`int __init f`), which C trees
      lack.
    * Among arguments: a type is a `type_descriptor`, or its one leaf (`min_t(int, a)`; a type
      metavariable); an arm `a, b` of a disjunction is a `sequence`, commas included.
    * `preproc_include`, `preproc_def` (name, `preproc_params`, body), `preproc_undef`,
      `preproc_pragma`: lines, whose first child is the leaf `#include`, ...; C trees have no such
      nodes.
    * `function_definition` without a type: `f(...) { }` is its `function_declarator` and body only.
    * `expression_statement` with a leading `storage_class_specifier`: `static DEFINE_FOO(a, b);`.

    Whoever wants another one makes it (`dataclasses.replace`, `rebuilding`); nodes may be shared, so
    that one stands in several spellings: none knows its parent.
    """

    kind: str
    start: int
    end: int
    children: tuple[Node, ...]
    text: bytes | None
    parent: Node | None = field(default=None, init=False)
    mark: TokenMark
    place: RulePlace | None
    metavariable: Metavariable | None
    attached: tuple[Metavariable, ...]
    formats: tuple[Metavariable, ...] | None
    """For a string literal that is matched piece by piece: the metavariables in it."""
    whens: tuple[When, ...]
    strict: bool
    plus_before: str
    """Whether plus code stands before this leaf: `once`, `many` (all of it `++`) or empty."""
    plus_after: str
    closes: int
    """How many branches and loops of the pattern this leaf ends that has plus code behind it."""
    initialises: bool
    """For an assignment, whether an initialiser may be meant, too: `x = E` is in `T x = E`."""
    stands_for: tuple[PNode, ...]
    """For a `variant`, which an isomorphism made: the first and last leaf of what it takes the
    place of.
    """

    def __init__(
        self,
        kind: str,
        start: int,
        end: int,
        children: Sequence[Node] = (),
        text: bytes | None = None,
        *,
        mark: TokenMark = TokenMark.CONTEXT,
        place: RulePlace | None = None,
        metavariable: Metavariable | None = None,
        attached: tuple[Metavariable, ...] = (),
        formats: tuple[Metavariable, ...] | None = None,
        whens: tuple[When, ...] = (),
        strict: bool = False,
        plus_before: str = "",
        plus_after: str = "",
        closes: int = 0,
        initialises: bool = True,
        stands_for: tuple[PNode, ...] = (),
    ) -> None:
        # Not generated: mypyc would take the constructor of `Node`.
        put = object.__setattr__
        put(self, "kind", kind)
        put(self, "start", start)
        put(self, "end", end)
        put(self, "children", tuple(children))
        put(self, "text", text)
        put(self, "parent", None)
        put(self, "mark", mark)
        put(self, "place", place)
        put(self, "metavariable", metavariable)
        put(self, "attached", attached)
        put(self, "formats", formats)
        put(self, "whens", whens)
        put(self, "strict", strict)
        put(self, "plus_before", plus_before)
        put(self, "plus_after", plus_after)
        put(self, "closes", closes)
        put(self, "initialises", initialises)
        put(self, "stands_for", stands_for)

    @property
    def plussed(self) -> str:
        """Whether plus code stands on either side: `once`, `many` or empty."""
        if "once" in (self.plus_before, self.plus_after):
            return "once"
        return self.plus_before or self.plus_after


class When(Struct, frozen=True):
    """A `when` of dots: `kind` is `!=`, `=`, `any`, `strict`, `exists`, `forall`, `true` or
    `false`.

    `true`/`false` are `when != true E` and `when != false E`. `pattern` is the code of `!=`, `=`,
    `true` and `false`.
    """

    kind: str
    pattern: PNode | None
    place: RulePlace


class CodeRule(Struct, frozen=True):
    """A rule with a pattern.

    `pattern` is the minus slice: a `sequence` of top-level items, statements, or one expression or
    type; `body` says which: `toplevel`, `statements`, `expression`, `type`, `declaration`, ....
    `star` is True when it has `*` lines, `changes` when it has `-` or `+`. `name` is a made-up one
    (`rule starting on line N`) with `named` False where the file gives none.
    """

    name: str
    named: bool
    place: RulePlace
    metavariables: tuple[Metavariable, ...]
    pattern: PNode
    body: str
    plus: tuple[PlusBlock, ...] = ()
    depends: Dependency | None = None
    depends_in_all: bool = False
    """`depends on forall`: it holds in all environments that are alike in what the rule takes."""
    quantifier: str = ""
    """`exists`, `forall` or empty."""
    disable: tuple[str, ...] = ()
    using: tuple[str, ...] = ()
    extends: str | None = None
    kind: str = ""
    """`expression`, `identifier`, `type`, ... of `@ expression @` headers."""
    star: bool = False
    changes: bool = False
    description: str = ""
    """The comment (`//` lines) directly above the rule's header, without the slashes."""


class ScriptInput(Struct, frozen=True):
    """`local << rule.name = default;`."""

    local: str
    rule: str
    name: str
    place: RulePlace
    default: str | None = None


class ScriptRule(Struct, frozen=True):
    """A `script:`, `initialize:` or `finalize:` block; `source_line` is the line of the code's
    first line.
    """

    name: str
    named: bool
    phase: str
    language: str
    place: RulePlace
    inputs: tuple[ScriptInput, ...]
    outputs: tuple[Metavariable, ...]
    code: str
    source_line: int
    depends: Dependency | None = None
    depends_in_all: bool = False


class RuleFile(Struct, frozen=True):
    """A whole rule file."""

    path: str
    rules: tuple[CodeRule | ScriptRule, ...] = ()
    virtual: tuple[str, ...] = ()
    spatch_options: tuple[str, ...] = ()
    """The words of `#spatch` lines."""
    option_places: tuple[RulePlace, ...] = ()
    """The place of the line of each of these words."""
    description: str = ""
    """The `///` or `//` comment at the head of the file, joined, without the slashes."""
    warnings: tuple[SmplError, ...] = ()
    """What is odd but no error, such as a metavariable that is not used."""
    includes: tuple[str, ...] = ()
    """The rule files that it includes with `#include "f.cocci"`; their rules come first."""
    isomorphisms: tuple[str, ...] = ()
    """The files of `using "f.iso"` at the head."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """`// Name: text` lines of the head comment (`Confidence`, `Comments`, `Options`, ...)."""

    def languages(self) -> frozenset[str]:
        """Return the languages of the script blocks, and of constraints and seeds."""
        return frozenset(_languages(self.rules))

    @property
    def has_scripts(self) -> bool:
        """Whether there is any script: a block, a constraint's, or a fresh identifier's."""
        return bool(self.languages())


def _languages(rules: Iterable[CodeRule | ScriptRule]) -> Iterator[str]:
    for rule in rules:
        if isinstance(rule, ScriptRule):
            yield rule.language
            continue
        for meta in rule.metavariables:
            yield from (text for kind, text in meta.seed if kind == "language")
            if meta.constraint is not None:
                yield from meta.constraint.languages()
