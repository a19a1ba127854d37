"""Numbers and codes as people and scanners give them; packages and units of a dispense."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, Protocol, TypeAlias
from uuid import UUID

import msgspec

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.quantities import unit_in_words
from esoz.mis.care.prescriptions import number

HOLD = timedelta(minutes=10)  # MD-9: central gives up what was not signed by then
NHS = "NHS"  # the state pays: prices and the discount are part of the dispense
KOPECK = Decimal("0.01")
PAYMENT = ("payment_id", "payment_amount")  # what is added to central's dispense before the signature
LONGEST_INPUT = 200

NO_NUMBER = _("Введіть номер рецепта: 16 знаків, наприклад 0000-243P-1X53-EH38.")
NOT_A_NUMBER = _("Це не номер електронного рецепта. Введіть 16 знаків, наприклад 0000-243P-1X53-EH38.")
NOT_A_CODE = _("Код має чотири цифри. Попросіть пацієнта назвати його ще раз.")

# Symbols of numbers (MR-11), and what is read in their place: Cyrillic twins, letters that look like digits.
_SYMBOLS = "0123456789AEHKMPTX"
_TWINS = str.maketrans("АЕНКМРТХОOІIЇL|З", "AEHKMPTX00111113")
# The same keys of a keyboard: a scanner types by keys, and the computer may stand on the Ukrainian layout.
_KEYS = str.maketrans("ФУРЛЬЗЕЧ", "AEHKMPTX")
_ONLY_KEYS = frozenset("ФУЛЬЧ")  # letters that are nobody's twin
_DASHES = re.compile(r"[\s\u00a0\u2010-\u2015\u2212_.:;,/\\-]+")
_AIM = re.compile(r"^[\]Її][A-Za-zА-Яа-яІіЇїЄєҐґ]\d")  # a scanner's own mark of the kind of code: ]C1, ]Q3
_LETTERS = re.compile(r"[0-9A-Za-zА-Яа-яІіЇїЄєҐґ|]*")
_LABEL = re.compile(r"^(?:(?:рецепт|е-?рецепт|prescription|esoz|ehealth|rx)\s*[№#:=\s]|№)\s*", re.IGNORECASE)
_WHOLE = re.compile(rf"(0000[{_SYMBOLS}]{{12}})(\d{{4}})?")
_OF_DEVICE = re.compile(rf"([{_SYMBOLS}]{{16}})(\d{{4}})?")  # DVR-9


class Event(StrEnum):
    READ = "dispensing.prescription_read"
    QUALIFIED = "dispensing.packages_read"
    HELD = "dispense.held"
    PROCESSED = "dispense.processed"
    RELEASED = "dispense.released"
    RETURNED = "dispense.returned"
    LIST_READ = "dispenses.read"
    LIST_EXPORTED = "dispenses.exported"
    DISPENSE_READ = "dispense.read"


@dataclass(frozen=True, slots=True)
class ScannedNumber:
    """What was typed or scanned: the number as central writes it, and the code when it came along."""

    number: str
    code: str = ""
    otherwise: str = ""  # how the same letters read when typed on the Ukrainian layout, where both ways are possible


def read_number(text: str, site: str = "", *, of_device: bool = False) -> ScannedNumber | None:
    """The number in what a person typed or a scanner sent; None when there is none, or when there is anything else.

    Forgiven: spaces, dashes of all kinds, small letters, Cyrillic letters of the same look or keys, O for 0, the mark
    of the scanner, a word before the number, the address of `site` whose path ends with it, a code after it.
    Everything else is refused whole, never cut to fit; an address is never opened. `of_device`: not of medicines.
    """
    if len(text) > LONGEST_INPUT:
        return None
    bare = _LABEL.sub("", _of_site(_AIM.sub("", text.strip()), site))
    plain = _DASHES.sub("", bare)
    plain = plain.upper() if _LETTERS.fullmatch(plain) else ""  # the capital of a stranger may be one of ours
    whole = _OF_DEVICE if of_device else _WHOLE
    twins, keys = whole.fullmatch(plain.translate(_TWINS)), whole.fullmatch(plain.translate(_KEYS))
    found = None if _ONLY_KEYS & set(plain) else twins
    chosen = found or keys
    if chosen is None:
        return None
    otherwise = grouped(keys[1]) if found and keys and keys[1] != found[1] else ""
    return ScannedNumber(grouped(chosen[1]), chosen[2] or "", otherwise)


def _of_site(text: str, site: str) -> str:
    """What stands at the end of an address of the site; the text itself when it is no such address."""
    start = f"{site.rstrip('/')}/"
    if not site or not text.lower().startswith(start.lower()):
        return text
    return text[len(start) :].rsplit("/", 1)[-1]


def grouped(number: str) -> str:
    """0000243P1X53EH38 → 0000-243P-1X53-EH38"""
    return "-".join(number[place : place + 4] for place in range(0, len(number), 4))


def read_code(text: str) -> str | None:
    """Four digits, spaces forgiven; empty when nothing was typed; None when it is no code."""
    plain = "".join(text.split())
    if not plain:
        return ""
    return plain if re.fullmatch(r"[0-9]{4}", plain) else None


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A package that the programme lets the pharmacy give. Quantities in units, money in hryvnias a package."""

    id: UUID
    medication_id: UUID
    name: str
    manufacturer: str
    form: str
    unit: str
    qty: Decimal
    min_qty: Decimal
    holds: Decimal = Decimal(1)
    dose_unit: str = ""
    reimbursement: Decimal = Decimal(0)

    @property
    def unit_word(self) -> str:
        return unit_in_words(self.unit, self.form)

    @property
    def is_divisible(self) -> bool:
        """Whether a part of the package may be given."""
        return self.min_qty < self.qty

    @property
    def content(self) -> str:
        """What one unit holds when it is more than itself: «100 мл»."""
        return "" if self.holds == 1 else f"{number(self.holds)} {unit_in_words(self.dose_unit, self.form)}"

    def quantity(self, packages: int, units: Decimal) -> Decimal:
        return self.qty * packages + units

    def discount(self, quantity: Decimal) -> Decimal:
        """What the state pays for so much (MD-4)."""
        return (self.reimbursement / self.qty * quantity).quantize(KOPECK, ROUND_HALF_UP)

    def split(self, quantity: Decimal) -> tuple[int, Decimal]:
        """A quantity as whole packages and the units beside them, cut to what the package allows."""
        packages, rest = divmod(quantity, self.qty)
        return int(packages), rest // self.min_qty * self.min_qty if self.is_divisible else Decimal(0)


