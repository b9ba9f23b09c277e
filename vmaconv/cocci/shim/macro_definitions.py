# SPDX-License-Identifier: GPL-2.0-only
"""Make definitions of the macros that stand for them, at the top level and among fields.

In:   the macro calls at the start of definitions and fields (`items`).
Out:  edits: `SYSCALL_DEFINE2(f, int, a) {` becomes `int f(int a) {`, `DEFINE_PER_CPU(int, x);`
      becomes `int x;`, `DECLARE_BITMAP(m, N);` in a struct `int m[N];`, all in place.
Left to others: calls that are C as they stand, like `EXPORT_SYMBOL(f);`.
"""

import re

from vmaconv.cocci.shim.macro_items import (
    DECLARATION,
    DECLARATOR,
    FIELDS,
    TOP,
    TYPE,
    Call,
    ShimPasses,
    end_statement,
)
from vmaconv.cocci.text.late_regex import late_regex

# Function headers whose parameters come as type, name, type, name.
_SPELLED_OUT = late_regex(rb"_*(?:\w+_)?(?:SYSCALL(?:32)?_DEFINE|BPF_CALL_)[1-9]\w*\Z")
# Declarations whose arguments are a type and a name.
_TYPE_AND_NAME = late_regex(
    rb"_*(?:DEFINE|DECLARE)_(?:\w+_)?PER_?CPU\w*\Z|_*DECLARE_FLEX_ARRAY\Z|__bpf_md_ptr\Z|"
    rb"DECLARE_KFIFO_PTR\Z"
)
# Fields that hold other fields: how many arguments stand before the name of the group.
_GROUPS = {
    b"struct_group": 0,
    b"struct_group_attr": 0,
    b"struct_group_tagged": 1,
    b"__struct_group": 1,
}
_NAMES = late_regex(rb"i(?:,i)*")
# A type and a name: `int x`, `const struct s *p`, `u8 *`.
_PARAMETER = late_regex(rb"q*(?:si|[tq]+|i(?=[q*i]))[q*]*i?(?:\[[^][]*\])*")
_OLD_STYLE = late_regex(rb"(?:q*(?:si|[tq]+|i)[q*]*i[^;{}()]*;)+\{")
_STORAGE_CLASSES = frozenset({b"static", b"extern", b"inline", b"__inline", b"__inline__"})
_MACHINE_END = late_regex(rb"(?<=,)i(?![.,=()\[\]])")
_WORD_NEXT = b"iqtsTAS"


def mask_definition(work: ShimPasses, call: Call) -> None:
    """Rewrite one call at the top level or among fields, if it does not parse as it stands."""
    tokens = work.tokens
    following = tokens.at(call.after)
    if following in b";" and call.after < len(tokens.kinds):
        if call.context == TOP and _is_prototype(work, call):
            _give_type(work, call, [])
            work.declared.add(call.opening)
        else:
            before_semicolon(work, call)
    elif call.context == TOP and _is_old_style(work, call):
        _define_function(work, call)
    elif following in b"{":
        if tokens.at(call.after + 1) in b".":
            _define_table(work, call)
        elif call.context != FIELDS:
            _define_function(work, call)
    elif following in b".":
        _open_machine(work, call)
    elif following in b"=[,":
        declare(work, call)
    elif following in b";}(" or following in _WORD_NEXT:
        _before_word(work, call)


def _before_word(work: ShimPasses, call: Call) -> None:
    tokens = work.tokens
    following = tokens.at(call.after)
    if following in b"(":
        return
    alone = call.after >= len(tokens.kinds) or not work.on_one_line(call.closing, call.after)
    if following in b"i" and tokens.at(call.after + 1) in b"(":
        # `PAGEFLAG(a, b) TESTPAGEFLAG(c)`, but `__typed(s) f(void)`.
        alone = alone or len(work.arguments(call.opening)) > 1
    if following in b"}" or alone:
        if call.is_qualified:
            work.edits.blank(tokens.starts[call.first], tokens.ends[call.name - 1], "declarer")
        end_statement(work, call)
    elif following in b"i":
        name_type(work, call)
    elif following in b"tsq" and not call.is_qualified:
        work.edits.blank(tokens.starts[call.name], tokens.ends[call.closing], "attribute")
        work.heads.add(call.closing)


