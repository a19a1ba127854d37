"""The chart of records, of which a patient opens something."""

from tests.central.records.conftest import (  # noqa: F401 fixtures
    catalogued,
    chart,
    drug,
    known_codes,
    opened,
    written,
)