class InStock(Protocol):
    """What a division has of a medicine, and what its package costs."""

    @property
    def quantity(self) -> Decimal: ...

    @property
    def price(self) -> Decimal: ...


Goods: TypeAlias = Mapping[UUID, InStock]


def in_order(offers: Iterable[Offer], goods: Goods, prices: Mapping[UUID, Decimal]) -> Sequence[Offer]:
    """PH-6: what is in stock first, the cheapest a unit; then by `prices` of the catalogue; then as they come."""

    def place(offer: Offer) -> tuple[bool, bool, Decimal]:
        price = goods[offer.medication_id].price if offer.medication_id in goods else prices.get(offer.medication_id)
        return offer.medication_id not in goods, price is None, (price or Decimal(0)) / offer.qty

    return sorted(offers, key=place)


def read_offer(found: Mapping[str, Any]) -> Offer:
    """From a participant of the published qualification."""
    container = found.get("container_dosage") or {}
    qty = Decimal(str(found.get("package_qty") or 1))
    maker = found.get("manufacturer") or {}
    return Offer(
        id=UUID(found["id"]),
        medication_id=UUID(found["medication_id"]),
        name=found["medication_name"],
        manufacturer=maker.get("name", ""),
        form=found.get("form") or "",
        unit=container.get("denumerator_unit") or "",
        dose_unit=container.get("numerator_unit") or "",
        holds=Decimal(str(container.get("numerator_value") or 1))
        / Decimal(str(container.get("denumerator_value") or 1)),
        qty=qty,
        min_qty=Decimal(str(found.get("package_min_qty") or qty)),
        reimbursement=Decimal(str(found.get("reimbursement_amount") or 0)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DispenseLine:
    """So much of one package; money only when the state pays."""

    offer: Offer
    quantity: Decimal
    amount: Decimal | None = None
    discount: Decimal | None = None

    @property
    def to_pay(self) -> Decimal:
        return (self.amount or Decimal(0)) - (self.discount or Decimal(0))

    @property
    def money(self) -> tuple[Decimal, Decimal]:
        """What it costs, and what of it the state pays; nothing where there are no prices."""
        return self.amount or Decimal(0), self.discount or Decimal(0)

    def published(self) -> dict[str, Any]:
        """One of `dispense_details`."""
        line: dict[str, Any] = {
            "medication_id": str(self.offer.medication_id),
            "program_medication_id": str(self.offer.id),
            "medication_qty": number(self.quantity),
        }
        if self.amount is not None:
            price = (self.amount / self.quantity).quantize(KOPECK, ROUND_HALF_UP)
            money = {"sell_price": price, "sell_amount": self.amount, "discount_amount": self.discount or Decimal(0)}
            line |= {name: number(value) for name, value in money.items()}
        return line


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What the pharmacist asks for."""

    request_id: UUID
    number: str
    programme_id: UUID
    division_id: UUID
    lines: Sequence[DispenseLine]
    payment_id: str = ""
    late: Mapping[str, str] = field(default_factory=dict)  # MD-14: the day and the reason, of an earlier day

    @property
    def payment(self) -> dict[str, Any]:
        """What is added before the signature: the receipt and what the patient paid."""
        paid: dict[str, Any] = {"payment_id": self.payment_id} if self.payment_id else {}
        if any(line.amount is not None for line in self.lines):
            paid["payment_amount"] = number(sum((line.to_pay for line in self.lines), Decimal(0)))
        return paid

    def published(self, day: date) -> dict[str, Any]:
        """The published `medication_dispense`."""
        return {
            "medication_request_id": str(self.request_id),
            "dispensed_at": day.isoformat(),
            "division_id": str(self.division_id),
            "medical_program_id": str(self.programme_id),
            "dispense_details": [line.published() for line in self.lines],
        } | dict(self.late)

    def is_of_same_packages(self, dispense: Mapping[str, Any]) -> bool:
        """Whether central's dispense is of the same packages, whatever they cost."""
        ours = sorted((str(line.offer.id), line.quantity) for line in self.lines)
        return ours == sorted(
            (str(each.get("program_medication_id")), Decimal(str(each["medication_qty"])))
            for each in dispense["details"]
        )

    def is_same(self, dispense: Mapping[str, Any]) -> bool:
        """Whether central's dispense is what is asked for, to the kopeck: how a lost answer is found again."""
        ours = sorted((str(line.offer.id), line.quantity, *line.money) for line in self.lines)
        theirs = sorted(
            (
                str(each.get("program_medication_id")),
                Decimal(str(each["medication_qty"])),
                _money(each, "sell_amount"),
                _money(each, "discount_amount"),
            )
            for each in dispense["details"]
        )
        is_noted_so = (dispense.get("note") or "") == self.late.get("note", "")
        return ours == theirs and is_noted_so and dispense["division"]["id"] == str(self.division_id)


def payment_of(dispense: Mapping[str, Any]) -> dict[str, Any]:
    """What the patient pays by the prices that central keeps; nothing when the dispense has none."""
    priced = [each for each in dispense["details"] if each.get("sell_amount") is not None]
    if not priced:
        return {}
    paid = sum((_money(each, "sell_amount") - _money(each, "discount_amount") for each in priced), Decimal(0))
    return {"payment_amount": number(paid)}


def _money(detail: Mapping[str, Any], name: str) -> Decimal:
    return Decimal(str(detail.get(name) or 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What dispenses amount to: with prices where the programme has them."""

    dispenses: int = 0
    amount: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)

    @property
    def paid(self) -> Decimal:
        """What patients paid."""
        return self.amount - self.discount

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            dispenses=self.dispenses + other.dispenses,
            amount=self.amount + other.amount,
            discount=self.discount + other.discount,
        )

    def with_one(self, dispense: Mapping[str, Any]) -> "Sums":
        amount = sum((_money(each, "sell_amount") for each in dispense["details"]), Decimal(0))
        discount = sum((_money(each, "discount_amount") for each in dispense["details"]), Decimal(0))
        return self + Sums(dispenses=1, amount=amount, discount=discount)


def sums_of(dispenses: Iterable[Mapping[str, Any]]) -> dict[str, Sums]:
    """PH-7: sums by programme, to the kopeck, as central keeps the dispenses."""
    found: dict[str, Sums] = {}
    for each in dispenses:
        programme = (each["medication_request"].get("medical_program") or {}).get("name") or ""
        found[programme] = found.get(programme, Sums()).with_one(each)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDispense:
    """A dispense that this pharmacy holds: what is signed, and until when."""

    id: UUID
    clinic_id: UUID
    user_id: UUID
    request_id: UUID
    request_number: str
    content: bytes
    held_until: datetime
    created_at: datetime
    signed: bytes | None = None

    @property
    def shown(self) -> Mapping[str, Any]:
        """The document, read for people."""
        return msgspec.json.decode(self.content, type=dict)

    def is_signed_with(self, payment: Mapping[str, Any]) -> bool:
        """Whether the signature, when there is one, is over this payment."""
        shown = self.shown
        return self.signed is None or all(shown.get(name) == payment.get(name) for name in PAYMENT)

    def minutes_left(self, now: datetime) -> int:
        """Full minutes until central gives up what is held; 0 when the time is over."""
        return max(int((self.held_until - now).total_seconds() // 60), 0)


def remaining(request: Mapping[str, Any]) -> Decimal:
    """How much may still be given."""
    info = request["medication_info"]
    left = info.get("medication_remaining_qty")
    return Decimal(str(info["medication_qty"] if left is None else left))


def is_open(request: Mapping[str, Any], today: date) -> bool:
    """Whether anything may be given now: active, not blocked, within its days, something left."""
    active = request["status"] == "ACTIVE" and not request.get("block_reason_code")
    return active and remaining(request) > 0 and _is_day(request, today)


def _is_day(request: Mapping[str, Any], today: date) -> bool:
    first, last = request.get("dispense_valid_from"), request.get("dispense_valid_to")
    return bool(first and last) and date.fromisoformat(str(first)) <= today <= date.fromisoformat(str(last))


# Why nothing can be given, and what to do.
_CLOSED = {
    "COMPLETED": (
        _("За рецептом усе відпущено."),
        _("Якщо лікування триває, пацієнтові потрібен новий рецепт від лікаря."),
    ),
    "REJECTED": (_("Лікар відкликав рецепт."), _("Порадьте пацієнтові звернутися до лікаря, який його виписав.")),
    "EXPIRED": (_("Строк дії рецепта минув."), _("Порадьте пацієнтові звернутися до лікаря по новий рецепт.")),
}
BLOCKED = (
    _("Рецепт заблоковано."),
    _("Порадьте пацієнтові звернутися до лікаря: після розблокування рецепт діятиме знову."),
)
ALL_TAKEN = (
    _("Усю кількість уже відпущено або зараз утримує аптека."),
    _("Якщо пацієнт не отримав ліків, оновіть сторінку за 10 хвилин: незавершений відпуск звільниться сам."),
)
NOT_YET = (_("За рецептом ще не можна відпускати."), _("Перевірте дні дії рецепта."))


def why_closed(request: Mapping[str, Any]) -> tuple[str, str]:
    """What happened and what to do, of a prescription by which nothing can be given now."""
    if request["status"] in _CLOSED:
        return _CLOSED[request["status"]]
    if request.get("block_reason_code"):
        return BLOCKED
    return ALL_TAKEN if remaining(request) <= 0 else NOT_YET
