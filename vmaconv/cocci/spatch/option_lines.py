# SPDX-License-Identifier: GPL-2.0-only
"""What the `# spatch --option` lines of a rule file may ask for.

In: the words of such lines. Out: those that choose how a rule is matched, and notes on those that
are passed over; a `SmplError` for what only the command line may say. A rule file may come from a
stranger: a line of it must not trust its own scripts, nor have anything else read, written or run.
"""

from __future__ import annotations

from collections.abc import Iterator

from vmaconv.cocci.smpl.rule import Place, RuleFile, SmplError
from vmaconv.cocci.spatch.arguments import UsageError
from vmaconv.cocci.spatch.spatch_options import Option, Recognised, recognised

_MATCHING = frozenset(
    (
        *("defines", "includes", "headers_for_types", "include_headers", "disabled_isos"),
        *("as_written", "keep_comments"),
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


def matching_words(file: RuleFile) -> tuple[list[str], list[str]]:
    """Return the words of a rule file's option lines that are obeyed, and notes on the others.

    `["-D", "patch", "-j", "4"]` gives the first two, and a note on `-j`. Words that are no
    options are passed over, as spatch does.

    Errors: `option-line` for an option that only the command line may have, or that is unknown.
    """
    obeyed: list[str] = []
    notes: list[str] = []
    words = file.spatch_options
    for at, place, found in _options(file):
        option = found.option
        if option is not None and option.field in _MATCHING:
            obeyed += words[at : at + found.width]
        elif option is not None and option.field in _PASSED_OVER:
            notes.append(
                f"{place.file}:{place.line}:{place.column + 1}: {words[at]} is passed over: "
                "the command line has to ask for it"
            )
        elif option is not None or _LENIENT not in words:
            raise _refused(words[at], option, place)
    return obeyed, notes


def _options(file: RuleFile) -> Iterator[tuple[int, Place, Recognised]]:
    words, at = file.spatch_options, 0
    while at < len(words):
        if not words[at].startswith("-") or words[at] == "-":
            at += 1
            continue
        try:
            found = recognised(words, at)
        except UsageError as error:
            place = file.option_places[at]
            raise SmplError("option-line", place, str(error), error.remedy) from None
        yield at, file.option_places[at], found
        at += found.width


def _refused(word: str, option: Option | None, place: Place) -> SmplError:
    if option is None:
        message = f"the option {word} of the rule file is unknown"
        return SmplError("option-line", place, message, "'vmaconv-spatch --help' lists them")
    message = f"a rule file may not ask for {word}: it only chooses how its rules are matched"
    return SmplError("option-line", place, message, f"give {word} on the command line")
