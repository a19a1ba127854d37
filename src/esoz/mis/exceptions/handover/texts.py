"""What central's refusals of any handing over outside of electronic prescriptions mean, and what to do."""

from esoz.kernel.pages import mark as _
from esoz.mis.base.explanations import ErrorPattern

CHOOSE_ANOTHER = _("Оберіть інший препарат.")

KNOWN = (
    ErrorPattern(
        r"^Only a pharmacist of this legal entity",
        _("Відпускати ліки може лише фармацевт цієї аптеки."),
        _("Зверніться до керівника аптеки."),
    ),
    ErrorPattern(
        r"^Dispense date can't be in the future", _("Дата відпуску ще не настала."), _("Виправте дату відпуску.")
    ),
    ErrorPattern(
        r"^Dispense date can't be earlier than (\d+) days ago",
        _("Відпуск був занадто давно: внести його вже не можна."),
        _("Перевірте дату. Якщо вона правильна, зверніться до підтримки."),
    ),
    ErrorPattern(
        r"^Medication quantity must be a multiple of the smallest part",
        _("Кількість не ділиться на найменшу частину упаковки."),
        _("Змініть кількість і спробуйте ще раз."),
    ),
    ErrorPattern(
        r"^Medication is dispensed by electronic prescription only",
        _("Цей препарат відпускають лише за електронним рецептом: він на бланку суворого обліку."),
        CHOOSE_ANOTHER,
    ),
    ErrorPattern(r"^Medication is told twice", _("Той самий препарат указано двічі."), _("Залиште один рядок.")),
    ErrorPattern(r"^Medication is not active", _("Цього препарату вже немає в реєстрі."), CHOOSE_ANOTHER),
    ErrorPattern(
        r"^Such record already exists",
        _("Такий запис в ЕСОЗ уже є."),
        _("Знайдіть його в журналі. Якщо його немає, почніть новий запис."),
    ),
)
