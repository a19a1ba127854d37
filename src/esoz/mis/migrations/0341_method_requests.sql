-- A way to confirm of a patient that is to be added, renamed or ended: asked for here, confirmed by the patient.
create table method_requests (
    id uuid primary key,
    clinic_id uuid not null references clinics,
    user_id uuid not null references users,
    person_id uuid not null,
    state text not null,
    action text not null,
    change jsonb not null,                   -- the published block: what is added, or the id of what is changed
    central_id uuid unique,
    method text not null default '',         -- how the patient confirms it, as central told
    phone text not null default '',          -- of the code, masked by central
    papers jsonb not null default '[]',      -- scans that central waits for: type, url, sent
    code_sent_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index method_requests_old on method_requests (updated_at);
