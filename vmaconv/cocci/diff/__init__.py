"""Diffs as values: lines, hunks, headings."""
