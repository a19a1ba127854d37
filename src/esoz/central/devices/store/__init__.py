"""All SQL of devices on prescription."""
