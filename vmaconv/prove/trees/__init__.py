# SPDX-License-Identifier: GPL-2.0-only
"""Two texts of a tree: revisions, work trees, patches."""
