# SPDX-License-Identifier: GPL-2.0-only
"""What a matcher asks of a place in the code: its role, its context, its parts."""
