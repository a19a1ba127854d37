-- Documents on their way to central: drafts, signed, sent, accepted, refused.
create table documents (
    id uuid primary key,
    kind text not null,
    clinic_id uuid not null references clinics,
    user_id uuid not null references users,
    patient_id uuid not null,
    episode_id uuid,
    record_id uuid not null,                -- the id chosen for the record, by which central is asked for it
    title text not null,
    code text not null default '',
    service_date date,                      -- the day that the payment follows (Kyiv)
    form jsonb not null,                    -- fields as they were typed
    content bytea,                          -- exactly what is signed or sent
    signed bytea,
    method text not null,
    path text not null,
    signed_field text not null default '',  -- where the signed bytes stand in the request; empty: content is the request
    unsigned jsonb not null,                -- the rest of the request
    found_at text not null,                 -- the path that shows whether central has the record
    found_as jsonb not null,                -- and what must stand in the answer
    state text not null,
    waits_for text not null default '',     -- central: it did not answer; consent: the token is no longer good
    job_id text not null default '',
    refusal jsonb,
    request_id text not null default '',
    attempts int not null default 0,
    next_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    queued_at timestamptz,
    settled_at timestamptz
);
create index documents_due on documents (next_at) where state in ('queued', 'sending', 'sent');
create index documents_of_user on documents (user_id, clinic_id, updated_at desc);
create index documents_episode on documents (episode_id) where episode_id is not null;
create index documents_unpaid on documents (clinic_id, service_date)
    where service_date is not null and state not in ('accepted', 'discarded');

create table document_moves (
    document_id uuid not null references documents,
    number bigint generated always as identity primary key,
    at timestamptz not null,
    before text not null,
    after text not null,
    note text not null default '',
    user_id uuid                            -- null: the system itself
);
create index document_moves_document on document_moves (document_id, number);
