"""Migrations of the database of a door."""
