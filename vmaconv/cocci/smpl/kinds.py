# SPDX-License-Identifier: GPL-2.0-only
"""The words of metavariable declarations, and what each kind of metavariable may stand for.

In: nothing. Out: tables of names, and `RuleNames`, what a parser knows about the names of a rule.
"""

from __future__ import annotations

from collections.abc import Iterable

from vmaconv.cocci.smpl.rule import Metavariable
from vmaconv.cocci.text.late_regex import late_regex


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


KINDS: tuple[tuple[str, ...], ...] = (
    ("assignment", "operator"),
    ("attribute", "name"),
    ("binary", "operator"),
    ("declarer", "name"),
    ("expression", "list"),
    ("field", "list"),
    ("format", "list"),
    ("fresh", "identifier"),
    ("global", "idexpression"),
    ("identifier", "list"),
    ("initialiser", "list"),
    ("initializer", "list"),
    ("iterator", "name"),
    ("local", "function"),
    ("local", "idexpression"),
    ("parameter", "list"),
    ("position", "any"),
    ("statement", "list"),
    ("unary", "operator"),
    ("enumerator", "list"),
    ("attribute",),
    ("comments",),
    ("constant",),
    ("declaration",),
    ("declarer",),
    ("enumerator",),
    ("expression",),
    ("field",),
    ("format",),
    ("function",),
    ("idexpression",),
    ("identifier",),
    ("initialiser",),
    ("initializer",),
    ("iterator",),
    ("metavariable",),
    ("parameter",),
    ("position",),
    ("pragmainfo",),
    ("statement",),
    ("symbol",),
    ("type",),
    ("typedef",),
)
"""The words that declare a kind, the longer ones first."""

SPELLINGS = {
    "initialiser": "initializer",
    "initialiser list": "initializer list",
    "local idexpression": "idexpression",
    "global idexpression": "idexpression",
    "local function": "function",
    "position any": "position",
}
"""Declared words to `Metavariable.kind`, where they differ."""

LISTS = frozenset(
    {
        "enumerator list",
        "expression list",
        "field list",
        "format list",
        "identifier list",
        "initializer list",
        "parameter list",
        "statement list",
    }
)
TYPED = frozenset({"constant", "expression", "idexpression"})
"""Kinds whose declaration may have a type between the word and the names."""

NAME_ONLY = frozenset({"attribute name", "declarer name", "iterator name", "symbol", "typedef"})
"""Kinds that declare what a plain name is, and match only that name."""

EXPRESSIONS = frozenset({"constant", "expression", "idexpression", "typed"})
IDENTIFIERS = frozenset({"fresh identifier", "function", "identifier"})
NOT_EXPRESSIONS = frozenset(
    {
        "assignment operator",
        "attribute",
        "binary operator",
        "comments",
        "declaration",
        "enumerator",
        "enumerator list",
        "field",
        "field list",
        "format",
        "format list",
        "identifier list",
        "parameter",
        "parameter list",
        "position",
        "pragmainfo",
        "statement",
        "statement list",
        "type",
        "unary operator",
    }
)
"""Kinds that never stand for an expression; the kinds of extensions do."""
STATEMENTS = frozenset({"declaration", "statement", "statement list"})

