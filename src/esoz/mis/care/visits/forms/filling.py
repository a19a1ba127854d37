"""Filling the form in: a new one, one more row, rows without gaps, what older forms held otherwise."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from esoz.kernel.clock import KYIV
from esoz.kernel.pages.reading import Reading

from ..model import BY_FIELD, VITALS, as_line
from .fields import ACTION_ROWS, ALLERGY_LISTS, ALLERGY_ROWS, HOURS, MOST_ROWS, klass_of, rows_of, sources
from .reading import NOT_READ, repeated


def with_line(values: Mapping[str, str]) -> dict[str, str]:
    """A form that was kept while each measurement had a field of its own, as forms are now."""
    numbers = Reading({name: values[name] for name in BY_FIELD if values.get(name)})
    told = [(vital, number) for vital in VITALS if (number := numbers.number(vital.field, wrong=NOT_READ)) is not None]
    others = {name: value for name, value in values.items() if name not in BY_FIELD}
    return {"measured": as_line(told), **others} if told else others


def compact(values: Mapping[str, str]) -> dict[str, str]:
    """The form with empty rows of diagnoses moved to the end, so that rows are numbered as in the package."""
    filled = [number for number in range(1, rows_of(values) + 1) if number == 1 or values.get(f"diagnosis_{number}")]
    parts = ("diagnosis", "role", "clinical", "verification", "onset")
    names = {
        f"{part}_{old}{end}": f"{part}_{new}{end}"
        for new, old in enumerate(filled, 1)
        for part in parts
        for end in ("", "_text")
    }
    others = {name: value for name, value in values.items() if not name.startswith(tuple(f"{part}_" for part in parts))}
    moved = {names[name]: value for name, value in values.items() if name in names}
    return _compact_allergies(others | moved | {"rows": str(len(filled))})


def _compact_allergies(values: Mapping[str, str]) -> dict[str, str]:
    """Allergies without gaps, for the same reason."""
    parts = ("allergy", "allergy_since", *ALLERGY_LISTS)
    every = range(1, ALLERGY_ROWS + 1)
    filled = [number for number in every if values.get(f"allergy_{number}")]
    rows = [(f"{part}_{old}", f"{part}_{new}") for new, old in enumerate(filled, 1) for part in parts]
    moved = {new: values[old] for old, new in rows if old in values}
    gone = {f"{part}_{number}" for number in every for part in parts}
    return {name: value for name, value in values.items() if name not in gone} | moved


def with_row(values: Mapping[str, str]) -> dict[str, str]:
    """The form with one more row of diagnoses, filled in as is usual."""
    number = min(rows_of(values) + 1, MOST_ROWS)
    usual = {"role": "comorbidity", "clinical": "active", "verification": "provisional", "onset": values.get("day", "")}
    return {**{f"{name}_{number}": value for name, value in usual.items()}, **values, "rows": str(number)}


def repeated_from(before: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """The form with what the visit before said, where nothing is typed: codes of the same class of care, and advice.

    Measurements, complaints and times are of their day and stay there.
    """
    earlier = with_line(before)
    groups = [_group(name) for name in _pickers(earlier)] if klass_of(before) == klass_of(values) else []
    kept: dict[str, str] = {}
    for name, *more in (*groups, ["prescriptions"]):
        if earlier.get(name) and not values.get(name) and not values.get(f"{name}_text"):
            kept |= {each: earlier[each] for each in (name, *more) if each in earlier}
    rows = [int(name.rpartition("_")[2]) for name in kept if name in sources(earlier) and "diagnosis" in name]
    return {**values, **kept, "rows": str(max([rows_of(values), *rows]))}


def _pickers(values: Mapping[str, str]) -> list[str]:
    return [*sources(values), *(f"service_{number}" for number in range(1, ACTION_ROWS + 1))]


def _group(picker: str) -> list[str]:
    """A picker and what belongs to its choice."""
    name, _mark, number = picker.rpartition("_")
    more = [f"{part}_{number}" for part in ("role", "clinical", "verification", "onset")] if name == "diagnosis" else []
    return [picker, f"{picker}_text", *more]


def empty(klass: str, now: datetime) -> dict[str, str]:
    """A new form: a quarter of an hour that ends now."""
    begun, ended = (now - timedelta(minutes=15)).astimezone(KYIV), now.astimezone(KYIV)
    today = begun.date().isoformat()
    times = {"start": f"{begun:%H:%M}", "end": f"{ended:%H:%M}", "day": today}
    return {
        **times,
        **{
            f"{name}_hour": HOURS[each.fold]
            for name, each in (("start", begun), ("end", ended))
            if name in repeated(times)
        },
        "klass": klass,
        "type": "service_delivery_location",
        "rows": "1",
        "clinical_1": "active",
        "verification_1": "provisional",
        "onset_1": today,
    }
