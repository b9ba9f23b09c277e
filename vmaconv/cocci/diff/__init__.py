# SPDX-License-Identifier: GPL-2.0-only
"""Diffs as values: lines, hunks, headings."""