KEYWORDS = _words(
    """if else while for do switch case default return break continue goto sizeof struct union enum
    typedef const volatile static extern register auto inline void char short int long float double
    signed unsigned __attribute__ _Alignof __alignof__ alignof __alignof restrict"""
)
PRIMITIVES = _words(
    """bool char int float double void size_t ssize_t ptrdiff_t intptr_t uintptr_t charptr_t
    nullptr_t max_align_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t
    char8_t char16_t
    char32_t char64_t"""
)
"""The names that tree-sitter-c takes for built-in types."""
KERNEL_TYPES = _words(
    """u8 u16 u32 u64 s8 s16 s32 s64 __u8 __u16 __u32 __u64 __s8 __s16 __s32 __s64 __le16 __le32
    __le64 __be16 __be32 __be64 uchar ushort uint ulong _Bool gfp_t loff_t off_t pid_t dma_addr_t
    phys_addr_t resource_size_t sector_t"""
)
"""Names that are types even where a rule does not say so: from the kernel's linux/types.h."""
KERNEL_ATTRIBUTES = _words(
    """__init __exit __initdata __exitdata __initconst __net_init __net_exit __meminit __ref
    __refdata __sched __cold __hot __weak __used __unused __visible __must_check __maybe_unused
    __always_unused __always_inline noinline __noreturn __pure __packed __read_mostly
    __ro_after_init __user __kernel __iomem __percpu __rcu __force __bitwise __aligned __printf
    __scanf __section __acquires __releases __must_hold __counted_by __free __cleanup asmlinkage
    notrace __init_or_module
    ____cacheline_aligned ____cacheline_aligned_in_smp __cacheline_aligned"""
)
"""Names that are attributes even where a rule does not say so: from linux/compiler_attributes.h,
compiler_types.h and init.h. In a C tree they are blanked."""
SIZED = frozenset({"signed", "unsigned", "long", "short"})
STORAGE = frozenset(
    {"auto", "extern", "inline", "__inline", "__inline__", "register", "static", "__thread"}
)
QUALIFIERS = _words(
    """const volatile restrict __restrict __restrict__ __const __volatile__ __extension__ _Atomic
    _Noreturn"""
)
TAGGED = frozenset({"enum", "struct", "union"})
TYPEOFS = frozenset({"typeof", "__typeof__", "__typeof", "typeof_unqual"})
TYPE_WORDS = PRIMITIVES | SIZED | QUALIFIERS | TAGGED | TYPEOFS | {"_Complex", "__int128"}
"""Words that begin a type wherever they stand."""


FORMAT_VARIABLE = late_regex(r"%@(\w+)@")
"""A metavariable in a format string."""


class RuleNames:
    """What is known of the names in a rule.

    `table` has the rule's metavariables; the sets hold names declared so far in the file, since
    spatch lets a `typedef`, `iterator name`, ... of one rule hold in the rules after it.
    """

    __slots__ = ("attributes", "declarers", "iterators", "ocaml", "symbols", "table", "typedefs")

    def __init__(self) -> None:
        self.table: dict[str, Metavariable] = {}
        self.typedefs: set[str] = set()
        self.iterators: set[str] = set()
        self.declarers: set[str] = set()
        self.attributes: set[str] = set()
        self.symbols: set[str] = set()
        self.ocaml = False
        """Whether regular expressions are OCaml's."""

    def for_rule(self) -> RuleNames:
        """Return names for the next rule: an empty table, the same sets."""
        names = RuleNames()
        names.typedefs, names.iterators = self.typedefs, self.iterators
        names.declarers, names.attributes = self.declarers, self.attributes
        names.ocaml = self.ocaml
        return names

    def declare(self, variable: Metavariable) -> None:
        """Add a declared metavariable or name."""
        sets = {
            "typedef": self.typedefs,
            "iterator name": self.iterators,
            "declarer name": self.declarers,
            "attribute name": self.attributes,
            "symbol": self.symbols,
        }
        known = sets.get(variable.kind)
        if known is None:
            self.table[variable.name] = variable
        else:
            known.add(variable.name)

    def kind(self, name: str) -> str:
        """Return the kind of the metavariable `name`, or an empty string."""
        variable = self.table.get(name)
        return variable.kind if variable is not None else ""

    def is_type(self, name: str) -> bool:
        """Whether `name` is certainly a type, or begins one."""
        variable = self.table.get(name)
        if variable is not None:
            return variable.kind == "type"
        return name in TYPE_WORDS or name in self.typedefs or name in KERNEL_TYPES

    def is_attribute(self, name: str) -> bool:
        """Whether `name` is an attribute's name or an attribute metavariable."""
        variable = self.table.get(name)
        if variable is not None:
            return variable.kind == "attribute"
        return (
            name in self.attributes or name == "__attribute__" or name in KERNEL_ATTRIBUTES
        ) and name not in self.typedefs


def longest(words: Iterable[str], kinds: Iterable[tuple[str, ...]]) -> int:
    """Return how many of `words` the longest of `kinds` takes that they begin with.

    >>> longest(["expression", "list", "es"], KINDS)
    2
    """
    given = tuple(words)
    return max((len(kind) for kind in kinds if given[: len(kind)] == kind), default=0)
