"""Migrations of the portal's own tables; those of every door stand in `door`."""
