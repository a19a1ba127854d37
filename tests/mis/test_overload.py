"""The workplace under overload: its site has a bounded number of places."""

from esoz.mis.app import Mis


def test_site_then_its_places_are_bounded(mis: Mis) -> None:
    assert mis.site.admission.at_once == 16
