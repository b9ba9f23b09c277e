# SPDX-License-Identifier: GPL-2.0-only
"""Does the tree compile after each patch of a series?

In: the patches, a copy of the tree's sources, a configuration.  Out: what became of each object
after each patch, as data.

The person's tree is never built in nor written to: the sources are copied (`export_tree`), the
patches' bytes are put there one after the other, and `make O=` keeps objects in a folder of their
own.  Only the objects of touched files are made, all of them once without any patch; a patch that
touches a header makes those of the whole series so far and to come, since any of them may include
it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence, Set
from enum import Enum
from pathlib import Path

from msgspec import Struct

from vmaconv.cocci.text.git_command import outer_environment
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.series.assemble import Patch
from vmaconv.series.change import FileChange
from vmaconv.series.git.own_store import own_store
from vmaconv.series.git.repository import Repository, head, run_git
from vmaconv.series.series_error import BuildFailed, GitFailed

_TIMEOUT = 3600.0
_TAIL = 40
_ERROR = late_regex(r"\berror:|\bundefined reference\b")
_CONFIGURED = late_regex(r"^# (?P<what>Linux/\S+) \S+ Kernel Configuration$", re.M)
_COMPILER = late_regex(r'^CONFIG_CC_VERSION_TEXT="(?P<what>.+)"$', re.M)


class Fate(Enum):
    """What became of an object."""

    COMPILED = "compiled"
    BROKEN = "broken"
    NEVER_COMPILED = "never compiled"


class ObjectBuilt(Struct, frozen=True):
    """An object's fate after a patch; `log` is what make said from the first error on.

    `NEVER_COMPILED` is one that does not compile without the patch either: the configuration has
    no use for it.
    """

    path: str
    fate: Fate
    log: str = ""

    def first_error(self) -> str:
        """Return the compiler's first error, else the first line that make said."""
        lines = [line.strip() for line in self.log.splitlines() if line.strip()]
        return next((line for line in lines if _ERROR.search(line)), lines[0] if lines else "")


class PatchBuilt(Struct, frozen=True):
    """What a build after a patch came to."""

    subject: str
    objects: tuple[ObjectBuilt, ...]
    seconds: float

    @property
    def broken(self) -> bool:
        """Return whether the patch breaks anything that compiled without it."""
        return any(one.fate is Fate.BROKEN for one in self.objects)


