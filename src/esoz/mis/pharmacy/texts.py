"""What central's refusals of dispenses mean, and what to do."""

from esoz.kernel.pages import mark as _
from esoz.mis.base.explanations import ErrorPattern

NO_SUCH_NUMBER = _("Рецепта з таким номером немає. Перевірте номер у довідці або повідомленні.")
NEEDS_CODE = _("За цим рецептом потрібен код. Введіть чотири цифри, які назве пацієнт.")
WRONG_CODE = _("Код не підходить до цього рецепта. Попросіть пацієнта назвати код ще раз.")
WRONG_CODE_LEFT = _(
    "Код не підходить до цього рецепта. Попросіть пацієнта назвати код ще раз. Залишилося спроб: {left}."
)
CODES_PAUSED = _(
    "Забагато неправильних кодів: рецепт не приймає жодного. Спробуйте пізніше або попросіть пацієнта уточнити код"
    " у лікаря."
)
CODES_PAUSED_MINUTES = _(
    "Забагато неправильних кодів: рецепт не приймає жодного ще {minutes} хв. Тим часом пацієнт може уточнити код"
    " у лікаря."
)
NOT_SENT = _("ЕСОЗ не відповіла. Не видавайте ліки, доки не побачите «Відпущено».")
RELEASED = _("Рецепт звільнено: ліки за ним може відпустити будь-яка аптека.")
ASK_ADMIN = _("Зверніться до керівника аптеки.")
OPEN_AGAIN = _("Відкрийте рецепт ще раз: його стан змінився.")
BEGIN_AGAIN = _("Відкрийте рецепт за номером і почніть відпуск знову.")
FIX_QUANTITY = _("Змініть кількість і спробуйте ще раз.")
FIX_PRICE = _("Перевірте суму й відшкодування.")


