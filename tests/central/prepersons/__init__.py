"""Unidentified patients."""
