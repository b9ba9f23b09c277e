# SPDX-License-Identifier: GPL-2.0-only
"""Errors and likely mistakes in a rule that parses."""
