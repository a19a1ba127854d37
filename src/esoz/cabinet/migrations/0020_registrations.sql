-- Registrations on their way: what somebody who is not in the index yet has told so far, sealed. It is found again by a
-- mark of the number in their certificate, so a lost session comes back to it with the same key.
create table registrations (
    holder bytea primary key,
    content bytea not null,
    saved_at timestamptz not null
);
create index registrations_saved on registrations (saved_at);
