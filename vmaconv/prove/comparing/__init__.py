# SPDX-License-Identifier: GPL-2.0-only
"""Two functions side by side."""
