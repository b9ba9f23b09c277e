"""What text must hold, or a node must be, for a pattern to have any chance there."""
