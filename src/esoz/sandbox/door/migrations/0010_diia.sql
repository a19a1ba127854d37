-- Who is signed in to ЕСОЗ on this telephone, and no others: signing out deletes the row. Tokens of central are sealed.
create table grants (
    holder_id uuid primary key,
    person_id uuid not null,
    access bytea not null,
    refresh bytea,
    expires_at timestamptz not null
);

-- What a holder has filled in to register, until it is signed and taken: the very bytes that are shown and signed.
create table registrations (
    holder_id uuid primary key,
    content bytea not null,                 -- sealed
    begun_at timestamptz not null
);
