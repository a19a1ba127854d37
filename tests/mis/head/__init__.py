"""The page of the head of a pharmacy."""
