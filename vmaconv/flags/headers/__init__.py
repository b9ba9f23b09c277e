# SPDX-License-Identifier: GPL-2.0-only
"""Kernel headers as preprocessor lines, each with the condition it stands under."""
