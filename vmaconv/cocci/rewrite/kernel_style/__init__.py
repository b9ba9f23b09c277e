# SPDX-License-Identifier: GPL-2.0-only
"""Edits set as a maintainer would write them."""
