"""How much of a medicine is told: one unit for one thing, in every part of the system."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from esoz.central.medications import medication_info, medication_short
from esoz.central.medications.commands import originals_of, registered_dosage, registered_package
from esoz.kernel.pages import translations
from esoz.kernel.pages.display import Display
from esoz.kernel.pages.quantities import UNITS, counted_in, unit_in_words, unit_of
from esoz.mis.care.prescriptions.model.note import quantity
from esoz.spec import drugs
from esoz.spec.dictionary import dictionary

SOURCES = Path(__file__).parents[3] / "src" / "esoz"


def test_of_every_package_of_the_register_then_what_is_prescribed_and_what_is_given_are_counted_alike() -> None:
    tree = drugs.tree(drugs.antibiotics())
    originals = originals_of(tree)
    for dosage in (each for innm in tree.innms for each in innm.dosages):
        info = medication_info(registered_dosage(dosage, originals), Decimal(2))
        given = {unit_of(medication_short(registered_package(dosage, brand))) for brand in dosage.brands}
        assert given == {unit_of(info)}, dosage.name
        assert quantity({"medication_info": info}) == f"2\u00a0{unit_of(info)}"


@pytest.mark.parametrize(
    ("form", "dose_unit", "word"),
    [
        ("POWDER_FOR_ORAL_SUSPENSION", "ML", "фл."),
        ("SYRUP", "ML", "фл."),
        ("SOLUTION_FOR_INFUSION", "ML", "фл."),
        ("SOLUTION_FOR_INJECTION", "ML", "амп."),
        ("POWDER_FOR_INJECTION", "BOTTLE", "фл."),
        ("POWDER_FOR_INJECTION", "MG", "фл."),
        ("INHALATION_SOLUTION", "ML", "конт."),
        ("AEROSOL_FOR_INHALATION_DOSED", "DOSE", "балон"),
        ("GRANULES_FOR_ORAL_SOLUTION", "SACHET", "саше"),
        ("TABLET", "PILL", "табл."),
        ("MODIFIED-RELEASE_CAPSULE", "PILL", "капс."),
        ("SUPPOSITORY", "PILL", "супоз."),
        ("SOMETHING_NEW", "ML", "фл."),
        ("SOMETHING_NEW", "CARTRIDGE", "CARTRIDGE"),
    ],
)
def test_of_a_form_then_what_its_quantity_counts(form: str, dose_unit: str, word: str) -> None:
    assert unit_in_words(counted_in(form, dose_unit), form) == word
    assert unit_of({"form": form, "dosage": {"denumerator_unit": dose_unit}}) == word


def test_when_the_package_is_known_then_its_own_container() -> None:
    package = {"form": "SOLUTION_FOR_INJECTION", "container": {"denumerator_unit": "VIAL"}}
    assert unit_of(package) == "шприц"


@pytest.mark.parametrize("medicine", [{}, {"form": "TABLET"}, {"form": "TABLET", "dosage": None, "container": None}])
def test_when_central_tells_no_unit_then_none(medicine: dict[str, object]) -> None:
    assert unit_of(medicine) == ""


def test_every_published_unit_has_a_word_in_both_languages() -> None:
    assert set(UNITS) == {value.code for value in dictionary("MEDICATION_UNIT").values}
    english = Display("en", translations.load("en", ["esoz.kernel"]))
    for word in {*UNITS.values(), "капс.", "супоз."}:
        told = english.quantity(2, word)
        assert told.isascii() or told.replace("\u00a0", "").isascii(), word


def test_every_page_tells_quantities_of_medicines_by_this_one_function() -> None:
    own = re.compile(r"medication_\w*qty\s*\|\s*quantity|\bleft\s*\|\s*quantity")
    pages = [path for path in SOURCES.glob("**/templates/**/*.html") if own.search(path.read_text("utf-8"))]
    assert pages == []
