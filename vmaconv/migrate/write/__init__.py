# SPDX-License-Identifier: GPL-2.0-only
"""Edits of a migration, as a person would make them."""
