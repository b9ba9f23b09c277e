"""Matchers for declarations, types, specifiers and attributes."""
