# SPDX-License-Identifier: GPL-2.0-only
"""Converting a tree."""
