"""The table of rooms says which files a context has; the tree and the import rules say the same."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "src" / "esoz"
ROW = re.compile(r"^\| (`[a-z_]+\.py`[^|]*) \|", re.MULTILINE)
NAME = re.compile(r"`([a-z_]+)\.py`")
LAYERED = "Rooms of "  # the contracts of import-linter whose layers are rooms


def table() -> set[str]:
    """Every room of the tables in CONTRIBUTING.md."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    return {name for row in ROW.findall(text) for name in NAME.findall(row)}


def contracts() -> list[dict[str, Any]]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    listed: list[dict[str, Any]] = config["tool"]["importlinter"]["contracts"]
    return [each for each in listed if each["name"].startswith(LAYERED)]


def contexts() -> list[str]:
    return [name.removeprefix("esoz.central.") for each in contracts() for name in each["containers"]]


def rooms_of(folder: Path) -> set[str]:
    """Files and packages of a context by their names without ending."""
    found = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/__init__.py")}
    return found - {"__init__"}


def test_every_context_is_under_a_contract_of_rooms() -> None:
    folders = {path.parent.name for path in (SOURCE / "central").glob("*/__init__.py")}
    assert folders - set(contexts()) == {"site", "migrations"}


@pytest.mark.parametrize("context", contexts())
def test_files_of_a_context_are_rooms_of_the_table(context: str) -> None:
    assert rooms_of(SOURCE / "central" / context) - table() == set()


def test_every_room_of_the_table_exists() -> None:
    assert {name for name in table() if not any(SOURCE.rglob(f"{name}.py")) and not any(SOURCE.rglob(name))} == set()


def test_layers_of_the_contracts_are_rooms_of_the_table() -> None:
    layers = {name for each in contracts() for layer in each["layers"] for name in re.findall(r"\w+", layer)}
    assert layers <= table()
    assert {name for context in contexts() for name in rooms_of(SOURCE / "central" / context)} & table() <= layers
