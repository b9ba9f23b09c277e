# SPDX-License-Identifier: GPL-2.0-only
"""What can go wrong in a series: one class a cause, each with a code, a place and a remedy.

In: nothing.  Out: exceptions which the CLI maps to exit codes and messages.  Nothing here prints.
"""

from __future__ import annotations

from typing import ClassVar

from vmaconv.cocci.diff.output_error import OutputError


class SeriesError(OutputError):
    """A series could not be made; `what` says why, `remedy` what the person can do.

    >>> str(NoIdentity("git knows no author", remedy="git config user.email you@example.org"))
    'git knows no author'
    """

    code: ClassVar[str] = "series"


class GitFailed(SeriesError):
    """A git command that had to work did not; `what` holds its own words."""

    code = "git-failed"


class GitMissing(SeriesError):
    """There is no `git` to run."""

    code = "git-missing"


class NoIdentity(SeriesError):
    """git has no name or mail address for the person, and one is needed."""

    code = "no-identity"


class BinaryChange(SeriesError):
    """A change touches bytes that git would call binary; no text diff can carry them."""

    code = "binary-change"


class BadMessage(SeriesError):
    """A subject, body or trailer that `git am` would not give back as it was written."""

    code = "bad-message"


class BadTemplate(SeriesError):
    """A template file that Jinja2 does not take, with the line in `place`."""

    code = "bad-template"


class OutputNotEmpty(SeriesError):
    """The output directory holds files that are not ours to replace."""

    code = "output-not-empty"


class OutputFailed(SeriesError):
    """The output could not be written; what stood there before still stands."""

    code = "output-failed"


class BranchExists(SeriesError):
    """The branch to be made is already there."""

    code = "branch-exists"


class BadBranchName(SeriesError):
    """git does not take this as the name of a branch."""

    code = "bad-branch-name"


class TreeChanged(SeriesError):
    """A file is not what it was when its change was worked out."""

    code = "tree-changed"


class MaintainersUnreadable(SeriesError):
    """MAINTAINERS is there and cannot be read, or does not look like one."""

    code = "maintainers-unreadable"


class NoEarlierVersion(SeriesError):
    """The folder of an earlier version is not there, or holds no patches."""

    code = "no-earlier-version"


class BuildFailed(SeriesError):
    """Nothing could be compiled: no make, or no configuration."""

    code = "build-failed"
