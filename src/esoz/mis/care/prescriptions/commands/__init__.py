"""Orders carried out on prescriptions."""
