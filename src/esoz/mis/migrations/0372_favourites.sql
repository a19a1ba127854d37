-- Courses that a doctor writes often; nothing of a patient is in them.
create table favourites (
    id uuid primary key,
    clinic_id uuid not null references clinics,
    user_id uuid not null references users, -- who saved it
    is_shared boolean not null,             -- offered to every doctor of the clinic
    drug_id uuid not null,
    drug_name text not null,
    form jsonb not null,                    -- dose, times, days, way and time, as fields of the form
    words text not null,                    -- how it is taken, in full
    created_at timestamptz not null,
    unique (clinic_id, user_id, drug_id, words)
);
create index favourites_of_clinic on favourites (clinic_id, drug_name) where is_shared;
