# SPDX-License-Identifier: GPL-2.0-only
"""The rules to run, and the files to run them on.

In: `Arguments`, a rule file and the file system. Out: a `Job`; `JobError` where a command line asks
for what is not there, in spatch's words and with its exit status; `SmplError` for a faulty rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cocci.engine.program import Program, compile_file, may_run
from vmaconv.cocci.match.search import BUILT_IN
from vmaconv.cocci.script.script_values import Iterate
from vmaconv.cocci.shim.macros import MacroNames, defined_names
from vmaconv.cocci.smpl.isofile import Isomorphism
from vmaconv.cocci.smpl.parse import parse_file, parse_text
from vmaconv.cocci.smpl.rule import CodeRule, RuleFile, RulePlace, ScriptRule, SmplError
from vmaconv.cocci.smpl.shipped_isomorphisms import (
    isomorphisms_of,
    named_isomorphisms,
    standard_isomorphisms,
)
from vmaconv.cocci.spatch.arguments import Arguments
from vmaconv.cocci.spatch.file_groups import (
    Includes,
    LineRange,
    file_groups,
    in_folder,
    share,
)
from vmaconv.cocci.spatch.option_lines import matching_words
from vmaconv.cocci.spatch.run_folders import check_iteration, readable_folders
from vmaconv.cocci.spatch.spatch_options import with_file_options
from vmaconv.cocci.text.c_lexer import lex
from vmaconv.cocci.text.confinement import Confinement
from vmaconv.cocci.text.tree_file import read_regular

FAILED, NOT_READ = 255, 2
"""spatch's exit statuses: for an error that it looks for, and for one that it does not."""


class JobError(Exception):
    """What keeps a run from beginning, with the exit status that spatch has for it."""

    def __init__(self, message: str, status: int = FAILED) -> None:
        super().__init__(message)
        self.status = status


class NothingApplies(JobError):
    """A rule file of which nothing could ever be printed or changed, as the command line has it."""


class Job(Struct, frozen=True):
    """A rule file, groups of files, and what to do with them.

    The files of a group are looked at together: what a rule binds in one, later rules see in all.
    """

    program: Program
    rules: RuleFile
    """The rule file as it was read, with the rules that hang on scripts which are not run."""
    arguments: Arguments
    groups: Sequence[tuple[str, ...]]
    includes: Includes
    macros: MacroNames = MacroNames()
    warnings: tuple[str, ...] = ()
    undecided: bool = False
    """Whether rules are left out that hang on scripts which are not run."""
    isomorphisms: Sequence[Isomorphism] = ()
    """Those that the program was compiled with."""


def rules_of(arguments: Arguments) -> RuleFile:
    """Parse the rule file or the rule text that a command line names, scripts included."""
    if arguments.rule_text is not None:
        rule_file = parse_text(written_out(arguments.rule_text), "--sp")
    elif arguments.rule_path is not None:
        if not arguments.rule_path.is_file():
            raise JobError(f"{arguments.rule_path}: No such file or directory", NOT_READ)
        rule_file = parse_file(arguments.rule_path)
    else:
        raise JobError("no rule file: give --sp-file RULES.cocci")
    if "ocaml" in rule_file.languages():
        # Few rule files have any.
        from vmaconv.cocci.spatch.ocaml_blocks import in_python

        rule_file = in_python(rule_file)
    if arguments.python2:
        from vmaconv.cocci.script.python2 import modernised

        rule_file = modernised(rule_file)
    errors = _script_errors(_that_may_run(rule_file, arguments), arguments.trust_scripts)
    late = [error for error in errors if _comes_late(error, rule_file)]
    if len(late) != len(errors) or (late and arguments.action == "parse-cocci"):
        raise next(error for error in errors if error not in late or late == errors)
    return replace(rule_file, warnings=(*rule_file.warnings, *map(_late, late)))


def _late(error: SmplError) -> SmplError:
    """Return what is said ahead of a block that cannot run."""
    message = f"{error.message}; the run ends where this block is to run; give --python2"
    return SmplError(error.code, error.place, message, error.remedy, error.source_line)


