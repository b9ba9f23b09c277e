# SPDX-License-Identifier: GPL-2.0-only
"""Why a rule does or does not match at a place."""
