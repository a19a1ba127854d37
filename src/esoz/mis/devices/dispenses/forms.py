"""Reading the form of a dispense of devices: packages, what they cost where the state pays, code, receipt, division."""

from collections.abc import Collection, Sequence
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import Reading
from esoz.mis.pharmacy import NOT_A_CODE, read_code

from .model import KOPECK, Line, Offer

MOST_PACKAGES, MOST_MONEY, LONGEST_RECEIPT = 1000, Decimal(1_000_000), 50

NOTHING = _("Вкажіть, скільки упаковок видаєте.")
BAD_PACKAGES = _("Введіть ціле число упаковок.")
TOO_MUCH = _("Це більше, ніж залишилося за рецептом. Зменште кількість.")
NOT_ALL = _("За цією програмою відпускають усю кількість одразу.")
BAD_MONEY = _("Введіть суму в гривнях, наприклад 125,50.")
BIG_DISCOUNT = _("Відшкодування не може бути більшим за суму або за дозволене програмою.")
NO_DIVISION = _("Оберіть підрозділ аптеки.")
LONG_RECEIPT = _("Номер чека задовгий: не більше 50 знаків.")


def defaults(offers: Sequence[Offer], left: Decimal) -> dict[str, str]:
    """What a form begins with: all that is left, of the only device that fits, at the price of the programme."""
    if len(offers) != 1 or not offers[0].count:
        return {}
    offer, packages = offers[0], int(left // offers[0].count)
    values = {f"packages-{offer.device_id}": str(packages)}
    if offer.price is not None:
        values[f"amount-{offer.device_id}"] = f"{offer.price * packages:.2f}".replace(".", ",")
    return values


def read_lines(
    reading: Reading, offers: Sequence[Offer], left: Decimal, *, priced: bool, in_parts: bool
) -> Sequence[Line]:
    """The chosen devices; one with nothing typed is not chosen."""
    lines = [line for offer in offers if (line := _line(reading, offer, priced=priced)) is not None]
    if reading.faults or not offers:
        return lines
    total, field = sum((line.quantity for line in lines), Decimal(0)), f"packages-{offers[0].device_id}"
    if not lines:
        reading.fault(field, NOTHING)
    elif total > left:
        reading.fault(f"packages-{lines[0].offer.device_id}", TOO_MUCH)
    elif not in_parts and total != left:
        reading.fault(f"packages-{lines[0].offer.device_id}", NOT_ALL)
    return lines


def _line(reading: Reading, offer: Offer, *, priced: bool) -> Line | None:
    field = f"packages-{offer.device_id}"
    packages = reading.number(field, wrong=BAD_PACKAGES)
    if packages is None or packages == 0:
        return None
    if packages != packages.to_integral_value() or not 0 < packages <= MOST_PACKAGES:
        reading.fault(field, BAD_PACKAGES)
        return None
    line = Line(offer=offer, quantity=offer.count * int(packages))
    return _priced(reading, line) if priced else line


def _priced(reading: Reading, line: Line) -> Line | None:
    offer = line.offer
    amount = _money(reading, f"amount-{offer.device_id}", missing=BAD_MONEY)
    if amount is None:
        return None
    # Central reckons the share of the price from the price of one piece, to the kopeck.
    sold = (amount / line.quantity).quantize(KOPECK, ROUND_HALF_UP) * line.quantity
    allowed = offer.discount(line.quantity, sold)
    field = f"discount-{offer.device_id}"
    discount = _money(reading, field) if reading.typed(field) else min(allowed, amount)
    if discount is None:
        return None
    if discount > allowed or discount > amount:
        reading.fault(field, BIG_DISCOUNT)
        return None
    return Line(offer=offer, quantity=line.quantity, amount=amount, discount=discount)


def _money(reading: Reading, name: str, missing: str = "") -> Decimal | None:
    value = reading.number(name, wrong=BAD_MONEY, missing=missing)
    if value is None:
        return None
    if not 0 <= value < MOST_MONEY or value != value.quantize(KOPECK) or (missing and not value):
        reading.fault(name, BAD_MONEY)
        return None
    return value


def read_rest(reading: Reading, divisions: Collection[str]) -> tuple[UUID | None, str, str]:
    """The division, the patient's code, the number of the receipt."""
    division, code = reading.typed("division"), read_code(reading.typed("code"))
    if division not in divisions:
        reading.fault("division", NO_DIVISION)
    if code is None:
        reading.fault("code", NOT_A_CODE)
    receipt = reading.text("payment_id", too_long=LONG_RECEIPT, longest=LONGEST_RECEIPT) or ""
    return (UUID(division) if division in divisions else None), code or "", receipt
