"""Central's words about divisions → what happened and what to do."""

from esoz.kernel.pages import mark as _
from esoz.mis.base.explanations import ErrorPattern

FIX = _("Виправте дані підрозділу й збережіть ще раз.")

KNOWN: tuple[ErrorPattern, ...] = (
    ErrorPattern(
        r"The place must be in Ukraine",
        _("Місце на мапі – поза Україною: широта від 44 до 52,5, довгота від 22 до 40,5."),
        FIX,
    ),
    ErrorPattern(
        r"latitude and longitude are exchanged",
        _("Широту й довготу переплутано: спершу широта (44–52,5), потім довгота (22–40,5)."),
        _("Поміняйте їх місцями й збережіть ще раз."),
    ),
    ErrorPattern(
        r"Addresses with type (\S+) should be one and only one",
        _("Підрозділ має рівно одну адресу, за якою працює."),
        FIX,
    ),
    ErrorPattern(
        r"expected ranges HH.MM",
        _("Години роботи записано неправильно: початок має бути раніше за кінець, наприклад 08.00–18.00."),
        FIX,
    ),
    ErrorPattern(
        r"^Incorrect status transition",
        _("Стан підрозділу вже змінено."),
        _("Оновіть сторінку: у ній чинний стан."),
    ),
    ErrorPattern(
        r"License (?:doesn't correspond|is expired|is (?:not )?needed)|license type mismatch",
        _("Ліцензія закладу не діє або не підходить до цієї дії."),
        _("Керівник закладу має перевірити ліцензії в ЕСОЗ."),
    ),
)
