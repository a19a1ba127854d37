"""Second factors and passkeys of colleagues, for the head of a clinic: seeing them, resetting, requiring."""
