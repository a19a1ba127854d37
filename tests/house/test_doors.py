"""Before anybody signs in, each site says when a browser is too old for it."""

from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[2] / "src" / "esoz"
DOORS = (
    "mis/templates/door/help.html",
    "cabinet/templates/access/sign_in.html",
    "central/templates/sign_in.html",
    "central/templates/sign_in_key.html",
    "central/templates/patient/sign_in.html",
)


@pytest.mark.parametrize("door", DOORS)
def test_door_then_tells_of_an_old_browser(door: str) -> None:
    assert "{{ browser_notice(" in (SOURCES / door).read_text("utf-8")


def test_a_file_signed_elsewhere_then_no_format_is_hidden_by_the_chooser() -> None:
    """The sites of the state give .asice, .pdf, .xml as well: what comes is judged by its bytes."""
    text = (SOURCES / "kernel/templates/components/sign.html").read_text("utf-8")
    assert 'upload("signed_file"' in text and "accept=" not in text
