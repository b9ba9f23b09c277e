# SPDX-License-Identifier: GPL-2.0-only
"""What a series asks of git, and its diffs."""
