"""What central's refusals of declarations mean, and what to do."""

from esoz.kernel.pages import mark as _
from esoz.mis.base.explanations import ErrorPattern

OTHER_DOCTOR = _("Оберіть іншого лікаря.")
SEE_STATE = _("Відкрийте запит ще раз: у ньому чинний стан.")
BEGIN_AGAIN = _("Почніть укладання декларації зі сторінки пацієнта.")

KNOWN = (
    # Who may be chosen.
    ErrorPattern(
        r"Doctor speciality doesn't match patient's age",
        _("Лікар не приймає пацієнтів цього віку: педіатр – до 18 років, терапевт – від 18."),
        _("Оберіть лікаря, який приймає пацієнтів цього віку: сімейного, педіатра чи терапевта."),
    ),
    ErrorPattern(
        r"This doctor has (\d+) declarations and could not sign more",
        _("У лікаря немає вільних місць: декларацій і запитів на них уже {0}."),
        _("Оберіть іншого лікаря. Цей зможе, щойно хтось із його пацієнтів обере іншого."),
    ),
    ErrorPattern(r"^Employee does not exist", _("Такого лікаря в ЕСОЗ немає."), OTHER_DOCTOR),
    ErrorPattern(r"^Employee does not belong to legal entity", _("Лікар працює не у Вашому закладі."), OTHER_DOCTOR),
    ErrorPattern(r"^Employee is not approved", _("Лікар у закладі вже не працює."), OTHER_DOCTOR),
    ErrorPattern(r"^Employee ID must reference a doctor", _("Обирають лише лікаря."), OTHER_DOCTOR),
    ErrorPattern(
        r"^Division does not (?:exist|belong to legal entity)",
        _("Такого підрозділу у Вашому закладі немає."),
        _("Оберіть інше місце прийому."),
    ),
    ErrorPattern(
        r"^Invalid legal entity type",
        _("Ваш заклад не надає первинної допомоги, тому декларацій не укладає."),
        _("Скеруйте пацієнта до закладу первинної допомоги."),
    ),
    ErrorPattern(
        r"^Legal entity is not verified",
        _("НСЗУ не верифікувала Ваш заклад."),
        _("Керівник закладу має звернутися до НСЗУ."),
    ),
    ErrorPattern(
        r"^Person not found",
        _("Такого пацієнта в ЕСОЗ немає."),
        _("Знайдіть пацієнта через пошук ще раз."),
    ),
    # How the patient confirms.
    ErrorPattern(
        r"Person must have authentication method",
        _("У пацієнта в ЕСОЗ немає способу підтвердити вибір."),
        _("Спершу додайте пацієнтові телефон або інший спосіб підтвердження."),
    ),
    ErrorPattern(
        r"^Invalid verification code",
        _("Код неправильний."),
        _("Попросіть пацієнта прочитати код з останнього SMS ще раз."),
    ),
    ErrorPattern(
        r"^Maximum attempts exceed",
        _("Код тричі введено неправильно, він більше не діє."),
        _("Надішліть пацієнтові новий код."),
    ),
    ErrorPattern(
        r"^Verification code expired",
        _("Код прострочено."),
        _("Надішліть пацієнтові новий код."),
    ),
    ErrorPattern(
        r"required property verification_code was not present",
        _("Пацієнт ще не підтвердив вибору кодом."),
        _("Введіть код, який пацієнт отримав в SMS."),
    ),
    ErrorPattern(
        r"^Can't resend OTP for the request",
        _("Цей запит уже не чекає на код."),
        SEE_STATE,
    ),
    ErrorPattern(
        r"^Documents .+ (?:is|are) not uploaded",
        _("Надіслано не всі документи пацієнта."),
        _("Додайте скани, яких бракує, і підтвердьте ще раз."),
    ),
    # Scans.
    ErrorPattern(
        r"^Only a one-page document in JPEG format is accepted",
        _("ЕСОЗ не прийняла файл: потрібне одне зображення JPEG."),
        _("Збережіть скан як JPEG (.jpg) і оберіть його ще раз."),
    ),
    ErrorPattern(
        r"^The link (?:has expired|is not valid)|^The upload is refused",
        _("Посилання, за яким надсилають скани, уже не діє."),
        SEE_STATE,
    ),
    ErrorPattern(
        r"^Documents of this request are not accepted any more",
        _("Документи цього запиту вже прийнято, або його завершено."),
        SEE_STATE,
    ),
    # The state of a request.
    ErrorPattern(
        r"^Declaration request should be approved by (?:Patient|Doctor)",
        _("Запит, який пацієнт почав у своєму кабінеті, підписує сам пацієнт."),
        SEE_STATE,
    ),
    ErrorPattern(
        r"^incorrect status$",
        _("Цей запит уже підписано, відкликано, або минула доба."),
        SEE_STATE,
    ),
    ErrorPattern(
        r"^Declaration not found",
        _("Декларації, замість якої укладають нову, у пацієнта немає."),
        BEGIN_AGAIN,
    ),
    # The signature.
    ErrorPattern(
        r"^Only the doctor of the declaration or an administrator may sign it",
        _("Декларацію підписує лікар, якого обрав пацієнт."),
        _("Попросіть обраного лікаря відкрити запит і підписати його своїм ключем."),
    ),
    ErrorPattern(
        r"^Patient must sign declaration form",
        _("У документі не зазначено, що пацієнт підписав декларацію."),
        _("Оновіть сторінку й підпишіть документ із неї."),
    ),
    ErrorPattern(
        r"^Signed content does not match the previously created content",
        _("Підписано не те, що зберігає ЕСОЗ."),
        _("Оновіть сторінку й підпишіть документ із неї ще раз. Якщо не допоможе, почніть спочатку."),
    ),
    # Who sees what.
    ErrorPattern(
        r"^Active declaration belongs to another msp",
        _("Пацієнт має декларацію з лікарем іншого закладу."),
        _("Якщо пацієнт хоче обрати лікаря тут, укладіть нову декларацію: попередня припиниться сама."),
    ),
    ErrorPattern(
        r"^Not found active declaration with person for this legal entity",
        _("Чинної декларації в пацієнта немає."),
        BEGIN_AGAIN,
    ),
    ErrorPattern(r"^Declaration is not active", _("Декларація вже не чинна."), _("Оновіть сторінку.")),
)
