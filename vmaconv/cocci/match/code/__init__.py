# SPDX-License-Identifier: GPL-2.0-only
"""Properties of a place in the code: its role, its context, its parts."""
