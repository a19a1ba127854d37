-- Certificates of people's keys (КЕП), and the reminders of their end that were sent.
alter table clinics add edrpou text;        -- the code of the legal entity as central tells it; null: not asked yet

create table key_certificates (
    id uuid primary key,
    user_id uuid not null references users,
    fingerprint bytea not null,             -- SHA-256 of the certificate
    certificate bytea not null,
    issuer text not null,
    edrpou text not null default '',        -- of the organisation named in it
    not_after timestamptz not null,
    state text not null,
    source text not null,                   -- file, key, document
    registered_at timestamptz not null,
    changed_at timestamptz not null,
    used_at timestamptz,                    -- when a document was signed with it here, to the hour
    unique (user_id, fingerprint)
);
create index key_certificates_ending on key_certificates (not_after) where state = 'active';

create table key_reminders (
    certificate_id uuid not null references key_certificates,
    days int not null,                      -- how many were left
    primary key (certificate_id, days)
);
