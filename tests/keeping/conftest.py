"""Central's database, of a name of its own."""

import os

import pytest

from tests.central.conftest import (  # noqa: F401  the fixtures of central
    authority,
    central_template,
    database,
    db,
    dependencies,
    kept,
    one_database,
    world_template,
)


@pytest.fixture(scope="session")
def process_name() -> str:
    """Names of databases that differ from those of central's own tests in the same process."""
    return f"test_{os.getpid()}_keeping"
