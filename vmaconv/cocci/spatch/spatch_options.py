# SPDX-License-Identifier: GPL-2.0-only
"""spatch's options: which there are, what follows them, and what becomes of them here.

In: the words of a command line. Out: `Arguments`, or a `UsageError`.

The words are read by hand, since spatch's way with them is nobody else's: `-very_quiet` is
`--very-quiet`, `-I dir` has its value apart, `-j4` may not, a file that ends in `.cocci` is the
rule file, and of what is given twice the last counts. Names and effects are those of spatch 1.1.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cocci.spatch.arguments import Arguments, UsageError


class Option(Struct, frozen=True):
    """An option: its names, what follows it, and the field of `Arguments` that it sets.

    `kind` is `flag` (sets `value`), `path`, `folder`, `text`, `number`, or `paths` and `texts`,
    which add to what was given before; `optional` is a path that need not exist. Without a field,
    the option is taken and changes no result; `shows` then says that spatch prints more with it.
    """

    names: tuple[str, ...]
    kind: str
    field: str = ""
    meaning: str = ""
    value: object = True
    shows: bool = False

    @property
    def takes_value(self) -> bool:
        """Whether a word follows."""
        return self.kind != "flag"


class Recognised(Struct, frozen=True):
    """A word of a command line: its full name, the option, its value, and how many words it took.

    `option` is None for a name that is not known.
    """

    name: str
    option: Option | None
    value: str
    width: int


def _flag(names: str, field: str = "", meaning: str = "", value: object = True) -> Option:
    return Option(tuple(names.split()), "flag", field, meaning, value)


def _with(names: str, kind: str, field: str = "", meaning: str = "") -> Option:
    return Option(tuple(names.split()), kind, field, meaning)


def _names(text: str) -> list[str]:
    return text.split()


_OWN: tuple[Option, ...] = (
    _with("--sp-file --cocci-file --cocci", "path", "rule_path", "the semantic patch"),
    _with("--sp-dir", "path", "rule_folder", "all semantic patches below a folder, in one run"),
    _with("--sp", "text", "rule_text", "a semantic patch on the command line: '-f(x)'"),
    _with("--dir", "folder", "folder", "process all C files below a folder"),
    _with("--opt-c", "optional", "files", "a C file to process if it exists"),
    _with("--file-groups", "path", "file_groups", "process the groups of files listed in a file"),
    _with("-o", "path", "output", "write the new text of the one changed file there"),
    _flag("--in-place", "in_place", "write changed files"),
    _flag("--out-place", "out_place", "write FILE.cocci_res beside each changed file"),
    _with("--suffix --backup-suffix", "text", "suffix", "keep the old file under FILESUFFIX"),
    _with("-D", "texts", "defines", "NAME of a virtual rule, or NAME=VALUE"),
    _with("--jobs -j", "number", "jobs", "number of worker processes"),
    _flag("--no-show-diff", "show_diff", "print no diff", False),
    _flag("--show-diff --force-diff", "show_diff", "print a diff (default)"),
    _with("-U", "number", "context", "lines of context in the diff"),
    _with("--patch", "text", "patch", "folder that the diff's names start from"),
    _with("--ignore", "texts", "ignore", "leave out files whose path starts so"),
    _flag("--no-includes", "includes", "read no headers", "no"),
    _flag("--local-includes", "includes", 'match in #include "x.h", too', "local"),
    _flag("--all-includes", "includes", "match in all headers that a file includes", "all"),
    _flag("--recursive-includes", "includes", "and those that headers include", "recursive"),
    _flag("--include-headers-for-types", "headers_for_types", "only read types in headers"),
    _flag("--include-headers", "include_headers", "process headers below --dir, too"),
    _with("-I", "paths", "include_folders", "where headers are"),
    _with("--include", "paths", "included", "a header that each file is taken to include"),
    _with("--macro-file --macro-file-builtins", "paths", "macro_files", "#defines of macros"),
    _with("--iso-file --iso", "path", "iso_file", "the isomorphisms (standard: our own file)"),
    _with("--disable-iso", "texts", "disabled_isos", "switch off an isomorphism"),
    _with("--timeout", "number", "timeout", "seconds for each file, 0 for no limit (300)"),
    _with("--index", "number", "index", "which part of the files to take, from 0"),
    _with("--max", "number", "maximum", "how many parts there are"),
    _flag("--mod-distrib", "modulo", "deal the files out to the parts one by one"),
    _flag("--verbose-parsing --parse-error-msg", "unparsed", "name functions that do not parse"),
    _flag("--selected-only", "selected_only", "only name the files that would change"),
    _flag("--very-quiet", "verbosity", "print results and errors alone", 0),
    _flag("--quiet", "verbosity", "also name the files", 1),
    _flag("--trust-scripts", "trust_scripts", "run script blocks whatever they do"),
    _flag("--linux-spacing", "as_written", "set plus code in kernel style (default)", False),
    _flag("--smpl-spacing", "as_written", "print plus code with the rule's own lines and blanks"),
    _flag("--keep-comments", "keep_comments", "keep comments above lines that are removed"),
    _flag("--no-loops", "loops", "run a loop at most once: no path back to its head", False),
    _flag("--no-gotos", "gotos", "a goto continues at the statement below it", False),
    _flag("--python2", "python2", "read script blocks as Python 2"),
    _flag("--ignore-ocaml", "ignore_ocaml", "run rules that depend on OCaml scripts, too"),
    _flag("--account", "action", "count where rules match and why not, change nothing", "account"),
    _flag("--parse-cocci", "action", "read the semantic patch and stop", "parse-cocci"),
    _flag("--parse-c --parse-h --parse-ch --parse", "action", "say how C files parse", "parse-c"),
    _flag("--print-options-only", "action", "print the options and stop", "options"),
    _flag("--version --date", "action", "print the version", "version"),
    _flag("--help --longhelp --shorthelp", "action", "print this", "help"),
)

# What these ask for is so anyway, or makes spatch faster and changes no result.
_IDLE_FLAGS = _names("""
--no-scanner --use-gitgrep --use-glimpse --use-idutils --use-coccigrep --no-include-cache
--ifdef-to-if --use-cache --no-iso-limit --ignore-unknown-options --disable-worth-trying-opt
""")
_IDLE_VALUES = _names("--chunksize --tmp-dir --temp-files --cache-prefix --cache-limit")
# Views of spatch's inside: there is nothing of ours to show, and that is said.
_TRACE_FLAGS = _names("""
--save-tmp-files --debug --pad --show-flow --ctl-inline-let --ctl-show-mcodekind --show-bindings
--show-transinfo --show-misc --show-trying --show-dependencies --verbose-ctl-engine --verbose-match
--verbose-engine --graphical-trace --gt-without-label --verbose-includes --verbose-cocci-parsing
--type-error-msg --show-c --show-cocci --show-before-fixed-flow --show-ctl-tex --show-ctl-text
--show-SP --debug-cpp --debug-lexer --debug-etdt --debug-typedef --filter-msg --filter-define-error
--filter-msg-define-error --filter-passed-level --debug-unparsing --debug-parse-cocci --profile
--profile-per-file --profile-iso --track-iso --disable-once --show-trace-profile
""")
_TRACE_VALUES = _names("--bench")
# spatch may find or print something else with these, and nobody would see that we did not.
_REFUSED_FLAGS = _names("""
--loop --no-saved-typedefs --no-ifdef-to-if --disable-multi-pass
--noif0-passing --itu --noadd-typedef-root --disallow-nested-exps --disallow-nested-types
--only-return-is-error-exit --allow-inconsistent-paths --no-safe-expressions --c++ --ibm
--force-kr --prevent-kr -c --relax-include-path --test-spacing --no-update-score-file
--compare-with-expected --l1 --debugger
""")
_REFUSED_VALUES = _names("""
--iso-limit --defined --undefined --indent --max-width --steps --python --pyoutput
--parse-handler --external-analysis-file
""")
# Whole other programs, or other meanings of the rule file.
_OTHER_PROGRAMS = _names("""
--reverse --partial-match --preprocess --kbuild-info --test --testall --test-okfailed
--test-regression-okfailed --tokens-c --parse-i --parse-c++ --control-flow --control-flow-to-file
--test-cfg-ifdef --parse-unparse --type-c --compare-c --comment-annotater-c --compare-c-hardcoded
--test-attributes --test-cpp --extract-macros --extract-macros-select --xxx --rule-dependencies
--expected-extension --expected-score-file --expected-spacing-score-file --use-diff
--use-patch-diff --ctestall --cpptestall
""")
_REFUSED = frozenset((*_REFUSED_FLAGS, *_REFUSED_VALUES, *_OTHER_PROGRAMS))
_ENGINE_FLAGS = ["--ocaml-regexps"]
_ENGINE_VALUES = ["--int-bits", "--long-bits"]
_JOINED = "--c++="
"""`--c++=11`: the one option that spatch joins to its value."""


def _all() -> Iterator[Option]:
    yield from _OWN
    yield from (Option((name,), "flag") for name in _IDLE_FLAGS)
    yield from (Option((name,), "text") for name in _IDLE_VALUES)
    yield from (Option((name,), "flag", shows=True) for name in _TRACE_FLAGS)
    yield from (Option((name,), "text", shows=True) for name in _TRACE_VALUES)
    yield from (Option((name,), "flag", "engine") for name in _ENGINE_FLAGS)
    yield from (Option((name,), "text", "engine") for name in _ENGINE_VALUES)


TABLE: Mapping[str, Option] = {name: option for option in _all() for name in option.names}


def parse(words: Sequence[str]) -> Arguments:
    """Read a command line; raise `UsageError` for one that is not understood.

    `["--sp-file", "a.cocci", "-D", "patch", "--dir", "mm"]` gives the rule file `a.cocci`, one
    define and the folder `mm`.
    """
    return _OptionReader(words).read()


def with_file_options(
    arguments: Arguments, words: Sequence[str], given: Sequence[str]
) -> Arguments:
    """Return the arguments that a rule file's `#spatch` lines and then the command line ask for.

    `words` are those that `option_lines` lets pass, and `given` are those of the command line.
    """
    return _OptionReader([*words, *given]).read() if words else arguments


def recognised(words: Sequence[str], at: int) -> Recognised:
    """Return what the word at `at`, which begins with `-`, means together with the next.

    Raises `UsageError` for a value that is missing, or one too many.
    """
    word = words[at]
    name, joined = spelt(word), None
    if name.startswith(_JOINED):
        return Recognised("--c++", None, "", 1)
    if name not in TABLE and name.startswith("--j") and name[3:].isdecimal():
        name, joined = "-j", name[3:]  # -j4
    elif name not in TABLE and "=" in name:
        name, _, joined = name.partition("=")
        joined = word.partition("=")[2]
    option = TABLE.get(name)
    if option is None:
        return Recognised(name, None, "", 1)
    if not option.takes_value:
        if joined is not None:
            raise UsageError(f"option '{name}' takes no value")
        return Recognised(name, option, "", 1)
    if joined is not None:
        return Recognised(name, option, joined, 1)
    if at + 1 == len(words):
        raise UsageError(f"option '{word}' needs an argument.")
    return Recognised(name, option, words[at + 1], 2)


def is_refused(word: str) -> bool:
    """Return whether a word is an option of spatch's that is not done here."""
    name = spelt(word)
    return name in _REFUSED or name.partition("=")[0] in _REFUSED


