"""What is known of a tree: entities, flows, names and operations."""
