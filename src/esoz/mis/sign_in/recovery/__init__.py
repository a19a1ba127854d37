"""Coming back in by mail when the password is forgotten."""