def code_refused(
    attempts_left: int | None, seconds: int | None, *, was_given: bool = True
) -> tuple[str, dict[str, int]]:
    """The words, and what to put into them once they are translated; central may tell neither number.

    A code that was not given is asked for; it is no wrong one, so no tries are told of.
    """
    if not was_given and not seconds:
        return NEEDS_CODE, {}
    if attempts_left is None:
        return WRONG_CODE, {}
    if attempts_left > 0:
        return WRONG_CODE_LEFT, {"left": attempts_left}
    return (CODES_PAUSED_MINUTES, {"minutes": -(-seconds // 60)}) if seconds else (CODES_PAUSED, {})


KNOWN = (
    # The race for one prescription.
    ErrorPattern(
        r"Active medication dispense already exists|Medication request is dispensed or held by another dispense",
        _("За цим рецептом уже відпускають ліки: першою встигла інша каса або аптека."),
        _("Якщо пацієнт ліків не отримав, спробуйте за 10 хвилин: незавершений відпуск звільниться сам."),
    ),
    ErrorPattern(
        r"must be less or equal to remaining quantity",
        _("Це більше, ніж залишилося за рецептом."),
        _("Оновіть сторінку й зменште кількість: частину щойно відпустили або утримують."),
    ),
    ErrorPattern(
        r"dispensed medication quantity must be equal",
        _("За цією програмою відпускають усю кількість одразу."),
        FIX_QUANTITY,
    ),
    ErrorPattern(
        r"must be a multiplier of package minimal",
        _("Кількість не ділиться на найменшу частину упаковки."),
        FIX_QUANTITY,
    ),
    ErrorPattern(
        r"has no active license of the types",
        _("Для цього відпуску аптеці потрібна окрема ліцензія, а чинної в ЕСОЗ немає."),
        ASK_ADMIN,
    ),
    ErrorPattern(
        r"^Dispense date is too far in the past",
        _("Минуло забагато днів: цей відпуск уже не записати."),
        _("Перевірте дату відпуску."),
    ),
    ErrorPattern(
        r"must say in its note why it is recorded late",
        _("Відпуск записують не того дня, коли видали ліки."),
        _("Напишіть у примітці, чому його не записали одразу."),
    ),
    # What was handed over and comes back.
    ErrorPattern(
        r"^Medication is not a part of the medication dispense",
        _("Цих ліків у відпуску немає або їх уже повернено."),
        _("Оберіть ліки з цього відпуску."),
    ),
    ErrorPattern(
        r"^Returned medication quantity must be less or equal",
        _("Це більше, ніж відпущено."),
        FIX_QUANTITY,
    ),
    ErrorPattern(
        r"is taken back as a whole",
        _("За цією програмою частинами не відпускають і не повертають."),
        _("Поверніть усе, що відпущено."),
    ),
    # The code.
    ErrorPattern(
        r"^Incorrect code", _("Код не підходить до цього рецепта."), _("Попросіть пацієнта назвати код ще раз.")
    ),
    ErrorPattern(
        r"Too many incorrect codes",
        _("Забагато неправильних кодів: рецепт тимчасово не приймає жодного."),
        _("Спробуйте пізніше або попросіть пацієнта уточнити код у лікаря."),
    ),
    # The prescription.
    ErrorPattern(
        r"Medication request is not active|Medication request is not valid",
        _("Рецепт не чинний: його погашено, відкликано або прострочено."),
        OPEN_AGAIN,
    ),
    ErrorPattern(
        r"^Medication request is blocked",
        _("Рецепт заблоковано."),
        _("Порадьте пацієнтові звернутися до лікаря: після розблокування рецепт діятиме знову."),
    ),
    ErrorPattern(
        r"intent\)? PLAN cannot be",
        _("Це план лікування, а не рецепт: за ним не відпускають."),
        _("Порадьте пацієнтові звернутися до лікаря по рецепт."),
    ),
    ErrorPattern(
        r"^Invalid dispense period",
        _("Сьогодні за цим рецептом не відпускають."),
        _("Перевірте дні дії рецепта."),
    ),
    ErrorPattern(
        r"Dispense date must be between",
        _("Дата відпуску не підходить: вона має бути одним із днів дії рецепта, не пізніше сьогодні."),
        BEGIN_AGAIN,
    ),
    ErrorPattern(
        r"at the same term there can be only 1 dispensed",
        _("Пацієнт уже отримав ці ліки за іншим рецептом на ті самі дні."),
        _("Порадьте пацієнтові звернутися до лікаря."),
    ),
    # The pharmacy.
    ErrorPattern(
        r"^Legal entity is not verified",
        _("НСЗУ не верифікувала Вашу аптеку, тому вона не може відпускати ліки за рецептом."),
        _("Керівник аптеки має звернутися до НСЗУ. Пацієнт може отримати ліки в іншій аптеці."),
    ),
    ErrorPattern(r"^Invalid legal entity type", _("Ваш заклад не може відпускати ліки за рецептом."), ASK_ADMIN),
    ErrorPattern(
        r"^Employee id doesn't match",
        _("Вас немає серед чинних працівників цієї аптеки в ЕСОЗ."),
        ASK_ADMIN,
    ),
    ErrorPattern(
        r"Division doesn't belong to the legal entity|^Division not found",
        _("Це не підрозділ Вашої аптеки."),
        _("Оберіть інший підрозділ."),
    ),
    ErrorPattern(
        r"^Division is not active$",
        _("Підрозділ в ЕСОЗ неактивний."),
        _("Оберіть інший підрозділ або зверніться до адміністратора закладу."),
    ),
    ErrorPattern(
        r"Invalid division dls status",
        _("Ліцензію цього підрозділу не підтверджено Держлікслужбою."),
        _("Оберіть інший підрозділ або зверніться до керівника аптеки."),
    ),
    ErrorPattern(
        r"no active contract exists|Contract is suspended|should be participant of a contract",
        _("Немає чинного договору аптеки за цією програмою."),
        ASK_ADMIN,
    ),
    # The programme and the packages.
    ErrorPattern(
        r"Medical program in dispense doesn't match",
        _("Рецепт виписано за іншою програмою."),
        BEGIN_AGAIN,
    ),
    ErrorPattern(
        r"Forbidden to create medication dispense",
        _("За цією програмою зараз не відпускають."),
        ASK_ADMIN,
    ),
    ErrorPattern(
        r"medication is not active|medication is not a participant|not on the list of approved innms",
        _("Цього препарату вже немає в програмі."),
        _("Оновіть сторінку й оберіть інший препарат."),
    ),
    ErrorPattern(
        r"does not satisfy allowed reimbursement",
        _("Відшкодування не таке, як дозволяє програма."),
        FIX_PRICE,
    ),
    ErrorPattern(
        r"required property (?:sell_amount|sell_price|discount_amount)",
        _("За цією програмою потрібні ціни."),
        FIX_PRICE,
    ),
    ErrorPattern(
        r"required property payment_amount|payment_amount.* can not be read",
        _("За цією програмою потрібна сума, яку сплатив пацієнт."),
        _("Звільніть рецепт і почніть відпуск знову, вказавши ціни."),
    ),
    # The signature.
    ErrorPattern(
        r"Can't update medication dispense status from (\w+)",
        _("Цей відпуск уже завершено або звільнено."),
        _("Утримання триває 10 хвилин. Відкрийте рецепт за номером і, якщо треба, почніть знову."),
    ),
    ErrorPattern(
        r"Does not match the signer last name",
        _("Прізвище в підписі не збігається з Вашим прізвищем в ЕСОЗ."),
        _("Підпишіть своїм ключем. Якщо ключ Ваш, керівник аптеки має перевірити Ваші дані в ЕСОЗ."),
        told=_("Прізвище в підписі – «{0}», а в ЕСОЗ – «{1}»."),
    ),
)
