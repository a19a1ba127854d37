"""Programs of others judge our primitives and signatures, and we judge theirs; what is not installed is skipped."""
