"""Visits: recording what happened at an encounter, as one signed package."""
