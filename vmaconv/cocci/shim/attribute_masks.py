# SPDX-License-Identifier: GPL-2.0-only
"""Find the attributes of declarations, which the C grammar has no place for.

In:   tokens in which known attributes have kinds of their own.
Out:  tokens without attributes, known and unknown; the edits say where they stood.
Left to others: all that is no attribute.

A known name (`__init`, `__user`) is an attribute wherever it touches a word or a `*`.  An unknown
one gives itself away by standing where C has no room for another identifier: `int WEIRD f(void)`,
`struct s WEIRD *p`, `int x[2] WEIRD;`.
"""

from vmaconv.cocci.shim.balance import is_list
from vmaconv.cocci.shim.macro_items import CODE, FIELDS, TOP, context_of
from vmaconv.cocci.shim.macros import is_type_name, looks_like_attribute
from vmaconv.cocci.shim.overlay import Edits
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.tokens import Tokens

# Patterns begin with bytes that are taken, not looked back at: those are found many times as fast.
_KNOWN = late_regex(rb"[aAxS](?:(?<!S)|(?<=[i)\]]S)(?=\())")
_WORDS = b"iqtsaAxT"

# A run of words and stars that no declaration or expression of C holds.
_CROWDED = late_regex(
    rb"(?<![iqts*])"
    rb"(?!(?:q*(?:(?:si?|t[tq]*|i)q*)?(?:\*q*)*i?|\**i(?:\*+i)+)(?![iqts*]))"
    rb"[iqts*]{2,}|(?<=\})ii+(?=[;,=[])"
)
# No declaration has more words and stars than this in a row.
_LONGEST = 40
_BEFORE_CALL = late_regex(rb"i(?<![^;})]i)i*(?=i\()")
_ITEM = late_regex(rb"i(?:(?<=[;{}]i)|(?<=\Ai))i*(?=[tsqi}])")
_VARIABLE = late_regex(rb"[tsqi*]{2,40}[;=,[]")
_AFTER_COMMA = late_regex(rb",i(?=i[,;])")
_AFTER_DECLARATOR = late_regex(rb"[)\]]i(?=[;,={(:)])")

_Span = tuple[int, int]


def without_attributes(tokens: Tokens, edits: Edits) -> Tokens:
    """Mask every attribute and return the tokens that are left.

    `static int __init f(int x __maybe_unused)` leaves `static int f(int x)`.
    """
    for spans_of in (_known, _alone, _items, _crowded, _listed, _trailing):
        spans = spans_of(tokens)
        for first, end in spans:
            if spans_of is _items:
                _end_item(tokens, edits, first)
            else:
                edits.blank(tokens.starts[first], tokens.ends[end - 1], "attribute")
        tokens = tokens.without(spans)
    return tokens


def _known(tokens: Tokens) -> list[_Span]:
    """Find attributes that are known by name, with their arguments."""
    spans: list[_Span] = []
    before = ord(";")
    last = -1
    for match in _KNOWN.finditer(tokens.kinds):
        first = match.start()
        if first < last:
            continue
        if first != last:
            before = tokens.at(first - 1)
        end = _end_of_known(tokens, first, before)
        if end:
            spans.append((first, end))
            last = end
    return spans


def _end_of_known(tokens: Tokens, first: int, before: int) -> int:
    """Return the index after the attribute at `first`, or 0 if it is none here."""
    kind = tokens.kinds[first]
    arguments = tokens.partner[first + 1] if tokens.at(first + 1) in b"(" else -1
    if kind in b"A":
        return arguments + 1 if arguments > 0 else first + 1
    if kind in b"S":
        return _end_of_asm_name(tokens, first, arguments)
    if kind in b"x" and arguments > 0 and tokens.at(first + 2) not in b"*":
        return arguments + 1 if _may_stand(before, tokens.at(arguments + 1)) else 0
    after = tokens.at(first + 1)
    named = before in b"i" and tokens.at(first - 2) in b"it*"
    if after in b";,=)[" and tokens.word(first)[:1] != b"_" and not named and before not in b")]}":
        # `struct foo used;` declares `used`, `struct foo x used;` does not.
        return 0
    return first + 1 if _may_stand(before, after) else 0


def _may_stand(before: int, after: int) -> bool:
    """Say if an attribute can stand between tokens of these kinds."""
    if before in b".=o?&[r":
        return False
    if after in _WORDS:
        return True
    if after in b"*":
        return before in b"iqtsT*(,;{}"
    return before in b"iqts0)]*}T"


