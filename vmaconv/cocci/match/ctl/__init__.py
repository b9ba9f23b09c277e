"""Deciding formulas on a control-flow graph: Coccinelle's CTL-VW."""
