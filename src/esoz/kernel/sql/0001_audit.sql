-- The audit log of a part of the system. Append only, partitioned by month (decision 6).
create table audit_events (
    id uuid not null,
    at timestamptz not null,
    request_id text not null,
    operation text not null,
    event text not null,
    resource_id text not null,
    patient_id uuid,
    user_id uuid,
    client_id uuid,
    mis_id uuid,
    person_id uuid,
    outcome text not null,
    facts jsonb,
    primary key (at, id)
) partition by range (at);
create table audit_events_rest partition of audit_events default;
create index audit_events_patient on audit_events (patient_id, at desc) where patient_id is not null;
create index audit_events_user on audit_events (user_id, at desc) where user_id is not null;

create table audit_pending (event_id uuid primary key, at timestamptz not null);

create table audit_chain (
    number bigint primary key,
    event_id uuid not null unique,
    at timestamptz not null,
    hash bytea not null
);

-- Nobody changes what was written, not even this system.
create function audit_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append only';
end $$;
create trigger audit_events_append_only before update or delete on audit_events
    for each row execute function audit_is_append_only();
create trigger audit_chain_append_only before update or delete on audit_chain
    for each row execute function audit_is_append_only();
