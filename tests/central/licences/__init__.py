"""Additional licenses."""
