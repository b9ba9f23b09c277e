"""One attempt at a match: its state, bindings and constraints."""
