"""Published spellings of prescriptions: bodies, queries, answers."""
