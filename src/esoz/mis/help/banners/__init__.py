"""Banners: of a clinic, and of the operator of the installation."""

from .pages import shown_banners

__all__ = ["shown_banners"]
