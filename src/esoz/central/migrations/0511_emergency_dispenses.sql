-- The journal of medicines handed over without a prescription in territories of war, and their number by day and region.
create table emergency_dispenses (
    id uuid primary key,
    status text not null,
    legal_entity_id uuid not null references legal_entities,
    division_id uuid not null references divisions,
    party_id uuid not null references parties,
    dispensed_at date not null,
    reason text not null,
    note text,
    content jsonb not null,
    words text not null,
    region text not null,
    signed_document text not null,
    error_reason text,
    inserted_at timestamptz not null,
    inserted_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null
);
create index emergency_dispenses_day on emergency_dispenses (legal_entity_id, dispensed_at desc, inserted_at desc, id desc);
create index emergency_dispenses_division on emergency_dispenses (division_id, dispensed_at);
create index emergency_dispenses_status on emergency_dispenses (legal_entity_id, status, dispensed_at);
create index emergency_dispenses_words on emergency_dispenses using gin (plain_name(words) gin_trgm_ops);

-- Acts are counted on the day of handing over, which may be told after an outage; a mistake is taken off that day again.
create function count_by(what text, where_ text, on_ date, by int) returns void language sql as $$
    insert into counters (day, region, name, slot, value) values (on_, where_, what, pg_backend_pid() % 16, by)
    on conflict (day, region, name, slot) do update set value = counters.value + excluded.value;
    select add_to_total(what, by)
$$;
create function count_emergency_dispenses() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        perform count_by('dispensed war', new.region, new.dispensed_at, 1);
    elsif old.status = 'COMPLETED' and new.status = 'ENTERED_IN_ERROR' then
        perform count_by('dispensed war', new.region, new.dispensed_at, -1);
    end if;
    return null;
end $$;
create trigger count_emergency_dispenses after insert or update of status on emergency_dispenses
    for each row execute function count_emergency_dispenses();
