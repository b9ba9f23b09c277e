# SPDX-License-Identifier: GPL-2.0-only
"""Edits set as spatch prints them."""
