-- Wholesale supply without a prescription: requests of institutions, once each in the whole country, and what is supplied
-- by them, counted by day and region.
create table wholesale_requests (
    id uuid primary key,
    status text not null,
    legal_entity_id uuid not null references legal_entities,
    division_id uuid not null references divisions,
    requester_type text not null,
    requester_name text not null,
    requester_edrpou text not null,
    responsible_name text not null,
    responsible_position text not null,
    number text not null,
    requested_at date not null,
    medicines jsonb not null,
    content jsonb not null,
    words text not null,
    key text not null,
    error_reason text,
    inserted_at timestamptz not null,
    inserted_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null
);
create unique index wholesale_requests_key on wholesale_requests (key) where status <> 'ENTERED_IN_ERROR';
create index wholesale_requests_inserted on wholesale_requests (legal_entity_id, inserted_at desc, id desc);
create index wholesale_requests_status on wholesale_requests (legal_entity_id, status, inserted_at desc);
create index wholesale_requests_day on wholesale_requests (legal_entity_id, requested_at);
create index wholesale_requests_type on wholesale_requests (legal_entity_id, requester_type, inserted_at desc);
create index wholesale_requests_division on wholesale_requests (division_id, inserted_at);
create index wholesale_requests_edrpou on wholesale_requests (requester_edrpou, inserted_at);
create index wholesale_requests_number on wholesale_requests using gin (plain_name(number) gin_trgm_ops);
create index wholesale_requests_requester on wholesale_requests using gin (plain_name(requester_name) gin_trgm_ops);
create index wholesale_requests_words on wholesale_requests using gin (plain_name(words) gin_trgm_ops);

create table wholesale_supplies (
    id uuid primary key,
    wholesale_request_id uuid not null references wholesale_requests,
    status text not null,
    legal_entity_id uuid not null references legal_entities,
    division_id uuid not null references divisions,
    party_id uuid not null references parties,
    supplied_at date not null,
    received_by text not null,
    given jsonb not null,
    content jsonb not null,
    words text not null,
    region text not null,
    signed_document text not null,
    note text,
    error_reason text,
    inserted_at timestamptz not null,
    inserted_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null
);
create index wholesale_supplies_request on wholesale_supplies (wholesale_request_id, inserted_at, id);
create index wholesale_supplies_day on wholesale_supplies (legal_entity_id, supplied_at desc, inserted_at desc, id desc);
create index wholesale_supplies_status on wholesale_supplies (legal_entity_id, status, supplied_at);
create index wholesale_supplies_division on wholesale_supplies (division_id, supplied_at);
create index wholesale_supplies_words on wholesale_supplies using gin (plain_name(words) gin_trgm_ops);

create function count_wholesale_supplies() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        perform count_by('supplied wholesale', new.region, new.supplied_at, 1);
    elsif old.status = 'COMPLETED' and new.status = 'ENTERED_IN_ERROR' then
        perform count_by('supplied wholesale', new.region, new.supplied_at, -1);
    end if;
    return null;
end $$;
create trigger count_wholesale_supplies after insert or update of status on wholesale_supplies
    for each row execute function count_wholesale_supplies();