def spelt(word: str) -> str:
    """Return an option as spatch spells it: `-very_quiet` as `--very-quiet`, `-o` as it is."""
    if len(word) > 2 and not word.startswith("--"):
        word = "-" + word
    return word.replace("_", "-") if word.startswith("--") else word


def usage() -> str:
    """Return the help: what the options do that do something."""
    lines = [USAGE, "", "Options:"]
    for option in _OWN:
        what = {"flag": "", "number": " N", "text": " TEXT", "texts": " TEXT"}
        head = f"  {', '.join(option.names)}{what.get(option.kind, ' PATH')}"
        if len(head) < _COLUMN:
            lines.append(f"{head:{_COLUMN}}{option.meaning}")
        else:
            lines += [head, f"{'':{_COLUMN}}{option.meaning}"]
    return "\n".join([*lines, "", _ALSO]) + "\n"


USAGE = "Usage: vmaconv-spatch --sp-file RULES.cocci (FILE.c... | --dir FOLDER) [...]"
_COLUMN = 27
_ALSO = """\
spatch's other options are accepted where they cannot change a result: those
for speed, and, with a note, those that print internals. An option that could
change a result and is not implemented is refused."""


class _OptionReader:
    """Reads the words of one command line."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = list(words)
        self._set: dict[str, object] = {}
        self._files: list[str] = []
        self._notes: list[str] = []
        self._lenient = False

    def read(self) -> Arguments:
        at = 0
        while at < len(self._words):
            at += self._take(at)
        self._set["files"] = tuple(self._files)
        return replace(Arguments(), notes=tuple(dict.fromkeys(self._notes)), **self._set)

    def _take(self, at: int) -> int:
        """Take the word at `at`, and return how many words that were."""
        word = self._words[at]
        if not word.startswith("-") or word == "-":
            self._positional(word)
            return 1
        found = recognised(self._words, at)
        if found.name == "--ignore-unknown-options":
            self._lenient = True
        if found.option is None:
            return self._unknown(word, found.name)
        self._store(found.name, found.option, found.value)
        return found.width

    def _positional(self, word: str) -> None:
        if word.endswith(".cocci"):
            self._set["rule_path"] = Path(word)
        else:
            self._files.append(word)

    def _unknown(self, word: str, name: str) -> int:
        if self._lenient:
            return 1
        if name in _REFUSED:
            remedy = "leave it out; --ignore-unknown-options before it does without, too"
            raise UsageError(f"option '{word}' is spatch's, and not done here", remedy)
        short = word[:2]
        if short in TABLE and not word.startswith("--"):
            raise UsageError(f"unknown option '{word}'.", f"write '{short} {word[2:]}'")
        from difflib import get_close_matches  # only here: it is slow to import

        near = get_close_matches(name, [*TABLE], 1)
        raise UsageError(f"unknown option '{word}'.", f"did you mean '{near[0]}'?" if near else "")

    def _store(self, name: str, option: Option, text: str) -> None:
        if not option.field:
            if option.shows:
                self._notes.append(name)
            return
        if option.field == "engine":
            self._add(option.field, name, *([text] if option.takes_value else []))
            return
        match option.kind:
            case "flag":
                self._set[option.field] = option.value
            case "path":
                self._set[option.field] = Path(text)
            case "text" | "folder":
                self._set[option.field] = text
            case "paths":
                self._add(option.field, Path(text))
            case "texts":
                self._add(option.field, text)
            case "optional":
                self._files += [text] if Path(text).exists() else []
            case _:
                self._set[option.field] = _number(name, text)

    def _add(self, field: str, *values: object) -> None:
        before = self._set.get(field, ())
        assert isinstance(before, tuple)
        self._set[field] = (*before, *values)


def _number(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        message = f"wrong argument '{text}'; option '{name}' expects an integer."
        raise UsageError(message) from None
