"""Subjects, bodies and what travels together."""
