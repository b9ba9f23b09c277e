"""Review in a plain terminal."""
