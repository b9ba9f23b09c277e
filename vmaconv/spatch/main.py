"""From spatch's options to a job, and from its reports to output.

In: `Arguments`. Out: an exit status; text on the streams that are given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import BinaryIO, TextIO

from vmaconv.atomic import write_whole
from vmaconv.engine.program import compile_file
from vmaconv.library import isomorphisms_of, standard_isomorphisms
from vmaconv.smpl.parse import parse_file
from vmaconv.smpl.rule import RuleFile, ScriptRule, SmplError
from vmaconv.spatch.files import Includes, in_folders, share
from vmaconv.spatch.run import Job, Report, run

OK, FAILED = 0, 255


@dataclass(frozen=True, slots=True)
class Arguments:
    """spatch's command line; the fields are named after its options."""

    rule_path: str | None
    files: tuple[Path, ...] = ()
    folder: Path | None = None
    output: Path | None = None
    in_place: bool = False
    defines: tuple[str, ...] = ()
    jobs: int = 1
    no_show_diff: bool = False
    context: int = 3
    patch: str | None = None
    ignore: tuple[str, ...] = ()
    no_includes: bool = False
    all_includes: bool = False
    recursive_includes: bool = False
    include_headers: bool = False
    include_folders: tuple[Path, ...] = ()
    iso_file: Path | None = None
    disable_iso: tuple[str, ...] = ()
    timeout: float = 300.0
    index: int | None = None
    maximum: int | None = None
    parse_cocci: bool = False
    parse_c: bool = False
    trust_scripts: bool = False

    @classmethod
    def of(cls, rule_path: str | None, options: Mapping[str, object]) -> Arguments:
        """Take from `options` those that are known here."""
        known = {f.name for f in fields(cls)}
        return cls(rule_path, **{k: v for k, v in options.items() if k in known})  # type: ignore[arg-type]


def main(arguments: Arguments, out: BinaryIO, err: TextIO) -> int:
    """Do what the command line asks for and return the exit status."""
    if arguments.parse_c:
        return _parse_c(arguments, out)
    if arguments.rule_path is None:
        err.write("vmaconv-spatch: no rule file: give --sp-file FILE.cocci\n")
        return FAILED
    try:
        job = _job(arguments)
    except SmplError as error:
        err.write(_shown(error))
        return FAILED
    except OSError as error:
        err.write(f"ERROR: {error.filename}: {error.strerror}\n")
        return FAILED
    if arguments.parse_cocci:
        return OK
    missing = [path for path in job.files if not path.exists()]
    if missing:
        err.write(f"ERROR: File {missing[0]} does not exist: No such file or directory\n")
        return FAILED
    status = OK
    for report in run(job):
        status = _print(report, job, arguments, out, err) or status
    return status


def _print(report: Report, job: Job, arguments: Arguments, out: BinaryIO, err: TextIO) -> int:
    out.write(report.printed.encode(errors="surrogateescape"))
    out.write(report.diff)
    out.flush()
    for complaint in report.complaints:
        err.write(complaint + "\n")
    result = report.result
    if result is not None and arguments.output is not None and not result.starred:
        if result.text != result.before:
            write_whole(arguments.output, result.text)
    elif result is not None and job.in_place and result.text != result.before:
        write_whole(report.path, result.text)
    return report.status or OK


def _job(arguments: Arguments) -> Job:
    assert arguments.rule_path is not None
    rule_file = parse_file(Path(arguments.rule_path))
    _check_scripts(rule_file, arguments.trust_scripts)
    options = _file_options(rule_file.spatch_options)
    isos = standard_isomorphisms()
    if arguments.iso_file is not None:
        isos = isomorphisms_of(arguments.iso_file)
    isos = [iso for iso in isos if iso.name not in arguments.disable_iso]
    virtual, words = set[str](), dict[str, str]()
    for define in (*arguments.defines, *options.defines):
        name, equals, value = define.partition("=")
        if equals:
            words[name] = value
        else:
            virtual.add(name)
    program = compile_file(rule_file, isos, frozenset(virtual), words)
    files = list(arguments.files)
    folder = arguments.folder
    if folder is None and len(files) == 1 and files[0].is_dir():
        folder, files = files[0], []
    if folder is not None:
        headers = arguments.include_headers or options.include_headers
        files += in_folders([folder], arguments.ignore, headers)
    local = not (arguments.no_includes or options.no_includes)
    deep = arguments.recursive_includes or options.recursive_includes
    system = arguments.all_includes or deep
    includes = Includes(arguments.include_folders, local, system, deep)
    return Job(
        program,
        share(files, arguments.index, arguments.maximum),
        includes,
        folder,
        arguments.output,
        arguments.in_place,
        not arguments.no_show_diff,
        arguments.context,
        arguments.patch,
        arguments.timeout,
        arguments.jobs,
        arguments.trust_scripts,
    )


def _check_scripts(rule_file: RuleFile, trusted: bool) -> None:
    """Read the script blocks before anything runs; raise the first error."""
    if not any(isinstance(rule, ScriptRule) for rule in rule_file.rules):
        return
    # LibCST takes a tenth of a second to load: not for rule files without scripts.
    from vmaconv.script.cache import Cache
    from vmaconv.script.check import check_file

    errors = check_file(rule_file, trusted=trusted, cache=Cache.of_user())
    if errors:
        raise errors[0]


@dataclass(frozen=True, slots=True)
class _FileOptions:
    """What a rule file's `#spatch` lines ask for."""

    defines: tuple[str, ...]
    no_includes: bool
    include_headers: bool
    recursive_includes: bool


def _file_options(words: tuple[str, ...]) -> _FileOptions:
    defines = tuple(b for a, b in zip(words, words[1:], strict=False) if a == "-D")
    return _FileOptions(
        defines,
        "--no-includes" in words,
        "--include-headers" in words,
        "--recursive-includes" in words,
    )


def _shown(error: SmplError) -> str:
    line = error.source_line.rstrip("\n")
    lead = "".join("\t" if c == "\t" else " " for c in line[: error.place.column])
    quote = f"  {line}\n  {lead}^\n" if line else ""
    remedy = f"{error.remedy}\n" if error.remedy else ""
    return f"{error}\n{quote}{remedy}"


def _parse_c(arguments: Arguments, out: BinaryIO) -> int:
    from vmaconv.source.unit import Unit

    for path in arguments.files:
        unit = Unit(str(path), path.read_bytes())
        errors = [e for chunk in unit.chunks for e in chunk.errors]
        for error in errors:
            out.write(f"{path}:{unit.line(error.start)}: does not parse\n".encode())
        out.write(f"{path}: {len(unit.chunks)} stretches, {len(errors)} errors\n".encode())
    return OK
