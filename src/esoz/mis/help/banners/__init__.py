"""Banners: of a clinic, and of the operator of the installation."""
