"""Medicines."""
