"""The same people as in the tests of the staff."""

from tests.mis.staff.conftest import door, hr, office

__all__ = ["door", "hr", "office"]
