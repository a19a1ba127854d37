-- Second factors: codes of an application and recovery codes; by which way somebody came in.
alter table sign_ins add method text not null default 'password';   -- password, code, recovery_code, key, passkey
-- Tries that are counted together: codes of both kinds are guessed at one lock, apart from passwords.
alter table sign_ins add counter text not null
    generated always as (case method when 'recovery_code' then 'code' else method end) stored;

create table totp (
    user_id uuid primary key references users,
    secret bytea not null,                  -- sealed
    last_step bigint not null,              -- of the newest code that was taken: a code counts once
    since timestamptz not null
);

create table recovery_codes (
    user_id uuid not null references totp on delete cascade,
    digest bytea not null,
    used_at timestamptz,
    primary key (user_id, digest)
);

alter table clinics add second_factor_from date;  -- the day from which everybody of the clinic needs one; null: nobody
