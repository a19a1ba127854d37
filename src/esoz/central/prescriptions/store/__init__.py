"""All SQL of prescriptions."""
