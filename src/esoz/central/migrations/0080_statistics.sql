-- Numbers that everyone may see, kept in the transaction of the act by triggers, so that no report reads whole tables.
-- A number is spread over several rows (slots): many doctors sign at once without waiting for one another, and a
-- reader adds the slots up.
create table totals (
    name text not null,
    slot smallint not null,
    value bigint not null default 0,
    primary key (name, slot)
);
create table counters (
    day date not null,
    region text not null,
    name text not null,
    slot smallint not null,
    value bigint not null default 0,
    primary key (day, region, name, slot)
);

create function add_to_total(what text, by int) returns void language sql as $$
    insert into totals (name, slot, value) values (what, pg_backend_pid() % 16, by)
    on conflict (name, slot) do update set value = totals.value + excluded.value
$$;

create function count_one(what text, where_ text, at timestamptz) returns void language sql as $$
    insert into counters (day, region, name, slot, value)
    values ((at at time zone 'Europe/Kyiv')::date, where_, what, pg_backend_pid() % 16, 1)
    on conflict (day, region, name, slot) do update set value = counters.value + 1;
    select add_to_total(what, 1)
$$;

-- Written and redeemed prescriptions by day and region; how many there are in each status.
create function count_medication_requests() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        perform count_one('written', new.region, new.inserted_at);
    elsif old.status = new.status then
        return null;
    else
        perform add_to_total('request ' || old.status, -1);
        if new.status = 'COMPLETED' then
            perform count_one('redeemed', new.region, new.updated_at);
        end if;
    end if;
    perform add_to_total('request ' || new.status, 1);
    return null;
end $$;
create trigger count_medication_requests after insert or update of status on medication_requests
    for each row execute function count_medication_requests();

create function count_medication_dispenses() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' or old.status <> new.status then
        perform count_one('dispensed', new.region, new.updated_at);
    end if;
    return null;
end $$;
create trigger count_medication_dispenses after insert or update of status on medication_dispenses
    for each row when (new.status = 'PROCESSED') execute function count_medication_dispenses();

-- Live declarations, clinics, pharmacies and their people, for the published main numbers.
create function count_declarations() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.status = 'active' then perform add_to_total('declarations', -1); end if;
    if new.status = 'active' then perform add_to_total('declarations', 1); end if;
    return null;
end $$;
create trigger count_declarations after insert or update of status on declarations
    for each row execute function count_declarations();

create index legal_entities_counted on legal_entities (type) where status = 'ACTIVE' and is_active;
create index employees_counted on employees (employee_type) where status = 'APPROVED' and is_active;
