"""Isomorphisms: other spellings of a pattern that mean the same."""
