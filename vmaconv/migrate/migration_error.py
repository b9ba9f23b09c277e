# SPDX-License-Identifier: GPL-2.0-only
"""Errors in a migration's input."""

from __future__ import annotations

from vmaconv.cocci.text.tree_error import SourceError


class MigrationError(SourceError):
    """A seed, recipe or plan that cannot be used: `code`, the place, what is wrong, and what to
    do."""
