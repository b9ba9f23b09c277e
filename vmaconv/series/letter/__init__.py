# SPDX-License-Identifier: GPL-2.0-only
"""Cover letters and templates."""
