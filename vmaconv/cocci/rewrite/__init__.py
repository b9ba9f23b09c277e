# SPDX-License-Identifier: GPL-2.0-only
"""From matches to edits, and edits applied."""
