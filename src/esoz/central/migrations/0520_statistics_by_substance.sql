-- Numbers that everyone may see, by day, region, substance and medical programme. An act leaves one line in a table that
-- nobody updates, so acts never wait for one another; the worker folds such lines into sums every other second, and a
-- question adds what is not folded yet to the sums: exact at every moment, and no report reads whole tables.

create table uncounted (
    day date not null,
    counter text not null,
    value integer not null,
    quantity numeric(14, 4),
    region text not null,
    program_id uuid,
    dosage_id uuid,
    employee_id uuid
);

-- Sums by day, month, year, and since the beginning ('ever', from 0001-01-01). «All» is '*' for regions and the id of
-- zeros for programmes and substances; the id of ones is «none». By day there are region × programme, and substances of
-- the whole country; by longer times all of them together.
create table statistics (
    grain text not null,
    starts date not null,
    region text not null,
    program_id uuid not null,
    substance_id uuid not null,
    written bigint not null,
    redeemed bigint not null,
    dispensed bigint not null,
    expired bigint not null,
    rejected bigint not null,
    taken_back bigint not null,
    dispensed_paper bigint not null,
    dispensed_war bigint not null,
    supplied_wholesale bigint not null,
    declared bigint not null,
    undeclared bigint not null,
    visits bigint not null,
    quantity_written numeric(20, 4) not null,
    quantity_dispensed numeric(20, 4) not null,
    primary key (grain, substance_id, program_id, starts, region)
);
create index statistics_by_substance on statistics (grain, program_id, region, starts);

-- What each doctor did in a month.
create table doctor_months (
    month date not null,
    employee_id uuid not null,
    prescriptions bigint not null,
    visits bigint not null,
    declarations bigint not null,
    primary key (month, employee_id)
);
create index doctor_months_of_employee on doctor_months (employee_id, month);

-- A substance as it is counted: of a dosage with several, all of them together.
create table dosage_substances (
    dosage_id uuid primary key,
    substance_id uuid not null,
    innm_ids uuid[] not null
);
create index dosage_substances_of_substance on dosage_substances (substance_id);

create function dosage_substance(dosage uuid) returns dosage_substances language sql stable as $$
    select row(dosage, case count(*) when 1 then min(innm_id::text)
            else md5(string_agg(innm_id::text, '+' order by innm_id)) end::uuid,
        array_agg(innm_id order by is_primary desc, innm_id))::dosage_substances
    from innm_dosage_ingredients where innm_dosage_id = dosage having count(*) > 0
$$;

create function know_substance() returns trigger language plpgsql as $$
begin
    insert into dosage_substances
        select (made).* from dosage_substance(coalesce(new.innm_dosage_id, old.innm_dosage_id)) made
        where (made).dosage_id is not null
    on conflict (dosage_id) do update set substance_id = excluded.substance_id, innm_ids = excluded.innm_ids;
    return null;
end $$;
create trigger know_substance after insert or update or delete on innm_dosage_ingredients
    for each row execute function know_substance();
insert into dosage_substances
    select (made).* from innm_dosages d cross join lateral dosage_substance(d.id) made
    where (made).dosage_id is not null;

-- What stood there before is counted by the worker in batches, in the order of the key. An act on a row that the worker
-- has not come to yet is not counted by itself: the worker will find the row as it is then.
create table statistics_fills (
    source text primary key,
    person_id uuid not null,
    id uuid not null,
    is_done boolean not null
);

create function is_counted(of_source text, of_person uuid, of_id uuid) returns boolean language plpgsql as $$
declare fill statistics_fills;
begin
    select * into fill from statistics_fills where source = of_source;
    if fill.is_done then return true; end if;
    -- While it is held the worker does not pass this row.
    perform pg_advisory_xact_lock_shared(hashtext('statistics of ' || of_source));
    select * into fill from statistics_fills where source = of_source;
    return fill.is_done or (of_person, of_id) <= (fill.person_id, fill.id);
end $$;

create function count_act(
    what text, by integer, at timestamptz, where_ text,
    program uuid default null, dosage uuid default null, amount numeric default null, employee uuid default null
) returns void language sql as $$
    insert into uncounted (day, counter, value, quantity, region, program_id, dosage_id, employee_id)
    values ((at at time zone 'Europe/Kyiv')::date, what, by, amount, where_, program, dosage, employee)
$$;
create or replace function count_one(what text, where_ text, at timestamptz) returns void language sql as $$
    select count_act(what, 1, at, where_)
$$;

create function region_of_division(division uuid) returns text language sql stable as $$
    select coalesce((
        select address ->> 'area' from divisions, jsonb_array_elements(addresses) with ordinality as a (address, place)
        where id = division order by (address ->> 'type' <> 'RESIDENCE'), place limit 1
    ), '')
$$;
