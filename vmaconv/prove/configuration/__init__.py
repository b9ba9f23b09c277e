# SPDX-License-Identifier: GPL-2.0-only
"""The configurations that can be told apart, and what is compiled in each."""
