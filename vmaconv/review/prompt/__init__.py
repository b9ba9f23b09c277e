# SPDX-License-Identifier: GPL-2.0-only
"""Review in a plain terminal."""
