"""The register of drugs: filled by an operator, any number of times, in part or as a whole."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid5

from esoz.kernel.pages.quantities import counted_in
from esoz.kernel.work import Work
from esoz.spec import drugs as register
from esoz.spec.drugs.tree import NAMESPACE

from . import store
from .model import Dosage, Event, Ingredient, Medication, Strength, blank_type, must_be_whole

COUNTRY = "UA"  # the register names makers without their countries


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """How much came in, and how many rows could not be read with certainty."""

    substances: int
    dosages: int
    packages: int
    left_out: int
    reasons: Mapping[str, int]  # how many rows for each reason, the most frequent first
    reason_of: Mapping[str, str]  # of each row left out, by its package_pcid


@dataclass(frozen=True, slots=True)
class RegisterChanges:
    """What an import changed among packages, and how many rows could not be read with certainty."""

    added: int
    changed: int
    removed: int
    left_out: int
    reasons: Mapping[str, int]
    reason_of: Mapping[str, str]


async def import_drugs(work: Work, rows: Iterable[register.Row]) -> ImportCounts:
    """Bring the register's rows in; ids follow from names, so a second import changes nothing."""
    tree = register.tree(rows)
    originals = originals_of(tree)
    substances = [(id_of(name), name, original, None) for name, original in originals.items()]
    await store.save_substances(work.db, substances, work.now)
    known = [each for innm in tree.innms for each in innm.dosages]
    dosages = [each for each in known if is_strong(each)]
    await store.save_dosages(work.db, [registered_dosage(each, originals) for each in dosages], work.now)
    packages = [registered_package(each, brand) for each in dosages for brand in each.brands]
    await store.save_medications(work.db, packages, work.now)
    work.record(Event.DRUGS_IMPORTED, "register", rows=len(packages))
    reason_of = {each.row.package_pcid: each.reason.value for each in tree.left_out}
    weak = [brand for each in known if not is_strong(each) for brand in each.brands]
    reason_of |= {id: register.Reason.NO_STRENGTH.value for brand in weak for id in brand.register_ids}
    reasons = dict(Counter(reason_of.values()).most_common())
    return ImportCounts(len(originals), len(dosages), len(packages), len(reason_of), reasons, reason_of)


async def import_register(work: Work, rows: Sequence[register.Row], *, shrinks: bool = False) -> RegisterChanges:
    """Make the register of packages what the file says; prescriptions keep naming what went out of use.

    Raises ValueError when so many go that the file is hardly whole, unless it is said that the register `shrinks`.
    """
    before = await store.packages(work.db)
    done = await import_drugs(work, rows)
    after = await store.packages(work.db)
    kept = await store.touched(work.db, work.now)
    sold = [id for id, package in before.items() if package["is_active"]]
    gone = [id for id in sold if id not in kept]
    if not shrinks:
        must_be_whole(len(sold), len(gone))
    changed = [id for id, package in after.items() if id in before and before[id] != package]
    # DR-13: prescriptions and prices name the package; what it was when they were written can be looked up.
    await store.keep_versions(work.db, {id: before[id] for id in (*changed, *gone)}, work.now)
    await store.put_out_of_use(work.db, gone, work.now)
    added = len(after.keys() - before.keys())
    return RegisterChanges(added, len(changed), len(gone), done.left_out, done.reasons, done.reason_of)


def is_strong(dosage: register.Dosage) -> bool:
    """A strength of zero is a misread row: such a drug is left out rather than prescribed."""
    return all(part.amount > 0 for part in dosage.ingredients)


def id_of(substance: str) -> UUID:
    """The id of a substance, the same as the register's tree gives to a drug of one substance."""
    return uuid5(NAMESPACE, f"INNM {substance}")


def originals_of(tree: register.Tree) -> dict[str, str]:
    """Every single substance with its international name: pairs are told apart."""
    found: dict[str, str] = {}
    for innm in sorted(tree.innms, key=lambda each: " + " in each.name):
        names = innm.name.split(" + ")
        for name, original in zip(names, innm.name_original.split(" and "), strict=True):
            found.setdefault(name, original)
    return found


def registered_dosage(dosage: register.Dosage, originals: dict[str, str]) -> Dosage:
    unit = dosage.form.unit
    codes = frozenset(code for brand in dosage.brands for code in brand.atc_codes)
    daily = register.daily_dose(codes, dosage.form)
    is_known = daily is not None and daily.unit == dosage.ingredients[0].unit
    return Dosage(
        id=dosage.id,
        name=dosage.name,
        form=dosage.form.code,
        mr_blank_type=blank_type(codes),
        dosage_form_is_dosed=True,
        daily_dosage=daily.amount if daily is not None and is_known else None,
        ingredients=tuple(
            Ingredient(
                id=id_of(part.substance),
                name=part.substance,
                name_original=originals[part.substance],
                is_primary=part.is_primary,
                dosage=Strength(part.amount, part.unit, Decimal(1), unit),
            )
            for part in dosage.ingredients
        ),
    )


def registered_package(dosage: register.Dosage, brand: register.Brand) -> Medication:
    return Medication(
        id=brand.id,
        innm_dosage_id=dosage.id,
        name=brand.name,
        form=dosage.form.code,
        manufacturer_name=brand.manufacturer,
        manufacturer_country=COUNTRY,
        code_atc=brand.atc_codes,
        certificates=brand.certificates,
        container=_container(dosage.form, brand.container_amount),
        package_qty=Decimal(brand.package_qty),
        package_min_qty=Decimal(brand.package_min_qty),
        is_active=brand.is_active,
        drlz_sku_id=next(iter(brand.register_ids), None),
    )


def _container(form: register.Form, amount: Decimal | None) -> Strength:
    """DR-2: the content of a container in units of the dosage; a tablet holds itself."""
    return Strength(amount or Decimal(1), form.unit, Decimal(1), counted_in(form.code, form.unit))
