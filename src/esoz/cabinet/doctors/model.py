"""Doctors who can be chosen: whom they take, where they are looked for, how far away they are, when they receive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from esoz.kernel.pages import mark as _

ADULT_AGE = 18
NEAREST, FARTHEST = 1, 999  # kilometres that are told as a number


class Event(StrEnum):
    SEARCHED = "doctors.searched"
    READ = "doctor.read"


class Speciality(StrEnum):
    """Specialities of doctors who have declarations, by the codes of SPECIALITY_TYPE."""

    FAMILY_DOCTOR = "FAMILY_DOCTOR"
    THERAPIST = "THERAPIST"
    PEDIATRICIAN = "PEDIATRICIAN"


# In everyday words: who it is, whom they treat.
SPECIALITY_WORDS: Mapping[Speciality, tuple[str, str]] = {
    Speciality.FAMILY_DOCTOR: (_("Сімейний лікар"), _("Лікує і дорослих, і дітей.")),
    Speciality.THERAPIST: (_("Терапевт"), _("Лікує дорослих.")),
    Speciality.PEDIATRICIAN: (_("Педіатр"), _("Лікує дітей до 18 років.")),
}


def takes(speciality: Speciality, age: int) -> bool:
    """Whether a doctor of this speciality takes somebody of this age."""
    # DC-5
    match speciality:
        case Speciality.THERAPIST:
            return age >= ADULT_AGE
        case Speciality.PEDIATRICIAN:
            return age < ADULT_AGE
        case Speciality.FAMILY_DOCTOR:
            return True


def fitting(age: int) -> list[Speciality]:
    """Specialities that somebody of this age may choose among."""
    return [each for each in Speciality if takes(each, age)]


class Around(StrEnum):
    """How far from the settlement one looks."""

    HERE = "here"
    NEAR = "10"
    FAR = "30"
    DISTRICT = "district"

    @property
    def kilometres(self) -> int | None:
        """None where distance does not count."""
        return int(self) if self in (Around.NEAR, Around.FAR) else None


AROUND_WORDS: Mapping[Around, str] = {
    Around.HERE: _("Лише тут"),
    Around.NEAR: _("Тут і до 10 км довкола"),
    Around.FAR: _("Тут і до 30 км довкола"),
    Around.DISTRICT: _("У всьому районі"),
}


@dataclass(frozen=True, slots=True)
class Centre:
    """A settlement that one looks around; without coordinates when none of its clinics has told any."""

    settlement_id: str
    address: Mapping[str, Any]
    district_key: str
    latitude: float | None = None
    longitude: float | None = None

    @property
    def label(self) -> str:
        """Калинівка, Вінницький район, Вінницька область: as a list of equal names needs it."""
        return ", ".join(part for part in (self.name, *self.above) if part)

    @property
    def name(self) -> str:
        return str(self.address.get("settlement") or "")

    @property
    def above(self) -> Sequence[str]:
        """District and region, where they say more than the settlement's own name."""
        found = (str(self.address.get("region") or ""), str(self.address.get("area") or ""))
        return [part for part in found if part and part != self.name]

    @property
    def is_on_the_map(self) -> bool:
        return self.latitude is not None and self.longitude is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What doctors are narrowed by; `key` has plain words of name, clinic and place."""

    specialities: Sequence[Speciality]
    centre: Centre | None = None
    around: Around = Around.HERE
    key: str = ""
    only_free: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing was said that would make the list shorter than the country's."""
        return self.centre is None and not self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Doctor:
    """A doctor at one place of work. `free`: places that are left, None when it is not known."""

    id: UUID
    place_id: UUID
    last_name: str
    first_name: str
    second_name: str
    speciality: Speciality
    position: str
    clinic: str
    place: str
    address: Mapping[str, Any]
    phones: Sequence[Mapping[str, Any]]
    hours: Mapping[str, Any]
    free: int | None
    distance: float | None = None

    @property
    def is_full(self) -> bool:
        # DC-17
        return self.free is not None and self.free <= 0

    @property
    def kilometres(self) -> int | None:
        """Whole kilometres from the middle of the settlement; None when they are not known."""
        return None if self.distance is None else min(max(round(self.distance), NEAREST), FARTHEST)


DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_WORDS: Mapping[str, str] = {
    "mon": _("понеділок"),
    "tue": _("вівторок"),
    "wed": _("середа"),
    "thu": _("четвер"),
    "fri": _("п’ятниця"),
    "sat": _("субота"),
    "sun": _("неділя"),
}


@dataclass(frozen=True, slots=True)
class Hours:
    """Days in a row with the same hours; `times` are empty when nobody receives."""

    first: str
    last: str
    times: Sequence[str]


def week(hours: Mapping[str, Any]) -> list[Hours]:
    """The week from Monday, equal days together; empty when the register tells no hours at all."""
    if not any(hours.get(day) for day in DAYS):
        return []
    found: list[Hours] = []
    for day in DAYS:
        times = [_span(each) for each in hours.get(day) or ()]
        if found and found[-1].times == times:
            found[-1] = Hours(found[-1].first, day, times)
        else:
            found.append(Hours(day, day, times))
    return found


def _span(span: Sequence[str]) -> str:
    """8:00–18:00; registers write 08.00."""
    return "–".join(str(each).replace(".", ":").removeprefix("0") for each in span)
