# SPDX-License-Identifier: GPL-2.0-only
"""From a pattern of any kind to its matcher."""
