"""Dosage forms: the register's words, the code of MEDICATION_FORM, and what one unit of the form is."""

import re
from typing import Literal

import msgspec

from .text import Reason, Unclear, plain

# How a form is counted: pieces, containers of dry matter, containers of liquid, sachets.
Kind = Literal["piece", "vial", "liquid", "oral_powder", "sachet"]


class Form(msgspec.Struct, frozen=True):
    """One dosage form. `unit` is the code of MEDICATION_UNIT that a strength is given per."""

    code: str
    name: str
    unit: str
    kind: Kind


# Forms that a pharmacist may give for one another stand as one: a coated tablet for a plain one, never a tablet
# with modified release or one to be dispersed.
_FORMS: tuple[tuple[Form, str], ...] = (
    (Form("TABLET", "таблетки", "PILL", "piece"), r"таблетка(, вкрита (плівковою )?оболонкою)?"),
    (
        Form("MODIFIED-RELEASE_TABLET", "таблетки з модифікованим вивільненням", "PILL", "piece"),
        r"таблетка(, вкрита (плівковою )?оболонкою,)? з (модифікованим|пролонгованим) вивільненням",
    ),
    (
        Form("GASTRO_RESISTANT_TABLET", "таблетки кишковорозчинні", "PILL", "piece"),
        r"таблетка, вкрита кишковорозчинною оболонкою|гастрорезистентна таблетка"
        r"|таблетка, вкрита плівковою оболонкою, гастрорезистентна",
    ),
    (Form("DISPERSIBLE_TABLET", "таблетки, що диспергуються", "PILL", "piece"), r"таблетка, що диспергується"),
    (
        Form("ORODISPERSIBLE_TABLET", "таблетки, що диспергуються в ротовій порожнині", "PILL", "piece"),
        r"таблетка, що диспергується в ротовій порожнині",
    ),
    (Form("CHEWABLE_TABLET", "таблетки жувальні", "PILL", "piece"), r"жувальна таблетка"),
    (Form("EFFERVESCENT_TABLET", "таблетки шипучі", "PILL", "piece"), r"шипуча таблетка"),
    (Form("SUBLINGVAL_TABLET", "таблетки сублінгвальні", "PILL", "piece"), r"сублінгвальна таблетка"),
    (Form("CAPSULE", "капсули", "PILL", "piece"), r"капсула(, тверда|, м’яка)?"),
    (
        Form("MODIFIED-RELEASE_CAPSULE", "капсули з модифікованим вивільненням", "PILL", "piece"),
        r"капсула з (модифікованим|пролонгованим) вивільненням(, тверда)?",
    ),
    (
        Form("GASTRO_RESISTANT_CAPSULE", "капсули кишковорозчинні", "PILL", "piece"),
        r"гастрорезистентна капсула, (тверда|м’яка)|гастрорезистентні капсули",
    ),
    (Form("SUPPOSITORY", "супозиторії", "PILL", "piece"), r"супозиторій"),
    (
        Form("POWDER_FOR_INJECTION", "порошок для розчину для ін’єкцій та інфузій", "BOTTLE", "vial"),
        r"(порошок|ліофілізат) для (концентрату для )?(розчину для )?"
        r"(ін’єкції|ін’єкцій|інфузії|інфузій)(( або |/)(інфузії|інфузій))?",
    ),
    (
        Form("POWDER_FOR_INJECTION_SUSPENSION", "порошок для суспензії для ін’єкцій", "BOTTLE", "vial"),
        r"порошок для суспензії для ін’єкції",
    ),
    (
        Form("SOLUTION_FOR_INJECTION", "розчин для ін’єкцій", "ML", "liquid"),
        r"розчин для (ін’єкцій|ін’єкції)",
    ),
    (
        Form("SOLUTION_FOR_INFUSION", "розчин для інфузій", "ML", "liquid"),
        r"розчин для (інфузії|ін’єкції/інфузії)",
    ),
    (
        Form("CONCENTRATE_FOR_INFUSION", "концентрат для розчину для інфузій", "ML", "liquid"),
        r"концентрат для розчину для (інфузії|інфузій|ін’єкції)",
    ),
    (Form("SUSPENSION_FOR_INJECTION", "суспензія для ін’єкцій", "ML", "liquid"), r"суспензія для ін’єкції"),
    (Form("INHALATION_SOLUTION", "розчин для інгаляцій", "ML", "liquid"), r"інгаляційний розчин"),
    (Form("ORAL_SOLUTION", "розчин оральний", "ML", "liquid"), r"пероральний розчин"),
    (Form("ORAL_SUSPENSION", "суспензія оральна", "ML", "liquid"), r"пероральна суспензія"),
    (Form("SYRUP", "сироп", "ML", "liquid"), r"сироп"),
    (
        Form("POWDER_FOR_ORAL_SUSPENSION", "порошок для оральної суспензії", "ML", "oral_powder"),
        r"(порошок|гранули) для пероральної суспензії",
    ),
    (
        Form("GRANULES_FOR_ORAL_SOLUTION", "порошок або гранули для орального розчину", "SACHET", "sachet"),
        r"(порошок|гранули) для перорального розчину",
    ),
)


# Words of a description that belong to another form.
_CHANGED = r"пролонгован|модифікован|кишковорозчинн|гастрорезистентн|уповільнен|контрольован"
_NEVER = {
    "TABLET": (_CHANGED, r"що диспергу|жувальн|шипуч|сублінгвальн|вагінальн|капсул[иа] "),
    "CAPSULE": (_CHANGED, r"таблетк[иа] "),
    "DISPERSIBLE_TABLET": (r"в ротовій порожнині|у ротовій порожнині",),
    "POWDER_FOR_INJECTION": (r"оральн",),
    "SOLUTION_FOR_INJECTION": (r"оральн|інгаляц|зовнішн",),
}
_ALWAYS = {"TABLET": "таблет", "CAPSULE": "капсул"}


def forms() -> tuple[Form, ...]:
    """Return every dosage form that the register's words are read into."""
    return tuple(form for form, _ in _FORMS)


def form(release_form: str, description: str) -> Form:
    """Return the dosage form of a register row.

    Raises Unclear for a form that is not known, and when the description speaks of another one: a tablet of slow
    release that stands as a plain one would be given as such.
    """
    text, told = plain(release_form), plain(description)
    for known, pattern in _FORMS:
        if re.fullmatch(pattern, text):
            if any(re.search(word, told) is not None for word in _NEVER.get(known.code, ())):
                raise Unclear(Reason.FORM_DIFFERS)
            if known.code in _ALWAYS and _ALWAYS[known.code] not in told:
                raise Unclear(Reason.FORM_DIFFERS)
            return known
    raise Unclear(Reason.UNKNOWN_FORM)
