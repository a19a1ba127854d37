-- Passkeys: keys that live in a telephone, a computer or a security key, each opened by its owner's finger, face or PIN.
create table passkeys (
    id uuid primary key,
    user_id uuid not null references users,
    credential_id bytea not null unique,
    credential bytea not null,              -- id and public key, as the authenticator gave them
    sign_count bigint not null,
    name text not null,
    inserted_at timestamptz not null,
    last_used_at timestamptz
);
create index passkeys_user on passkeys (user_id);
