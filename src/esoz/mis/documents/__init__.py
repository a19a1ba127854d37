"""Documents: signing them, and their way to central."""
