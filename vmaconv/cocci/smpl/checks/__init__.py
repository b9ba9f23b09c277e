# SPDX-License-Identifier: GPL-2.0-only
"""What is wrong, or hardly meant, in a rule that parses."""