def before_semicolon(work: ShimPasses, call: Call) -> None:
    """Rewrite a declaration by macro that the grammar would not take for one."""
    tokens = work.tokens
    name = tokens.word(call.name)
    arguments = work.arguments(call.opening)
    if call.context == FIELDS and name == b"TRAILING_OVERLAP":
        _open_overlap(work, call, arguments)
    elif call.context == FIELDS and name in _GROUPS:
        _open_group(work, call, arguments)
    elif call.context == FIELDS and _is_value(work, call, arguments):
        _name_whole(work, call)
    elif _TYPE_AND_NAME.match(name) or (call.context == FIELDS and len(arguments) > 1):
        declare(work, call)
    elif call.context == FIELDS and not arguments:
        edits = work.edits
        edits.blank(tokens.starts[call.opening], tokens.ends[call.closing], "declarer")
    elif call.is_qualified and not (len(arguments) == 1 and _is(work, TYPE, arguments[0])):
        # Without its storage class the macro is an expression statement.
        start, end = tokens.starts[call.first], tokens.ends[call.name - 1]
        work.edits.blank(start, end, "declarer")


def _is_prototype(work: ShimPasses, call: Call) -> bool:
    """Whether a call is a function without a type, declared: `f(int x, char *);`, and no macro's."""
    arguments = work.arguments(call.opening)
    name = work.tokens.word(call.name)
    if not name.islower() or name in work.names.declarers or not arguments:
        return False
    return all(_is(work, _PARAMETER, argument) for argument in arguments)


def _is_old_style(work: ShimPasses, call: Call) -> bool:
    """Whether declarations of what stands in the parentheses part them from a body."""
    tokens = work.tokens
    if not _is(work, _NAMES, (call.opening + 1, call.closing)):
        return False
    return _OLD_STYLE.match(tokens.kinds, call.after) is not None


def _is_value(work: ShimPasses, call: Call, arguments: list[tuple[int, int]]) -> bool:
    """Whether a field is a macro whose argument is no type, or one too short to be masked."""
    tokens = work.tokens
    if len(arguments) == 1:
        return not _is(work, TYPE, arguments[0])
    short = tokens.ends[call.name] - tokens.starts[call.name] < 4
    return len(arguments) > 1 and short and _is(work, DECLARATOR, arguments[0])


def _name_whole(work: ShimPasses, call: Call) -> None:
    """Make one name of a macro among fields: `PAD(1);`."""
    tokens, edits = work.tokens, work.edits
    start, end = tokens.ends[call.name], tokens.ends[call.closing]
    if b"\n" not in tokens.text[start:end]:
        edits.underline(start, end)
        edits.mark(tokens.starts[call.name], end, "type_argument")


def _is(work: ShimPasses, shape: "re.Pattern[bytes]", span: tuple[int, int]) -> bool:
    return shape.fullmatch(work.tokens.kinds, *span) is not None


def declare(work: ShimPasses, call: Call) -> None:
    """Turn a macro with arguments into a declaration of the name among them.

    `DEFINE_PER_CPU(struct s, x)` into `struct s x`, `DECLARE_BITMAP(m, N)` into `int m[N]`.
    Nothing happens if the grammar knows it already (one argument), or no name is found.
    """
    arguments = work.arguments(call.opening)
    if len(arguments) == 2 and _has_type_first(work, call, arguments):
        _declare_typed(work, call, arguments)
    elif len(arguments) > 1 and _is(work, DECLARATOR, arguments[0]):
        _declare_array(work, call, arguments)
    elif len(arguments) > 1:
        _declare_whole(work, call)


def name_type(work: ShimPasses, call: Call) -> None:
    """Make one name of a macro that is a type: `member_of(struct s, m) x;`."""
    tokens, edits = work.tokens, work.edits
    arguments = work.arguments(call.opening)
    start, end = tokens.ends[call.name], tokens.ends[call.closing]
    if len(arguments) > 1 and b"\n" not in tokens.text[start:end]:
        edits.underline(start, end)
        edits.mark(tokens.starts[call.name], end, "type_argument")


