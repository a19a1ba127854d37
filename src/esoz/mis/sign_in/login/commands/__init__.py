"""Signing in, and who may: users, clinics, workplaces."""
