"""Questions about what was handed over outside of electronic prescriptions."""
