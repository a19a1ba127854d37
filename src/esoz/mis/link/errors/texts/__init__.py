"""The table: central's words → what happened and what to do. Sources: the published API and the 2019 source."""

from collections.abc import Mapping

from esoz.kernel.pages import mark as _
from esoz.mis.base.explanations import ErrorPattern

Words = tuple[str, str]

FIX_FIELD = _("Виправте поле й надішліть запис ще раз.")
FIX_DATE = _("Виправте дату й надішліть запис ще раз.")
ASK_ADMIN = _("Зверніться до адміністратора закладу: він перевірить Ваші дані в ЕСОЗ.")
RELOAD = _("Відкрийте пацієнта ще раз: дані в ЕСОЗ змінилися.")
SIGN_AGAIN = _("Підпишіть запис ще раз своїм чинним КЕП.")
ASK_PATIENT = _("Попросіть пацієнта надати доступ або працюйте лише із записами свого закладу.")
LATER = _("Зачекайте кілька хвилин. Запис збережено, ми надішлемо його самі.")

TEXTS: tuple[ErrorPattern, ...] = (
    # Search for patients and their data.
    ErrorPattern(
        r"returns only exact match",
        _("Знайдено забагато людей із такими даними."),
        _("Додайте по батькові, РНОКПП або номер телефону й повторіть пошук."),
    ),
    ErrorPattern(
        r"Persons? (is|are) not active|Patient is not active|person is not found",
        _("Запис пацієнта в ЕСОЗ неактивний: його об’єднано з іншим, або людина померла."),
        _("Знайдіть пацієнта через пошук ще раз і працюйте з чинним записом."),
    ),
    ErrorPattern(
        r"Confidant person must be active and adult",
        _("Законним представником може бути лише повнолітня людина з чинним записом в ЕСОЗ."),
        _("Знайдіть представника через пошук і перевірте його дані."),
    ),
    ErrorPattern(r"Person with such id|Patient with such id", _("Такого пацієнта в ЕСОЗ немає."), RELOAD),
    ErrorPattern(
        r"not available to you without an approval|Access denied.*approval|Missing approval",
        _("Ці записи зробив інший заклад, і пацієнт не надав Вам до них доступу."),
        ASK_PATIENT,
    ),
    # Who asks.
    ErrorPattern(
        r"Your scope does not allow|Missing allowances",
        _("Ваша роль або наданий доступ не дозволяє цієї дії."),
        _("Надайте доступ до ЕСОЗ ще раз. Якщо не допоможе, зверніться до адміністратора закладу."),
    ),
    ErrorPattern(
        r"API-KEY header",
        _("ЕСОЗ не приймає цієї медичної інформаційної системи: її заблоковано або її ключ доступу не налаштовано."),
        _("Зателефонуйте до підтримки системи. Підписані записи зачекають."),
    ),
    ErrorPattern(
        r"Client is blocked",
        _("Роботу Вашого закладу в ЕСОЗ призупинено."),
        _("Керівник закладу має звернутися до контакт-центру ЕСОЗ 0-800-60-20-19."),
    ),
    ErrorPattern(
        r"User blocked|User is blocked",
        _("Ваш обліковий запис в ЕСОЗ заблоковано."),
        _("Зателефонуйте до контакт-центру ЕСОЗ 0-800-60-20-19."),
    ),
    ErrorPattern(
        r"Invalid access token|Token expired|Token not found",
        _("Доступ до ЕСОЗ закінчився."),
        _("Надайте доступ ще раз. Чернетки збережено."),
    ),
    # Signature.
    ErrorPattern(r"Not a base64 string", _("Підписаний документ пошкоджено під час надсилання."), SIGN_AGAIN),
    ErrorPattern(
        r"(?:document|envelope) (?:must )?(?:contain|be signed).*(?:signature|signer)",
        _("Документ має бути підписаний один раз, ключем людини, а не печаткою."),
        SIGN_AGAIN,
    ),
    ErrorPattern(
        r"Signed content is not|Signed content must|Malformed encoded content",
        _("У підписі немає документа."),
        SIGN_AGAIN,
    ),
    ErrorPattern(
        r"Does not match the signer drfo|Invalid drfo",
        _("РНОКПП у підписі не збігається з РНОКПП лікаря в ЕСОЗ."),
        _("Підпишіть своїм ключем. Якщо ключ Ваш, адміністратор закладу має перевірити Ваш РНОКПП в ЕСОЗ."),
    ),
    ErrorPattern(
        r"^((?:Електронний підпис|Підпис|Сертифікат|Строк дії|Файл|Документ|Ключ)[^\n]*)$",
        _("ЕСОЗ не прийняла підпис. {0}"),
        SIGN_AGAIN,
    ),
    # Episode.
    ErrorPattern(
        r"Managing_?organization does not correspond",
        _("Епізод належить іншому закладу."),
        _("Відкрийте власний епізод для цього пацієнта й запишіть прийом у нього."),
    ),
    ErrorPattern(
        r"as a care_manager",
        _("Лікаря, вказаного в епізоді, в ЕСОЗ немає серед чинних лікарів закладу."),
        ASK_ADMIN,
    ),
    ErrorPattern(
        r"Legal ?entity is not active|legal_entity.*not active",
        _("Заклад в ЕСОЗ зараз неактивний."),
        _("Керівник закладу має звернутися до контакт-центру ЕСОЗ 0-800-60-20-19."),
    ),
    ErrorPattern(
        r"Episode in status (\w+) can not be",
        _("Епізод уже закрито або скасовано."),
        _("Для нового звернення відкрийте новий епізод."),
    ),
    ErrorPattern(
        r"Episode is not active",
        _("Епізод уже закрито."),
        _("Перенесіть прийом до відкритого епізоду й підпишіть його ще раз."),
    ),
    ErrorPattern(
        r"^Episode not found|Episode with such id is not found",
        _("Такого епізоду в ЕСОЗ немає."),
        RELOAD,
    ),
    ErrorPattern(
        r"Encounter's episode not found",
        _("Епізоду цього прийому в ЕСОЗ немає."),
        _("Спершу передайте епізод до ЕСОЗ, потім надішліть прийом ще раз."),
    ),
    ErrorPattern(
        r"with such id already exists|with id '.*' already exists|Such record already exists",
        _("Такий запис уже є в ЕСОЗ."),
        _("Оновіть сторінку пацієнта й перевірте, чи запис уже там."),
    ),
    ErrorPattern(
        r"Episode can not be canceled",
        _("У епізоді є нескасовані прийоми."),
        _("Спершу скасуйте прийоми, потім епізод."),
    ),
    # Encounter.
    ErrorPattern(
        r"at least one chief complaint|exactly one primary diagnosis",
        _("Потрібен рівно один основний діагноз."),
        _("Позначте один діагноз як основний і надішліть запис ще раз."),
    ),
    ErrorPattern(
        r"diagnosis codes should be defined in the (\S+) system",
        _("Основний діагноз закодовано не тією класифікацією."),
        _("Для первинної допомоги оберіть код ICPC-2, для спеціалізованої – код НК 025 (МКХ-10-АМ)."),
    ),
    ErrorPattern(
        r"Date must be greater than",
        _("Дата надто давня: прийом записують не пізніше семи днів."),
        _("Перевірте дату. Якщо вона правильна, передати прийом уже не можна: повідомте адміністратора закладу."),
    ),
    ErrorPattern(r"must be in past|in the future", _("Дата або час ще не настали."), FIX_DATE),
    ErrorPattern(
        r"end date of the last encounter",
        _("Епізод закінчується раніше за останній прийом у ньому."),
        _("Вкажіть день останнього прийому або пізніший."),
    ),
    ErrorPattern(r"End date (?:of visit )?must be", _("Кінець раніше за початок або не вказаний."), FIX_DATE),
    ErrorPattern(
        r"Performer does not belong to current legal entity",
        _("Лікар, який провів прийом, не працює у Вашому закладі."),
        ASK_ADMIN,
    ),
    ErrorPattern(
        r"Employee is not performer of encounter",
        _("Прийом має підписати лікар, який його провів."),
        SIGN_AGAIN,
    ),
    ErrorPattern(
        r"Employee is not an active doctor|Employee with such ID is not found|Employee does not related|"
        r"Only active employee",
        _("Працівника немає серед чинних лікарів закладу в ЕСОЗ."),
        ASK_ADMIN,
    ),
    ErrorPattern(
        r"Division is not active|Division with such ID is not found|not allowed to create encouners for this division|"
        r"Invalid division",
        _("Підрозділ, у якому відбувся прийом, в ЕСОЗ неактивний або не Вашого закладу."),
        ASK_ADMIN,
    ),
    ErrorPattern(
        r"Visit with such",
        _("Візит із таким номером уже є або не знайдений."),
        _("Відкрийте прийом на редагування й надішліть ще раз."),
    ),
    ErrorPattern(
        r"must be under 14 years|Only the person themselves can register",
        _("У кабінеті батьки реєструють лише дитину до 14 років і лише від свого імені."),
        _("Зареєструйте пацієнта в закладі за його документом."),
    ),
    ErrorPattern(
        r"with such id is not found|^[A-Z][a-z_ ]* not found$",
        _("Запису, на який посилається документ, в ЕСОЗ немає."),
        RELOAD,
    ),
    ErrorPattern(
        r"status can not be referenced",
        _("Документ посилається на запис, внесений помилково."),
        _("Приберіть це посилання й надішліть запис ще раз."),
    ),
    ErrorPattern(
        r"Actions are allowed only for encounters of class PHC",
        _("Дії за ICPC-2 вказують лише для первинної допомоги."),
        _("Приберіть дії та вкажіть надані послуги."),
    ),
    ErrorPattern(
        r"Hospitalization is allowed only",
        _("Дані госпіталізації вказують лише для стаціонару."),
        FIX_FIELD,
    ),
    ErrorPattern(
        r"^Service request ",
        _("Направлення не знайдено, або воно вже не чинне."),
        _("Перевірте номер і стан направлення."),
    ),
    ErrorPattern(
        r"Person must have authentication method",
        _("Пацієнт не має чинного способу підтвердження в ЕСОЗ."),
        _("Додайте пацієнтові власний номер телефону або документи й повторіть запит."),
    ),
    ErrorPattern(
        r"Only one of the parameters must be present|exactly one of the allowed forms",
        _("Вказано кілька значень там, де дозволено одне."),
        _("Залиште одне значення й надішліть запис ще раз."),
    ),
    ErrorPattern(r"All primary keys must be unique", _("Два записи документа мають однаковий номер."), SIGN_AGAIN),
    ErrorPattern(
        r"Submitted context is not allowed",
        _("Складова документа належить до іншого прийому."),
        _("Відкрийте прийом на редагування, збережіть і підпишіть ще раз."),
    ),
    ErrorPattern(
        r"not found in the dictionary (\S+)|not allowed in dictionary (\S+)",
        _("Коду немає в довіднику {0}{1}: довідник оновлено."),
        _("Оберіть код зі списку ще раз."),
    ),
    ErrorPattern(
        r"Entity with code|Value .* not found|value is not allowed in enum",
        _("Такого значення ЕСОЗ не приймає."),
        FIX_FIELD,
    ),
    ErrorPattern(
        r"entered_in_error",
        _("Запис уже позначено як внесений помилково."),
        RELOAD,
    ),
    ErrorPattern(
        r"Submitted signed content does not correspond",
        _("Підписано не те, що зберігає ЕСОЗ."),
        _("Оновіть сторінку запису й підпишіть ще раз."),
    ),
    # Further kinds of records.
    ErrorPattern(
        r"At least one (?:entity should have status|of the parameters must be present)|^Must be filled|"
        r"must be present if primary_source",
        _("У документі бракує даних, без яких запис не має змісту."),
        FIX_FIELD,
    ),
    ErrorPattern(
        r"^Invalid transition|^Specimen with such container|already exists$",
        _("Запис у стані, який не дозволяє цієї дії, або такий запис уже є."),
        RELOAD,
    ),
    ErrorPattern(
        r"^Request is not allowed for the service|performer with type reference must not|"
        r"^report_origin or performer",
        _("Джерело даних або послуга не підходять до цього запису."),
        FIX_FIELD,
    ),
    ErrorPattern(r"expected a valid date(?!-)", _("Дату записано неправильно."), FIX_DATE),
    # The patient's permission.
    ErrorPattern(
        r"^Maximum attempts exceed|^Verification code expired",
        _("Код пацієнта прострочено, або спроб більше немає."),
        _("Надішліть пацієнтові новий код і введіть його."),
    ),
    ErrorPattern(
        r"authentication method doesn't exist",
        _("Обраного способу підтвердження в пацієнта вже немає."),
        _("Оберіть інший спосіб підтвердження."),
    ),
    ErrorPattern(
        r"^Access denied$|^Token does not belong to a patient",
        _("ЕСОЗ не дозволила цієї дії."),
        ASK_ADMIN,
    ),
    # Jobs and plumbing.
    ErrorPattern(
        r"required property \w+",
        _("Не заповнено обов’язкове поле."),
        _("Заповніть поле й надішліть запис ще раз."),
    ),
    ErrorPattern(
        r"Too many requests|too many requests",
        _("Забагато запитів до ЕСОЗ."),
        LATER,
    ),
    ErrorPattern(
        r"Malformed JSON|Malformed request|Invalid Content-Type",
        _("ЕСОЗ не зрозуміла запиту."),
        _("Зателефонуйте постачальнику МІС і назвіть номер запиту."),
    ),
)

