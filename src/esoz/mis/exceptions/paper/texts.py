"""What central's refusals of prescriptions on paper mean, and what to do."""

from esoz.kernel.pages import mark as _
from esoz.mis.base.explanations import ErrorPattern

RECORDED = _("Рецепт записано. Додайте фото бланка, тоді можна відпускати.")
PICTURED = _("Фото додано.")
NOT_A_PICTURE = _("Оберіть фото у форматі JPEG, до 10 МБ.")
NOT_SENT = _("ЕСОЗ не відповіла. Відпуск підписано й збережено тут: надішліть його ще раз, коли з’явиться зв’язок.")
UNANSWERED = _("Відпуск уже підписано, але відповіді ЕСОЗ не було. Надішліть підписане ще раз: двічі його не врахують.")
GIVEN = _("Відпуск записано.")
CANCELLED = _("Запис позначено як помилковий.")
TAKEN_BACK = _("Відпуск скасовано: цю кількість можна відпустити знову.")
CHECK_BLANK = _("Звірте дані з бланком.")
OPEN_AGAIN = _("Відкрийте рецепт ще раз: його стан змінився.")

KNOWN = (
    ErrorPattern(
        r"^Paper prescription with such series, number, institution and date is recorded already",
        _("Цей паперовий рецепт уже записано в ЕСОЗ: у Вашій або в іншій аптеці."),
        _("Не відпускайте за ним удруге. Якщо дані введено помилково, виправте їх за бланком."),
    ),
    ErrorPattern(
        r"^Paper prescription is expired", _("Строк дії рецепта минув."), _("Потрібен новий рецепт від лікаря.")
    ),
    ErrorPattern(r"^Paper prescription is not active", _("За цим рецептом уже не відпускають."), OPEN_AGAIN),
    ErrorPattern(
        r"^Paper prescription is dispensed, its dispenses must be cancelled",
        _("За рецептом уже відпускали."),
        _("Спершу скасуйте відпуски за ним."),
    ),
    ErrorPattern(r"^Documents .+ is not uploaded", _("Немає фото бланка."), _("Додайте фото паперового рецепта.")),
    ErrorPattern(
        r"^Dispense date must be within the validity of the paper",
        _("У цей день рецепт не діяв."),
        _("Перевірте дату відпуску й дати на бланку."),
    ),
    ErrorPattern(
        r"^Medication is not prescribed on this paper",
        _("Цих ліків немає в рецепті."),
        _("Оберіть препарат із тією самою речовиною, формою й дозою."),
    ),
    ErrorPattern(
        r"^Medication quantity must be less or equal to what is left on the paper",
        _("Це більше, ніж залишилося за рецептом."),
        _("Зменште кількість."),
    ),
    ErrorPattern(
        r"^Validity must be between issue date and",
        _("Рецепт на бланку ф-1 діє не довше 30 днів."),
        CHECK_BLANK,
    ),
    ErrorPattern(r"^Issue date can't be in the future", _("Дата рецепта ще не настала."), CHECK_BLANK),
    ErrorPattern(r"^Number of the blank has", _("Номер бланка не такий: до 30 літер і цифр."), CHECK_BLANK),
    ErrorPattern(r"^Series of the blank has", _("Серія бланка не така: до 20 літер і цифр."), CHECK_BLANK),
    ErrorPattern(r"^Code of the institution has", _("Код закладу не такий: 8 або 10 цифр."), CHECK_BLANK),
)
