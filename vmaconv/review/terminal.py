"""What a person sees in a terminal: a coloured diff, a table of uses.

In: diffs and accounts. Out: printed with rich, which fits tables to the width and drops colour where there is none.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from vmaconv.kernel.conversion import Account
from vmaconv.series.diff import FileDiff

_STYLES = {b"+": "green", b"-": "red", b"@": "cyan"}
_HEADERS = (b"diff --git ", b"index ", b"--- ", b"+++ ")


def show_diffs(diffs: Sequence[FileDiff], force: bool = False) -> None:
    """Print diffs in colour."""
    console = Console(force_terminal=force or None, highlight=False, soft_wrap=True)
    for diff in diffs:
        for line in diff.render().splitlines():
            style = "bold" if line.startswith(_HEADERS) else _STYLES.get(line[:1], "")
            console.print(Text(line.decode(errors="replace").expandtabs(8), style=style))


def show_account(accounts: Sequence[Account]) -> None:
    """Print the account as a table that fits the terminal."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("place", overflow="fold")
    table.add_column("function", overflow="fold")
    table.add_column("kind", no_wrap=True)
    table.add_column("outcome", no_wrap=True)
    table.add_column("reason", overflow="fold")
    for account in accounts:
        style = "green" if account.outcome == "converted" else "yellow"
        table.add_row(
            f"{account.file}:{account.line}",
            account.function,
            account.kind,
            Text(account.outcome, style=style),
            account.reason.text if account.reason is not None else "",
        )
    Console().print(table)