def _end_of_asm_name(tokens: Tokens, first: int, arguments: int) -> int:
    """Return the end of `asm("name")` after a declarator, or 0 for an asm statement."""
    before = tokens.at(first - 1)
    if arguments < 0 or tokens.at(arguments + 1) not in b";=,{a":
        return 0
    if before in b")" and tokens.enclosing(first) >= 0:
        return 0
    if before in b"i" and tokens.at(first - 2) not in b"iqts*":
        return 0
    return arguments + 1


def _crowded(tokens: Tokens) -> list[_Span]:
    """Find unknown attributes among the words of a declaration."""
    spans: list[_Span] = []
    for match in _CROWDED.finditer(tokens.kinds):
        start, end = match.span()
        before = tokens.at(start - 1)
        if before in b'."r' or tokens.at(end) in b'"' or end - start > _LONGEST:
            continue
        if before in b"{,)" and not match.group().strip(b"i") and _in_list(tokens, start):
            continue
        typed = before in b")" and _is_typeof(tokens, start - 1)
        typed = typed or (before in b"}" and _is_type_body(tokens, start - 1))
        extras: list[int] = []
        position = start
        for segment in match.group().split(b"*"):
            close = position + len(segment)
            following = tokens.at(close)
            if position > start and segment.count(b"i") < 2:
                # Behind a star, a single name may be a factor as well.
                position = close + 1
                continue
            extras += _extras(tokens, position, close, typed or position > start, following)
            position = close + 1
        spans += ((extra, _with_arguments(tokens, extra, end)) for extra in extras)
    return spans


def _alone(tokens: Tokens) -> list[_Span]:
    """Find macros on a line of their own before another: `BTF_ID_UNUSED`, then `BTF_ID(f, g)`."""
    spans: list[_Span] = []
    for match in _BEFORE_CALL.finditer(tokens.kinds):
        first, last = match.span()
        names = [tokens.word(index) for index in range(first, last + 1)]
        if len(names) == 1 or not all(name.isupper() for name in names):
            continue
        if tokens.text.find(b"\n", tokens.ends[last - 1], tokens.starts[last]) >= 0:
            spans.append((first, last))
    return spans


def _items(tokens: Tokens) -> list[_Span]:
    """Find macros that are fields, or statements, on a line of their own: no attributes of what
    stands below, `randomized_struct_fields_start`.
    """
    spans: list[_Span] = []
    for match in _ITEM.finditer(tokens.kinds):
        first, end = match.span()
        context = context_of(tokens, tokens.enclosing(first))
        if context == TOP:
            # Above a function it may be an attribute.
            if not tokens.word(first).isupper() or not _VARIABLE.match(tokens.kinds, first + 1):
                continue
        elif context not in (CODE, FIELDS) or (context == CODE and tokens.at(end) in b"}"):
            continue
        for index in range(first, end):
            word = tokens.word(index)
            if word[:2] == b"__" or is_type_name(word) or not _is_line(tokens, index):
                break
            if tokens.at(index + 1) in b"i" and tokens.at(index + 2) not in b"i*}":
                break
            spans.append((index, index + 1))
    return spans


def _is_line(tokens: Tokens, index: int) -> bool:
    """Say if a token is all that stands on its line."""
    text = tokens.text
    above = index == 0 or text.find(b"\n", tokens.ends[index - 1], tokens.starts[index]) >= 0
    return above and text.find(b"\n", tokens.ends[index], tokens.starts[index + 1]) >= 0


def _end_item(tokens: Tokens, edits: Edits, index: int) -> None:
    """Give a macro that stands alone its semicolon; without room, in the place of its last letter."""
    start, end = tokens.starts[index], tokens.ends[index]
    place = edits.space_between(end, tokens.starts[index + 1])
    edits.put(place if place >= 0 else max(end - 1, start + 1), b";")
    edits.mark(start, end, "statement")


def _listed(tokens: Tokens) -> list[_Span]:
    """Find macros before further declarators: `typedef struct s x, POINTER y;`."""
    spans: list[_Span] = []
    for match in _AFTER_COMMA.finditer(tokens.kinds):
        first = match.start() + 1
        around = tokens.enclosing(first)
        if around < 0 or (tokens.kinds[around] in b"{" and not is_list(tokens, around)):
            spans.append((first, first + 1))
    return spans


