-- What the public pages tell besides numbers: learning, consultations, contacts, news; edited by administrators.
create table information (
    id uuid primary key,
    section text not null,
    title text not null,
    body text not null default '',
    url text not null default '',
    phone text not null default '',
    place smallint not null default 100,
    checked_on date not null,
    ends_on date,
    is_shown boolean not null default true,
    changed_by uuid references users,
    inserted_at timestamptz not null,
    updated_at timestamptz not null
);
create index information_section on information (section, place, checked_on desc) where is_shown;

-- The first entries come from public pages of their owners, with the day of the page; administrators check them.
insert into information (id, section, title, body, url, phone, place, checked_on, inserted_at, updated_at) values
    ('0e5b1f5e-8b1f-5f63-9a37-0a9d2c6c1a01', 'CONTACT', 'Контакт-центр МОЗ', 'Цілодобово, безкоштовно.', 'https://moz.gov.ua', '0-800-60-20-19', 10, '2026-11-22', '2026-11-22', '2026-11-22'),
    ('0e5b1f5e-8b1f-5f63-9a37-0a9d2c6c1a02', 'CONTACT', 'Контакт-центр НСЗУ', 'Для пацієнтів, медичних закладів і аптек.', 'https://nszu.gov.ua', '16-77', 20, '2026-11-22', '2026-11-22', '2026-11-22'),
    ('0e5b1f5e-8b1f-5f63-9a37-0a9d2c6c1a03', 'TELECONSULTATION', 'Консультація лікаря телефоном', 'Лікарі контакт-центру МОЗ відповідають на побутові питання про здоров’я. Діагнозів телефоном не ставлять.', 'https://moz.gov.ua', '0-800-60-20-19', 10, '2020-11-02', '2026-11-22', '2026-11-22'),
    ('0e5b1f5e-8b1f-5f63-9a37-0a9d2c6c1a04', 'LEARNING', 'Вхід до робочого кабінету в ЕСОЗ', 'Чому вхід зупиняється на 10 хвилин і як змінити пароль.', 'https://ehealth.gov.ua/2022/07/05/vhid-do-robochogo-kabinetu-v-esoz', '', 10, '2022-07-05', '2026-11-22', '2026-11-22'),
    ('0e5b1f5e-8b1f-5f63-9a37-0a9d2c6c1a05', 'LEARNING', 'Навіщо регулярно змінювати пароль', 'Пояснення ДП «Електронне здоров’я».', 'https://ehealth.gov.ua/2023/09/01/bezpeka-esoz-dlya-chogo-neobhidno-regulyarno-zminyuvaty-parol-dostupu-v-mis/', '', 20, '2023-09-01', '2026-11-22', '2026-11-22'),
    ('0e5b1f5e-8b1f-5f63-9a37-0a9d2c6c1a06', 'LEARNING', 'Інструкція з безпеки в системі eHealth', 'Як берегти ключ, пароль і дані пацієнтів.', 'https://ehealth.gov.ua/2020/08/31/instruktsiya-z-bezpeky-v-systemi-ehealth/', '', 30, '2020-08-31', '2026-11-22', '2026-11-22');
