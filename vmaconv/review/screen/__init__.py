"""The full-screen review."""
