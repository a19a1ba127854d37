-- A dispense that was taken back before the worker came to its row is counted as one taken back, as it would have been
-- by a line of the act.
create or replace function fill_medication_dispenses(a_person uuid, a_id uuid, z_person uuid, z_id uuid)
returns void language sql as $$
    insert into uncounted (day, counter, value, quantity, region, program_id, dosage_id)
    select (case d.status when 'PROCESSED' then coalesce(d.processed_at, d.updated_at) else d.updated_at end
            at time zone 'Europe/Kyiv')::date,
        case d.status when 'PROCESSED' then 'dispensed' else 'taken back' end, 1,
        case d.status when 'PROCESSED' then d.quantity - d.returned_quantity end,
        d.region, d.medical_program_id, r.medication_id
    from medication_dispenses d
        join medication_requests r on r.person_id = d.person_id and r.id = d.medication_request_id
    where (d.person_id, d.id) > (a_person, a_id) and (d.person_id, d.id) <= (z_person, z_id)
        and d.status in ('PROCESSED', 'RETURNED')
$$;
