"""Drugs: substance (INNM), what is prescribed (INNM_DOSAGE), what is sold (BRAND), and its place in a programme."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

import msgspec

ATC_LEVELS = (1, 3, 4, 5, 7)  # how many characters name a group of each level


class Strength(msgspec.Struct, frozen=True):
    """How much of one thing in how much of another, e.g. 500 MG in 1 PILL; `denumerator` is the published spelling."""

    numerator_value: Decimal
    numerator_unit: str
    denumerator_value: Decimal
    denumerator_unit: str


class Ingredient(msgspec.Struct, frozen=True, kw_only=True):
    """A substance of a dosage; `id` is the INNM."""

    id: UUID
    name: str
    name_original: str
    is_primary: bool
    dosage: Strength
    sctid: str | None = None


class Participant(msgspec.Struct, frozen=True, kw_only=True):
    """A package or a dosage that takes part in a programme; amounts are hryvnias for one package."""

    id: UUID
    medical_program_id: UUID
    innm_dosage_id: UUID
    start_date: date
    medication_id: UUID | None = None
    is_active: bool = True
    medication_request_allowed: bool = True
    care_plan_activity_allowed: bool = False
    end_date: date | None = None
    registry_number: str | None = None
    reimbursement_amount: Decimal = Decimal(0)
    reimbursement_daily_dosage: Decimal | None = None
    wholesale_price: Decimal | None = None
    consumer_price: Decimal | None = None
    estimated_payment_amount: Decimal | None = None
    max_daily_dosage: Decimal | None = None
    package_qty_divisible: bool = False

    def takes_part(self, day: date) -> bool:
        """Whether the participation is active on this day; both ends belong to it."""
        return self.is_active and self.start_date <= day and (self.end_date is None or day <= self.end_date)


class Medication(msgspec.Struct, frozen=True, kw_only=True):
    """A trade name in a package; quantities are in the units of the dosage (tablets, millilitres…)."""

    id: UUID
    innm_dosage_id: UUID
    name: str
    form: str
    manufacturer_name: str
    manufacturer_country: str
    code_atc: tuple[str, ...]
    certificates: tuple[str, ...]
    container: Strength
    package_qty: Decimal
    package_min_qty: Decimal
    is_active: bool = True
    form_pharm: str | None = None
    max_request_dosage: Decimal | None = None
    drlz_sku_id: str | None = None

    @property
    def atc_groups(self) -> list[str]:
        """Every level of the anatomical-therapeutic-chemical codes, e.g. J01CA04, J01CA, J01C, J01, J."""
        return sorted({code[:length] for code in self.code_atc for length in ATC_LEVELS if length <= len(code)})


class Dosage(msgspec.Struct, frozen=True, kw_only=True):
    """What a doctor prescribes: substances, form, strength."""

    id: UUID
    name: str
    form: str
    mr_blank_type: str
    dosage_form_is_dosed: bool
    ingredients: tuple[Ingredient, ...]
    is_active: bool = True
    daily_dosage: Decimal | None = None
    max_daily_dosage: Decimal | None = None

    @property
    def primary(self) -> Ingredient:
        """The only primary substance (DR-1)."""
        return next(each for each in self.ingredients if each.is_primary)


def is_multiple(quantity: Decimal, of: Decimal) -> bool:
    """Whether whole (minimal) packages make up the quantity; decimals are exact, unlike floats."""
    return quantity > 0 and quantity % of == 0


def can_be_packed(quantity: Decimal, packages: Iterable[Medication]) -> bool:
    """MR-7: the quantity is a multiple of the minimal package of at least one medication."""
    return any(is_multiple(quantity, each.package_min_qty) for each in packages)
