"""Orders carried out on requests about persons."""
