"""All SQL of requests about persons."""
