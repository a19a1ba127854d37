"""What central's refusals of referrals mean, and what to do."""

from esoz.kernel.pages import mark as _
from esoz.mis.base.explanations import ErrorPattern

RESENT = _("Номер направлення надіслано пацієнтові ще раз.")
NO_PAPER = _("Направлення не надрукувати: в ЕСОЗ воно без номера. Зверніться до контакт-центру ЕСОЗ 0-800-60-20-19.")
NOT_PAID = _("Програма не оплачує цю послугу: %(reason)s")
ANOTHER_SERVICE = _("Оберіть іншу послугу.")
ANOTHER_PROGRAMME = _("Оберіть іншу програму або направте без програми.")
ASK_PATIENT = _("Спитайте пацієнта, де він уже був із цим направленням.")
NEW_ONE = _("Пацієнтові потрібне нове направлення.")
OPEN_AGAIN = _("Відкрийте направлення ще раз: його стан змінився.")

KNOWN = (
    ErrorPattern(r"^Service is not included in the program", _("Програма не оплачує цю послугу."), ANOTHER_PROGRAMME),
    ErrorPattern(
        r"^Medical program is not a program of services", _("Ця програма не для направлень."), ANOTHER_PROGRAMME
    ),
    ErrorPattern(
        r"^Medical program does not match the program of the service request",
        _("Направлення виписано за іншою програмою."),
        _("Візьміть направлення в роботу за програмою, яку в ньому вказано."),
    ),
    ErrorPattern(r"^Service should be active", _("Цієї послуги вже немає в переліку."), ANOTHER_SERVICE),
    ErrorPattern(
        r"^Request is not allowed for the service", _("На цю послугу направлення не виписують."), ANOTHER_SERVICE
    ),
    ErrorPattern(
        r"^Service request category should be equal to service category",
        _("Вид послуги не збігається з обраною послугою."),
        ANOTHER_SERVICE,
    ),
    ErrorPattern(r"^(Service|Service group) with such ID is not found", _("Такої послуги немає."), ANOTHER_SERVICE),
    ErrorPattern(
        r"^Must be current legal enity",
        _("Направлення можна виписати лише від закладу, в якому Ви працюєте."),
        _("Змініть місце роботи й заповніть направлення знову."),
    ),
    ErrorPattern(
        r"^Permitted resources are not allowed for laboratory",
        _("Лабораторії не відкривають епізоди пацієнта."),
        _("Приберіть епізоди з направлення."),
    ),
    ErrorPattern(
        r"^Occurrence date must be in the future", _("Час послуги вже минув."), _("Вкажіть час, який ще не настав.")
    ),
    ErrorPattern(
        r"^Employee is not the requester of the service request",
        _("Направлення підписує, відкликає й скасовує лікар, який його виписав."),
        _("Зверніться до цього лікаря або до медичного координатора закладу."),
    ),
    ErrorPattern(
        r"^Employee does not belong to current legal entity",
        _("Лікар, від якого виписано направлення, працює в іншому закладі."),
        _("Змініть місце роботи й заповніть направлення знову."),
    ),
    ErrorPattern(r"^Service request is expired", _("Строк дії направлення минув."), NEW_ONE),
    ErrorPattern(
        r"^Can't use inactive service request", _("Направлення вже виконано, відкликано або скасовано."), NEW_ONE
    ),
    ErrorPattern(r"^Service request is already used", _("Направлення вже взяв у роботу заклад."), ASK_PATIENT),
    ErrorPattern(
        r"^Service request is used by another legal[ _]entity",
        _("Направлення взяв у роботу інший заклад."),
        ASK_PATIENT,
    ),
    ErrorPattern(
        r"^Service request must be used",
        _("Направлення ще не взято в роботу."),
        _("Знайдіть його за номером і візьміть у роботу."),
    ),
    ErrorPattern(
        r"^You can assign service request only to your legal entity",
        _("Направлення можна взяти лише для свого закладу."),
        _("Змініть місце роботи й спробуйте ще раз."),
    ),
    ErrorPattern(
        r"^Service request in status (\w+) cannot be (recalled|cancelled|released)",
        _("Стан направлення вже не дозволяє цієї дії."),
        OPEN_AGAIN,
    ),
    ErrorPattern(r"^Service request with status (\w+) can't be closed", _("Направлення вже не в роботі."), OPEN_AGAIN),
    ErrorPattern(r"^Invalid service request status", _("Направлення вже не чинне."), OPEN_AGAIN),
    ErrorPattern(r"^Service request should be active", _("Направлення вже не чинне."), OPEN_AGAIN),
    ErrorPattern(
        r"^Service request is not active or in progress",
        _("Направлення вже виконано, відкликано або скасовано."),
        _("Перевірте номер направлення або запишіть прийом без нього."),
    ),
    ErrorPattern(
        r"^Signed content doesn't match with previously created service request",
        _("Направлення змінилося, поки Ви підписували."),
        _("Відкрийте направлення ще раз і повторіть дію."),
    ),
    ErrorPattern(r"^Service request with id '.*' already exists", _("Таке направлення в ЕСОЗ уже є."), OPEN_AGAIN),
    ErrorPattern(
        r"^Service request (with such id )?(is )?not found",
        _("Такого направлення немає."),
        _("Перевірте номер."),
    ),
    ErrorPattern(
        r"^Should reference the same service that is referenced in ",
        _("Направлення виписано на іншу послугу."),
        _("Вкажіть послугу, на яку виписано направлення."),
    ),
    ErrorPattern(
        r"^Service referenced in .+ should belong to service group",
        _("Цієї послуги немає в групі, на яку виписано направлення."),
        _("Оберіть послугу з цієї групи."),
    ),
    ErrorPattern(
        r"^Program service with such id is not found",
        _("Програма не має такої послуги."),
        _("Оберіть послугу, яку було призначено."),
    ),
)
