-- What was dispensed is what did not come back; a dispense taken back, wholly or by lines, and one that was no dispense by a
-- prescription are counted as all others are: by a line of the act.
create or replace function count_by(what text, where_ text, on_ date, by int) returns void language sql as $$
    select count_act(what, by, (on_ + time '12:00') at time zone 'Europe/Kyiv', where_)
$$;

drop trigger count_returned_dispenses on medication_dispenses;
drop function count_returned_dispenses();
drop function count_back(text, text, timestamptz);

create or replace function count_medication_dispenses() returns trigger language plpgsql as $$
declare dosage constant uuid = (
    select medication_id from medication_requests where person_id = new.person_id and id = new.medication_request_id);
declare was constant boolean = tg_op = 'UPDATE' and old.status = 'PROCESSED';
declare amount constant numeric = new.quantity - new.returned_quantity;
declare was_amount constant numeric = case when was then old.quantity - old.returned_quantity end;
declare was_at constant timestamptz = case when was then coalesce(old.processed_at, old.updated_at) end;
begin
    if not is_counted('medication_dispenses', new.person_id, new.id) then return null; end if;
    if was and new.status = 'PROCESSED' then
        if was_amount <> amount then
            perform count_act('dispensed', 0, was_at, new.region, new.medical_program_id, dosage, amount - was_amount);
        end if;
    elsif was then
        perform count_act('dispensed', -1, was_at, new.region, new.medical_program_id, dosage, -was_amount);
        perform count_act('taken back', 1, new.updated_at, new.region, new.medical_program_id, dosage, was_amount);
    else
        perform count_act('dispensed', 1, coalesce(new.processed_at, new.updated_at), new.region,
            new.medical_program_id, dosage, amount);
    end if;
    return null;
end $$;
drop trigger count_medication_dispenses on medication_dispenses;
create trigger count_medication_dispenses
    after insert or update of status, quantity, returned_quantity on medication_dispenses
    for each row when (new.status = 'PROCESSED') execute function count_medication_dispenses();

create or replace function fill_medication_dispenses(a_person uuid, a_id uuid, z_person uuid, z_id uuid)
returns void language sql as $$
    insert into uncounted (day, counter, value, quantity, region, program_id, dosage_id)
    select (coalesce(d.processed_at, d.updated_at) at time zone 'Europe/Kyiv')::date, 'dispensed', 1,
        d.quantity - d.returned_quantity, d.region, d.medical_program_id, r.medication_id
    from medication_dispenses d
        join medication_requests r on r.person_id = d.person_id and r.id = d.medication_request_id
    where (d.person_id, d.id) > (a_person, a_id) and (d.person_id, d.id) <= (z_person, z_id)
        and d.status = 'PROCESSED'
$$;
