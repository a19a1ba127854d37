-- Authorities and services with their keys. A key lies in a PKCS#12 whose password is not in this database.
create table authorities (
    family text not null,
    role text not null check (role in ('root', 'issuing', 'ocsp', 'tsp')),
    certificate bytea not null,
    key_file bytea not null,
    made_at timestamptz not null,
    primary key (family, role)
);

-- Every certificate that was issued to somebody. Never deleted: the answer about it must always be known.
create table certificates (
    id uuid primary key,
    family text not null,
    serial_number text not null,
    key_identifier text not null,
    identity jsonb not null,
    name text not null,
    valid_from timestamptz not null,
    valid_to timestamptz not null check (valid_to > valid_from),
    content bytea not null,
    status text not null check (status in ('valid', 'suspended', 'revoked')),
    reason text,
    revoked_at timestamptz,
    -- The number of the revocation list that first told the present status.
    changed_in bigint,
    issued_at timestamptz not null,
    unique (family, serial_number),
    check ((status = 'valid') = (revoked_at is null))
);
create index certificates_key on certificates (key_identifier, issued_at desc);
create index certificates_newest on certificates (issued_at desc, id);
create index certificates_changed on certificates (family, changed_in) where changed_in is not null;

-- The current lists of each family. The row is locked by whoever changes a status: numbers and contents go together.
create table revocation_lists (
    family text primary key,
    number bigint not null,
    base_number bigint not null,
    based_at timestamptz not null,
    made_at timestamptz not null,
    next_update timestamptz not null,
    complete bytea not null,
    delta bytea not null
);
