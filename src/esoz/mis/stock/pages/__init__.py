"""Pages of the stock."""

from esoz.kernel.pages import mark as _
from esoz.mis.base.section import NavItem, Section
from esoz.mis.base.workplace import PHARMACY

from . import inventory, journal, receipts, shelf
from .registry import HOME, pages

__all__ = ["inventory", "journal", "receipts", "section", "shelf"]

section = Section("stock", pages, nav=(NavItem(_("Склад"), HOME, PHARMACY),))
