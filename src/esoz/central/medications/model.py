"""Drugs: substance (INNM), what is prescribed (INNM_DOSAGE), what is sold (BRAND)."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import msgspec

ATC_LEVELS = (1, 3, 4, 5, 7)  # how many characters name a group of each level


ORDINARY_BLANK, NARCOTIC_BLANK = "F-1", "F-3"
# Groups of what the tables of narcotic and psychotropic medicines of limited circulation hold (DR-10): opioids for pain
# and anaesthesia, tramadol, treatment of dependence.
_NARCOTIC = ("N01AH", "N02AA", "N02AB", "N02AE", "N02AX02", "N07BC")


class Event(StrEnum):
    DRUGS_IMPORTED = "drug.imported"


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


def blank_type(codes: Iterable[str]) -> str:
    """DR-10: a medicine with an ATC code of a narcotic one is prescribed on the blank ф-3, every other on ф-1."""
    return NARCOTIC_BLANK if any(code.startswith(_NARCOTIC) for code in codes) else ORDINARY_BLANK


def is_multiple(quantity: Decimal, of: Decimal) -> bool:
    """Whether whole (minimal) packages make up the quantity; decimals are exact, unlike floats."""
    return quantity > 0 and quantity % of == 0


def can_be_packed(quantity: Decimal, packages: Iterable[Medication]) -> bool:
    """MR-7: the quantity is a multiple of the minimal package of at least one medication."""
    return any(is_multiple(quantity, each.package_min_qty) for each in packages)


# DR-14: a file that was cut off would take most medicines of the country off sale.
FEW = 100  # of so few packages a tenth says nothing


def must_be_whole(sold: int, gone: int) -> None:
    """Raise ValueError when more than a tenth of the packages on sale would go out of use."""
    if sold >= FEW and gone * 10 > sold:
        raise ValueError(
            f"{gone} of {sold} packages would go out of use, more than a tenth: is the file whole?"
            " --shrinks takes it in"
        )
