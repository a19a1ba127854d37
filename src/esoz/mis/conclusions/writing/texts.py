"""What central's refusals of conclusions mean, and what to do."""

from esoz.kernel.pages import mark as _
from esoz.mis.base.explanations import ErrorPattern

RESENT = _("Номер висновку надсилається пацієнтові ще раз.")
NO_PAPER = _("Висновок не надрукувати: в ЕСОЗ він без номера. Зверніться до контакт-центру ЕСОЗ 0-800-60-20-19.")
ANOTHER_KIND = _("Оберіть інший вид висновку.")
ANOTHER_VISIT = _("Оберіть інший прийом або запишіть новий.")
OTHER_DAYS = _("Змініть перший або останній день.")
OPEN_AGAIN = _("Відкрийте висновок ще раз: його стан змінився.")
ONCE_MORE = _("Відкрийте форму й перейдіть до підпису ще раз: висновок отримає новий номер.")

KNOWN = (
    ErrorPattern(r"^Composition title is not reserved or is already used", _("Номер висновку вже зайнято."), ONCE_MORE),
    ErrorPattern(
        r"^Composition type and category have no active configuration",
        _("Висновків цього виду зараз не складають."),
        ANOTHER_KIND,
    ),
    ErrorPattern(
        r"^Employee type is not allowed to be an author of the composition",
        _("Ваша посада не дає права складати такий висновок."),
        _("Попросіть лікаря, який має таке право."),
    ),
    ErrorPattern(
        r"^Employee is not a legal attester of the composition",
        _("Висновок підписує лікар, який його засвідчує."),
        _("Увійдіть під своїм обліковим записом і складіть висновок знову."),
    ),
    ErrorPattern(
        r"^Employee is not an active employee of the custodian",
        _("Лікар висновку не працює в цьому закладі."),
        _("Змініть місце роботи й заповніть висновок знову."),
    ),
    ErrorPattern(
        r"^Must be current legal entity",
        _("Висновок можна скласти лише від закладу, в якому Ви працюєте."),
        _("Змініть місце роботи й заповніть висновок знову."),
    ),
    ErrorPattern(r"^Encounter must not be older than (\d+) days", _("Прийом занадто давній."), ANOTHER_VISIT),
    ErrorPattern(r"^Encounter does not belong to current legal entity", _("Прийом вів інший заклад."), ANOTHER_VISIT),
    ErrorPattern(
        r"^Date must be greater than or equal the encounter start date",
        _("Висновок не може бути раніший за прийом."),
        ANOTHER_VISIT,
    ),
    ErrorPattern(
        r"^Composition of this category is not allowed for an unidentified patient",
        _("Такий висновок складають лише для встановленої особи."),
        ANOTHER_KIND,
    ),
    ErrorPattern(
        r"^Composition of this category is not allowed for the gender of the patient",
        _("Такий висновок не складають для пацієнта цієї статі."),
        ANOTHER_KIND,
    ),
    ErrorPattern(
        r"^Composition of this category is not allowed for the age of the patient",
        _("Такий висновок не складають для пацієнта цього віку."),
        ANOTHER_KIND,
    ),
    ErrorPattern(
        r"^Composition must point at: (\w+)", _("У прийомі бракує записів, на яких стоїть висновок."), ANOTHER_VISIT
    ),
    ErrorPattern(r"^Period must be from (\d+) to (\d+) days", _("Строк не такий, як дозволено."), OTHER_DAYS),
    ErrorPattern(r"^Period must not begin earlier than (\d+) days ago", _("Перший день занадто давній."), OTHER_DAYS),
    ErrorPattern(r"^Period must not begin later than in (\d+) days", _("Перший день занадто далеко."), OTHER_DAYS),
    ErrorPattern(
        r"^Period must begin within (\d+) days after the previous one",
        _("Продовження не починається наступного дня після попереднього висновку."),
        OTHER_DAYS,
    ),
    ErrorPattern(
        r"^Continued periods must not be longer than (\d+) days together",
        _("Разом із попередніми висновками строк задовгий."),
        _("Скоротіть строк або направте пацієнта на оцінювання."),
    ),
    ErrorPattern(
        r"^Period overlaps with composition (\S+)",
        _("У ці дні вже діє інший висновок."),
        _("Замініть чи продовжте його, або змініть дні."),
    ),
    ErrorPattern(
        r"^Composition is already (replaced|continued)",
        _("Цей висновок уже замінено чи продовжено."),
        _("Оберіть найновіший із них."),
    ),
    ErrorPattern(
        r"^Composition should be of the same type and category",
        _("Продовжити чи замінити можна лише висновок того самого виду."),
        _("Оберіть інший висновок."),
    ),
    ErrorPattern(r"^Composition should be in status FINAL", _("Висновок уже не чинний."), OPEN_AGAIN),
    ErrorPattern(
        r"^Composition is continued by another one, which is to be marked in error first",
        _("На цьому висновку стоїть новіший."),
        _("Спершу скасуйте новіший."),
    ),
    ErrorPattern(r"^Composition in status (\w+) can not be marked in error", _("Висновок уже скасовано."), OPEN_AGAIN),
    ErrorPattern(
        r"^Signed content doesn't match with previously created composition",
        _("Висновок змінився, поки Ви підписували."),
        _("Відкрийте висновок ще раз і повторіть дію."),
    ),
    ErrorPattern(r"^Composition with id '.*' already exists", _("Такий висновок в ЕСОЗ уже є."), OPEN_AGAIN),
    ErrorPattern(
        r"^Composition (with such id )?(is )?not found",
        _("Такого висновку немає."),
        _("Перевірте, чи його не скасовано."),
    ),
    ErrorPattern(
        r"^Text must be plain XHTML",
        _("У тексті висновку є недозволені знаки."),
        _("Приберіть із тексту знаки «<» і «>»."),
    ),
    ErrorPattern(
        r"^Conditions of admission are not allowed for this category",
        _("Для цього висновку не вказують умов допуску."),
        ANOTHER_KIND,
    ),
)
