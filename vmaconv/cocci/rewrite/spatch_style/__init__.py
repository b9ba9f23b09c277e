"""Edits set as spatch prints them."""
