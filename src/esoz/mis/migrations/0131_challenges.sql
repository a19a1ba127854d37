-- Signing in with КЕП: a challenge is answered once; one user is found by the code in the certificate.
create table spent_challenges (
    digest bytea primary key,
    at timestamptz not null
);

-- Codes as they are compared: without spaces, Cyrillic letters that look like Latin ones as Latin.
create function plain_code(code text) returns text language sql immutable as
    $$ select translate(upper(regexp_replace(code, '\s', '', 'g')), 'АВСЕНІКМОРТХ', 'ABCEHIKMOPTX') $$;
create index users_tax_id on users (plain_code(tax_id)) where is_active;
