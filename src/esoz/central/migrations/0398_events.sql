-- Events: which records changed their state, copied from the audit log once each.
create table events (
    id uuid primary key,
    event_type text not null,
    entity_type text not null,
    entity_id uuid not null,
    attribute_name text not null,
    new_value text not null,
    properties jsonb not null,
    event_time timestamptz not null,
    changed_by uuid not null
);
create index events_time on events (event_time, id);
create index events_entity on events (entity_type, event_time, id);
create index events_value on events (attribute_name, new_value, event_time, id);

-- One row: the last link of the chain that was read, and the moment before which nothing will be added any more.
-- What happened before this release is not told.
create table events_told (number bigint not null, until timestamptz not null);
insert into events_told select coalesce(max(number), 0), now() from audit_chain;
