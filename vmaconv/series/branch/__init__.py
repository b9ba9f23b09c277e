# SPDX-License-Identifier: GPL-2.0-only
"""A series as commits, and against its last version."""
