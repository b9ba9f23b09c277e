# SPDX-License-Identifier: GPL-2.0-only
"""The keys of the full-screen review.

In: nothing.  Out: which key asks for what, and the words that tell a person.
"""

from __future__ import annotations

from textual.binding import Binding

#: The last line of the screen; it fits 80 columns.
KEYS_LINE = "a accept  s skip  e edit  u undo  j/k move  f filter  w write  ? help  q quit"

HELP = """\
a A    accept this hunk; all open ones of the file
s S    skip this hunk; all open ones of the file
e      edit it in $EDITOR, and accept what fits; where a use was left,
       this makes a hunk
r      reopen it, and drop what was edited
u      undo the last decision

j k    next, previous place         J K    next, previous file
o      next open hunk               g      go to a number, path, path:line
/ n N  search; next, previous match
f F    filter by state, rule, subsystem; show everything again

v      side by side or unified; side by side wants 120 columns
+ -    more of the file around the hunk, less of it
c      light or dark                t      list of files on and off
Tab    from list to code to reasons
arrows, Page Up, Page Down, Space, b       scroll

w      write what was accepted: into the tree, as patches, as a series,
       as a diff
?      these keys
q      quit; the next review goes on where you left this one
"""
"""What `?` shows."""

KEYS = (
    Binding("a", "decide('accepted')", "accept"),
    Binding("s", "decide('skipped')", "skip"),
    Binding("A", "decide_file('accepted')", "accept file"),
    Binding("S", "decide_file('skipped')", "skip file"),
    Binding("r", "reopen", "reopen"),
    Binding("e", "edit", "edit"),
    Binding("u", "undo", "undo"),
    Binding("j", "move(1)", "next"),
    Binding("k", "move(-1)", "previous"),
    Binding("J,right_square_bracket", "move_file(1)", "next file"),
    Binding("K,left_square_bracket", "move_file(-1)", "previous file"),
    Binding("o", "next_open", "next open"),
    Binding("g", "jump", "go to"),
    Binding("slash", "search", "search"),
    Binding("n", "again(1)", "next match"),
    Binding("N", "again(-1)", "previous match"),
    Binding("f", "filter", "filter"),
    Binding("F", "unfilter", "show all"),
    Binding("v", "layout", "layout"),
    Binding("plus,equals_sign", "context(1)", "more context"),
    Binding("minus", "context(-1)", "less context"),
    Binding("t", "list", "files"),
    Binding("c", "colours", "colours"),
    Binding("space", "page(1)", "page down"),
    Binding("b", "page(-1)", "page up"),
    Binding("w", "write", "write"),
    Binding("question_mark", "help", "help"),
    Binding("q,ctrl+c", "quit", "quit", priority=False),
)
"""Which key asks for which action of `app`."""
