-- Who has been told of what is unsent on a day, and who does not want to be.
create table unsent_mails (
    user_id uuid not null references users,
    clinic_id uuid not null references clinics,
    day date not null,
    primary key (user_id, clinic_id, day)
);
create index unsent_mails_day on unsent_mails (day);
create table unsent_mails_unwanted (
    user_id uuid primary key references users,
    since timestamptz not null
);
