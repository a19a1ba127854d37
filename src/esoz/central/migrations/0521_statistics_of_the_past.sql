-- Counts the next rows of a source that stood there before statistics by substance; returns how many it passed. Acts
-- that touch rows of this source wait for it, and it gives way when it has to wait for them for long.
create function fill_statistics(of_source text, most integer) returns integer language plpgsql
    set lock_timeout = '1s' as $$
declare fill statistics_fills;
declare last_person uuid;
declare last_id uuid;
declare passed integer;
begin
    begin
        perform pg_advisory_xact_lock(hashtext('statistics of ' || of_source));
    exception when lock_not_available then
        return 0;
    end;
    select * into fill from statistics_fills where source = of_source for update;
    if fill.is_done then return 0; end if;
    execute format(
        'select count(*), (max(array[person_id, id]))[1], (max(array[person_id, id]))[2] from ('
        'select person_id, id from %I where (person_id, id) > ($1, $2) order by person_id, id limit $3) next',
        of_source) into passed, last_person, last_id using fill.person_id, fill.id, most;
    if passed > 0 then
        execute format('select fill_%s($1, $2, $3, $4)', of_source)
            using fill.person_id, fill.id, last_person, last_id;
    end if;
    update statistics_fills set person_id = coalesce(last_person, person_id), id = coalesce(last_id, id),
        is_done = passed < most where source = of_source;
    return passed;
end $$;

create function fill_medication_requests(a_person uuid, a_id uuid, z_person uuid, z_id uuid)
returns void language sql as $$
    insert into uncounted (day, counter, value, quantity, region, program_id, dosage_id, employee_id)
    select (at at time zone 'Europe/Kyiv')::date, counter, 1, amount, region, medical_program_id, medication_id, doctor
    from medication_requests r cross join lateral (values
        ('written', r.inserted_at, r.medication_qty, r.employee_id),
        (case r.status when 'COMPLETED' then 'redeemed' when 'EXPIRED' then 'expired'
            when 'REJECTED' then 'rejected' end, r.updated_at, null, null)
    ) acts (counter, at, amount, doctor)
    where (r.person_id, r.id) > (a_person, a_id) and (r.person_id, r.id) <= (z_person, z_id)
        and r.intent = 'order' and counter is not null
$$;

create function fill_medication_dispenses(a_person uuid, a_id uuid, z_person uuid, z_id uuid)
returns void language sql as $$
    insert into uncounted (day, counter, value, quantity, region, program_id, dosage_id)
    select (d.updated_at at time zone 'Europe/Kyiv')::date, 'dispensed', 1, d.quantity, d.region, d.medical_program_id,
        r.medication_id
    from medication_dispenses d
        join medication_requests r on r.person_id = d.person_id and r.id = d.medication_request_id
    where (d.person_id, d.id) > (a_person, a_id) and (d.person_id, d.id) <= (z_person, z_id)
        and d.status = 'PROCESSED'
$$;

-- Whether and when it was in force is in its history; one signed on the spot has been from the beginning.
create function fill_declarations(a_person uuid, a_id uuid, z_person uuid, z_id uuid)
returns void language sql as $$
    insert into uncounted (day, counter, value, region, employee_id)
    select (at at time zone 'Europe/Kyiv')::date, counter, 1, region_of_division(d.division_id), d.employee_id
    from declarations d
        cross join lateral (
            select (select min(h.at) from declaration_status_history h
                where h.person_id = d.person_id and h.declaration_id = d.id and h.status = 'active') as began
        ) life
        cross join lateral (values
            ('declared', coalesce(life.began, d.inserted_at)),
            (case when d.status <> 'active' then 'undeclared' end, d.updated_at)
        ) acts (counter, at)
    where (d.person_id, d.id) > (a_person, a_id) and (d.person_id, d.id) <= (z_person, z_id)
        and counter is not null and (d.status = 'active' or life.began is not null)
$$;
