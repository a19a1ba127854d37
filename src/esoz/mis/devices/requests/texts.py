"""What central's refusals of devices on prescription mean, and what to do."""

from esoz.kernel.pages import mark as _
from esoz.mis.base.explanations import ErrorPattern

CHOOSE_ANOTHER = _("Оберіть інший виріб або іншу кількість.")
ASK_HEAD = _("Зверніться до керівника закладу.")
LOOK_AGAIN = _("Відкрийте рецепт ще раз: його стан змінився.")

KNOWN = (
    ErrorPattern(
        r"^No appropriate participants found",
        _("Цього виробу в програмі зараз немає."),
        CHOOSE_ANOTHER,
    ),
    ErrorPattern(
        r"^Device request for such device with overlapping occurrence period",
        _("Пацієнт уже має чинний рецепт на такий виріб на ці дні."),
        _("Відкрийте вироби пацієнта: попередній рецепт можна відкликати, якщо за ним нічого не видали."),
    ),
    ErrorPattern(
        r"exceeds the maximum daily count",
        _("Це більше, ніж програма дозволяє на день."),
        _("Зменште кількість упаковок або збільште кількість днів."),
    ),
    ErrorPattern(
        r"^Occurrence period exceeds the maximum",
        _("Програма не дозволяє виписувати виріб на стільки днів."),
        _("Зменште кількість днів."),
    ),
    ErrorPattern(
        r"quantity of devices must be divisible|Unit of quantity doesn't match",
        _("Кількість не складається з цілих упаковок цього виробу."),
        CHOOSE_ANOTHER,
    ),
    ErrorPattern(
        r"^(Medical program is not a program of medical devices|Forbidden to create device request)",
        _("За цією програмою медичні вироби не виписують."),
        CHOOSE_ANOTHER,
    ),
    ErrorPattern(
        r"^(Employee type is not allowed by the medical program|Employee is not an active doctor"
        r"|Only doctors with an active declaration with the patient can create device request"
        r"|Only the requester of the device request)",
        _("За цією програмою Ви не можете виписати виріб цьому пацієнтові."),
        ASK_HEAD,
    ),
    ErrorPattern(
        r"^Encounter does not belong to the current legal entity|^authored_on is too far in the past",
        _("Цей прийом не підходить: він іншого закладу або давній."),
        _("Запишіть прийом і випишіть виріб на ньому."),
    ),
    ErrorPattern(
        r"^Device request in status|^Device request is (not active|expired)",
        _("Рецепт на виріб уже не діє."),
        LOOK_AGAIN,
    ),
    ErrorPattern(
        r"^Device request has connected device dispenses",
        _("За цим рецептом виріб уже видають або видали, тому відкликати його не можна."),
        LOOK_AGAIN,
    ),
    ErrorPattern(
        r"^Can't resend Device request",
        _("У цього рецепта немає коду, надсилати нічого."),
        _("Роздрукуйте довідку з номером."),
    ),
)
