"""Matching: from a pattern and a top-level item to matches."""
