"""The public status page: whether the cabinet, its database and central work."""
