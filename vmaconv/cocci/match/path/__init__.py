# SPDX-License-Identifier: GPL-2.0-only
"""Statements with dots between them, as formulas, and where they match."""
