"""Notices: ways of telling patients."""
