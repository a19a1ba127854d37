"""What central's refusals of prescriptions mean, and what to do."""

from esoz.kernel.pages import mark as _
from esoz.mis.base.explanations import ErrorPattern

ASK_ADMIN = _("Зверніться до адміністратора закладу.")
OTHER_PROGRAMME = _("Оберіть іншу програму або зверніться до адміністратора закладу.")
SEE_LIST = _("Відкрийте рецепти пацієнта й перевірте, чи потрібен новий.")
OPEN_AGAIN = _("Відкрийте рецепт ще раз: його стан змінився.")
FIX_PERIOD = _("Змініть дні лікування й перевірте рецепт ще раз.")
SIGN_AGAIN = _("Оновіть сторінку й підпишіть документ із неї ще раз. Якщо не допоможе, почніть спочатку.")

KNOWN = (
    # Who may prescribe.
    ErrorPattern(
        r"^Care plan not found",
        _("План лікування в ЕСОЗ не знайдено."),
        _("Випишіть рецепт без плану лікування."),
    ),
    ErrorPattern(
        r"^Prior prescription not found",
        _("Попереднього рецепта цього пацієнта не знайдено."),
        _("Випишіть рецепт без посилання на попередній."),
    ),
    ErrorPattern(
        r"Only active legal entity with type MSP",
        _("Ваш заклад зараз не може виписувати рецепти."),
        _("Керівник закладу має звернутися до контакт-центру ЕСОЗ 0-800-60-20-19."),
    ),
    ErrorPattern(
        r"^Legal entity is not verified",
        _("НСЗУ не верифікувала Ваш заклад, тому він не може виписувати рецепти."),
        _("Керівник закладу має звернутися до НСЗУ."),
    ),
    ErrorPattern(
        r"Only active employee with type DOCTOR",
        _("Програма не дозволяє виписувати рецепт Вашій посаді, або Вас немає серед чинних лікарів."),
        OTHER_PROGRAMME,
    ),
    ErrorPattern(
        r"Employee's speciality doesn't match",
        _("Програма не дозволяє виписувати рецепт за Вашою спеціальністю."),
        OTHER_PROGRAMME,
    ),
    ErrorPattern(
        r"Only employee of active divisions",
        _("Ваш підрозділ в ЕСОЗ неактивний або не Вашого закладу."),
        ASK_ADMIN,
    ),
    ErrorPattern(r"^Division not found", _("Вашого підрозділу немає в ЕСОЗ."), ASK_ADMIN),
    ErrorPattern(r"^Employee not found", _("Вас немає серед працівників закладу в ЕСОЗ."), ASK_ADMIN),
    ErrorPattern(
        r"Only doctors with an active declaration|Not found active declaration",
        _("За цією програмою рецепт виписує лікар, з яким пацієнт має декларацію."),
        _("Оберіть програму, якій декларація не потрібна, або скеруйте пацієнта до його лікаря."),
    ),
    ErrorPattern(
        r"Only for active MPI record|^Person not found",
        _("Запис пацієнта в ЕСОЗ неактивний."),
        _("Знайдіть пацієнта через пошук ще раз і працюйте з чинним записом."),
    ),
    # A series.
    ErrorPattern(
        r"^Prescriptions of a series must follow each other",
        _("Рецепти серії мають іти один за одним без перерви: наступний – відразу після останнього дня попереднього."),
        FIX_PERIOD,
    ),
    ErrorPattern(
        r"^Series of prescriptions is too long|^Series of prescriptions ends too late",
        _("Серія задовга: не більше 6 рецептів і не довше ніж на пів року."),
        _("Оберіть менше рецептів. Решту випишете на наступному прийомі."),
    ),
    ErrorPattern(
        r"can't be written as a series",
        _("Ліки на бланку ф-3 серією не виписують."),
        _("Випишіть один рецепт, а наступний – на наступному прийомі."),
    ),
    ErrorPattern(
        r"^Prior prescription is already followed",
        _("Після попереднього рецепта серії вже є наступний."),
        SEE_LIST,
    ),
    ErrorPattern(
        r"^Prior prescription of the series is not signed",
        _("Попередній рецепт серії ще не підписано."),
        _("Спершу підпишіть його: рецепти серії підписують по черзі."),
    ),
    ErrorPattern(
        r"^Prior prescription of the series is not in force",
        _("Попередній рецепт серії вже не чинний, тож наступного за ним не підписати."),
        _("Видаліть цю чернетку й випишіть ліки заново."),
    ),
    # What is prescribed.
    ErrorPattern(
        r"^Medical program not found|^Medical program is not active",
        _("Програма зараз не діє."),
        OTHER_PROGRAMME,
    ),
    ErrorPattern(
        r"Forbidden to create medication request",
        _("За цією програмою рецептів зараз не виписують."),
        OTHER_PROGRAMME,
    ),
    ErrorPattern(
        r"Not found any medications allowed|Innm not on the list of approved innms|^Medication not found|"
        r"^Medication is not active",
        _("Цих ліків немає в програмі."),
        _("Оберіть іншу форму чи дозу або іншу програму."),
    ),
    ErrorPattern(
        r"must be divisible to package minimum quantity",
        _("Кількість не ділиться на упаковку."),
        _("Оберіть кількість із підказки й перевірте рецепт ще раз."),
    ),
    ErrorPattern(
        r"It's to early to create|It can be only 1 active/ completed",
        _("Пацієнт уже має рецепт на ці ліки за цією програмою, і його строк ще не скінчився."),
        SEE_LIST,
    ),
    ErrorPattern(
        r"Care plan is required",
        _("За цією програмою рецепт виписують лише в межах плану лікування."),
        OTHER_PROGRAMME,
    ),
    ErrorPattern(
        r"Diagnoses of the encounter don't match",
        _("Діагноз прийому не підходить для цієї програми."),
        _("Перевірте діагноз прийому або оберіть іншу програму."),
    ),
    # When.
    ErrorPattern(
        r"Ended date must be|Started date must be|Create date must be|Period between started_at and ended_at|"
        r"Treatment period cannot be",
        _(
            "Дні лікування не підходять: початок не раніше за сьогодні, кінець не раніше за початок, курс не довший,"
            " ніж дозволяє програма."
        ),
        FIX_PERIOD,
    ),
    # How the patient is told.
    ErrorPattern(
        r"Person's authentication method doesn't exist",
        _("Обраного способу сповіщення пацієнта вже немає."),
        _("Оберіть інший спосіб або залиште основний."),
    ),
    ErrorPattern(
        r"has no phone for messages or the medical program sends none",
        _("Код не надіслати: у пацієнта немає телефону в ЕСОЗ, або програма не надсилає повідомлень."),
        _("Роздрукуйте інформаційну довідку: код на ній."),
    ),
    ErrorPattern(
        r"Can't resend Medication request without verification code",
        _("У цього рецепта немає коду, тож надсилати нічого."),
        _("Назвіть пацієнтові номер рецепта: код аптеці не потрібен."),
    ),
    ErrorPattern(
        r"Invalid status Medication request for resend|information cannot be resent",
        _("Код надсилають лише для чинного рецепта."),
        OPEN_AGAIN,
    ),
    # Signing and taking back.
    ErrorPattern(
        r"Only doctor that in Medication request Request can sign it",
        _("Рецепт має підписати лікар, який його виписав."),
        _("Увійдіть під своїм обліковим записом і підпишіть своїм ключем."),
    ),
    ErrorPattern(
        r"Invalid status Medication request Request for sign|Duplicated request",
        _("Цю чернетку рецепта вже підписано, скасовано, або минуло 30 хвилин."),
        OPEN_AGAIN,
    ),
    ErrorPattern(
        r"Invalid status Request for Medication request for reject|Medication request is not active",
        _("Рецепт уже не чинний: його погашено, відкликано або прострочено."),
        OPEN_AGAIN,
    ),
    ErrorPattern(
        r"connected processed medication dispenses can not be rejected",
        _("За цим рецептом ліки вже відпущено або зараз відпускають."),
        _("Відкликають лише рецепт, за яким нічого не відпущено. Якщо аптека щойно звільнила його, спробуйте ще раз."),
    ),
    ErrorPattern(r"Signed content does not match", _("Підписано не те, що зберігає ЕСОЗ."), SIGN_AGAIN),
    ErrorPattern(r"Plan can't be qualified", _("План лікування не перевіряють за програмою."), ASK_ADMIN),
)
