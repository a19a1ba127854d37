"""Declarations and requests for them as published."""
