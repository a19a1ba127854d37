"""The public status page: whether this workplace and everything it leans on work, and what happened lately."""
