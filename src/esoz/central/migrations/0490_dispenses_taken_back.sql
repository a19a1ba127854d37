-- A finished dispense may be taken back, wholly or by lines: how much of it came back, when and why. What was counted as
-- dispensed or redeemed is taken back on the day on which it was counted, so that no day ever tells more than is true.
alter table medication_dispenses
    add column returned_quantity numeric(14, 4) not null default 0,
    add column returns jsonb not null default '[]',
    add column processed_at timestamptz;

create function count_back(what text, where_ text, at timestamptz) returns void language sql as $$
    insert into counters (day, region, name, slot, value)
    values ((at at time zone 'Europe/Kyiv')::date, where_, what, pg_backend_pid() % 16, -1)
    on conflict (day, region, name, slot) do update set value = counters.value - 1;
    select add_to_total(what, -1)
$$;

create or replace function count_medication_requests() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        perform count_one('written', new.region, new.inserted_at);
    elsif old.status = new.status then
        return null;
    else
        perform add_to_total('request ' || old.status, -1);
        if new.status = 'COMPLETED' then
            perform count_one('redeemed', new.region, new.updated_at);
        elsif old.status = 'COMPLETED' then
            perform count_back('redeemed', old.region, old.updated_at);
        end if;
    end if;
    perform add_to_total('request ' || new.status, 1);
    return null;
end $$;

create function count_returned_dispenses() returns trigger language plpgsql as $$
begin
    perform count_back('dispensed', old.region, coalesce(old.processed_at, old.updated_at));
    return null;
end $$;
create trigger count_returned_dispenses after update of status on medication_dispenses
    for each row when (old.status = 'PROCESSED' and new.status = 'RETURNED')
    execute function count_returned_dispenses();
