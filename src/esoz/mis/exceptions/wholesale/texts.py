"""What central's refusals of wholesale supply mean, and what to do."""

from esoz.kernel.pages import mark as _
from esoz.mis.base.explanations import ErrorPattern

RECORDED = _("Вимогу записано. Додайте її скан, тоді можна видавати.")
SCANNED = _("Скан додано.")
NOT_A_SCAN = _("Оберіть скан у форматі JPEG, до 10 МБ.")
NOT_SENT = _("ЕСОЗ не відповіла. Видачу підписано й збережено тут: надішліть її ще раз, коли з’явиться зв’язок.")
UNANSWERED = _("Видачу вже підписано, але відповіді ЕСОЗ не було. Надішліть підписане ще раз: двічі його не врахують.")
SUPPLIED = _("Видачу записано.")
CANCELLED = _("Вимогу позначено як помилкову.")
TAKEN_BACK = _("Видачу скасовано: цю кількість можна видати знову.")
CHECK_REQUEST = _("Звірте дані з вимогою.")

KNOWN = (
    ErrorPattern(
        r"^Request with such number and date of this institution is recorded already",
        _("Цю вимогу вже записано в ЕСОЗ: у Вас або в іншого постачальника."),
        _("Не видавайте за нею вдруге. Якщо дані введено помилково, виправте їх за вимогою."),
    ),
    ErrorPattern(
        r"^Wholesale supply without a prescription is allowed under martial law only",
        _("У цей день воєнного стану вже не було: без рецепта оптом не видають."),
        _("Перевірте день видачі."),
    ),
    ErrorPattern(
        r"^Legal entity has no license for trade with medicines on this day",
        _("У цей день Ваш заклад не мав чинної ліцензії на торгівлю ліками."),
        _("Перевірте день. Керівник може внести ліцензію в ЕСОЗ."),
    ),
    ErrorPattern(
        r"^Wholesale request is not active",
        _("За цією вимогою вже не видають."),
        _("Відкрийте її ще раз: стан змінився."),
    ),
    ErrorPattern(
        r"^Wholesale request is supplied, its supplies must be cancelled before",
        _("За вимогою вже видавали."),
        _("Спершу скасуйте видачі за нею."),
    ),
    ErrorPattern(
        r"^Documents WHOLESALE_REQUEST is not uploaded", _("Немає скану вимоги."), _("Додайте скан із печаткою.")
    ),
    ErrorPattern(r"^Medication is not in this request", _("Цих ліків немає у вимозі."), CHECK_REQUEST),
    ErrorPattern(
        r"^Medication quantity must be less or equal to what is left of the request",
        _("Це більше, ніж залишилося за вимогою."),
        _("Зменште кількість."),
    ),
    ErrorPattern(
        r"^Supply date can't be earlier than the date of the request",
        _("Видача не може бути раніше за вимогу."),
        _("Виправте день видачі."),
    ),
    ErrorPattern(r"^Request date can't be in the future", _("Дата вимоги ще не настала."), CHECK_REQUEST),
    ErrorPattern(r"^Number of the request has", _("Номер вимоги не такий: до 50 літер і цифр."), CHECK_REQUEST),
)