PYTHON2 = "script-python2"
"""The code of errors in blocks that are Python 2, which matter where such a block is to run."""


def _comes_late(error: SmplError, rule_file: RuleFile) -> bool:
    """Whether an error matters only where a block runs, as in spatch: the block is Python 2.

    What Python 3 takes and then fails at, such as `xrange`, is told at once.
    """
    if error.code != PYTHON2:
        return False
    return any(
        isinstance(rule, ScriptRule)
        and rule.phase == "script"
        and rule.place.file == error.place.file
        and rule.place.line <= error.place.line <= rule.source_line + rule.code.count("\n")
        and not _is_python3(rule)
        for rule in rule_file.rules
    )


def _is_python3(rule: ScriptRule) -> bool:
    from vmaconv.cocci.script import block_compiler  # most rule files have no error

    try:
        block_compiler.parse(rule.code, rule.place.file, rule.source_line, trusted=True)
    except SmplError:
        return False
    return True


def _that_may_run(rule_file: RuleFile, arguments: Arguments) -> RuleFile:
    """Return a rule file without the blocks that virtual rules switch off: nothing reads those."""
    named = {*arguments.defines, *rule_file.spatch_options}
    on = frozenset(name for name in rule_file.virtual if name in named)
    kept = [
        rule
        for rule in rule_file.rules
        if isinstance(rule, CodeRule) or may_run(rule, rule_file.virtual, on)
    ]
    return replace(rule_file, rules=tuple(kept))


def written_out(text: str) -> str:
    r"""Return the rule file that `--sp` means: `-f(x) +g(x)` with its marks at line starts.

    >>> written_out("- f(1)\n+ g(1)")
    '@@\n@@\n- f(1)\n+ g(1)\n'
    """
    marked = any(line[:1] in ("-", "+", "*", "@") for line in text.split("\n"))
    body = text if marked else f"* {text}"
    return f"{body}\n" if body.startswith("@") else f"@@\n@@\n{body}\n"


Walked = dict[object, list[tuple[str, ...]]]
"""The groups of files that some arguments come to, by these arguments."""


def job_of(
    given: Arguments, rule_file: RuleFile, words: Sequence[str], walked: Walked | None = None
) -> Job:
    """Make ready what a command line asks for; `words` are those of the command line itself.

    Several that ask for the same files take the same `walked`: folders are walked once.
    """
    own, passed_over = matching_words(rule_file)
    arguments = _placed(with_file_options(given, own, words))
    if arguments.includes == "types" and _asks_for_types(rule_file):
        # As spatch has it: where types count, local headers are looked into as well.
        arguments = replace(arguments, includes="local")
    engine = (*own, *given.engine)
    warnings: list[str] = []
    if arguments.verbosity:
        warnings += passed_over
        warnings += [f"warning: {warning}" for warning in rule_file.warnings]
        warnings += foreign_scripts(rule_file)
    read = rule_file
    rule_file, undecided = _decided(read, arguments)
    warnings += undecided
    isos = _isomorphisms(arguments, warnings)
    virtual, values = _defines(arguments.defines, rule_file)
    check_isomorphisms(rule_file, {iso.name for iso in isos} | set(arguments.disabled_isos))
    program = compile_file(replace(rule_file, spatch_options=engine), isos, virtual, values)
    _check_any(program, undecided)
    walked = {} if walked is None else walked
    asked = (
        arguments.file_groups,
        arguments.folder,
        arguments.files,
        tuple(arguments.ignore),
        arguments.include_headers,
    )
    if asked not in walked:
        walked[asked] = _groups(arguments)
    groups = walked[asked]
    return Job(
        program,
        read,
        arguments,
        share(groups, arguments.index, arguments.maximum, arguments.modulo),
        _includes(arguments, groups),
        _macros(arguments.macro_files, warnings),
        tuple(warnings),
        bool(undecided),
        isos,
    )


