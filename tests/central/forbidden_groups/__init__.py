"""Forbidden groups."""
