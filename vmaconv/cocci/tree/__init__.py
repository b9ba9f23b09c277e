# SPDX-License-Identifier: GPL-2.0-only
"""The syntax tree: built from C text, chunk by chunk, as it is looked at."""
