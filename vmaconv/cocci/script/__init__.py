# SPDX-License-Identifier: GPL-2.0-only
"""The Python blocks of rule files: reading them, refusing what is dangerous, running the rest.

`check.check_file` reads the blocks of a rule file before anything runs and lists what is wrong
with them; `run.Session` runs them. See `policy` for what a rule file from a stranger may do, and
`limits` for what stops one that does not end. Takes `smpl`'s values; the engine decides what runs
when.
"""
