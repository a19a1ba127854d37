"""Rules of registered keys: which is meant, what it may sign, when its end is announced."""

from datetime import UTC, datetime, timedelta

import pytest

from esoz.kernel.signing import KeyCertificate, KeyStanding
from esoz.mis.sign_in.keys import commands
from esoz.mis.sign_in.keys.model import (
    KeyAffiliation,
    RegisteredKey,
    Source,
    State,
    belonging,
    chosen,
    days_left,
    ending,
    problem,
    reminder,
)
from tests.central.conftest import NOW
from tests.factories.keys import DAY

KEY = "/account/key"
OWN = "1234567890"


def key(**facts: object) -> KeyCertificate:
    plain = {
        "content": b"",
        "fingerprint": b"1",
        "serial_number": "1",
        "issuer": "",
        "holder": "",
        "organisation": "",
        "title": "",
        "drfo": OWN,
        "edrpou": "",
        "is_seal": False,
        "is_legal": False,
        "may_sign": True,
        "is_authority": False,
        "is_qualified": True,
        "is_on_device": False,
        "is_test": False,
        "not_before": NOW - DAY,
        "not_after": NOW + DAY,
    }
    return KeyCertificate(**(plain | facts))


def kept(ends: int, edrpou: str = "", state: State = State.ACTIVE) -> RegisteredKey:
    return RegisteredKey(
        id=commands.new_id(),
        user_id=commands.new_id(),
        fingerprint=b"",
        certificate=b"",
        issuer="",
        edrpou=edrpou,
        not_after=NOW + ends * DAY,
        state=state,
        source=Source.FILE,
        registered_at=NOW,
        changed_at=NOW,
    )


class TestRules:
    @pytest.mark.parametrize(
        ("left", "due"),
        [(31, None), (30, 30), (29, 30), (15, 30), (14, 14), (8, 14), (7, 7), (2, 7), (1, 1), (0, None)],
    )
    def test_reminder_at_each_edge(self, left: int, due: int | None) -> None:
        assert reminder(left) == due

    @pytest.mark.parametrize(
        ("span", "days"), [(timedelta(seconds=1), 1), (DAY, 1), (DAY + timedelta(seconds=1), 2), (timedelta(0), 0)]
    )
    def test_days_left_counts_begun_days(self, span: timedelta, days: int) -> None:
        now = datetime(2026, 1, 1, tzinfo=UTC)
        assert days_left(now + span, now) == days

    def test_ending_without_a_successor_only(self) -> None:
        near, over, far = kept(10), kept(-5), kept(200)
        assert ending([near], NOW) == [near]
        assert ending([over, near], NOW) == [near]
        assert ending([over], NOW) == [over]
        assert ending([near, far], NOW) == []
        assert ending([kept(10, state=State.REMOVED)], NOW) == []
        other = kept(10, "22222222")
        assert ending([other, far], NOW) == [other]

    @pytest.mark.parametrize(
        ("facts", "rule"),
        [
            ({}, ""),
            ({"drfo": "9"}, "other_person"),
            ({"drfo": ""}, "no_tax_id"),
            ({"is_seal": True}, "seal"),
            ({"may_sign": False}, "not_for_signing"),
        ],
    )
    def test_problem_of_a_key(self, facts: dict[str, object], rule: str) -> None:
        assert problem(key(**facts), OWN, KeyStanding("")) == rule
        assert problem(key(), OWN, KeyStanding("revoked")) == "revoked"

    @pytest.mark.parametrize(
        ("edrpou", "clinic", "found"),
        [
            ("", "22222222", KeyAffiliation.PERSON),
            (OWN, "22222222", KeyAffiliation.PERSON),
            (OWN, OWN, KeyAffiliation.CLINIC),  # a sole proprietor's clinic
            ("22222222", "22222222", KeyAffiliation.CLINIC),
            ("22222222", "33333333", KeyAffiliation.OTHER),
            ("22222222", "", KeyAffiliation.NOT_KNOWN),
        ],
    )
    def test_belonging_of_a_key(self, edrpou: str, clinic: str, found: KeyAffiliation) -> None:
        assert belonging(key(edrpou=edrpou), clinic) is found

    def test_chosen_of_a_file_is_the_own_the_valid_the_newest(self) -> None:
        newest = key(serial_number="9", not_before=NOW - timedelta(hours=1))
        later = key(not_before=NOW + DAY, not_after=NOW + 9 * DAY)
        given = [key(drfo="9"), key(is_authority=True), key(), newest, later]
        assert chosen(given, OWN, NOW) is newest
        assert chosen([key(is_authority=True)], OWN, NOW) is None
