-- The term of passwords, those that may not be used again, and the reminders that were sent.
alter table clinics add password_days int check (password_days > 0);  -- null: as the operator has set

create table password_history (
    number bigint generated always as identity primary key,
    user_id uuid not null references users,
    password_hash text not null,
    replaced_at timestamptz not null
);
create index password_history_user on password_history (user_id, replaced_at desc);

create table password_reminders (
    user_id uuid not null references users,
    set_at timestamptz not null,            -- of the password that is about to end
    days int not null,                      -- how many were left
    primary key (user_id, set_at, days)
);
