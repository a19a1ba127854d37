"""Migrations of the telephone's database."""
