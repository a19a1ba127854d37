"""What registers say of a party, all together."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from esoz.central.workforce.model import Verification, overall

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def word(status: str) -> Verification:
    return Verification(
        party_id=UUID(int=1), register=status, verification_status=status, verification_reason="AUTO", updated_at=NOW
    )


@pytest.mark.parametrize(
    ("statuses", "whole"),
    [
        ((), "VERIFICATION_NEEDED"),
        (("VERIFIED",), "VERIFIED"),
        (("VERIFIED", "VERIFICATION_NOT_NEEDED"), "VERIFIED"),
        (("VERIFIED", "IN_REVIEW"), "IN_REVIEW"),
        (("VERIFICATION_NEEDED", "IN_REVIEW"), "VERIFICATION_NEEDED"),
        (("CHANGES_NEEDED", "NOT_VERIFIED", "VERIFIED"), "NOT_VERIFIED"),
    ],
)
def test_overall_when_several_speak_then_the_worst_word(statuses, whole):
    assert overall([word(status) for status in statuses]) == whole
