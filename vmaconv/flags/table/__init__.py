# SPDX-License-Identifier: GPL-2.0-only
"""The flag table: bits and masks, in each configuration."""
