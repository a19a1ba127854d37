"""What a clinic's people have written and central does not have: for its head, and by mail at the end of a day."""
