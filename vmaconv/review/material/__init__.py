# SPDX-License-Identifier: GPL-2.0-only
"""What there is to review, and what was decided."""
