# SPDX-License-Identifier: GPL-2.0-only
"""A SmPL engine: knows C and SmPL, and nothing of VMA flags.

Rooms stand in the order in which data flows: `text` and `shim` make C that a grammar can read, `tree`
and `types` say what it is, `smpl` reads a rule file, `match` finds where a rule matches, `rewrite`
makes edits of matches, `script` runs Python blocks, `engine` runs a rule file over C files, `diff`
shows what changed, and `spatch` does as spatch does.
"""
