# SPDX-License-Identifier: GPL-2.0-only
"""Saying something on a standard stream.

In: lines, with what trees, rules and programs gave. Out: the same lines in visible form: nothing of
them drives a terminal, reorders a line or ends one.
"""

from __future__ import annotations

import click

from vmaconv.cocci.text.visible import plain_lines


def echo(text: str, *, err: bool = False, fg: str | None = None) -> None:
    """Print text and a line end on stdout, or on stderr; `fg` is a colour for a terminal.

    >>> echo("caf\\x1b[31m")
    caf^[[31m
    """
    click.secho(plain_lines(text), err=err, fg=fg)
