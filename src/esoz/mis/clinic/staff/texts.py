"""Central's words about employees and invitations → what happened and what to do."""

from esoz.kernel.pages import mark as _
from esoz.mis.base.explanations import ErrorPattern

FIX = _("Виправте дані й надішліть запрошення ще раз.")
OTHER_EMAIL = _("Уточніть пошту в людини й надішліть нове запрошення.")

KNOWN: tuple[ErrorPattern, ...] = (
    ErrorPattern(r"^invalid tax_id value", _("РНОКПП неправильний: контрольна цифра не збігається."), FIX),
    ErrorPattern(r"pattern of a passport number", _("Номер паспорта неправильний."), FIX),
    ErrorPattern(r"^invalid birth_date value", _("Такої дати народження бути не може."), FIX),
    ErrorPattern(r"^No duplicate values", _("Один вид документа чи телефону вказано двічі."), FIX),
    ErrorPattern(
        r"^Division (?:does not exist|is not within current legal entity|is not active)",
        _("Підрозділ не діє або належить іншому закладу."),
        _("Оберіть чинний підрозділ свого закладу."),
    ),
    ErrorPattern(r"required property division_id", _("Для лікаря потрібен підрозділ."), _("Оберіть підрозділ.")),
    ErrorPattern(
        r"employee have more than one speciality with active",
        _("Спеціальність на посаді може бути лише одна."),
        _("Залиште позначку лише біля однієї спеціальності."),
    ),
    ErrorPattern(
        r"employee doesn't have speciality with active",
        _("Не вказано спеціальність, за якою людина працює на посаді."),
        _("Позначте одну спеціальність."),
    ),
    ErrorPattern(
        r"speciality \S+ with active speciality_officio is not allowed",
        _("Для цієї ролі така спеціальність на посаді не дозволена."),
        _("Оберіть іншу спеціальність або іншу роль."),
    ),
    ErrorPattern(
        r"^qualification type \S+ is not allowed",
        _("Для цієї ролі такий вид підвищення кваліфікації не дозволено."),
        FIX,
    ),
    ErrorPattern(
        r"^required property (?:doctor|specialist|assistant|pharmacist|laborant|med_admin|med_coordinator) was not",
        _("Для цієї ролі потрібні дані про освіту."),
        FIX,
    ),
    ErrorPattern(
        r"^Forbidden to create",
        _("Керівника так запросити не можна."),
        _("Керівник змінюється, коли заклад подає свої дані до ЕСОЗ."),
    ),
    ErrorPattern(
        r"^(?:tax_id|employee_type|birth_date|start_date) doesn't match",
        _("Роль, РНОКПП, дату народження і перший день роботи змінити не можна."),
        _("Відкрийте картку працівника й почніть зміну звідти. Для іншої ролі надішліть нове запрошення."),
    ),
    ErrorPattern(
        r"^employee is dismissed|^Employee is DEACTIVATED",
        _("Цю людину вже звільнено."),
        _("Щоб вона працювала знову, надішліть їй нове запрошення."),
    ),
    ErrorPattern(r"^Employee (?:not found|doesn't belong)", _("Такого працівника у Вашому закладі немає."), FIX),
    ErrorPattern(
        r"^Owner can't be deactivated",
        _("Керівника звільнити так не можна."),
        _("Керівник змінюється, коли заклад подає нового керівника до ЕСОЗ."),
    ),
    ErrorPattern(
        r"^Employee speciality doesn't match|^Invalid employee type",
        _("Цю послугу надають працівники іншої спеціальності."),
        _("Оберіть іншу послугу."),
    ),
    ErrorPattern(
        r"^Healthcare service (?:not found|doesn't|is not)", _("Ця послуга вже не діє."), _("Оберіть іншу послугу.")
    ),
    ErrorPattern(
        r"^Employee request (?:is expired|status is)",
        _("На це запрошення вже відповіли, або його строк минув."),
        _("Оновіть список запрошень. Якщо людина ще потрібна, запросіть її знову."),
    ),
    ErrorPattern(
        r"^(?:\S+) doesn't match$",
        _("Дані людини не збігаються з тими, що вже є в ЕСОЗ."),
        _("Звірте їх із документами людини."),
    ),
    ErrorPattern(r"^field (\S+) is not allowed", _("Для цієї ролі цих даних не подають."), FIX),
    ErrorPattern(
        r"^new employee with this tax_id can't be created",
        _("Цю людину ЕСОЗ не дозволяє приймати на роботу: її РНОКПП заблоковано."),
        _("Зателефонуйте до контакт-центру ЕСОЗ 0-800-60-20-19."),
    ),
    ErrorPattern(
        r"^User is not (?:allowed to perform|linked to any party)",
        _("Ваш обліковий запис в ЕСОЗ не дозволяє цієї дії."),
        _("Зверніться до адміністратора закладу: він перевірить Ваші дані в ЕСОЗ."),
    ),
    ErrorPattern(r"^Employee is not approved", _("Цей працівник ще не підтверджений в ЕСОЗ."), FIX),
    ErrorPattern(r"^Email is already used", _("Цю пошту в ЕСОЗ має інша людина."), OTHER_EMAIL),
)