def _has_type_first(work: ShimPasses, call: Call, arguments: list[tuple[int, int]]) -> bool:
    tokens = work.tokens
    if not _is(work, DECLARATOR, arguments[1]):
        return False
    if _TYPE_AND_NAME.match(tokens.word(call.name)):
        return True
    return tokens.at(arguments[0][0]) in b"qts"


def _declare_typed(work: ShimPasses, call: Call, arguments: list[tuple[int, int]]) -> None:
    tokens, edits = work.tokens, work.edits
    first, comma = arguments[0]
    shape = TYPE.match(tokens.kinds, first, comma)
    if shape is None and tokens.at(first) not in b"T":
        return
    if shape is not None and shape.end() < comma:
        # `DEFINE_PER_CPU(char [8], x)`: the array's size has no place before the name.
        edits.blank(tokens.starts[shape.end()], tokens.ends[comma - 1], "declarer")
    start = tokens.starts[call.name]
    edits.replace(start, tokens.starts[call.opening] + 1, b"")
    edits.put(tokens.starts[comma], b" ")
    edits.put(tokens.starts[call.closing], b" ")
    edits.mark(start, tokens.ends[call.closing], "declarer")
    work.declared.add(call.opening)


def _declare_array(work: ShimPasses, call: Call, arguments: list[tuple[int, int]]) -> None:
    tokens, edits = work.tokens, work.edits
    start, end = tokens.starts[call.name], tokens.starts[call.opening] + 1
    if tokens.ends[call.name] - start < 4:
        return
    edits.replace(start, end, b"int")
    commas = [tokens.starts[last] for _, last in arguments[:-1]]
    edits.put(commas[0], b"[")
    for comma in commas[1:]:
        edits.put(comma, b"|")
    edits.put(tokens.starts[call.closing], b"]")
    edits.mark(start, tokens.ends[call.closing], "declarer")


def _declare_whole(work: ShimPasses, call: Call) -> None:
    """Make one name of a macro without a name of its own: `TABLE(int, u8) = {`."""
    tokens, edits = work.tokens, work.edits
    start, end = tokens.starts[call.name], tokens.ends[call.closing]
    if tokens.ends[call.name] - start < 5 or b"\n" in tokens.text[start:end]:
        return
    edits.put(start, b"int ")
    edits.underline(tokens.ends[call.name], end)
    edits.mark(start, end, "declarer")
    work.declared.add(call.opening)


def _open_group(work: ShimPasses, call: Call, arguments: list[tuple[int, int]]) -> None:
    """Turn `struct_group(name, fields)` into `struct name { fields }`."""
    tokens, edits = work.tokens, work.edits
    name = tokens.word(call.name)
    skipped = _GROUPS[name]
    needed = skipped + (3 if name in (b"struct_group_attr", b"__struct_group") else 2)
    if len(arguments) < needed:
        return
    start = tokens.starts[call.name]
    place = tokens.starts[arguments[skipped][0]]
    edits.replace(start, tokens.starts[call.opening] + 1, b"struct")
    if skipped:
        edits.blank(tokens.starts[call.opening + 1], place, "declarer")
    end_of_name = tokens.ends[arguments[skipped][1] - 1]
    opening = tokens.starts[arguments[needed - 1][0] - 1]
    edits.blank(end_of_name, opening, "declarer")
    edits.put(opening, b"{")
    edits.put(tokens.starts[call.closing], b"}")
    edits.mark(start, tokens.ends[call.name], "declarer")
    work.declared.add(call.opening)
    work.groups.add(call.opening)


def _open_overlap(work: ShimPasses, call: Call, arguments: list[tuple[int, int]]) -> None:
    """Turn `TRAILING_OVERLAP(struct s, name, member, fields)` into `struct s name; fields`."""
    tokens, edits = work.tokens, work.edits
    if len(arguments) < 4:
        return
    start = tokens.starts[call.name]
    edits.replace(start, tokens.starts[call.opening] + 1, b"")
    edits.put(tokens.starts[arguments[0][1]], b" ")
    edits.put(tokens.starts[arguments[1][1]], b";")
    edits.blank(tokens.ends[arguments[1][1]], tokens.ends[arguments[2][1]], "declarer")
    edits.put(tokens.starts[call.closing], b" ")
    if tokens.at(call.closing - 1) in b";":
        edits.put(tokens.starts[call.after], b" ")
    edits.mark(start, tokens.ends[call.name], "declarer")
    work.declared.add(call.opening)
    work.groups.add(call.opening)


