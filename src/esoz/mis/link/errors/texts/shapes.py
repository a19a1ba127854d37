"""Central's words about the shape of a document: what a field may hold, with its limits."""

from esoz.kernel.pages import mark as _
from esoz.mis.base.explanations import ErrorPattern

FIX = _("Виправте поле й надішліть запис ще раз.")
CALL_VENDOR = _("Зателефонуйте постачальнику МІС і назвіть номер запиту.")
NUMBER = r"(-?[\w.]+)"

SHAPES: tuple[ErrorPattern, ...] = (
    ErrorPattern(r"can't be blank", _("Не заповнено обов’язкове поле."), _("Заповніть поле й надішліть запис ще раз.")),
    ErrorPattern(rf"at most {NUMBER} character", _("Текст задовгий: не більше ніж {0} знаків."), FIX),
    ErrorPattern(rf"at least {NUMBER} character", _("Текст закороткий: не менше ніж {0} знаків."), FIX),
    ErrorPattern(rf"at most {NUMBER} item", _("Рядків у списку забагато: не більше ніж {0}."), FIX),
    ErrorPattern(rf"at least {NUMBER} item", _("Рядків у списку замало: не менше ніж {0}."), FIX),
    ErrorPattern(
        rf"expected (?:the value to be|a value) (?:>=|greater than or equal to) {NUMBER}|"
        rf"must be greater than or equal to {NUMBER}",
        _("Число замале: не менше ніж {0}{1}."),
        FIX,
    ),
    ErrorPattern(rf"expected (?:the value to be|a value) <= {NUMBER}", _("Число завелике: не більше ніж {0}."), FIX),
    ErrorPattern(
        rf"expected a value > {NUMBER}|must be greater than {NUMBER}", _("Число має бути більшим за {0}{1}."), FIX
    ),
    ErrorPattern(rf"expected a value < {NUMBER}", _("Число має бути меншим за {0}."), FIX),
    ErrorPattern(
        r"expected (?:the value|a value)",
        _("Число поза дозволеними межами. Межі названо в тексті ЕСОЗ."),
        FIX,
    ),
    ErrorPattern(
        r"expected a day between the years (\d+) and (\d+)", _("Рік має бути від {0} до {1}."), _("Виправте дату.")
    ),
    ErrorPattern(r"expected a valid (?:date-time|time)", _("Час записано неправильно."), _("Виправте час.")),
    ErrorPattern(r"expected a valid uuid|^Expected UUIDs", _("Номер запису в ЕСОЗ записано неправильно."), CALL_VENDOR),
    ErrorPattern(r"expected a valid (?:email|uri|\w+)", _("Значення записано не в тому форматі."), FIX),
    ErrorPattern(r"string does not match pattern", _("Значення записано не так, як того чекає ЕСОЗ."), FIX),
    ErrorPattern(
        r"type mismatch|value does not match the schema|is larger than can be kept|JSON is nested too deeply",
        _("Значення не того виду, якого чекає ЕСОЗ."),
        CALL_VENDOR,
    ),
    ErrorPattern(r"schema does not allow additional", _("У документі є зайве поле."), CALL_VENDOR),
    ErrorPattern(r"all items must be unique", _("У списку є повтор."), _("Приберіть повтор і надішліть запис ще раз.")),
    ErrorPattern(
        r"character NUL is not allowed",
        _("У тексті є знак, якого не видно і якого ЕСОЗ не приймає."),
        _("Введіть текст заново, не вставляючи його з іншої програми."),
    ),
    ErrorPattern(
        r"A signature is missing|signature is of another document",
        _("Підпису немає, або підписано інший документ."),
        _("Підпишіть документ ще раз своїм чинним КЕП."),
    ),
    # OAuth: what central says when access is asked for.
    ErrorPattern(
        r"Requested scope is empty|Scope is not allowed|User has no role at this client|Unknown role",
        _("Ви не маєте в ЕСОЗ ролі, потрібної для цієї роботи."),
        _("Зверніться до адміністратора закладу: він перевірить Ваші дані в ЕСОЗ."),
    ),
    ErrorPattern(
        r"redirection URI provided does not match",
        _("ЕСОЗ не впізнала адреси цього робочого місця."),
        _("Зателефонуйте постачальнику МІС: адресу повернення не зареєстровано."),
    ),
)
