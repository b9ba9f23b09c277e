"""C types: declarations, scopes, and the types of expressions."""