def _with_arguments(tokens: Tokens, extra: int, end: int) -> int:
    if extra == end - 1 and tokens.at(end) in b"(" and tokens.partner[end] > 0:
        return tokens.partner[end] + 1
    return extra + 1


def _extras(tokens: Tokens, start: int, end: int, typed: bool, following: int) -> list[int]:
    """List the identifiers for which the words from `start` to `end` have no use.

    `following` is the kind of the token after them: a star there means that no name of a variable
    or function is among them.
    """
    kinds = tokens.kinds[start:end]
    free = [start + offset for offset, kind in enumerate(kinds) if kind in b"i"]
    tag = kinds.find(b"s")
    extras: list[int] = []
    if tag >= 0:
        tags = _following_identifiers(kinds, tag + 1)
        if tags:
            name = tags[-1] if following in b"{" else tags[0]
            extras += [start + index for index in tags if index < name]
            free = [index for index in free if index > start + name or index < start + tags[0]]
        typed = True
    last_type = max(kinds.rfind(b"t"), tag)
    if last_type >= 0:
        typed = True
        extras += [index for index in free if index < start + last_type]
        free = [index for index in free if index > start + last_type]
    names = 0 if following in b"*" or (following in b"{" and tag >= 0) else 1
    keep = names + (0 if typed else 1)
    surplus = len(free) - keep
    if surplus <= 0:
        return extras
    return sorted(extras + _least_needed(tokens, free, surplus))


def _following_identifiers(kinds: bytes, index: int) -> list[int]:
    found = []
    while index < len(kinds) and kinds[index] in b"iq":
        if kinds[index] in b"i":
            found.append(index)
        index += 1
    return found


def _least_needed(tokens: Tokens, free: list[int], surplus: int) -> list[int]:
    """Choose which identifiers are attributes: those that look it, then the first; no `u32`."""
    suspects = [index for index in free if looks_like_attribute(tokens.word(index))]
    if len(suspects) > surplus:
        # `int NAME MACRO;` against `int MACRO NAME;`: a lower underscore tells, else the order.
        sure = [index for index in suspects if tokens.word(index)[:2] == b"__"]
        suspects = sure if len(sure) >= surplus else suspects
    chosen = suspects[:surplus]
    rest = [index for index in free[:-1] if index not in chosen]
    rest.sort(key=lambda index: is_type_name(tokens.word(index)))
    return chosen + rest[: surplus - len(chosen)]


def _in_list(tokens: Tokens, index: int) -> bool:
    """Say if a token is an element of a list, where macros may do without commas."""
    around = tokens.enclosing(index)
    return around >= 0 and tokens.kinds[around] in b"{" and is_list(tokens, around)


def _is_typeof(tokens: Tokens, closing: int) -> bool:
    opening = tokens.partner[closing]
    return opening > 0 and tokens.at(opening - 1) in b"T"


def _is_type_body(tokens: Tokens, closing: int) -> bool:
    opening = tokens.partner[closing]
    return opening > 0 and (
        tokens.at(opening - 1) in b"s" or (opening > 1 and tokens.at(opening - 2) in b"s")
    )


def _trailing(tokens: Tokens) -> list[_Span]:
    """Find unknown attributes after a declarator: `int f(void) WEIRD(x);`, `int x[2] WEIRD;`."""
    spans: list[_Span] = []
    for match in _AFTER_DECLARATOR.finditer(tokens.kinds):
        first = match.start() + 1
        end = first + 1
        if tokens.at(end) in b"(" and tokens.partner[end] > 0:
            end = tokens.partner[end] + 1
        if tokens.at(end) not in b";,={):":
            continue
        if not looks_like_attribute(tokens.word(first)):
            continue
        if _ends_declarator(tokens, first - 1):
            spans.append((first, end))
    return spans


def _ends_declarator(tokens: Tokens, closing: int) -> bool:
    """Say if a bracket ends a declarator, not a cast, a condition or a macro that stands alone."""
    opening = tokens.partner[closing]
    if opening < 1:
        return False
    before = tokens.at(opening - 1)
    if tokens.kinds[closing] in b"]":
        return before in b"i])" and tokens.at(opening - 2) in b"iqts*])"
    if before in b")":
        return tokens.at(tokens.partner[opening - 1] + 1) in b"*"
    return before in b"i" and tokens.at(opening - 2) in b"iqts*"
