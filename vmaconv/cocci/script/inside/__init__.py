# SPDX-License-Identifier: GPL-2.0-only
"""The code that runs in the sandboxed process of a rule file's scripts.

A process of its own, which has nothing: `script_host` closes the door (`kernel_boundary`) before it
hears of any script, and then runs blocks that come over a pipe as data. Nothing here is believed
on the other side: `answers` checks all that comes back. These modules start with each run, so they
import little: no dataclasses, no typing, and of vmaconv only `policy` and `limits`.
"""
