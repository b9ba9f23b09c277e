"""Rule files: from text to rules, as values."""
