"""Codes are refused by their dictionaries, as in a running central."""

import pytest

from esoz.central.dictionaries import dictionaries
from esoz.kernel.work import Work


@pytest.fixture(autouse=True)
async def _known_codes(work: Work) -> None:
    await dictionaries.load(work.db)