# The published rules of validation, when the words themselves are not in the table above.
BY_RULE: Mapping[str, Words] = {
    "required": (_("Не заповнено обов’язкове поле."), _("Заповніть поле й надішліть запис ще раз.")),
    "cast": (_("Значення не того типу: число, дата або текст."), FIX_FIELD),
    "format": (_("Значення записано не в тому форматі."), FIX_FIELD),
    "date": (_("Дату записано неправильно."), FIX_DATE),
    "datetime": (_("Дату й час записано неправильно."), FIX_DATE),
    "inclusion": (_("Такого значення ЕСОЗ не приймає."), FIX_FIELD),
    "exclusion": (_("Таке значення заборонено."), FIX_FIELD),
    "subset": (_("Частини значень немає серед дозволених."), FIX_FIELD),
    "length": (_("Текст задовгий, закороткий, або рядків у списку забагато чи замало."), FIX_FIELD),
    "number": (_("Число поза дозволеними межами."), FIX_FIELD),
    "email": (_("Електронну пошту записано неправильно."), FIX_FIELD),
    "phone_number": (_("Номер телефону записано неправильно, приклад: +380501234567."), FIX_FIELD),
    "unique": (_("Значення повторюється."), _("Приберіть повтор і надішліть запис ще раз.")),
    "confirmation": (_("Значення не підтверджено."), FIX_FIELD),
    "acceptance": (_("Потрібна згода."), FIX_FIELD),
    "dependency": (_("Поле потребує ще одного, пов’язаного з ним."), FIX_FIELD),
    "schema": (_("У документі є зайве поле."), _("Зателефонуйте постачальнику МІС і назвіть номер запиту.")),
    "schemata": (_("Документ не відповідає жодній із дозволених форм."), FIX_FIELD),
    "json": (_("ЕСОЗ не змогла прочитати документ."), SIGN_AGAIN),
    "url": (_("Адресу записано неправильно."), FIX_FIELD),
    "authentification_code": (_("Код підтвердження неправильний."), _("Попросіть пацієнта назвати код ще раз.")),
}

