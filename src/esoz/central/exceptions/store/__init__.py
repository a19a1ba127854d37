"""SQL of the exceptions."""
