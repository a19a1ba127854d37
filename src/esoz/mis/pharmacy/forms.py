"""Reading the form of a dispense: packages, units beside them, prices where the state pays."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import day_of
from esoz.mis.care.prescriptions import number

from .model import (
    KOPECK,
    LONGEST_INPUT,
    NOT_A_CODE,
    DispenseLine,
    Goods,
    Offer,
    ScannedNumber,
    read_code,
    read_number,
)

MOST_PACKAGES = 1000
MOST_MONEY = Decimal(1_000_000)
LONGEST_RECEIPT = 50
MOST_NUMBERS = 6  # in one code, as the patient's cabinet shows them

NOTHING = _("Вкажіть кількість хоча б для одного препарату.")
TOO_MUCH = _("Це більше, ніж залишилося за рецептом. Зменште кількість.")
NOT_ALL = _("За цією програмою відпускають усю кількість одразу.")
BAD_PACKAGES = _("Введіть ціле число упаковок.")
BAD_UNITS = _("Ця кількість не кратна найменшій частині упаковки. Введіть кратну, підказка під полем.")
BAD_MONEY = _("Введіть суму в гривнях, наприклад 125,50.")
BIG_DISCOUNT = _("Відшкодування не може бути більшим за суму або за дозволене програмою.")
NO_DIVISION = _("Оберіть підрозділ аптеки.")
BAD_DAY = _("Введіть день, коли видано ліки: сьогоднішній або раніший.")
NO_LATE_REASON = _("Напишіть, чому відпуск не записали того ж дня.")
LONG_RECEIPT = _("Номер чека задовгий: не більше 50 знаків.")


def read_lines(
    values: Mapping[str, str], offers: Sequence[Offer], left: Decimal, *, priced: bool, goods: Goods | None = None
) -> tuple[list[DispenseLine], dict[str, str]]:
    """The chosen packages, and the faults by field; a package with nothing typed is not chosen.

    An amount that is left empty is that of the stock's price, where `goods` tell one.
    """
    errors: dict[str, str] = {}
    known = {id: each.price for id, each in (goods or {}).items()}
    lines = []
    for offer in offers:
        price = known.get(offer.medication_id)
        line = _line(values, offer, errors, price=price, priced=priced)
        lines += [line] if line else []
    total = sum((line.quantity for line in lines), Decimal(0))
    if not errors and not lines:
        errors[_first(offers)] = NOTHING
    if not errors and total > left:
        errors[f"packages-{lines[0].offer.id}"] = TOO_MUCH
    return lines, errors


def _first(offers: Sequence[Offer]) -> str:
    return f"packages-{offers[0].id}" if offers else ""


def _line(
    values: Mapping[str, str], offer: Offer, errors: dict[str, str], *, price: Decimal | None, priced: bool
) -> DispenseLine | None:
    packages = _count(values.get(f"packages-{offer.id}", ""))
    units = _decimal(values.get(f"units-{offer.id}", ""))
    if packages is None or packages > MOST_PACKAGES:
        errors[f"packages-{offer.id}"] = BAD_PACKAGES
        return None
    if units is None or units >= MOST_MONEY or units % offer.min_qty or (units and not offer.is_divisible):
        errors[f"units-{offer.id}"] = BAD_UNITS
        return None
    quantity = offer.quantity(packages, units)
    if quantity == 0:
        return None
    if not priced:
        return DispenseLine(offer=offer, quantity=quantity)
    return _priced(values, DispenseLine(offer=offer, quantity=quantity), errors, price)


def _priced(
    values: Mapping[str, str], line: DispenseLine, errors: dict[str, str], price: Decimal | None
) -> DispenseLine | None:
    offer, written = line.offer, values.get(f"amount-{line.offer.id}", "")
    amount = _money(written)
    if not written and price is not None:
        amount = (price / offer.qty * line.quantity).quantize(KOPECK, ROUND_HALF_UP)
    allowed = offer.discount(line.quantity)
    typed = values.get(f"discount-{offer.id}", "")
    discount = _money(typed) if typed else min(allowed, amount or allowed)
    if amount is None or amount == 0:
        errors[f"amount-{offer.id}"] = BAD_MONEY
        return None
    if discount is None or discount > allowed or discount > amount:
        errors[f"discount-{offer.id}"] = BAD_MONEY if discount is None else BIG_DISCOUNT
        return None
    return DispenseLine(offer=offer, quantity=line.quantity, amount=amount, discount=discount)


def _count(text: str) -> int | None:
    """A whole number from 0; 0 of nothing; None when it is none."""
    if not text:
        return 0
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else None


def _decimal(text: str) -> Decimal | None:
    """A number from 0 with at most three decimals, 0 of nothing; None when it is none."""
    try:
        value = Decimal(text.replace(",", ".").replace(" ", "").replace("\u00a0", "") or "0")
        # Inside too: a number of more digits than are reckoned with cannot be rounded.
        is_right = value.is_finite() and value >= 0 and value == value.quantize(Decimal("0.001"))
    except InvalidOperation:
        return None
    return value if is_right else None


def _money(text: str) -> Decimal | None:
    value = _decimal(text) if text else None
    return value if value is not None and value < MOST_MONEY and value == round(value, 2) else None


def read_numbers(text: str, site: str = "") -> list[ScannedNumber]:
    """The numbers of one code: as a rule one, or several that a patient shows together; none when one is unclear."""
    whole = read_number(text, site)
    if whole is not None:
        return [whole]
    parts = text.split() if len(text) <= LONGEST_INPUT else []
    found = [each for part in parts[:MOST_NUMBERS] if (each := read_number(part))]
    return found if len({each.number for each in found}) == len(parts) else []


def read_rest(values: Mapping[str, str], divisions: Collection[str]) -> tuple[str, UUID | None, str, dict[str, str]]:
    """Code, division and receipt of a dispense, and the faults by field."""
    errors: dict[str, str] = {}
    code = read_code(values.get("code", ""))
    if code is None:
        errors["code"] = NOT_A_CODE
    division = values.get("division", "")
    if division not in divisions:
        errors["division"] = NO_DIVISION
    receipt = values.get("payment_id", "")
    if len(receipt) > LONGEST_RECEIPT:
        errors["payment_id"] = LONG_RECEIPT
    return code or "", UUID(division) if "division" not in errors else None, receipt, errors


def read_late(values: Mapping[str, str], today: date) -> tuple[dict[str, str], dict[str, str]]:
    """MD-14: the day and the reason of what was handed over earlier, and the faults; no day of what is given today."""
    typed, note = values.get("dispensed_at", "").strip(), values.get("note", "").strip()
    day = day_of(typed) if typed else today
    errors: dict[str, str] = {}
    if day is None or day > today:
        errors["dispensed_at"] = BAD_DAY
    elif day < today and not note:
        errors["note"] = NO_LATE_REASON
    if len(note) > LONGEST_WORDS:
        errors["note"] = LONG_WORDS
    late = {"dispensed_at": day.isoformat()} if day is not None and day < today else {}
    return late | ({"note": note} if note else {}), errors


def defaults(offers: Sequence[Offer], left: Decimal, goods: Goods | None = None) -> dict[str, str]:
    """The form before anything is typed: all that is left, of the only package or of the first that is in stock."""
    first = offers[0] if offers and (len(offers) == 1 or offers[0].medication_id in (goods or {})) else None
    if first is None:
        return {}
    offer = first
    packages, units = offer.split(left)
    return {
        f"packages-{offer.id}": str(packages) if packages else "",
        f"units-{offer.id}": str(number(units)).replace(".", ",") if units else "",
    }


RETURN_REASONS: Mapping[str, str] = {
    "RECORDED_IN_ERROR": _("Записано помилково: пацієнт цих ліків не отримав"),
    "WRONG_MEDICATION": _("Видано не ті ліки"),
    "WRONG_QUANTITY": _("Видано не ту кількість"),
    "DEFECT": _("Якість або заборонена серія"),
    "PATIENT_REFUSED": _("Пацієнт відмовився"),
    "OTHER": _("Інша причина"),
}
NO_REASON = _("Оберіть причину.")
NO_WORDS = _("Поясніть причину.")
LONG_WORDS = _("Скоротіть до 255 знаків.")
BAD_RETURN = _("Введіть, скільки повертається: від 0 і не більше, ніж видано.")
NOTHING_BACK = _("Введіть, скільки повертається, хоча б для одного препарату.")
LONGEST_WORDS = 255


def still_given(dispense: Mapping[str, Any]) -> dict[str, Decimal]:
    """What the patient still has of a dispense, by packages in the programme: what came back before is taken off."""
    left: dict[str, Decimal] = {}
    for each in dispense["details"]:
        id = str(each.get("program_medication_id"))
        left[id] = left.get(id, Decimal(0)) + Decimal(str(each["medication_qty"]))
    for line in (line for each in dispense.get("returns") or () for line in each.get("returned") or ()):
        id = str(line["program_medication_id"])
        left[id] = left.get(id, Decimal(0)) - Decimal(str(line["medication_qty"]))
    return {id: quantity for id, quantity in left.items() if quantity > 0}


def read_return(values: Mapping[str, str], dispense: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """What a signed return says besides the dispense, and the faults by field; all that is left is named by no line."""
    errors: dict[str, str] = {}
    left, back = still_given(dispense), {}
    for id, most in left.items():
        quantity = _decimal(values.get(f"qty-{id}", ""))
        if quantity is None or quantity > most:
            errors[f"qty-{id}"] = BAD_RETURN
        elif quantity:
            back[id] = quantity
    if not errors and not back:
        errors[f"qty-{next(iter(left))}"] = NOTHING_BACK
    code, words = values.get("return_reason_code", ""), values.get("return_reason", "").strip()
    if code not in RETURN_REASONS:
        errors["return_reason_code"] = NO_REASON
    if len(words) > LONGEST_WORDS or (code == "OTHER" and not words):
        errors["return_reason"] = LONG_WORDS if words else NO_WORDS
    asked: dict[str, Any] = {"return_reason_code": code} | ({"return_reason": words} if words else {})
    if back != left:
        asked["returned"] = [
            {"program_medication_id": id, "medication_qty": number(quantity)} for id, quantity in back.items()
        ]
    return asked, errors
