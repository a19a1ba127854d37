"""Orders carried out on devices on prescription."""
