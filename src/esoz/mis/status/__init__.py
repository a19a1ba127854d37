"""The public status page: whether this workplace, its database and central work."""