def again(first: Job, asked: Iterate) -> Job:
    """Make ready a further run that a script asked for, as a changed command line would.

    Raises `JobError` where it names a file that is not there, or virtual rules that leave nothing.
    """
    arguments = replace(first.arguments, index=None, maximum=None)
    if asked.files is not None:
        if not arguments.trust_scripts:
            check_iteration(asked, arguments, first.groups)
        named = replace(arguments, files=asked.files, folder=None, file_groups=None)
        arguments = _placed(named)
    isos = _isomorphisms(arguments, [])
    virtual, values = frozenset(asked.virtual_rules), dict(asked.virtual_identifiers)
    # Of the rules as they were read: the first run may have taken some out.
    rules, undecided = _decided(first.rules, arguments)
    fresh = replace(rules, spatch_options=first.program.file.spatch_options)
    program = compile_file(fresh, isos, virtual, values)
    _check_any(program, undecided)
    # What the run before wrote to headers is to be seen.
    groups = _groups(arguments)
    includes = _includes(arguments, groups) if arguments.in_place else first.includes
    return replace(first, program=program, arguments=arguments, groups=groups, includes=includes)


def check_scripts(rule_file: RuleFile, trusted: bool) -> None:
    """Read the script blocks before anything runs; raise the first error."""
    errors = _script_errors(rule_file, trusted)
    if errors:
        raise errors[0]


def _script_errors(rule_file: RuleFile, trusted: bool) -> list[SmplError]:
    if not any(isinstance(rule, ScriptRule) for rule in rule_file.rules):
        return []
    # LibCST takes a tenth of a second to load: not for rule files without scripts.
    from vmaconv.cocci.script.cache import Cache
    from vmaconv.cocci.script.script_check import check_file

    return check_file(rule_file, trusted=trusted, cache=Cache.of_user())


def _includes(arguments: Arguments, groups: Sequence[tuple[str, ...]]) -> Includes:
    return Includes(
        arguments.include_folders,
        arguments.includes,
        arguments.included,
        Confinement(readable_folders(arguments, groups)),
    )


def foreign_scripts(rule_file: RuleFile) -> list[str]:
    """Name the script blocks that are passed over, for they are not in Python."""
    return [
        f"{rule.place.file}:{rule.place.line}:1: {rule.language} scripts are not supported: "
        "this one is passed over"
        for rule in rule_file.rules
        if isinstance(rule, ScriptRule) and rule.language != "python"
    ]


def check_isomorphisms(rule_file: RuleFile, known: set[str]) -> None:
    """Raise `SmplError` for a rule that disables an isomorphism that there is not."""
    added = named_isomorphisms(rule_file.isomorphisms, RulePlace(rule_file.path, 1, 0))
    for rule in rule_file.rules:
        added += named_isomorphisms(rule.using, rule.place) if isinstance(rule, CodeRule) else []
    names = known | BUILT_IN | {"all"} | {iso.name for iso in added}
    for rule in rule_file.rules:
        for name in rule.disable if isinstance(rule, CodeRule) else ():
            if name not in names:
                from difflib import get_close_matches  # only here: it is slow to import

                near = get_close_matches(name, sorted(names), 1)
                raise SmplError(
                    "unknown-isomorphism",
                    rule.place,
                    f"invalid iso name {name} in {rule.name}",
                    f"did you mean {near[0]}?" if near else "name one of the isomorphism file",
                )


def _isomorphisms(arguments: Arguments, warnings: list[str]) -> list[Isomorphism]:
    isos = list(standard_isomorphisms())
    if arguments.iso_file is not None:
        isos = []
        try:
            isos = isomorphisms_of(arguments.iso_file)
        except OSError:
            warnings.append(f"warning: Can't find default iso file: {arguments.iso_file}")
    for name in arguments.disabled_isos:
        if name not in {iso.name for iso in isos}:
            raise JobError(f"invalid iso name {name}: no isomorphism has it")
    return [iso for iso in isos if iso.name not in arguments.disabled_isos]


