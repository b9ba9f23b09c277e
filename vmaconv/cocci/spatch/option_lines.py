# SPDX-License-Identifier: GPL-2.0-only
"""What option words may ask for that no command line says: lines of a rule file or a tree.

In: the words of such lines. Out: those that choose how a rule is matched, and notes on those that
are passed over; a `SmplError` for what only the command line may say. A rule file may come from a
stranger: a line of it must not trust its own scripts, nor have anything else read, written or run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from vmaconv.cocci.smpl.rule import RuleFile, RulePlace, SmplError
from vmaconv.cocci.spatch.arguments import UsageError
from vmaconv.cocci.spatch.spatch_options import (
    Option,
    Recognised,
    is_refused,
    recognised,
)
from vmaconv.cocci.text.clock import FILE_LIMIT

_MATCHING = frozenset(
    (
        *("defines", "includes", "headers_for_types", "include_headers", "disabled_isos"),
        *("as_written", "keep_comments", "loops", "gotos"),
        # What changes nothing here changes nothing from a rule file, either.
        *("engine", ""),
    )
)
"""Fields of `Arguments` that choose how a rule is matched, and how its own code is set."""

_PASSED_OVER = frozenset(
    (
        *("show_diff", "context", "verbosity", "unparsed", "selected_only"),
        *("timeout", "jobs", "ignore"),
    )
)
"""Fields that are the caller's choice and harm nobody: such a line is passed over, with a note."""

_LENIENT = "--ignore-unknown-options"

_MOST: Mapping[str, float] = {"timeout": FILE_LIMIT, "jobs": os.cpu_count() or 1}
"""Up to which number a source tree's own file may choose these."""


class Source(Struct, frozen=True):
    """Where option words stand that are no command line.

    `name` is what messages call it. `own` says that it is the user's, who may ask for anything;
    `tree` that it came with a source tree, which may choose a time limit and a number of processes.
    """

    name: str
    own: bool = False
    tree: bool = False


def matching_words(file: RuleFile) -> tuple[list[str], list[str]]:
    """Return the words of a rule file's option lines that are obeyed, and notes on the others.

    `["-D", "patch", "-j", "4"]` gives the first two, and a note on `-j`. Words that are no
    options are passed over, as spatch does.

    Errors: `option-line` for an option that only the command line may have, or that is unknown.
    """
    return chosen(file.spatch_options, file.option_places, Source("a rule file"))


def chosen(
    words: Sequence[str], places: Sequence[RulePlace], source: Source
) -> tuple[list[str], list[str]]:
    """Return the words that are obeyed, and notes on the others; errors as of `matching_words`."""
    obeyed: list[str] = []
    notes: list[str] = []
    for at, place, found in _options(words, places):
        option = found.option
        if option is not None and _may_ask(option, found.value, source):
            obeyed += words[at : at + found.width]
        elif option is not None and option.field in _PASSED_OVER:
            notes.append(
                f"{place.file}:{place.line}:{place.column + 1}: {words[at]} is passed over: "
                "the command line has to ask for it"
            )
        elif option is not None or _LENIENT not in words:
            raise _refused(words[at], option, place, source)
    return obeyed, notes


def _may_ask(option: Option, value: str, source: Source) -> bool:
    if source.own or option.field in _MATCHING:
        return True
    if option.kind == "optional":
        # A file that is not there is not looked at, whoever asks.
        return not Path(value).exists()
    most = _MOST.get(option.field) if source.tree else None
    return most is not None and value.isdecimal() and 0 < int(value) <= most


def _options(
    words: Sequence[str], places: Sequence[RulePlace]
) -> Iterator[tuple[int, RulePlace, Recognised]]:
    at = 0
    while at < len(words):
        if not words[at].startswith("-") or words[at] == "-":
            at += 1
            continue
        try:
            found = recognised(words, at)
        except UsageError as error:
            raise SmplError("option-line", places[at], str(error), error.remedy) from None
        yield at, places[at], found
        at += found.width


def _refused(word: str, option: Option | None, place: RulePlace, source: Source) -> SmplError:
    if option is None:
        if is_refused(word):
            message = f"the option {word} is spatch's, and not done here"
            return SmplError("option-line", place, message, "take it out, or run spatch")
        message = f"the option {word} of {source.name.replace('a rule', 'the rule')} is unknown"
        return SmplError("option-line", place, message, "'vmaconv-spatch --help' lists them")
    message = f"{source.name} may not ask for {word}: it only chooses how its rules are matched"
    return SmplError("option-line", place, message, f"give {word} on the command line")
