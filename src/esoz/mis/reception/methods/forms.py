"""Reading the form of a new way to confirm: every fault at its field, in words."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import Reading

from .model import OFFLINE, OTP, THIRD_PERSON

LONGEST = 255
NO_KIND = _("Оберіть спосіб.")
NO_PHONE = _("Введіть номер телефону.")
BAD_PHONE = _("Введіть номер у вигляді +380501234567.")
NO_SPEAKER = _("Оберіть представника.")
NO_ALIAS = _("Введіть назву, наприклад «мама» чи «робочий телефон».")
TOO_LONG = _("Текст задовгий: не більше 255 знаків.")

_PHONE = re.compile(r"(?:\+?38)?(0\d{9})", re.ASCII)


def read(values: Mapping[str, str], speakers: Collection[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """PS-7: the published block of a new way, and what is wrong by field."""
    reading = Reading(values)
    kind = reading.typed("type")
    if kind not in (OTP, OFFLINE, THIRD_PERSON):
        reading.fault("type", NO_KIND)
    change: dict[str, Any] = {"type": kind}
    if kind == OTP:
        change["phone_number"] = _phone(reading)
    if kind == THIRD_PERSON:
        change["value"] = reading.typed("value")
        if change["value"] not in speakers:
            reading.fault("value", NO_SPEAKER)
    alias = reading.text("alias", too_long=TOO_LONG, missing=NO_ALIAS if kind == THIRD_PERSON else "", longest=LONGEST)
    return change | ({"alias": alias} if alias else {}), reading.faults


def _phone(reading: Reading) -> str:
    typed = reading.text("phone_number", too_long=TOO_LONG, missing=NO_PHONE, longest=LONGEST)
    found = _PHONE.fullmatch(re.sub(r"[\s()./-]", "", typed or ""))
    if typed and found is None:
        reading.fault("phone_number", BAD_PHONE)
    return f"+38{found[1]}" if found else ""


def read_alias(values: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Another name of a way, and what is wrong with it."""
    reading = Reading(values)
    alias = reading.text("alias", too_long=TOO_LONG, missing=NO_ALIAS, longest=LONGEST)
    return alias or "", reading.faults
