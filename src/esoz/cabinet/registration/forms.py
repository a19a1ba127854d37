"""The forms of a registration, read: clean values by field, or the faults of fields in words."""

import re
from collections.abc import Mapping
from datetime import date

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.forms import NO_SUCH_DAY
from esoz.kernel.pages.reading import Reading, day_of
from esoz.kernel.spelling import in_cyrillic, plain_number, same_number

from .holder import Holder

Read = tuple[dict[str, str], dict[str, str]]  # values and faults, by field

TAX_ID_AGE, ADULT_AGE, OLDEST = 14, 18, 150  # PS-1, DC-4
SHORTEST_SECRET, LONGEST_SECRET = 6, 20  # PS-14

PASSPORT, ID_CARD, BIRTH_CERTIFICATE = "PASSPORT", "NATIONAL_ID", "BIRTH_CERTIFICATE"
PASSPORTS = frozenset({PASSPORT, ID_CARD})
# In the order in which people have them.
DOCUMENTS: Mapping[str, str] = {
    ID_CARD: _("ID-картка (паспорт з чипом)"),
    PASSPORT: _("Паспорт-книжечка"),
    "PERMANENT_RESIDENCE_PERMIT": _("Посвідка на постійне проживання"),
    "TEMPORARY_CERTIFICATE": _("Посвідка на тимчасове проживання"),
    "REFUGEE_CERTIFICATE": _("Посвідчення біженця"),
    "COMPLEMENTARY_PROTECTION_CERTIFICATE": _("Посвідчення особи, яка потребує додаткового захисту"),
    "TEMPORARY_PASSPORT": _("Тимчасове посвідчення громадянина України"),
}
EXPIRING = frozenset(DOCUMENTS) - {PASSPORT}  # PS-10
_NUMBERS: Mapping[str, tuple[re.Pattern[str], str]] = {
    PASSPORT: (re.compile(r"[А-ЩЬЮЯҐЇІЄ]{2}\d{6}"), _("Номер паспорта: дві літери й шість цифр, наприклад МЕ123456.")),
    ID_CARD: (re.compile(r"\d{9}"), _("Номер ID-картки: дев’ять цифр.")),
}
_UNZR = re.compile(r"(\d{8})-?(\d{5})", re.ASCII)
_ZIP = re.compile(r"\d{5}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_NAME = re.compile(r"[А-ЩЬЮЯҐЇІЄа-щьюяґїіє'’ʼ\-\s]+")
_NOT_OF_PHONE = re.compile(r"[\s()\-.]")

TOO_LONG = _("Скоротіть: щонайбільше 255 знаків.")
NO_BIRTH_DATE = _("Введіть дату народження.")
NOT_BORN = _("Перевірте дату народження: такої не може бути.")
TOO_YOUNG = _("Дитину до 14 років реєструє один із батьків у закладі. Візьміть свідоцтво про народження.")
NO_GENDER = _("Оберіть стать, як у документі.")
NO_COUNTRY = _("Введіть країну народження.")
NO_PLACE = _("Введіть місто або село, де Ви народилися.")
WRONG_SECRET = _("Придумайте слово-пароль: від 6 до 20 знаків.")
NO_TYPE = _("Оберіть, який у Вас документ.")
NO_NUMBER = _("Введіть номер документа.")
OTHER_NUMBER = _("У Вашому ключі інший номер документа. Введіть документ, який стоїть у ключі.")
NO_ISSUER = _("Введіть, хто видав документ, як у ньому написано.")
NO_ISSUED = _("Введіть дату видачі документа.")
ISSUED_AHEAD = _("Дата видачі ще не настала. Перевірте її.")
ISSUED_BEFORE_BIRTH = _("Документ видано раніше, ніж Ви народилися. Перевірте дату видачі.")
NO_EXPIRY = _("Введіть, до якого дня діє документ.")
EXPIRED = _("Строк дії документа минув. Введіть інший документ.")
NO_UNZR = _("Введіть УНЗР: він на зворотному боці ID-картки, наприклад 19850327-01234.")
WRONG_UNZR = _("УНЗР має починатися з дати народження: рік, місяць, день, тоді п’ять цифр.")
NO_SETTLEMENT = _("Почніть вводити назву й оберіть свій населений пункт зі списку.")
WRONG_ZIP = _("Індекс: п’ять цифр.")
WRONG_STREET = _("Оберіть тип вулиці зі списку.")
WRONG_PHONE = _("Введіть номер телефону, наприклад 067 123 45 67.")
NO_PHONE = _("Введіть номер телефону: на нього прийде код.")
WRONG_EMAIL = _("Перевірте адресу електронної пошти, наприклад name@example.com.")
NO_NAME = _("Введіть ім’я.")
NO_SURNAME = _("Введіть прізвище.")
WRONG_NAME = _("Введіть українськими літерами.")


def read_name(typed: Mapping[str, str]) -> Read:
    """How somebody is called, after a marriage for one (PS-13)."""
    form, values = Reading(typed), {}
    for name, missing in (("last_name", NO_SURNAME), ("first_name", NO_NAME), ("second_name", "")):
        words = in_cyrillic(form.text(name, too_long=TOO_LONG, missing=missing) or "")
        if words and not _NAME.fullmatch(words):
            form.fault(name, WRONG_NAME)
        values[name] = words
    return values, form.faults


def read_about(typed: Mapping[str, str], today: date) -> Read:
    """Who somebody is, besides what the certificate says."""
    form = Reading(typed)
    born = _day(form, "birth_date", NO_BIRTH_DATE)
    if born is not None and (born > today or _age(born, today) > OLDEST):
        form.fault("birth_date", NOT_BORN)  # DC-4
    elif born is not None and _age(born, today) < TAX_ID_AGE:
        form.fault("birth_date", TOO_YOUNG)  # PS-7
    gender = form.typed("gender")
    if gender not in ("MALE", "FEMALE"):
        form.fault("gender", NO_GENDER)
    secret = form.typed("secret")
    country = form.text("birth_country", too_long=TOO_LONG, missing=NO_COUNTRY)
    place = form.text("birth_settlement", too_long=TOO_LONG, missing=NO_PLACE)
    if not SHORTEST_SECRET <= len(secret) <= LONGEST_SECRET:
        form.fault("secret", WRONG_SECRET)
    values = {"birth_date": _iso(born), "gender": gender, "secret": secret}
    return values | {"birth_country": country or "", "birth_settlement": place or ""}, form.faults


def read_document(typed: Mapping[str, str], today: date, holder: Holder, born: date) -> Read:
    """The paper that proves who somebody is (PS-3, PS-9, PS-10, PS-13)."""
    form = Reading(typed)
    type = form.typed("type")
    if type not in offered_documents(born, today):
        form.fault("type", NO_TYPE)
    number = _number(form, type)
    if number and holder.passport and not same_number(number, holder.passport):
        form.fault("number", OTHER_NUMBER)  # SG-4
    unzr = _unzr_of(form, type, holder, born)
    issuer = form.text("issued_by", too_long=TOO_LONG, missing=NO_ISSUER)
    issued = _day(form, "issued_at", NO_ISSUED)
    if issued is not None and issued > today:
        form.fault("issued_at", ISSUED_AHEAD)
    if issued is not None and issued < born:
        form.fault("issued_at", ISSUED_BEFORE_BIRTH)
    expires = _day(form, "expiration_date", NO_EXPIRY if type in EXPIRING else "")
    if expires is not None and expires < today:
        form.fault("expiration_date", EXPIRED)
    values = {"type": type, "number": number, "issued_by": issuer or "", "unzr": unzr}
    return values | {"issued_at": _iso(issued), "expiration_date": _iso(expires)}, form.faults


def offered_documents(born: date, today: date) -> Mapping[str, str]:
    """Which papers prove who somebody is; until eighteen the birth certificate does, too."""
    if _age(born, today) >= ADULT_AGE:
        return DOCUMENTS
    return {**DOCUMENTS, BIRTH_CERTIFICATE: _("Свідоцтво про народження")}


def read_address(typed: Mapping[str, str], settlement: Mapping[str, str] | None, streets: Mapping[str, str]) -> Read:
    """Where somebody lives; `settlement`: what the register says of the chosen one; `streets`: their kinds."""
    form = Reading(typed)
    if settlement is None:
        form.fault("settlement", NO_SETTLEMENT)
    values = {name: form.text(name, too_long=TOO_LONG) or "" for name in ("street", "building", "apartment")}
    values |= {"street_type": form.typed("street_type"), "zip": form.typed("zip")}
    if streets and values["street_type"] not in streets:
        form.fault("street_type", WRONG_STREET)
    if values["zip"] and not _ZIP.fullmatch(values["zip"]):
        form.fault("zip", WRONG_ZIP)
    return values | dict(settlement or {}), form.faults


def read_contacts(typed: Mapping[str, str]) -> Read:
    """How somebody is reached, and whom to call when something happens to them."""
    form = Reading(typed)
    values = {"phone": _phone(form, "phone", NO_PHONE), "email": form.typed("email").lower()}
    if values["email"] and (len(values["email"]) > 255 or not _EMAIL.fullmatch(values["email"])):
        form.fault("email", WRONG_EMAIL)
    for name, missing in (("contact_last_name", NO_SURNAME), ("contact_first_name", NO_NAME)):
        words = in_cyrillic(form.text(name, too_long=TOO_LONG, missing=missing) or "")
        if words and not _NAME.fullmatch(words):
            form.fault(name, WRONG_NAME)
        values[name] = words
    values["contact_phone"] = _phone(form, "contact_phone", WRONG_PHONE)
    return values, form.faults


def read_phone(typed: Mapping[str, str]) -> Read:
    """One more telephone to confirm with, and what it is called."""
    form = Reading(typed)
    return {"phone": _phone(form, "phone", NO_PHONE), "alias": form.typed("alias")}, form.faults


def boxes_of(values: Mapping[str, str], *names: str) -> dict[str, str]:
    """The same values with days also in the three boxes that they are typed into."""
    boxes = dict(values)
    for name in names:
        day = day_of(values.get(name, ""))
        if day is not None:
            boxes |= {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}
    return boxes


def _number(form: Reading, type: str) -> str:
    typed = form.text("number", too_long=TOO_LONG, missing=NO_NUMBER) or ""
    pattern, wrong = _NUMBERS.get(type, (None, ""))
    if pattern is None or not typed:
        return typed
    number = plain_number(typed)
    if not pattern.fullmatch(number):
        form.fault("number", wrong)
    return number


def _unzr_of(form: Reading, type: str, holder: Holder, born: date) -> str:
    """PS-3: eight digits of the birth date and five more; ID cards have one always."""
    typed = holder.unzr or form.typed("unzr")
    if not typed:
        if type == ID_CARD:
            form.fault("unzr", NO_UNZR)
        return ""
    found = _UNZR.fullmatch(typed.replace(" ", ""))
    if found is None or found[1] != f"{born:%Y%m%d}":
        form.fault("unzr", WRONG_UNZR)
        return typed
    return f"{found[1]}-{found[2]}"


def _phone(form: Reading, name: str, missing: str) -> str:
    """PS-13: a Ukrainian number in any of the ways that people write it."""
    typed = form.typed(name)
    if not typed:
        form.fault(name, missing)
        return ""
    digits = _NOT_OF_PHONE.sub("", typed).removeprefix("+")
    national = digits.removeprefix("38")
    if not (digits.isascii() and digits.isdigit() and len(national) == 10 and national.startswith("0")):
        form.fault(name, WRONG_PHONE)
        return typed
    return f"+38{national}"


def _day(form: Reading, name: str, missing: str) -> date | None:
    """A day in three boxes."""
    parts = [form.typed(f"{name}_{part}") for part in ("year", "month", "day")]
    if not any(parts):
        if missing:
            form.fault(name, missing)
        return None
    day = day_of("-".join(part.zfill(2) for part in parts))
    if day is None:
        form.fault(name, NO_SUCH_DAY)
    return day


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _age(born: date, today: date) -> int:
    """Full years: who was born on 29 February is a year older on 1 March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
