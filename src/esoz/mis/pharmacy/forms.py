"""Reading the form of a dispense: packages, units beside them, prices where the state pays."""

from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from uuid import UUID

from esoz.kernel.pages import mark as _
from esoz.mis.care.prescriptions import number

from .model import KOPECK, NOT_A_CODE, DispenseLine, Goods, Offer, read_code

MOST_PACKAGES = 1000
MOST_MONEY = Decimal(1_000_000)
LONGEST_RECEIPT = 50

NOTHING = _("Вкажіть кількість хоча б для одного препарату.")
TOO_MUCH = _("Це більше, ніж залишилося за рецептом. Зменште кількість.")
NOT_ALL = _("За цією програмою відпускають усю кількість одразу.")
BAD_PACKAGES = _("Введіть ціле число упаковок.")
BAD_UNITS = _("Ця кількість не кратна найменшій частині упаковки. Введіть кратну, підказка під полем.")
BAD_MONEY = _("Введіть суму в гривнях, наприклад 125,50.")
BIG_DISCOUNT = _("Відшкодування не може бути більшим за суму або за дозволене програмою.")
NO_DIVISION = _("Оберіть підрозділ аптеки.")
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