# The published types of errors.
BY_TYPE: Mapping[str, Words] = {
    "access_denied": (_("Доступ до ЕСОЗ закінчився."), _("Надайте доступ ще раз. Чернетки збережено.")),
    "token_expired": (_("Доступ до ЕСОЗ закінчився."), _("Надайте доступ ще раз. Чернетки збережено.")),
    "token_invalid": (_("Доступ до ЕСОЗ закінчився."), _("Надайте доступ ще раз. Чернетки збережено.")),
    "token_not_found": (_("Доступ до ЕСОЗ закінчився."), _("Надайте доступ ще раз. Чернетки збережено.")),
    "invalid_grant": (_("ЕСОЗ не видала доступу."), _("Надайте доступ ще раз.")),
    "invalid_client": (
        _("ЕСОЗ не впізнала закладу: його секретний ключ неправильний."),
        _("Адміністратор закладу має оновити секретний ключ підключення."),
    ),
    "user_blocked": (
        _("Ваш обліковий запис в ЕСОЗ заблоковано."),
        _("Зателефонуйте до контакт-центру ЕСОЗ 0-800-60-20-19."),
    ),
    "forbidden": (_("ЕСОЗ не дозволила цієї дії."), ASK_ADMIN),
    "too_many_results": (
        _("Знайдено забагато людей із такими даними."),
        _("Додайте по батькові, РНОКПП або номер телефону й повторіть пошук."),
    ),
    "not_found": (_("Такого запису в ЕСОЗ немає."), RELOAD),
    "NOT_FOUND": (_("Такого запису в ЕСОЗ немає."), RELOAD),
    "request_conflict": (_("Запис у стані, який не дозволяє цієї дії."), RELOAD),
    "conflict": (_("Запис у стані, який не дозволяє цієї дії."), RELOAD),
    "object_already_exists": (_("Такий запис уже є в ЕСОЗ."), RELOAD),
    "validation_failed": (_("ЕСОЗ знайшла помилки в документі."), FIX_FIELD),
    "request_malformed": (
        _("ЕСОЗ не зрозуміла запиту."),
        _("Зателефонуйте постачальнику МІС і назвіть номер запиту."),
    ),
    "content_type_invalid": (
        _("ЕСОЗ не зрозуміла запиту."),
        _("Зателефонуйте постачальнику МІС і назвіть номер запиту."),
    ),
    "request_too_large": (_("Документ завеликий для ЕСОЗ."), _("Скоротіть тексти й надішліть запис ще раз.")),
    "unverified": (_("Номер телефону не підтверджено."), _("Спершу підтвердьте номер кодом із SMS.")),
    "too_many_requests": (_("Забагато запитів до ЕСОЗ."), LATER),
    "internal_error": (_("Сталася помилка всередині ЕСОЗ."), LATER),
    "service_unavailable": (_("ЕСОЗ тимчасово не працює."), LATER),
}

BY_STATUS: Mapping[int, Words] = {
    400: BY_TYPE["request_malformed"],
    401: BY_TYPE["access_denied"],
    403: BY_TYPE["forbidden"],
    404: BY_TYPE["not_found"],
    409: BY_TYPE["request_conflict"],
    413: BY_TYPE["request_too_large"],
    415: BY_TYPE["content_type_invalid"],
    422: BY_TYPE["validation_failed"],
    429: BY_TYPE["too_many_requests"],
    500: BY_TYPE["internal_error"],
    503: BY_TYPE["service_unavailable"],
}
