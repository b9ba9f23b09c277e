# SPDX-License-Identifier: GPL-2.0-only
"""Bodies of branches and loops that a change leaves with more or fewer statements."""
