# SPDX-License-Identifier: GPL-2.0-only
"""What text must hold, or a node must be, for a pattern to have any chance there."""
