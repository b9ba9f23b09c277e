"""The flag table: bits and masks, in each configuration."""