def _defines(defines: Sequence[str], rule_file: RuleFile) -> tuple[frozenset[str], dict[str, str]]:
    """Return the virtual rules that are on, and the values of virtual identifiers."""
    virtual, values = set[str](), dict[str, str]()
    for define in defines:
        name, equals, value = define.partition("=")
        if equals:
            values[name] = value
        elif name in rule_file.virtual:
            virtual.add(name)
        else:
            declared = ", ".join(rule_file.virtual)
            known = f"it declares {declared}" if declared else "it declares none"
            raise JobError(f"virtual rule {name} not supported by {rule_file.path}: {known}")
    return frozenset(virtual), values


def _decided(rule_file: RuleFile, arguments: Arguments) -> tuple[RuleFile, list[str]]:
    """Return a rule file without what hangs on OCaml blocks, and a line for each such rule."""
    if "ocaml" not in rule_file.languages():
        return rule_file, []
    from vmaconv.cocci.spatch.ocaml_blocks import ignored, without_undecided

    return (ignored(rule_file), []) if arguments.ignore_ocaml else without_undecided(rule_file)


def _asks_for_types(rule_file: RuleFile) -> bool:
    """Whether a metavariable has a type, or has to be a pointer."""
    rules = (rule for rule in rule_file.rules if isinstance(rule, CodeRule))
    return any(meta.ctype or meta.pointer for rule in rules for meta in rule.metavariables)


def _check_any(program: Program, undecided: Sequence[str]) -> None:
    """Raise `JobError` if nothing of a rule file could ever be printed or changed."""
    if any(_has_effect(rule, program) for rule in program.file.rules):
        return
    declared = program.file.virtual
    hint = f": give -D {' or -D '.join(declared)}" if declared else ""
    lead = "".join(f"{line}\n" for line in undecided)
    raise NothingApplies(
        f"{lead}No rules apply.  Perhaps the semantic patch has no +/-/* code and no script, or its "
        f"rules depend on virtual rules that are not on{hint}"
    )


def _has_effect(rule: CodeRule | ScriptRule, program: Program) -> bool:
    if not may_run(rule, program.file.virtual, program.virtual):
        return False
    return isinstance(rule, ScriptRule) or rule.changes or rule.star


def _macros(paths: Sequence[Path], warnings: list[str]) -> MacroNames:
    """Return the macros that macro files define: attributes and iterators."""
    found = MacroNames()
    for path in paths:
        try:
            text = read_regular(path)
        except OSError:
            warnings.append(f"warning: Can't find default macro file: {path}")
            continue
        found |= defined_names(text, lex(text).directives)
    return found


def _placed(arguments: Arguments) -> Arguments:
    """Take one folder among the files for --dir, --dir with a file for that file; check --index."""
    folder, files = arguments.folder, arguments.files
    if folder is not None and Path(folder).is_file():
        arguments = replace(arguments, folder=None, files=(*files, folder))
    elif folder is None and len(files) == 1 and Path(files[0]).is_dir():
        arguments = replace(arguments, folder=files[0], files=())
    index, maximum = arguments.index, arguments.maximum
    if (index is None) != (maximum is None):
        raise JobError("inconsistent distribution information: give --index and --max together")
    if index is not None and maximum is not None and not 0 <= index < maximum:
        raise JobError("index starts at 0, and so must be less than max")
    return arguments


def _groups(arguments: Arguments) -> list[tuple[str, ...]]:
    """Return the files to look at, those that belong together side by side."""
    folder, files = arguments.folder, arguments.files
    if arguments.file_groups is not None:
        if not arguments.file_groups.is_file():
            raise JobError(f"{arguments.file_groups}: No such file or directory", NOT_READ)
        try:
            return file_groups(arguments.file_groups)
        except LineRange as error:
            raise JobError(f"{arguments.file_groups}:{error}") from None
    for path in files if folder is None else [folder, *files]:
        if not Path(path).exists():
            raise JobError(f"ERROR: File {path} does not exist: No such file or directory")
    groups = [files] if files else []
    if folder is not None:
        groups += [(p,) for p in in_folder(folder, arguments.ignore, arguments.include_headers)]
    return groups
