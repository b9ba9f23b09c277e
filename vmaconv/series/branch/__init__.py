"""A series as commits, and against its last version."""
