"""Rules about the future forgive the minute by which other people's clocks are ahead: none asks the bare moment."""

import re
from pathlib import Path

import pytest

CENTRAL = Path(__file__).parents[2] / "src" / "esoz" / "central"
SENTENCE = re.compile(
    r"must be in past|can't be in the future|should be in the past|<= Current date|be between creation"
)
FORGIVING = re.compile(r"is_ahead\(|days\.latest")


def rules_of_the_future() -> list[Path]:
    found = [path for path in CENTRAL.rglob("*.py") if SENTENCE.search(path.read_text("utf-8"))]
    return [path for path in found if path.parent.name == "model" or path.name == "model.py"]


@pytest.mark.parametrize("path", rules_of_the_future(), ids=lambda path: str(path.relative_to(CENTRAL)))
def test_file_with_a_rule_of_the_future_then_it_forgives_the_skew_of_clocks(path: Path) -> None:
    assert FORGIVING.search(path.read_text("utf-8")), "use kernel.clock.is_ahead or work.days.latest"


def test_family_is_found() -> None:
    assert len(rules_of_the_future()) >= 6
