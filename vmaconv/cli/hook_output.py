# SPDX-License-Identifier: GPL-2.0-only
"""What `vmaconv hooks` says: the list of hooks, and a summary on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable

from vmaconv.cli.echo import echo
from vmaconv.hooks.hook import FILE_OPERATIONS, Hook
from vmaconv.hooks.hook_conversion import HookRun
from vmaconv.hooks.hook_reasons import MEANINGS

SCHEMA = 1
"""The version of the JSON that --list --format json prints."""


def print_list(run: HookRun, style: str) -> None:
    """Print every hook: as a table (tabs through a pipe), JSON or SARIF."""
    if style == "table":
        _table(run)
        say(run, False)
        return
    json.dump(as_json(run) if style == "json" else as_sarif(run), sys.stdout, indent=1)
    sys.stdout.write("\n")
    if run.miscounted():
        _warn_miscounted(run)


def _table(run: HookRun) -> None:
    rows = [
        (f"{h.site.path}:{h.site.line}", h.site.struct, h.site.handler, h.outcome, _why(h))
        for h in run.hooks
    ]
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.table import Table

        table = Table(box=None, pad_edge=False)
        for head in ("place", "struct", "handler", "outcome", "reason"):
            table.add_column(head, overflow="fold")
        for row in rows:
            table.add_row(*row)
        Console().print(table)
        return
    for row in rows:
        echo("\t".join(row))


def _why(hook: Hook) -> str:
    if hook.outcome == "converted":
        return "; ".join(hook.notes)
    return str(hook.reason) if hook.reason is not None else ""


def say(run: HookRun, verbose: bool) -> None:
    """Say on stderr what a run came to; `verbose` names each hook that is left."""
    if run.api.missing:
        echo(f"warning: {run.api.missing} ({run.api.place})", err=True, fg="yellow")
    for driver in run.drivers:
        echo(f"{', '.join(driver.changes)}: {driver.title}", err=True)
        for note in driver.notes:
            echo(f"  {note}", err=True)
    if verbose:
        for hook in run.hooks:
            if hook.outcome == "left":
                where = f"{hook.site.path}:{hook.site.line}"
                echo(f"{where}: {hook.site.handler} is left: {_why(hook)}", err=True)
                for line in hook.sketch.splitlines():
                    echo(f"    {line}", err=True)
    for name, place in run.makers.items():
        echo(f"{place}: the macro {name} makes hooks, which are left", err=True)
    for place in run.rust:
        echo(f"{place}: Rust sets the hook, which is left", err=True)
    for path, problem in run.problems.items():
        echo(f"warning: {path}: {problem}", err=True, fg="yellow")
    total = len(run.hooks)
    ours = [hook for hook in run.hooks if hook.site.struct == FILE_OPERATIONS]
    converted = sum(hook.outcome == "converted" for hook in ours)
    inner = run.count("converted") - converted
    nested = f" ({inner} converted)" if inner else ""
    unread = [h for h in run.hooks if h.outcome == "left" and h.site.struct != FILE_OPERATIONS]
    left = len(ours) - converted + len(unread)
    echo(
        f"{total} hooks: {len(ours) + len(unread)} of struct file_operations ({converted} converted, "
        f"{left} left), {total - len(ours) - len(unread)} of other structs{nested}; "
        f"{run.counted} counted in the text",
        err=True,
    )
    if run.miscounted():
        _warn_miscounted(run)


def _warn_miscounted(run: HookRun) -> None:
    echo(
        f"warning: the text has {run.counted} hooks, the list {len(run.hooks)}: please report this",
        err=True,
        fg="yellow",
    )


def as_json(run: HookRun) -> dict[str, object]:
    """Return the list as plain data: see "hooks --list --format json" in the README."""
    return {
        "schema": SCHEMA,
        "tree": str(run.root),
        "hooks": [_hook(hook) for hook in run.hooks],
        "counted": run.counted,
        "macros": [
            {"name": name, "file": place.path, "line": place.line}
            for name, place in run.makers.items()
        ],
        "rust": [{"file": place.path, "line": place.line} for place in run.rust],
    }


def _hook(hook: Hook) -> dict[str, object]:
    found: dict[str, object] = {
        "file": hook.site.path,
        "line": hook.site.line,
        "struct": hook.site.struct,
        "handler": hook.site.handler,
        "outcome": hook.outcome,
    }
    reason = hook.reason
    found["reason"] = None
    if reason is not None:
        found["reason"] = {
            "code": reason.code,
            "subject": reason.subject,
            "text": reason.text,
            "file": reason.place.path,
            "line": reason.place.line,
        }
    if hook.sketch:
        found["sketch"] = hook.sketch
    if hook.notes:
        found["notes"] = list(hook.notes)
    return found


def as_sarif(run: HookRun) -> dict[str, object]:
    """Return the hooks that are left as a SARIF 2.1.0 log (OASIS)."""
    from vmaconv import __version__

    left = [h for h in run.hooks if h.outcome == "left" and h.reason is not None]
    codes = sorted({h.reason.code for h in left if h.reason is not None})
    rules = [{"id": c, "shortDescription": {"text": MEANINGS[c]}} for c in codes]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "vmaconv", "version": __version__, "rules": rules}},
                "columnKind": "utf16CodeUnits",
                "originalUriBaseIds": {"TREE": {"description": {"text": "The kernel tree"}}},
                "results": list(_results(left, codes)),
            }
        ],
    }


def _results(left: Iterable[Hook], codes: list[str]) -> Iterable[dict[str, object]]:
    for hook in left:
        reason = hook.reason
        if reason is None:
            continue
        yield {
            "ruleId": reason.code,
            "ruleIndex": codes.index(reason.code),
            "level": "note" if reason.code == "null" else "warning",
            "message": {"text": f"{hook.site.handler}: {reason.text}"},
            "locations": [_location(hook.site.path, hook.site.line)],
            "relatedLocations": [_location(reason.place.path, reason.place.line)],
        }


def _location(path: str, line: int) -> dict[str, object]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": path, "uriBaseId": "TREE"},
            "region": {"startLine": line},
        }
    }
