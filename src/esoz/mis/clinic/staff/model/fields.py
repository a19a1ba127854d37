"""What is asked about somebody who is to work: the published fields of an employee request, with their words."""

from dataclasses import dataclass

from esoz.kernel.pages import mark as _
from esoz.spec.employees import BLOCKS, MAY_LACK_OFFICE

# EM-9
NEEDS_DIVISION = frozenset({"DOCTOR"})

MOST_ROWS = 10
TEXT, DAY, CHOICE, TICK = "text", "day", "choice", "tick"


@dataclass(frozen=True, slots=True)
class Question:
    """One field: its published name, its words, what it takes. `book`: the dictionary of a choice."""

    name: str
    label: str
    kind: str = TEXT
    book: str = ""
    is_needed: bool = True
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A list of things of one kind: rows of the same questions. A row left empty is none."""

    name: str
    title: str
    questions: tuple[Question, ...]
    more: str  # the words of the button that adds a row

    def field(self, row: int, question: str) -> str:
        """The name of a field in the form; rows begin with 1."""
        return f"{self.name}_{row}_{question}"


DOCUMENTS = Block(
    "documents",
    _("Документ"),
    (
        Question("type", _("Вид документа"), CHOICE, "DOCUMENT_TYPE"),
        Question("number", _("Номер документа"), hint=_("Паспорт: АА123456, ID-картка: 123456789")),
        Question("issued_by", _("Ким виданий"), is_needed=False),
        Question("issued_at", _("Коли виданий"), DAY, is_needed=False),
    ),
    _("Додати документ"),
)
PHONES = Block(
    "phones",
    _("Телефон"),
    (
        Question("type", _("Вид телефону"), CHOICE, "PHONE_TYPE"),
        Question("number", _("Номер"), hint=_("Наприклад, +380501234567")),
    ),
    _("Додати телефон"),
)
EDUCATIONS = Block(
    "educations",
    _("Освіта"),
    (
        Question("country", _("Країна"), CHOICE, "COUNTRY"),
        Question("city", _("Місто")),
        Question("institution_name", _("Заклад освіти")),
        Question("degree", _("Ступінь"), CHOICE, "EDUCATION_DEGREE"),
        Question("speciality", _("Спеціальність за дипломом")),
        Question("diploma_number", _("Номер диплома")),
        Question("issued_date", _("Дата видачі диплома"), DAY, is_needed=False),
    ),
    _("Додати освіту"),
)
SPECIALITY = Block(
    "specialities",
    _("Спеціальність"),
    (
        Question("speciality", _("Спеціальність"), CHOICE, "SPECIALITY_TYPE"),
        Question("speciality_officio", _("За цією спеціальністю людина працює на посаді"), TICK),
        Question("level", _("Категорія"), CHOICE, "SPECIALITY_LEVEL"),
        Question("qualification_type", _("Присвоєння чи підтвердження"), CHOICE, "SPEC_QUALIFICATION_TYPE"),
        Question("attestation_name", _("Хто атестував")),
        Question("attestation_date", _("Дата атестації"), DAY),
        Question("valid_to_date", _("Чинна до"), DAY, is_needed=False),
        Question("certificate_number", _("Номер сертифіката")),
    ),
    _("Додати спеціальність"),
)
QUALIFICATIONS = Block(
    "qualifications",
    _("Підвищення кваліфікації"),
    (
        Question("type", _("Вид"), CHOICE, "QUALIFICATION_TYPE"),
        Question("institution_name", _("Де проходило")),
        Question("speciality", _("Спеціальність")),
        Question("issued_date", _("Дата видачі"), DAY),
        Question("certificate_number", _("Номер сертифіката")),
        Question("valid_to", _("Чинне до"), DAY, is_needed=False),
        Question("additional_info", _("Додатково"), is_needed=False),
    ),
    _("Додати кваліфікацію"),
)
DEGREE = Block(
    "science_degree",
    _("Науковий ступінь"),
    (
        Question("degree", _("Ступінь"), CHOICE, "SCIENCE_DEGREE"),
        Question("country", _("Країна"), CHOICE, "COUNTRY"),
        Question("city", _("Місто")),
        Question("institution_name", _("Установа")),
        Question("speciality", _("Спеціальність")),
        Question("diploma_number", _("Номер диплома")),
        Question("issued_date", _("Дата видачі"), DAY, is_needed=False),
    ),
    "",
)
OF_PARTY = (DOCUMENTS, PHONES)
# What most people have nothing to tell of: folded until asked for.
SELDOM = frozenset({QUALIFICATIONS.name, DEGREE.name})
# Fields that stand in no list, in the order of the form.
ORDER = (
    "last_name",
    "first_name",
    "second_name",
    "gender",
    "birth_date",
    "tax_id",
    "no_tax_id",
    "email",
    "position",
    "start_date",
    "division_id",
    "working_experience",
)
OF_TRAINING = (EDUCATIONS, SPECIALITY, QUALIFICATIONS, DEGREE)


def blocks_for(role: str) -> tuple[Block, ...]:
    """Lists that are asked for of this type of employee."""
    return OF_PARTY + (OF_TRAINING if role in BLOCKS else ())


def rows_needed(block: Block, role: str) -> int:
    """How many rows must be filled in."""
    if block is SPECIALITY:
        return 0 if role in MAY_LACK_OFFICE else 1
    return int(block is EDUCATIONS)
