"""Edits set as a maintainer would write them."""
