# SPDX-License-Identifier: GPL-2.0-only
"""Mails as `git format-patch` writes them."""
