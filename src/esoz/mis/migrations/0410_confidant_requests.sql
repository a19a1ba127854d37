-- Who is to speak for a patient, by which papers, or no more: asked for here, confirmed, signed by the worker.
create table confidant_requests (
    id uuid primary key,
    clinic_id uuid not null references clinics,
    user_id uuid not null references users,  -- who began it
    person_id uuid not null,
    state text not null,
    action text not null,
    about text not null,                     -- what the confidant is called
    central_id uuid unique not null,
    method text not null default '',         -- how it is confirmed, as central told
    phone text not null default '',          -- of the code, masked by central
    papers jsonb not null default '[]',      -- scans that central waits for: type, url, sent
    content bytea,                           -- exactly what is signed
    code_sent_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index confidant_requests_open on confidant_requests (person_id, clinic_id, created_at desc) where state <> 'done';
create index confidant_requests_old on confidant_requests (updated_at);
