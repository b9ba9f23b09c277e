# SPDX-License-Identifier: GPL-2.0-only
"""Deciding formulas on a control-flow graph: Coccinelle's CTL-VW."""
