-- Approvals: a patient lets a doctor of another clinic read what is named, for a day.
create table approvals (
    person_id uuid not null,
    id uuid not null,
    status text not null,
    access_level text not null,
    granted_to_id uuid not null,
    legal_entity_id uuid not null,
    created_by_id uuid,
    -- What is opened: the whole record, episodes and reports by id, kinds of records.
    whole_patient boolean not null default false,
    resources jsonb not null default '[]',
    resource_ids uuid[] not null default '{}',
    resource_types text[] not null default '{}',
    authorize_with uuid,
    method text not null,
    phone text,
    -- Of the code only a digest is kept; it is not known here after it was sent.
    code_digest bytea,
    code_expires_at timestamptz,
    codes_sent int not null default 0,
    code_sent_at timestamptz,
    wrong_codes int not null default 0,
    expires_at timestamptz not null,
    inserted_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (person_id, id)
);
create index approvals_inserted on approvals (person_id, inserted_at, id);
create index approvals_granted on approvals (person_id, granted_to_id, expires_at) where status = 'active';
create index approvals_clinic on approvals (person_id, legal_entity_id);
create index approvals_resources on approvals using gin (person_id, resource_ids);
create index approvals_waiting on approvals (inserted_at) where status = 'new';
