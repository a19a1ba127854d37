-- Signed documents accepted before it was proven that no certificate was revoked: asked about again later (SG-9).
create table signature_rechecks (
    digest text primary key, -- SHA-256 of the document: the name of every kept copy ends with it
    object_name text not null,
    state text not null,
    serial_number text not null,
    issuer text not null,
    signer text not null,
    user_id uuid,
    client_id uuid,
    accepted_at timestamptz not null,
    tries int not null default 0,
    next_at timestamptz,
    answered_at timestamptz,
    revoked_since timestamptz
);
create index signature_rechecks_due on signature_rechecks (next_at) where state = 'WAITING';
create index signature_rechecks_listed on signature_rechecks (accepted_at desc, digest);
