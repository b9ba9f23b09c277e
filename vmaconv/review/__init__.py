# SPDX-License-Identifier: GPL-2.0-only
"""Showing changes and the account to a person."""
