"""Published spellings of requests about persons."""
