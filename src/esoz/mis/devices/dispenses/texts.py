"""What central's refusals of dispenses of devices mean, and what to do."""

from esoz.kernel.pages import mark as _
from esoz.mis.base.explanations import ErrorPattern

NO_SUCH_NUMBER = _("Рецепта на виріб із таким номером немає. Перевірте номер у повідомленні або довідці.")
RELEASED = _("Рецепт звільняється: вироби за ним може відпустити будь-яка аптека.")
MISTAKEN = _("Помилку надіслано до ЕСОЗ.")
ASK_HEAD = _("Зверніться до керівника аптеки.")
OPEN_AGAIN = _("Відкрийте рецепт ще раз: його стан змінився.")
FIX_QUANTITY = _("Змініть кількість і спробуйте ще раз.")
FIX_PRICE = _("Перевірте суму й відшкодування.")

KNOWN = (
    ErrorPattern(
        r"^Active device dispense already exists|^Device request is dispensed or held by another dispense",
        _("За цим рецептом вироби вже відпускають: першою встигла інша каса або аптека."),
        _("Якщо пацієнт нічого не отримав, спробуйте за 10 хвилин: незавершений відпуск звільниться сам."),
    ),
    ErrorPattern(
        r"^Dispensed quantity must be less or equal to remaining",
        _("Це більше, ніж залишилося за рецептом."),
        _("Оновіть сторінку й зменште кількість: частину щойно відпустили або утримують."),
    ),
    ErrorPattern(
        r"^Dispensed quantity must be equal to quantity in device request",
        _("За цією програмою відпускають усю кількість одразу."),
        FIX_QUANTITY,
    ),
    ErrorPattern(
        r"^Quantity must be divisible to the packaging count",
        _("Кількість не складається з цілих упаковок цього виробу."),
        FIX_QUANTITY,
    ),
    ErrorPattern(
        r"^Device doesn't match the one in device request|^Device is not a participant of the medical program",
        _("Цей виріб не підходить до рецепта."),
        _("Оберіть інший виріб."),
    ),
    ErrorPattern(
        r"^Requested discount price does not satisfy",
        _("Відшкодування не таке, як дозволяє програма."),
        FIX_PRICE,
    ),
    ErrorPattern(
        r"^(Division is not active|Division doesn't belong to the legal entity|Invalid division dls status)",
        _("Цей підрозділ не може відпускати вироби за програмою."),
        ASK_HEAD,
    ),
    ErrorPattern(
        r"^Device request is meant for another legal entity"
        r"|^Forbidden to create device dispense for this medical program",
        _("Ваша аптека не може відпустити виріб за цим рецептом."),
        ASK_HEAD,
    ),
    ErrorPattern(
        r"^Only the performer of the device dispense can sign it"
        r"|^Employee is not an active employee of the legal entity",
        _("Підписати відпуск може лише фармацевт, який його почав."),
        _("Попросіть колегу підписати або почніть відпуск від свого імені."),
    ),
    ErrorPattern(
        r"^Can't update device dispense status",
        _("Відпуск уже завершено, звільнено або час утримання минув."),
        OPEN_AGAIN,
    ),
    ErrorPattern(
        r"^Device dispense with id",
        _("Цей відпуск уже почато."),
        OPEN_AGAIN,
    ),
)
