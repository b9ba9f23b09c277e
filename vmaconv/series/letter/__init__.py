"""Cover letters and templates."""