def _define_function(work: ShimPasses, call: Call) -> None:
    """Turn `NAME(arguments) {` into a function's header."""
    arguments = work.arguments(call.opening)
    spelled_out = _SPELLED_OUT.match(work.tokens.word(call.name)) is not None
    if spelled_out and len(arguments) >= 3 and len(arguments) % 2:
        _spell_out(work, call, arguments)
    else:
        _give_type(work, call, arguments)
    work.declared.add(call.opening)


def _define_table(work: ShimPasses, call: Call) -> None:
    """Turn `define_machine(x) { .a = b };` into `int ne_machine[x]={ .a = b };`."""
    tokens, edits = work.tokens, work.edits
    start, end = tokens.starts[call.name], tokens.ends[call.name]
    place = edits.space_between(tokens.ends[call.closing], tokens.starts[call.after])
    if end - start < 5 or call.is_qualified:
        return
    if place >= 0:
        edits.put(tokens.starts[call.opening], b"[")
        edits.put(tokens.starts[call.closing], b"]")
        edits.put(place, b"=")
    elif _NAMES.fullmatch(tokens.kinds, call.opening + 1, call.closing):
        # Only a line end before the brace: `int ne_machine,x={`.
        edits.put(tokens.starts[call.opening], b",")
        edits.put(tokens.starts[call.closing], b"=")
    else:
        return
    edits.put(start, b"int ")
    edits.mark(start, tokens.ends[call.closing], "definer")


def _open_machine(work: ShimPasses, call: Call) -> None:
    """Turn `MACHINE_START(x, "y") .a = b, MACHINE_END` into `int INE_STAR={x, "y", .a = b, };`."""
    tokens, edits = work.tokens, work.edits
    name = tokens.word(call.name)
    if not name.endswith(b"_START"):
        return
    last = _MACHINE_END.search(tokens.kinds, call.after)
    if last is None or not tokens.word(last.start()).endswith(b"_END"):
        return
    start = tokens.starts[call.name]
    edits.put(start, b"int " + name[4:-1] + b"=")
    edits.put(tokens.starts[call.opening], b"{")
    edits.put(tokens.starts[call.closing], b",")
    edits.put(tokens.starts[last.start()], b"};".ljust(len(tokens.word(last.start()))))
    edits.mark(start, tokens.ends[call.name], "definer")
    edits.mark(tokens.starts[last.start()], tokens.ends[last.start()], "definer")


def _spell_out(work: ShimPasses, call: Call, arguments: list[tuple[int, int]]) -> None:
    tokens, edits = work.tokens, work.edits
    start, end = tokens.starts[call.name], tokens.starts[call.opening] + 1
    edits.replace(start, end, b"int")
    edits.put(tokens.starts[arguments[0][1]], b"(")
    for first, comma in arguments[1::2]:
        shape = TYPE.match(tokens.kinds, first, comma)
        if shape is not None and shape.end() == comma:
            edits.put(tokens.starts[comma], b" ")
    edits.mark(start, tokens.ends[call.closing], "definer")


def _give_type(work: ShimPasses, call: Call, arguments: list[tuple[int, int]]) -> None:
    """Give a header its type: `DEFINE_X(a, b) {` becomes `int NE_X(a, b) {`.

    `static f(a) {` becomes `int    f(a) {`, from which the storage class is read all the same.
    """
    tokens, edits = work.tokens, work.edits
    start, end = tokens.starts[call.name], tokens.ends[call.name]
    if call.is_qualified and tokens.word(call.first) in _STORAGE_CLASSES:
        start, end = tokens.starts[call.first], tokens.ends[call.first]
        edits.replace(start, end, b"int")
        edits.mark(start, end, "storage")
        start = end = 0
    elif call.is_qualified and len(arguments) == 1 and _is(work, TYPE, arguments[0]):
        return
    elif end - start >= 5:
        edits.put(start, b"int ")
    elif end - start >= 3:
        edits.put(start + 1, b" ")
    if start < end:
        edits.mark(start, end, "definer")
    for first, last in arguments:
        if first < last and not _is(work, DECLARATION, (first, last)):
            edits.underline(tokens.starts[first], tokens.ends[last - 1])
