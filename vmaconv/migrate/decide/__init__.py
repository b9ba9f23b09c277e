"""What changes type, and where the change stops."""
