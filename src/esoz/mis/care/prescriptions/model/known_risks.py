"""What the record says of a patient that matters to a prescription: allergies, and what is being taken already.

The published dictionary of allergies has one code for all, so what a patient does not tolerate stands in words. They
are held against the substances of the medicine, their groups and the groups that react like them; words that name
neither are shown on the banner, where a person reads them.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from esoz.kernel.pages import mark as _
from esoz.mis.care.patients import allergy_in_words, is_in_force

from .drugs import Drug
from .medicine_groups import medicine_groups
from .regimens import groups_of, regimens
from .safety import Concern
from .taken import Stage, Taken

ANY_ANTIBIOTIC = "антибіотик"
SHORTEST_STEM = 5  # letters: shorter words mean too much
_COMMON = frozenset({"кислота", "acid", "натрій", "sodium", "and"})
_ENDINGS = "аеиіоуяюєїьй"

ALLERGY = _("У записі пацієнта: «{allergies}». Це та сама речовина або її група: {group}.")
CROSS_ALLERGY = _("У записі пацієнта: «{allergies}». Можлива перехресна реакція з групою: {group}.")
UNKNOWN_ALLERGIES = _("Дані про алергії зараз недоступні. Запитайте пацієнта, чи переносить він ці ліки.")
# By stage: the same substance, and another antibiotic. The id tells the answers apart.
_TAKEN_TEXTS = {
    Stage.IN_FORCE: (
        ("same_substance", _("Пацієнт уже має чинний рецепт на цю речовину: {medicines}.")),
        ("another_antibiotic", _("Пацієнт уже має чинний рецепт на інший антибіотик: {medicines}.")),
    ),
    Stage.DISPENSED: (
        ("same_substance_dispensed", _("Пацієнтові вже відпустили цю речовину, і курс ще триває: {medicines}.")),
        (
            "another_antibiotic_dispensed",
            _("Пацієнтові вже відпустили інший антибіотик, і курс ще триває: {medicines}."),
        ),
    ),
    Stage.UNSIGNED: (
        ("same_substance_unsigned", _("Ще один рецепт на цю речовину чекає на підпис: {medicines}.")),
        ("another_antibiotic_unsigned", _("Рецепт на інший антибіотик чекає на підпис: {medicines}.")),
    ),
}
_GROUP_TEXTS = {
    Stage.IN_FORCE: (
        "same_group",
        _("Пацієнт уже має чинний рецепт на ліки тієї ж групи ({group}): {medicines}."),
    ),
    Stage.DISPENSED: (
        "same_group_dispensed",
        _("Пацієнтові вже відпустили ліки тієї ж групи ({group}), і курс ще триває: {medicines}."),
    ),
    Stage.UNSIGNED: (
        "same_group_unsigned",
        _("Рецепт на ліки тієї ж групи ({group}) чекає на підпис: {medicines}."),
    ),
}
UNKNOWN_MEDICINES = _("Чинні рецепти пацієнта зараз недоступні. Запитайте, які ліки він приймає.")


class Group(msgspec.Struct, frozen=True):
    """A group of antibiotics: its name, groups that react like it, beginnings of words that mean it."""

    group: str
    name: str
    crosses: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class KnownRisks:
    """What central told; `allergies` is None where it told nothing, `all_taken` is false where it told not all."""

    allergies: Sequence[Mapping[str, Any]] | None = ()
    taken: Sequence[Taken] = ()
    all_taken: bool = True


@cache
def groups() -> Mapping[str, Group]:
    text = files("esoz.mis.care.prescriptions.model").joinpath("antibiotic_groups.csv").read_text("utf-8")
    return {row["group"]: msgspec.convert(row, Group) for row in csv.DictReader(text.splitlines())}


def risks(drug: Drug, known: KnownRisks, first_day: date) -> list[Concern]:
    """Everything of the record that the doctor has to answer."""
    return [*_of_allergies(drug, known.allergies), *_of_taken(drug, known, first_day)]


def _of_allergies(drug: Drug, allergies: Sequence[Mapping[str, Any]] | None) -> Iterator[Concern]:
    if allergies is None:
        yield Concern(id="allergies_unknown", text=UNKNOWN_ALLERGIES)
        return
    told = [words for each in allergies if is_in_force(each) and (words := allergy_in_words(each))]
    own = groups_of(drug.latin)
    crossing = frozenset(name for each in own if each in groups() for name in groups()[each].crosses.split())
    same = [words for words in told if means_drug(words, drug) or means_group(words, own)]
    like = [words for words in told if words not in same and means_group(words, crossing)]
    if same:
        yield _allergy("allergy", ALLERGY, same, own)
    if like:
        yield _allergy("cross_allergy", CROSS_ALLERGY, like, own)


def _allergy(id_: str, text: str, told: Sequence[str], own: Iterable[str]) -> Concern:
    names = ", ".join(sorted(groups()[each].name for each in own if each in groups()))
    facts = {"allergies": "»; «".join(_quoted(words) for words in told), "group": names or "–"}
    return Concern(id=id_, text=text, facts=facts)


def _quoted(words: str) -> str:
    return " ".join(words.split())[:100]


def means_drug(words: str, drug: Drug) -> bool:
    """Whether the words name a substance of the medicine."""
    names = [name for each in drug.ingredients for name in (each.name, each.latin)] or [drug.substances]
    return any(stem in words.casefold() for name in names for stem in _stems(name))


def means_group(words: str, wanted: Iterable[str]) -> bool:
    """Whether the words name one of the groups, by its name, by a substance of it, or all antibiotics."""
    text, wanted = words.casefold(), frozenset(wanted)
    if not wanted:
        return False
    named = any(word in text for each in wanted if each in groups() for word in groups()[each].words.split())
    return named or ANY_ANTIBIOTIC in text or bool(_groups_of_words(text) & wanted)


def _groups_of_words(text: str) -> frozenset[str]:
    return frozenset(group for stem, group in _substances() if stem in text)


@cache
def _substances() -> frozenset[tuple[str, str]]:
    """Beginnings of names of substances, Latin and Ukrainian, with their groups."""
    names = {(name, row.group) for row in regimens() for name in (row.substance, row.ukrainian)}
    return frozenset((stem, group) for name, group in names if group in groups() for stem in _stems(name))


def _stems(name: str) -> Iterator[str]:
    """Words of a name without the ending that changes with the case, and without what many names share."""
    for word in re.findall(r"[^\W\d_]+", name.casefold()):
        if word not in _COMMON and len(word) >= SHORTEST_STEM:
            yield word.rstrip(_ENDINGS)


def _of_taken(drug: Drug, known: KnownRisks, first_day: date) -> Iterator[Concern]:
    if not known.all_taken:
        yield Concern(id="medicines_unknown", text=UNKNOWN_MEDICINES)
    own = {part.latin for part in drug.ingredients}
    for stage, ((same_id, same_text), (other_id, other_text)) in _TAKEN_TEXTS.items():
        running = [each for each in known.taken if each.stage is stage and each.reaches(first_day)]
        same = [each for each in running if own & set(each.substances)]
        others = [each for each in running if each not in same and groups_of(each.latin)]
        if same:
            yield Concern(id=same_id, text=same_text, facts={"medicines": _medicines(same)})
        if others and groups_of(drug.latin):
            yield Concern(id=other_id, text=other_text, facts={"medicines": _medicines(others)})
        told = [*same, *others] if groups_of(drug.latin) else same
        yield from _of_group(own, stage, [each for each in running if each not in told])


def _of_group(own: Iterable[str], stage: Stage, running: Sequence[Taken]) -> Iterator[Concern]:
    """Another medicine of the same group, where the table knows both."""
    groups = medicine_groups(own)
    alike = [each for each in running if groups & medicine_groups(each.substances)]
    if alike:
        shared = groups & frozenset(group for each in alike for group in medicine_groups(each.substances))
        id_, text = _GROUP_TEXTS[stage]
        names = "; ".join(sorted(group.name for group in shared))
        yield Concern(id=id_, text=text, facts={"group": names, "medicines": _medicines(alike)})


def _medicines(taken: Iterable[Taken]) -> str:
    return "; ".join(f"{each.name} ({each.number})" if each.number else each.name for each in taken)
