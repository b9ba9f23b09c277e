"""From a pattern of any kind to its matcher."""
