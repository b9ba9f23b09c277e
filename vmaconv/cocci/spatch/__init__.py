# SPDX-License-Identifier: GPL-2.0-only
"""Doing as spatch does: its command line, its output, its exit codes, on our engine."""
