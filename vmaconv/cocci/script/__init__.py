# SPDX-License-Identifier: GPL-2.0-only
"""The Python blocks of rule files: reading them, and running them where they can do no harm.

`script_check.check_file` reads the blocks of a rule file before anything runs and lists what is
wrong with them; `script_session.Session` runs them, in a process of their own (`inside`) that the
kernel holds. See SECURITY.md for what is promised. Takes `smpl`'s values; the engine decides what
runs when.
"""
