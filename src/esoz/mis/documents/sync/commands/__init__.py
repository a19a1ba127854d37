"""What a user does with a document, and carrying it to central."""
