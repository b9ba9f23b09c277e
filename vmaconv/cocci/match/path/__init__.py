"""Statements with dots between them, as formulas, and where they match."""
