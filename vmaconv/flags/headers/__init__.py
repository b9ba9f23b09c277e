"""Kernel headers as preprocessor lines, each with the condition it stands under."""
