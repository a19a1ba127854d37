-- First answers under an X-Idempotency-Key; `answer` is null only while the act is under way.
create table idempotent_answers (
    key_hash bytea primary key,
    client_id uuid,
    request_hash bytea not null,
    answer bytea,
    inserted_at timestamptz not null
);
create index idempotent_answers_client on idempotent_answers (client_id, inserted_at);
create index idempotent_answers_old on idempotent_answers (inserted_at);
