"""One sentence for each event of central that can concern a patient."""

from collections.abc import Mapping
from enum import StrEnum

from esoz.kernel.pages import mark as _


class Kind(StrEnum):
    """What an event did to the record."""

    READ = "read"
    CHANGED = "changed"
    REFUSED = "refused"


REFUSED_ENDING = ".refused"  # central writes «<operation>.refused» when it did not let somebody in
REFUSED = (Kind.REFUSED, _("Була спроба відкрити або змінити Ваші дані. ЕСОЗ її не дозволила."))
UNKNOWN = (Kind.READ, _("Була дія з Вашими даними, для якої в кабінеті ще немає опису."))

# The key is the event as central writes it; the sentence does not name who did it, for the line itself does.
SENTENCES: Mapping[str, tuple[Kind, str]] = {
    "reimbursement_report.read": (Kind.READ, _("Ваш відпуск ліків, за який платить держава, переглянуто у звіті.")),
    # Sign-in.
    "patient.signed_in": (Kind.READ, _("Вхід до кабінету пацієнта з електронним підписом.")),
    "app.read": (Kind.READ, _("Переглянуто, яким системам Ви дозволили діяти від Вашого імені.")),
    "app.deleted": (Kind.CHANGED, _("Відкликано дозвіл системі діяти від Вашого імені.")),
    "patient.signed_up": (Kind.CHANGED, _("Створено Ваш кабінет пацієнта.")),
    "patient.signed_in_for": (Kind.READ, _("Вхід до кабінету пацієнта людини, яка діє від Вашого імені.")),
    "patient.signed_up_for": (Kind.CHANGED, _("Створено Ваш кабінет пацієнта людиною, яка діє від Вашого імені.")),
    "patient.tokens_of_others_ended": (
        Kind.CHANGED,
        _("Завершено доступ людини, яка більше не діє від Вашого імені."),
    ),
    "patient.profile_read": (Kind.READ, _("Система, якій Ви дозволили діяти, прочитала Ваше ім’я.")),
    # The record of the person.
    "persons.searched": (Kind.READ, _("Вас знайшли пошуком у реєстрі пацієнтів.")),
    "person.created": (Kind.CHANGED, _("Вас внесено до реєстру пацієнтів.")),
    "person.personal_data_read": (Kind.READ, _("Переглянуто Ваші персональні дані.")),
    "person.authentication_methods_read": (Kind.READ, _("Переглянуто, як Ви підтверджуєте свої дії в ЕСОЗ.")),
    "person.verification_read": (Kind.READ, _("Переглянуто, чи звірено Ваші дані з державними реєстрами.")),
    "person.own_record_read": (Kind.READ, _("Відкрито Ваші персональні дані в кабінеті.")),
    "person.own_authentication_methods_read": (Kind.READ, _("Відкрито Ваші способи підтвердження в кабінеті.")),
    "person.own_verification_read": (Kind.READ, _("Відкрито в кабінеті, чи звірено Ваші дані з реєстрами.")),
    "person.own_access_log_read": (Kind.READ, _("Відкрито журнал доступу до Ваших даних.")),
    "contact_centre.found": (Kind.READ, _("Вас знайшли в реєстрі, щоб відповісти на звернення.")),
    "contact_centre.card_read": (
        Kind.READ,
        _("Переглянуто Ваші дані, заявки й відмови, без медичних записів, щоб відповісти на звернення."),
    ),
    "contact_centre.papers_asked": (Kind.CHANGED, _("Вас попросили показати документи.")),
    "contact_centre.scan_read": (Kind.READ, _("Переглянуто знімок документа, який Ви надіслали.")),
    "contact_centre.papers_judged": (Kind.CHANGED, _("Записано, чи збігаються Ваші документи з даними в ЕСОЗ.")),
    "access_complaint.filed": (Kind.CHANGED, _("Надіслано скаргу на доступ до Ваших даних.")),
    "access_complaint.read": (Kind.READ, _("Переглянуто Вашу скаргу.")),
    "access_complaint.answered": (Kind.CHANGED, _("На Вашу скаргу відповіли.")),
    "access_complaints.own_read": (Kind.READ, _("Відкрито Ваші скарги в кабінеті.")),
    "preperson.created": (Kind.CHANGED, _("Вас внесено до ЕСОЗ як пацієнта, особу якого ще не встановлено.")),
    "preperson.read": (Kind.READ, _("Переглянуто Ваші дані, внесені до того, як Вашу особу встановили.")),
    "preperson.updated": (Kind.CHANGED, _("Змінено Ваші дані, внесені до того, як Вашу особу встановили.")),
    "preperson.merged": (
        Kind.CHANGED,
        _("До Вашої картки приєднано записи, зроблені до того, як Вашу особу встановили."),
    ),
    "merge_request.created": (Kind.CHANGED, _("Заклад запитав, чи належать Вам записи неідентифікованого пацієнта.")),
    "merge_request.code_resent": (Kind.CHANGED, _("Вам повторно надіслано код для приєднання записів.")),
    "merge_request.approved": (Kind.CHANGED, _("Підтверджено кодом, що записи неідентифікованого пацієнта Ваші.")),
    "merge_request.rejected": (Kind.CHANGED, _("Приєднання записів неідентифікованого пацієнта скасовано.")),
    "merge_request.signed": (Kind.CHANGED, _("До Вашої картки приєднано записи неідентифікованого пацієнта.")),
    "merge_request.expired": (Kind.CHANGED, _("Приєднання записів не завершили вчасно, і його скасовано.")),
    "merge_request.read": (Kind.READ, _("Переглянуто запит на приєднання записів до Вашої картки.")),
    "merge_requests.read": (Kind.READ, _("Переглянуто список запитів закладу на приєднання записів.")),
    "person.updated": (Kind.CHANGED, _("Змінено Ваші персональні дані.")),
    "person_request.created": (Kind.CHANGED, _("Заклад створив заявку на зміну Ваших даних.")),
    "person_request.read": (Kind.READ, _("Переглянуто заявку на зміну Ваших даних.")),
    "person_requests.read": (Kind.READ, _("Ваше ім’я показано у списку заявок закладу.")),
    "person_request.approved": (Kind.CHANGED, _("Підтверджено заявку на зміну Ваших даних.")),
    "person_request.code_refused": (
        Kind.REFUSED,
        _("Введено неправильний код підтвердження заявки на зміну Ваших даних."),
    ),
    "person_request.code_resent": (Kind.CHANGED, _("Вам повторно надіслано код підтвердження Ваших даних.")),
    "person_request.rejected": (Kind.CHANGED, _("Скасовано заявку на зміну Ваших даних.")),
    "person_request.confirmed_for_another": (
        Kind.CHANGED,
        _("Ви підтвердили заявку щодо людини, від імені якої дієте."),
    ),
    "person_request.signed": (Kind.CHANGED, _("Працівник закладу підписав заявку з Вашими даними.")),
    "person.authentication_method_added": (Kind.CHANGED, _("Додано спосіб, яким Ви підтверджуєте свої дії.")),
    "person.authentication_method_renamed": (Kind.CHANGED, _("Змінено назву способу, яким Ви підтверджуєте свої дії.")),
    "person.authentication_method_ended": (Kind.CHANGED, _("Вилучено спосіб, яким Ви підтверджували свої дії.")),
    "authentication_method_request.created": (
        Kind.CHANGED,
        _("Заклад створив заявку на зміну способу, яким Ви підтверджуєте свої дії."),
    ),
    "authentication_method_request.completed": (
        Kind.CHANGED,
        _("Підтверджено зміну способу, яким Ви підтверджуєте свої дії."),
    ),
    "authentication_method_request.code_refused": (
        Kind.REFUSED,
        _("Введено неправильний код для зміни способу підтвердження."),
    ),
    "authentication_method_request.code_resent": (
        Kind.CHANGED,
        _("Вам повторно надіслано код для зміни способу підтвердження."),
    ),
    "person.confidant_added": (Kind.CHANGED, _("Внесено людину, яка діє від Вашого імені.")),
    "persons.verifications_read": (
        Kind.READ,
        _("Вас показано у списку пацієнтів лікаря з перевіркою їхніх даних."),
    ),
    "person.people_spoke": (Kind.CHANGED, _("Змінено, чи звірено Ваші документи з тим, як Вас записано в ЕСОЗ.")),
    "own_papers.started": (Kind.READ, _("Запитано, знімки яких документів Вам треба надіслати.")),
    "own_papers.completed": (Kind.CHANGED, _("Передано на звірення знімки Ваших документів.")),
    "person.register_spoke": (Kind.CHANGED, _("Державний реєстр відповів про Ваші дані.")),
    "person.verification_settled": (Kind.CHANGED, _("Лікар підтвердив те, у чому сумнівався державний реєстр.")),
    "person.merged_read": (Kind.READ, _("Переглянуто, які записи приєднано до Вашої картки.")),
    "person.confidant_renewed": (Kind.CHANGED, _("Змінено документи людини, яка діє від Вашого імені.")),
    "person.confidant_ended": (Kind.CHANGED, _("Припинено право людини діяти від Вашого імені.")),
    "person.confidants_read": (Kind.READ, _("Переглянуто, хто від чийого імені діє, серед них Ви.")),
    "confidant_request.created": (Kind.CHANGED, _("Заклад створив заявку про людину, яка діє від Вашого імені.")),
    "confidant_request.approved": (Kind.CHANGED, _("Підтверджено заявку про людину, яка діє від Вашого імені.")),
    "confidant_request.code_refused": (
        Kind.REFUSED,
        _("Введено неправильний код для заявки про людину, яка діє від Вашого імені."),
    ),
    "confidant_request.code_resent": (
        Kind.CHANGED,
        _("Повторно надіслано код для заявки про людину, яка діє від Вашого імені."),
    ),
    "confidant_request.signed": (
        Kind.CHANGED,
        _("Працівник закладу підписав заявку про людину, яка діє від Вашого імені."),
    ),
    "confidant_request.read": (Kind.READ, _("Переглянуто заявки про людину, яка діє від Вашого імені.")),
    "upload.received": (Kind.CHANGED, _("Надійшла скан-копія Вашого документа.")),
    # Declarations.
    "declarations.read": (Kind.READ, _("Переглянуто список декларацій закладу.")),
    "declaration.read": (Kind.READ, _("Переглянуто Вашу декларацію з лікарем.")),
    "declaration.created": (Kind.CHANGED, _("Укладено Вашу декларацію з лікарем.")),
    "declaration.terminated": (Kind.CHANGED, _("Припинено Вашу декларацію з лікарем.")),
    "declaration.verified": (Kind.CHANGED, _("Вашу декларацію з лікарем перевірено, вона чинна.")),
    "declaration.rejected": (Kind.CHANGED, _("НСЗУ не підтвердила Вашу декларацію з лікарем.")),
    "declaration.closed": (Kind.CHANGED, _("Строк Вашої декларації з лікарем закінчився.")),
    "declarations.own_read": (Kind.READ, _("Відкрито список Ваших декларацій у кабінеті.")),
    "declaration.own_read": (Kind.READ, _("Відкрито Вашу декларацію в кабінеті.")),
    "declaration_requests.read": (Kind.READ, _("Переглянуто список запитів на декларації закладу.")),
    "declaration_request.created": (Kind.CHANGED, _("Надіслано запит на декларацію з лікарем.")),
    "declaration_request.read": (Kind.READ, _("Переглянуто запит на Вашу декларацію з лікарем.")),
    "declaration_request.code_refused": (
        Kind.REFUSED,
        _("Введено неправильний код для вибору лікаря."),
    ),
    "declaration_request.code_resent": (Kind.CHANGED, _("Код для вибору лікаря надіслано ще раз.")),
    "declaration_request.approved": (Kind.CHANGED, _("Ви підтвердили вибір лікаря.")),
    "declaration_request.rejected": (Kind.CHANGED, _("Від запиту на Вашу декларацію відмовилися.")),
    "declaration_request.cancelled": (Kind.CHANGED, _("Запит на декларацію скасовано: є новіший.")),
    "declaration_request.expired": (
        Kind.CHANGED,
        _("Запит на декларацію не підписали за добу, він більше не дійсний."),
    ),
    "declaration_request.signed": (Kind.CHANGED, _("Вашу декларацію з лікарем підписано.")),
    "declaration_requests.own_read": (Kind.READ, _("Відкрито список Ваших запитів на декларацію в кабінеті.")),
    "declaration_request.own_read": (Kind.READ, _("Відкрито Ваш запит на декларацію в кабінеті.")),
    # Medical records.
    "episode.submitted": (Kind.CHANGED, _("Надіслано до ЕСОЗ епізод Вашого лікування.")),
    "episode.created": (Kind.CHANGED, _("Відкрито епізод Вашого лікування.")),
    "episode.updated": (Kind.CHANGED, _("Змінено епізод Вашого лікування.")),
    "episode.closed": (Kind.CHANGED, _("Закрито епізод Вашого лікування.")),
    "episode.canceled": (Kind.CHANGED, _("Скасовано епізод Вашого лікування як внесений помилково.")),
    "encounter_package.submitted": (Kind.CHANGED, _("Надіслано до ЕСОЗ записи про Ваш прийом.")),
    "encounter_package.stored": (Kind.CHANGED, _("До Вашої медичної картки внесено записи про прийом.")),
    "approval.created": (Kind.CHANGED, _("Створено дозвіл на доступ до Ваших медичних даних.")),
    "approval.code_resent": (Kind.CHANGED, _("Вам повторно надіслано код для дозволу на доступ до Ваших даних.")),
    "approval.verified": (Kind.CHANGED, _("Підтверджено дозвіл на доступ до Ваших медичних даних.")),
    "approval.code_refused": (Kind.REFUSED, _("Введено неправильний код дозволу на доступ до Ваших даних.")),
    "approval.canceled": (Kind.CHANGED, _("Скасовано дозвіл на доступ до Ваших медичних даних.")),
    "approvals.viewed": (Kind.READ, _("Переглянуто, хто має дозвіл на доступ до Ваших даних.")),
    "encounter_package_cancellation.submitted": (
        Kind.CHANGED,
        _("Надіслано до ЕСОЗ скасування записів про Ваш прийом."),
    ),
    "encounter_package.canceled": (Kind.CHANGED, _("Скасовано записи про Ваш прийом як внесені помилково.")),
    "diagnostic_report_package.submitted": (Kind.CHANGED, _("Надіслано до ЕСОЗ результати Вашого обстеження.")),
    "diagnostic_report_package.stored": (Kind.CHANGED, _("До Вашої медичної картки внесено результати обстеження.")),
    "diagnostic_report_package_cancellation.submitted": (
        Kind.CHANGED,
        _("Надіслано до ЕСОЗ скасування результатів Вашого обстеження."),
    ),
    "diagnostic_report_package.canceled": (
        Kind.CHANGED,
        _("Скасовано результати Вашого обстеження як внесені помилково."),
    ),
    "job.viewed": (Kind.READ, _("Перевірено, чи прийняла ЕСОЗ записи про Вас.")),
    "emergency_contact.viewed": (Kind.READ, _("Переглянуто, кому телефонувати, якщо з Вами щось станеться.")),
    "medical_record.viewed": (Kind.READ, _("Переглянуто Ваші медичні записи.")),
    "medical_record_context.viewed": (Kind.READ, _("Переглянуто Ваші медичні записи одного прийому або епізоду.")),
    "patient_summary.viewed": (Kind.READ, _("Переглянуто медичний підсумок: діагнози, алергії, щеплення.")),
    # The patient's own requests.
    "own_person_request.created": (Kind.CHANGED, _("Ви записали нові дані про себе в кабінеті.")),
    "own_person_request.completed": (Kind.CHANGED, _("Ви підписали зміну своїх даних.")),
    "own_person_request.rejected": (Kind.CHANGED, _("Ви відмовилися від зміни своїх даних.")),
    "child_request.created": (Kind.CHANGED, _("Ви записали дані дитини, щоб зареєструвати її.")),
    "child_request.completed": (Kind.CHANGED, _("Дитину зареєстровано в ЕСОЗ за підписом одного з батьків.")),
    "own_person_request.read": (Kind.READ, _("Відкрито Вашу заявку на зміну даних у кабінеті.")),
    "own_person_requests.read": (Kind.READ, _("Відкрито перелік Ваших заявок на зміну даних у кабінеті.")),
    "own_authentication_method.code_sent": (Kind.CHANGED, _("На новий номер надіслано код, щоб додати його.")),
    # Referrals.
    "service_request.submitted": (Kind.CHANGED, _("Надіслано Ваше направлення на перевірку.")),
    "service_request.created": (Kind.CHANGED, _("Виписано Вам направлення.")),
    "service_request.prequalified": (
        Kind.READ,
        _("Перевірено, чи оплачує медична програма послугу, на яку Вас хочуть направити."),
    ),
    "service_request.qualified": (
        Kind.READ,
        _("Перевірено, чи оплачує медична програма послугу за Вашим направленням."),
    ),
    "service_request.found_by_number": (Kind.READ, _("За номером знайдено Ваше направлення.")),
    "service_request.viewed": (Kind.READ, _("Переглянуто Ваші направлення.")),
    "service_request.used": (Kind.CHANGED, _("Заклад узяв Ваше направлення в роботу.")),
    "service_request.released": (
        Kind.CHANGED,
        _("Заклад повернув Ваше направлення: з ним можна звернутися до іншого."),
    ),
    "service_request.in_progress": (Kind.CHANGED, _("Заклад почав надавати послугу за Вашим направленням.")),
    "service_request.completed": (Kind.CHANGED, _("За Вашим направленням надано послугу.")),
    "service_request.recalled": (Kind.CHANGED, _("Відкликано Ваше направлення.")),
    "service_request.canceled": (Kind.CHANGED, _("Скасовано Ваше направлення, внесене помилково.")),
    "service_request.resent": (Kind.READ, _("Вам ще раз надіслано номер направлення.")),
    "service_request.expired": (Kind.CHANGED, _("Минув строк дії Вашого направлення.")),
    "service_request_change.submitted": (Kind.CHANGED, _("Надіслано зміну Вашого направлення на перевірку.")),
    # Medical conclusions.
    "composition.title_reserved": (Kind.READ, _("Для Вашого медичного висновку взято номер.")),
    "composition.submitted": (Kind.CHANGED, _("Надіслано медичний висновок про Вас на перевірку.")),
    "composition.created": (Kind.CHANGED, _("Складено медичний висновок про Вас.")),
    "composition.viewed": (Kind.READ, _("Переглянуто Ваші медичні висновки.")),
    "composition.printed": (Kind.READ, _("Роздруковано Ваш медичний висновок.")),
    "composition.marked_in_error": (Kind.CHANGED, _("Скасовано медичний висновок про Вас, внесений помилково.")),
    "composition.resent": (Kind.READ, _("Вам ще раз надіслано номер медичного висновку.")),
    "composition_change.submitted": (Kind.CHANGED, _("Надіслано зміну медичного висновку про Вас на перевірку.")),
    "composition_context.viewed": (Kind.READ, _("Перевірено, у межах якого епізоду складено Ваш медичний висновок.")),
    # Care plans.
    "care_plan_change.submitted": (Kind.CHANGED, _("Надіслано Ваш план лікування або його зміну на перевірку.")),
    "care_plan.created": (Kind.CHANGED, _("Складено Ваш план лікування.")),
    "care_plan.viewed": (Kind.READ, _("Переглянуто Ваші плани лікування.")),
    "care_plan.found_by_number": (Kind.READ, _("За номером знайдено Ваш план лікування.")),
    "care_plan.cancelled": (Kind.CHANGED, _("Скасовано Ваш план лікування.")),
    "care_plan.completed": (Kind.CHANGED, _("Завершено Ваш план лікування.")),
    "care_plan.terminated": (Kind.CHANGED, _("Минув строк Вашого плану лікування.")),
    "care_plan_activity.prequalified": (
        Kind.READ,
        _("Перевірено, чи оплачує медична програма те, що Вам хочуть запланувати."),
    ),
    "care_plan_activity.created": (Kind.CHANGED, _("До Вашого плану лікування додано призначення.")),
    "care_plan_activity.cancelled": (Kind.CHANGED, _("Скасовано призначення Вашого плану лікування.")),
    "care_plan_activity.completed": (Kind.CHANGED, _("Завершено призначення Вашого плану лікування.")),
    # Prescriptions.
    "prescription_draft.prequalified": (Kind.READ, _("Перевірено, за якою програмою Вам можна виписати рецепт.")),
    "prescription_draft.created": (Kind.CHANGED, _("Створено чернетку Вашого рецепта.")),
    "prescription_draft.read": (Kind.READ, _("Переглянуто чернетку Вашого рецепта.")),
    "prescription_draft.signed": (Kind.CHANGED, _("Підписано Ваш рецепт.")),
    "prescription_draft.rejected": (Kind.CHANGED, _("Відхилено чернетку Вашого рецепта.")),
    "prescription.offers_read": (Kind.READ, _("Переглянуто, в яких аптеках є ліки за Вашим рецептом.")),
    "prescription.price_link_read": (Kind.READ, _("Переглянуто, де порівняти ціни на ліки з Вашого рецепта.")),
    "prescription_draft.expired": (Kind.CHANGED, _("Чернетку Вашого рецепта не підписали вчасно, і її скасовано.")),
    "medication_request.created": (Kind.CHANGED, _("Виписано Вам рецепт.")),
    "medication_request.read": (Kind.READ, _("Переглянуто Ваш рецепт.")),
    "medication_request.printed": (Kind.READ, _("Надруковано інформаційну довідку до Вашого рецепта.")),
    "medication_request.qualified": (Kind.READ, _("Аптека перевірила, за якою програмою можна видати Ваші ліки.")),
    "medication_request.resent": (Kind.CHANGED, _("Вам повторно надіслано номер і код рецепта.")),
    "medication_request.announced": (
        Kind.CHANGED,
        _("Почав діяти наступний рецепт серії: Вам надіслано номер і код."),
    ),
    "medication_request.rejected": (Kind.CHANGED, _("Відкликано Ваш рецепт.")),
    "medication_request.blocked": (Kind.CHANGED, _("Призупинено Ваш рецепт.")),
    "medication_request.unblocked": (Kind.CHANGED, _("Відновлено Ваш рецепт.")),
    "medication_request.completed": (Kind.CHANGED, _("Ваш рецепт використано повністю.")),
    "medication_request.reopened": (Kind.CHANGED, _("Ваш рецепт знову діє: аптека повернула видані ліки.")),
    "medication_request.expired": (Kind.CHANGED, _("Строк дії Вашого рецепта закінчився.")),
    "device_dispense.submitted": (Kind.CHANGED, _("Надіслано видачу медичного виробу або зміну до неї.")),
    "device_dispense.created": (Kind.CHANGED, _("Аптека почала видачу медичного виробу за Вашим рецептом.")),
    "device_dispense.completed": (Kind.CHANGED, _("Аптека видала Вам медичний виріб.")),
    "device_dispense.stopped": (Kind.CHANGED, _("Видачу медичного виробу за Вашим рецептом скасовано.")),
    "device_dispense.marked_in_error": (
        Kind.CHANGED,
        _("Аптека позначила видачу медичного виробу як записану помилково."),
    ),
    "device_dispenses.read": (Kind.READ, _("Аптека переглянула видачу медичного виробу за Вашим рецептом.")),
    "device_request.prequalified": (
        Kind.READ,
        _("Перевірено, за якою програмою Вам можна виписати медичний виріб."),
    ),
    "device_request.submitted": (Kind.CHANGED, _("Надіслано рецепт на медичний виріб або зміну до нього.")),
    "device_request.created": (Kind.CHANGED, _("Виписано Вам рецепт на медичний виріб.")),
    "device_request.read": (Kind.READ, _("Переглянуто Ваш рецепт на медичний виріб.")),
    "device_request.qualified": (
        Kind.READ,
        _("Аптека перевірила, за якою програмою можна видати Ваш медичний виріб."),
    ),
    "device_request.resent": (Kind.CHANGED, _("Вам повторно надіслано номер і код рецепта на медичний виріб.")),
    "device_request.revoked": (Kind.CHANGED, _("Відкликано Ваш рецепт на медичний виріб.")),
    "device_request.marked_in_error": (
        Kind.CHANGED,
        _("Ваш рецепт на медичний виріб позначено як виписаний помилково."),
    ),
    "device_request.completed": (Kind.CHANGED, _("Ваш рецепт на медичний виріб використано або завершено.")),
    "device_request.reopened": (
        Kind.CHANGED,
        _("Ваш рецепт на медичний виріб знову діє: видачу за ним записали помилково."),
    ),
    "own_device_requests.read": (Kind.READ, _("Відкрито Ваші рецепти на медичні вироби в кабінеті.")),
    "own_medication_requests.read": (Kind.READ, _("Відкрито Ваші рецепти в кабінеті.")),
    "own_medication_dispenses.read": (Kind.READ, _("Відкрито Ваші отримані ліки в кабінеті.")),
    "medication_dispense.created": (Kind.CHANGED, _("Аптека почала видачу ліків за Вашим рецептом.")),
    "medication_dispense.read": (Kind.READ, _("Переглянуто видачу ліків за Вашим рецептом.")),
    "medication_dispense.processed": (Kind.CHANGED, _("Аптека видала Вам ліки.")),
    "medication_dispense.rejected": (Kind.CHANGED, _("Аптека скасувала видачу ліків за Вашим рецептом.")),
    "medication_dispense.returned": (Kind.CHANGED, _("Аптека записала повернення ліків за Вашим рецептом.")),
    "medication_dispense.partly_returned": (
        Kind.CHANGED,
        _("Аптека записала повернення частини ліків за Вашим рецептом."),
    ),
    "medication_dispense.expired": (Kind.CHANGED, _("Аптека не завершила видачу ліків, і вона скасована.")),
}


def sentence(event: str) -> tuple[Kind, str]:
    """What happened, in words; an event that is not known yet is shown too, never hidden."""
    if event in SENTENCES:
        return SENTENCES[event]
    return REFUSED if event.endswith(REFUSED_ENDING) else UNKNOWN


# Officials who are told by their office, and why they looked, by the words of central.
ROLES: Mapping[str, str] = {"CONTACT_CENTRE": _("Оператор контакт-центру ЕСОЗ")}
REASONS: Mapping[str, str] = {
    "CALL": _("телефонне звернення"),
    "LETTER": _("письмове звернення"),
    "CLINIC": _("запит закладу"),
    "COMPLAINT": _("Ваша скарга"),
    "PAPERS": _("документи, які Ви надіслали"),
}
