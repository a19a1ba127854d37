"""Who was told of a prescription, by which way: central's words for people."""

from collections.abc import Mapping
from typing import Any

from esoz.kernel.pages import mark as _

KIND_WORDS: Mapping[str, str] = {
    "prescription_created": _("Номер і код рецепта"),
    "prescription_sent_again": _("Номер і код надіслано ще раз"),
    "prescription_rejected": _("Рецепт відкликано"),
    "dispense_returned": _("Аптека записала повернення ліків"),
}
WITH_CODE = frozenset({"prescription_created", "prescription_sent_again"})
WAY_WORDS: Mapping[str, str] = {"push": _("Сповіщення в Дії"), "viber": "Viber", "sms": "SMS"}
NOTICE_STATUSES: Mapping[str, tuple[str, str]] = {
    "under_way": (_("Надсилається"), "yellow"),
    "delivered": (_("Доставлено"), "green"),
    "sent": (_("Надіслано"), "green"),
    "failed": (_("Не доставлено"), "red"),
}


def notice_tag(notice: Mapping[str, Any]) -> tuple[str, str]:
    status = str(notice.get("status") or "")
    return NOTICE_STATUSES.get(status, (status, ""))


def notice_kind(notice: Mapping[str, Any]) -> str:
    kind = str(notice.get("kind") or "")
    return KIND_WORDS.get(kind, kind)


def told_by(notice: Mapping[str, Any]) -> tuple[str, str]:
    """The way that told the patient, or that is trying to, and its masked telephone; empty when there is none."""
    ways = notice.get("ways") or []
    told = [each for each in ways if each.get("way") == notice.get("way")] or ways
    if not told:
        return "", ""
    way = str(told[-1].get("way") or "")
    return WAY_WORDS.get(way, way), "" if way == "push" else str(told[-1].get("address") or "")


def must_be_printed(notices: list[Mapping[str, Any]]) -> bool:
    """Whether the last message with the code has reached nobody: then the note has it (NT-4)."""
    with_code = [each for each in notices if each.get("kind") in WITH_CODE]
    return bool(with_code) and with_code[0].get("status") == "failed"
