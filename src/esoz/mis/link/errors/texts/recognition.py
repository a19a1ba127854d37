"""Central's words about unidentified patients and about joining their records to a person's."""

from esoz.kernel.pages import mark as _
from esoz.mis.base.explanations import ErrorPattern

FIX_FIELD = _("Виправте поле й надішліть запис ще раз.")

RECOGNITION: tuple[ErrorPattern, ...] = (
    ErrorPattern(
        r"Preperson is not found",
        _("Такого неідентифікованого пацієнта у Вашому закладі немає."),
        _("Оберіть запис, який створив Ваш заклад."),
    ),
    ErrorPattern(
        r"Preperson is not active",
        _("Особу цього пацієнта вже встановлено, а його записи приєднано до картки людини."),
        _("Знайдіть людину через пошук і працюйте з її карткою."),
    ),
    ErrorPattern(
        r"Preperson with such external_id",
        _("Неідентифікований пацієнт із таким номером у Вашому закладі вже є."),
        _("Відкрийте наявний запис або вкажіть інший номер."),
    ),
    ErrorPattern(
        r"Note can't be changed",
        _("Примітку про неідентифікованого пацієнта змінити не можна."),
        _("Залиште примітку, якою вона була, і збережіть решту змін."),
    ),
    ErrorPattern(
        r"Invalid birth date\.",
        _("Дата народження ще не настала, або людині було б понад 150 років."),
        FIX_FIELD,
    ),
    ErrorPattern(r"Death date can't be in the future", _("Дата смерті ще не настала."), FIX_FIELD),
    ErrorPattern(r"Death date must be greater", _("Дата смерті раніша за дату народження."), FIX_FIELD),
    ErrorPattern(
        r"Invalid merge request status",
        _("Цей запит на приєднання записів уже на іншому кроці або його строк минув."),
        _("Оновіть список запитів. Якщо запит завершено, створіть новий."),
    ),
    ErrorPattern(
        r"Preperson has records that are not processed",
        _("ЕСОЗ ще обробляє записи неідентифікованого пацієнта."),
        _("Зачекайте кілька хвилин і підпишіть запит ще раз."),
    ),
    ErrorPattern(
        r"Records of the preperson are stored for the person",
        _("Ті самі записи вже є в картці людини."),
        _("Скасуйте в одній із карток записи, внесені двічі, і підпишіть запит ще раз."),
    ),
    ErrorPattern(
        r"authentication method with a phone number",
        _("Людина не має номера телефону, на який можна надіслати код."),
        _("Додайте людині номер телефону для підтвердження дій і створіть запит ще раз."),
    ),
)
