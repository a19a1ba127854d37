"""Who was told of a prescription: on its page, in words, with what to do when nobody was reached."""

from typing import Any

import pytest

from esoz.central.notices import Kind
from esoz.mis.care.prescriptions.model.notices import KIND_WORDS, must_be_printed, notice_kind, notice_tag, told_by


def notice(**facts: object) -> dict[str, Any]:
    ways = [
        {"way": "push", "address": "********17", "status": "failed"},
        {"way": "sms", "address": "+38067*****67", "status": "delivered"},
    ]
    return {"kind": "prescription_created", "status": "delivered", "way": "sms", "ways": ways} | facts


def test_delivered_then_the_way_that_told_and_its_masked_number() -> None:
    assert told_by(notice()) == ("SMS", "+38067*****67")
    assert told_by(notice(way="push")) == ("Сповіщення в Дії", "")
    assert notice_tag(notice()) == ("Доставлено", "green")
    assert notice_kind(notice()) == "Номер і код рецепта"


def test_under_way_then_the_way_that_tries_now() -> None:
    assert told_by(notice(way=None, status="under_way")) == ("SMS", "+38067*****67")
    assert told_by(notice(way=None, ways=[])) == ("", "")


def test_words_that_we_do_not_know_then_shown_as_they_came() -> None:
    odd = notice(kind="x", status="y", way="fax", ways=[{"way": "fax", "address": None}])
    assert (notice_kind(odd), notice_tag(odd), told_by(odd)) == ("x", ("y", ""), ("fax", ""))


def test_every_message_of_central_about_a_prescription_then_words() -> None:
    about = {str(kind) for kind in Kind if kind.startswith(("prescription", "dispense"))}
    assert about == KIND_WORDS.keys()


# NT-4
@pytest.mark.parametrize(
    ("kinds", "is_printed"),
    [
        ([], False),
        ([("prescription_created", "failed")], True),
        ([("prescription_sent_again", "delivered"), ("prescription_created", "failed")], False),
        ([("prescription_rejected", "delivered"), ("prescription_created", "failed")], True),
        ([("dispense_returned", "failed"), ("prescription_created", "delivered")], False),
        ([("dispense_returned", "delivered"), ("prescription_created", "failed")], True),
    ],
)
def test_last_message_with_the_code_reached_nobody_then_printed(kinds: list[tuple[str, str]], is_printed: bool) -> None:
    assert must_be_printed([notice(kind=kind, status=status) for kind, status in kinds]) is is_printed
