"""The register of medicines, package by package."""

from esoz.kernel.db import Page, Paged
from esoz.kernel.work import Work

from ..model import Event
from ..model.handing_over import Package, PackageFilter
from ..store import packages as store


async def medications(work: Work, filters: PackageFilter, page: Page) -> tuple[list[Package], Paged]:
    """A page of packages that are in use, by the name of the product or of the substance."""
    work.record(Event.PACKAGES_READ, "")
    return await store.search(work.db, filters, page)
