"""Central's words about people and their requests → what happened and what to do."""

from esoz.kernel.pages import mark as _
from esoz.mis.base.explanations import ErrorPattern

FIX = _("Виправте дані й надішліть ще раз.")
PAPERS = _("Звірте дані з документом людини й виправте.")
AGAIN = _("Надішліть пацієнтові новий код і введіть його.")
START = _("Надішліть дані пацієнтові на підтвердження ще раз.")

KNOWN: tuple[ErrorPattern, ...] = (
    # The person.
    ErrorPattern(
        r"^Such person already exists",
        _("Людину з таким РНОКПП або документом уже зареєстровано в ЕСОЗ."),
        _("Знайдіть її через пошук пацієнтів. Якщо її дані змінилися, змініть їх там."),
    ),
    ErrorPattern(r"pattern of Ukrainian names", _("Ім’я пишуть українськими літерами, без ы, ъ, э, ё."), PAPERS),
    ErrorPattern(r"^Invalid birth date", _("Такої дати народження бути не може."), PAPERS),
    ErrorPattern(
        r"^Only persons who refused the tax_id",
        _("Від 14 років потрібен РНОКПП."),
        _("Введіть РНОКПП. Якщо людина відмовилася від нього, поставте позначку."),
    ),
    ErrorPattern(
        r"^Persons who refused the tax_id",
        _("Вказано і РНОКПП, і відмову від нього."),
        _("Залиште щось одне."),
    ),
    ErrorPattern(r"^Person's tax ID in not valid", _("РНОКПП неправильний: контрольна цифра не збігається."), PAPERS),
    ErrorPattern(r"^Birthdate or unzr is not correct", _("УНЗР має починатися з дати народження."), PAPERS),
    ErrorPattern(r"^unzr is mandatory", _("Для ID-картки потрібен УНЗР."), _("Введіть УНЗР: на картці це «Запис №».")),
    ErrorPattern(
        r"required item of type BIRTH_CERTIFICATE",
        _("Для дитини до 14 років потрібне свідоцтво про народження."),
        _("Додайте свідоцтво про народження."),
    ),
    ErrorPattern(
        r"only new passport NATIONAL_ID or old PASSPORT",
        _("Паспорт може бути лише один."),
        _("Залиште або книжечку, або ID-картку: ту, що чинна."),
    ),
    ErrorPattern(r"pattern of the document", _("Номер не схожий на номер такого документа."), PAPERS),
    ErrorPattern(r"issued date should be in the past", _("Дата видачі документа в майбутньому."), PAPERS),
    ErrorPattern(r"issued date should greater", _("Документ видано раніше, ніж людина народилася."), PAPERS),
    ErrorPattern(
        r"^expiration_date is mandatory",
        _("Для цього документа потрібен строк дії."),
        _("Введіть, до якого дня він дійсний."),
    ),
    ErrorPattern(
        r"(?:expiration_date|active_to) should be in the future",
        _("Документ уже недійсний."),
        _("Попросіть чинний документ."),
    ),
    ErrorPattern(
        r"type RESIDENCE should be one", _("Адреса проживання має бути одна."), _("Вкажіть одну адресу проживання.")
    ),
    ErrorPattern(r"^No duplicate values", _("Один вид документа чи телефону вказано двічі."), _("Залиште один.")),
    # How the person confirms.
    ErrorPattern(
        r"^Unverified phone number|phone number is not verified",
        _("Цей номер телефону ще ніхто не підтвердив."),
        _("Надішліть на нього код і введіть той, що прийде."),
    ),
    ErrorPattern(
        r"phone number is present more than (\w+) times",
        _("Цей телефон уже вказали як спосіб підтвердження надто багато людей ({0})."),
        _("Попросіть інший номер або оберіть підтвердження документами."),
    ),
    ErrorPattern(
        r"^Person under 14 must be authenticated",
        _("За дитину до 14 років підтверджує законний представник."),
        _("Оберіть підтвердження через представника."),
    ),
    ErrorPattern(
        r"value should be equal to confidant_person",
        _("Підтверджувати може лише вказаний представник."),
        _("Оберіть представника ще раз."),
    ),
    ErrorPattern(
        r"^Authentication methods can not be changed|^Confidant person can not be changed by",
        _("Способи підтвердження й представники змінюються окремо."),
        _("Змініть їх зі сторінки пацієнта."),
    ),
    ErrorPattern(
        r"authentication method doesn't exist",
        _("Такого способу підтвердження в людини немає."),
        _("Оберіть інший спосіб."),
    ),
    ErrorPattern(
        r"^The last authentication method",
        _("Це єдиний спосіб підтвердження людини."),
        _("Спершу додайте інший, потім завершіть цей."),
    ),
    ErrorPattern(r"^Such authentication method already exists", _("Такий спосіб у людини вже є."), _("Оберіть інший.")),
    ErrorPattern(r"can not be set by \w+$", _("Для цієї дії цих даних не подають."), FIX),
    ErrorPattern(
        r"^Authentication method is not OTP",
        _("Людина підтверджує не кодом, тож код надіслати не можна."),
        _("Додайте скани документів."),
    ),
    ErrorPattern(
        r"^Third person must be", _("Ця людина не є чинним представником."), _("Спершу додайте її як представника.")
    ),
    # Who speaks for the person.
    ErrorPattern(
        r"^Confidant person is mandatory",
        _("За дитину до 14 років має хтось говорити."),
        _("Вкажіть законного представника."),
    ),
    ErrorPattern(r"^one and only one confidant", _("Представник має бути один."), _("Залиште одного представника.")),
    ErrorPattern(
        r"^Confidant person is not found",
        _("Такого представника в ЕСОЗ немає."),
        _("Спершу зареєструйте його, потім оберіть."),
    ),
    ErrorPattern(
        r"^Person can not be a confidant of themselves",
        _("Людина не може представляти саму себе."),
        _("Оберіть іншу людину."),
    ),
    ErrorPattern(
        r"^Such confidant person relationship already",
        _("Ця людина вже є представником пацієнта."),
        _("Якщо змінився документ, спершу завершіть попереднє представництво."),
    ),
    ErrorPattern(
        r"^This patient has (\d+) confidants",
        _("У пацієнта вже найбільша кількість представників: {0}."),
        _("Спершу завершіть одне з представництв."),
    ),
    ErrorPattern(
        r"^Confidant person relationship is not found",
        _("Цього представництва вже немає."),
        _("Оновіть сторінку пацієнта."),
    ),
    # The code and the scans.
    ErrorPattern(r"^Invalid verification code", _("Код неправильний."), _("Попросіть пацієнта назвати код ще раз.")),
    ErrorPattern(r"^Verification code expired", _("Код уже не діє."), AGAIN),
    ErrorPattern(r"^Maximum attempts exceed", _("Неправильний код введено тричі. Цей код більше не діє."), AGAIN),
    ErrorPattern(r"verification_code was not present", _("Коду не введено."), _("Введіть код, що прийшов пацієнтові.")),
    ErrorPattern(r"^Documents? .+ is not uploaded", _("ЕСОЗ отримала не всі скани."), _("Додайте скани, яких бракує.")),
    ErrorPattern(
        r"^The link (?:has expired|is not valid)|^Documents of this request are not accepted",
        _("Ці скани вже не приймаються: строк запиту минув, або його замінив новий."),
        START,
    ),
    ErrorPattern(r"^invalid phone", _("Номер телефону неправильний."), _("Введіть номер у вигляді +380501234567.")),
    ErrorPattern(r"^expected 1 to (\w+) characters", _("Тут має бути від 1 до {0} знаків."), FIX),
    # The request.
    ErrorPattern(
        r"^Invalid transition",
        _("Цей запит в ЕСОЗ уже завершено: минула доба, або його замінив новий."),
        START,
    ),
    ErrorPattern(
        r"^Patient must sign person request",
        _("У документі немає позначки, що пацієнт підписав форму."),
        _("Надрукуйте форму, дайте її підписати й підпишіть своїм ключем ще раз."),
    ),
    ErrorPattern(
        r"does not match the previously created content",
        _("Підписано інший документ, ніж підтвердив пацієнт."),
        _("Відкрийте реєстрацію ще раз і підпишіть те, що показано."),
    ),
    ErrorPattern(
        r"^User is not an employee of the legal entity",
        _("ЕСОЗ не знає Вас як працівника цього закладу."),
        _("Керівник закладу має перевірити Ваш запис в ЕСОЗ."),
    ),
)