def export_tree(tree: Path, repository: Repository | None, into: Path) -> None:
    """Copy a tree's sources to a new folder: from git's HEAD where there is one, else as they lie.

    Raises `GitFailed` and OSError, as on a full disk; the folder is then the caller's to drop.
    """
    if repository is None:
        shutil.copytree(tree, into, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        return
    into.mkdir(parents=True)
    try:
        with own_store(repository) as extra:
            root = f"{head(repository)}:{repository.prefix}".rstrip("/")
            run_git(repository, "read-tree", root, extra=extra, at_top=True)
            prefix = f"--prefix={into.resolve()}/"
            run_git(
                repository,
                *("checkout-index", "-a", prefix),
                extra=extra,
                timeout=_TIMEOUT,
                at_top=True,
            )
    except GitFailed as error:
        raise GitFailed(f"the tree cannot be copied: {error.what}", place=str(into)) from None


class KernelBuild(Struct):
    """A copy of the sources, a folder for objects, and how make is called.

    `config` is a file, or a target of the tree such as `allmodconfig`.  `variables` are make's, as
    `ARCH=arm64`.
    """

    source: Path
    objects: Path
    config: str = "allmodconfig"
    jobs: int = 1
    variables: tuple[str, ...] = ()

    def configure(self) -> None:
        """Make the configuration.  Raises `BuildFailed` with make's last words."""
        self.objects.mkdir(parents=True, exist_ok=True)
        target = self.config
        if Path(self.config).is_file():
            shutil.copyfile(self.config, self.objects / ".config")
            target = "olddefconfig"
        done, log = self._make([target])
        if not done:
            raise BuildFailed(
                f"make {target} failed: {_last_line(log)}",
                remedy="give a configuration file or a target of the tree with --build",
                place=str(self.source),
            )

    def described(self) -> str:
        """Return with which configuration and compiler objects are made, as the configuration does.

        `allmodconfig, Linux/x86, gcc (Debian 12.2.0-14) 12.2.0`; Kconfig notes the last two since
        `init/Kconfig` has CC_VERSION_TEXT.
        """
        try:
            text = (self.objects / ".config").read_text("utf-8", "replace")
        except OSError:
            text = ""
        noted = [found["what"] for p in (_CONFIGURED, _COMPILER) if (found := p.search(text))]
        return ", ".join([Path(self.config).name, *noted])

    def build_each(self, patches: Sequence[Patch]) -> Iterator[PatchBuilt]:
        """Put each patch into the sources, compile what it touches, and say what became of it."""
        changes = [change for patch in patches for change in patch.changes]
        every = _objects(changes)
        # What this configuration does not compile at all is found out once.
        never = set(self._failing(_objects([change for change in changes if change.before])))
        for patch in patches:
            start = time.monotonic()
            for change in patch.changes:
                (self.source / change.path).write_bytes(change.after)
            header = any(not change.path.endswith(".c") for change in patch.changes)
            wanted = every if header else _objects(patch.changes)
            built = tuple(self._compile(wanted, patch.changes, never))
            yield PatchBuilt(patch.message.subject, built, time.monotonic() - start)

    def _compile(
        self, wanted: Sequence[str], changes: Sequence[FileChange], never: Set[str]
    ) -> Iterator[ObjectBuilt]:
        logs = self._failing([path for path in wanted if path not in never])
        before = self._broken_before(list(logs), changes)
        for path in wanted:
            if path in never:
                yield ObjectBuilt(path, Fate.NEVER_COMPILED)
            elif path not in logs:
                yield ObjectBuilt(path, Fate.COMPILED)
            else:
                fate = Fate.NEVER_COMPILED if path in before else Fate.BROKEN
                yield ObjectBuilt(path, fate, _tail(logs[path]))

    def _failing(self, wanted: Sequence[str]) -> Mapping[str, str]:
        """Compile objects in one go; return those that fail, with what make said of each."""
        if not wanted:
            return {}
        stamp = self.objects / ".vmaconv-stamp"
        stamp.write_bytes(b"")
        start = stamp.stat().st_mtime_ns
        if self._make(["-k", *wanted])[0]:
            return {}
        doubtful = [path for path in wanted if _written(self.objects / path) < start]
        tried = ((path, *self._make([path])) for path in doubtful)
        return {path: log for path, done, log in tried if not done}

    def _broken_before(self, paths: Sequence[str], changes: Sequence[FileChange]) -> set[str]:
        """Return the objects that fail without the patch too, the sources put back afterwards."""
        for change in changes:
            (self.source / change.path).write_bytes(change.before)
        try:
            return {path for path in paths if not self._make([path])[0]}
        finally:
            for change in changes:
                (self.source / change.path).write_bytes(change.after)

    def _make(self, targets: Sequence[str]) -> tuple[bool, str]:
        output = f"O={self.objects.resolve()}"
        command = ["make", "-s", f"-j{self.jobs}", output, *self.variables, *targets]
        # make's own variables from a surrounding make would change ours.
        env = {
            k: v for k, v in outer_environment().items() if k not in ("MAKEFLAGS", "MFLAGS", "O")
        }
        try:
            done = subprocess.run(
                command,
                cwd=self.source,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=_TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False, f"make took more than {_TIMEOUT:g} s"
        except OSError as error:
            raise BuildFailed(f"make cannot be run: {error.strerror}") from None
        return done.returncode == 0, done.stdout.decode("utf-8", "replace")


def _written(path: Path) -> int:
    """Return when a file was written, in nanoseconds; 0 for one that is not there."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _objects(changes: Sequence[FileChange]) -> tuple[str, ...]:
    """Return the objects of the C files among changes.

    `tools/` is built by makefiles of its own and has no objects here.
    """
    found = [
        change.path.removesuffix(".c") + ".o"
        for change in changes
        if change.path.endswith(".c") and not change.path.startswith("tools/")
    ]
    return tuple(dict.fromkeys(found))


def _tail(log: str) -> str:
    """Return what make said from the first error on, which warnings may stand far above."""
    lines = log.splitlines()
    errors = (n for n, line in enumerate(lines) if re.search(r"\berror:|\*\*\*", line))
    start = next(errors, max(0, len(lines) - _TAIL))
    return "\n".join(lines[start : start + _TAIL])


def _last_line(log: str) -> str:
    lines = [line for line in log.splitlines() if line.strip()]
    return lines[-1] if lines else "no word of why"
