"""Migrations of the database of the simulator of id.gov.ua."""
