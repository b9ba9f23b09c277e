"""Edits of a migration, as a person would make them."""
