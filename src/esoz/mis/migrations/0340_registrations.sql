-- One registration of a person, or one change of their data: written here, confirmed by the patient, signed, carried to central.
create table registrations (
    id uuid primary key,
    clinic_id uuid not null references clinics,
    user_id uuid not null references users,  -- who began it, later who signed it
    person_id uuid,                          -- whose data it changes; of a new one: who came of it
    is_change boolean not null default false,
    state text not null,
    form jsonb not null,                     -- fields as they were typed
    person jsonb not null default '{}',      -- the published person that they make
    before jsonb not null default '{}',      -- of a change: what central kept, where it may be known
    last_name text not null,
    first_name text not null,
    second_name text not null default '',
    birth_date date not null,
    version int not null default 0,          -- which wording of the form; central takes each once
    central_id uuid unique,
    method text not null default '',         -- how the patient confirms, as central told
    phone text not null default '',          -- of the code, masked by central
    papers jsonb not null default '[]',      -- scans that central waits for: type, url, sent
    code_sent_at timestamptz,
    expires_at timestamptz,
    content bytea,                           -- exactly what is signed
    signed bytea,
    signings int not null default 0,
    waits_for text not null default '',      -- central: it did not answer; consent: the token is no longer good
    next_at timestamptz,
    refusal jsonb,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    done_at timestamptz
);
create index registrations_clinic on registrations (clinic_id, updated_at desc);
create index registrations_due on registrations (next_at) where state = 'queued';
create index registrations_old on registrations (updated_at) where form <> '{}';
create index registrations_person on registrations (person_id) where is_change;
