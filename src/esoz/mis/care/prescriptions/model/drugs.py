"""Medicines as central tells of them: units, packages and the arithmetic of whole packages."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, Decimal
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.pages.quantities import counted_in, unit_in_words

# Codes of eHealth/ucum/units; a unit that is not there travels as a word only.
_UCUM = {"PILL": "{tbl}", "ML": "mL", "MG": "mg", "MKG": "ug", "IE": "[iU]"}
_PIECES = {"CAPSULE": "{capsule}", "SUPPOSITORY": ""}
_ORAL = ("TABLET", "CAPSULE", "ORAL", "SYRUP")
_ROUTES = {
    "SUPPOSITORY": "37161004",
    "SOLUTION_FOR_INFUSION": "47625008",
    "CONCENTRATE_FOR_INFUSION": "47625008",
    "INHALATION_SOLUTION": "447694001",
}
BY_MOUTH, INTO_MUSCLE = "26643006", "78421000"


class Package(msgspec.Struct, frozen=True):
    """One size of package. `holds`: units of a dose in one unit of quantity (100 ml of a bottle, 1 of a tablet)."""

    qty: Decimal
    min_qty: Decimal
    holds: Decimal


class Ingredient(msgspec.Struct, frozen=True):
    """A substance and how much of it one unit of a dose holds: 500 MG in a capsule, 50 MG in a millilitre."""

    name: str
    latin: str
    amount: Decimal
    unit: str


class Drug(msgspec.Struct, frozen=True, kw_only=True):
    """What is prescribed: substance, strength and form. Units are codes of MEDICATION_UNIT."""

    id: UUID
    name: str
    form: str
    substances: str
    dose_unit: str
    quantity_unit: str
    packages: tuple[Package, ...]
    ingredients: tuple[
        Ingredient, ...
    ] = ()  # the primary one first; none in drafts that were begun before they were kept
    most_daily: Decimal | None = None  # units of a dose that the programme allows in a day

    @property
    def latin(self) -> str:
        """International names of the substances, joined as the register joins them."""
        return " + ".join(each.latin for each in self.ingredients)

    @property
    def multiples(self) -> list[Decimal]:
        """Quantities of which at least one must divide the prescribed one (MR-7), the smallest first."""
        return sorted({package.min_qty for package in self.packages})

    def unit(self, code: str) -> str:
        """The unit in words."""
        return unit_in_words(code, self.form)

    def quantity_of(self, code: str, value: Decimal) -> dict[str, object]:
        """The published Simple_Quantity."""
        ucum = _piece(self.form) if code == "PILL" else _UCUM.get(code, "")
        coded = {"system": "eHealth/ucum/units", "code": ucum} if ucum else {}
        return {"value": number(value), "unit": self.unit(code), **coded}


def _piece(form: str) -> str:
    return next((code for part, code in _PIECES.items() if part in form), _UCUM["PILL"])


def usual_route(form: str) -> str:
    """The way into the body that the form is made for, a code of eHealth/SNOMED/route_codes."""
    if form in _ROUTES:
        return _ROUTES[form]
    return BY_MOUTH if any(part in form for part in _ORAL) else INTO_MUSCLE if "INJECTION" in form else ""


def read_drug(found: Mapping[str, Any]) -> Drug:
    """From `Drug_v2_Response` or `Drug_v3_Response`."""
    ingredients = found["ingredients"]
    primary = next((each for each in ingredients if each["is_primary"]), ingredients[0])
    dose_unit = primary["dosage"]["denumerator_unit"]
    packages = found.get("packages") or ()
    counted = counted_in(found["form"], dose_unit)
    quantity_unit = packages[0]["container_dosage"]["denumerator_unit"] if packages else counted
    return Drug(
        id=UUID(found["id"]),
        name=found["name"],
        form=found["form"],
        substances=" + ".join(each["name"] for each in ingredients),
        dose_unit=dose_unit,
        quantity_unit=quantity_unit,
        packages=tuple(sorted(set(_packages(packages)), key=_size)),
        ingredients=tuple(_ingredient(each) for each in sorted(ingredients, key=lambda each: not each["is_primary"])),
        most_daily=_most_daily(found),
    )


def _ingredient(found: Mapping[str, Any]) -> Ingredient:
    dosage = found["dosage"]
    amount = Decimal(str(dosage["numerator_value"])) / Decimal(str(dosage["denumerator_value"]))
    return Ingredient(found["name"], found.get("name_original") or "", amount, dosage["numerator_unit"])


def _most_daily(found: Mapping[str, Any]) -> Decimal | None:
    """The least of what the drug and its participants in programmes allow; a zero means that nothing is set."""
    packages = found.get("packages") or ()
    told = [found, *(each for package in packages for each in package.get("program_medications") or ())]
    values = [Decimal(str(each.get("max_daily_dosage") or 0)) for each in told]
    return min((value for value in values if value > 0), default=None)


def _packages(packages: Iterable[Mapping[str, Any]]) -> Iterable[Package]:
    for each in packages:
        container = each["container_dosage"]
        holds = Decimal(str(container["numerator_value"])) / Decimal(str(container["denumerator_value"]))
        yield Package(Decimal(str(each["package_qty"])), Decimal(str(each["package_min_qty"])), holds)


def _size(package: Package) -> tuple[Decimal, Decimal, Decimal]:
    return package.qty, package.min_qty, package.holds


def number(value: Decimal) -> int | float:
    """A JSON number: whole ones without a point."""
    return int(value) if value == value.to_integral_value() else float(value)


def is_whole(quantity: Decimal, multiples: Iterable[Decimal]) -> bool:
    """MR-7: some package can be given without breaking it; without packages anything goes."""
    sizes = list(multiples)
    return quantity > 0 and (not sizes or any(quantity % size == 0 for size in sizes))


def enough_for(drug: Drug, units: Decimal) -> Decimal:
    """The least quantity of whole packages that holds so many units of a dose; the units when there is none."""
    found = [_whole_up(units / package.holds, package.min_qty) for package in drug.packages]
    return min(found, default=units)


def holds(drug: Drug, quantity: Decimal) -> Decimal:
    """Units of a dose in the quantity, by the package that fits it and holds most."""
    fitting = [package.holds for package in drug.packages if quantity % package.min_qty == 0]
    return quantity * max(fitting, default=Decimal(1))


def _whole_up(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(ROUND_CEILING) * step
