"""The cabinet under overload: its site has a bounded number of places."""

from esoz.cabinet.app import Cabinet


def test_site_then_its_places_are_bounded(cabinet: Cabinet) -> None:
    assert cabinet.site.admission.at_once == 16
