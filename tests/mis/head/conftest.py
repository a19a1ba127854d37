"""The same people as in the tests of the staff."""

from tests.mis.staff.conftest import door, hr, office
from tests.mis.test_page_statements import asked

__all__ = ["asked", "door", "hr", "office"]
