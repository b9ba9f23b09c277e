# SPDX-License-Identifier: GPL-2.0-only
"""Plus code with its metavariables replaced."""
