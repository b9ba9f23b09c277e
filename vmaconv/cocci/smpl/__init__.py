# SPDX-License-Identifier: GPL-2.0-only
"""Rule files: from text to rules, as values."""
