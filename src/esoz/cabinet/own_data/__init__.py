"""All my data in one file, to keep or to take elsewhere."""
